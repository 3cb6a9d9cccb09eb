//! Commands about tariffs, merchants and their payouts.

use std::path::Path;

use serde_json::{Value, json};
use souk_formats::tariff_file::TariffFile;

use super::language::Context;
use super::words::{Words, percent, whole};

/// A command's name and data.
pub(super) type Named = (&'static str, Value);

/// `tariff NAME from=… commission=5% …`, or `tariff file=fixtures/tariffs/….toml`.
pub(super) fn tariff(words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let Some(name) = words.maybe() else { return tariff_file(words) };
    let mut data = json!({ "tariff": name, "announced_on": "2026-01-01" });
    let mut tax = "0".to_owned();
    let mut base = "item-price-less-discount";
    let mut kept = false;
    let (mut commission, mut order_fee, mut payment_fee) = (Vec::new(), Vec::new(), Vec::new());
    let mut minimum = None;
    while let Some((key, value)) = words.pair()? {
        match key {
            "from" => data["effective_on"] = json!(value),
            "announced" => data["announced_on"] = json!(value),
            "chosen-by" => data["chosen_by"] = json!(value),
            "currency" => data["currency"] = json!(value),
            "tax" => tax = percent(value)?,
            "base" => base = value,
            "fees" if value == "kept" => kept = true,
            "commission" => {
                commission.push(json!({ "rule": "default", "percent": percent(value)? }));
            }
            "commission.minimum" => minimum = Some(value),
            "order-fee" => order_fee.push(json!({ "rule": "default", "fixed": value })),
            "payment-fee" => {
                payment_fee.push(json!({ "rule": "default", "percent": percent(value)? }));
            }
            key => {
                let path = key
                    .strip_prefix("commission.")
                    .ok_or_else(|| format!("a tariff knows no {key:?}"))?;
                let rule = path.replace('/', ".");
                let percent = percent(value)?;
                commission.push(json!({ "rule": rule, "category": path, "percent": percent }));
            }
        }
    }
    if let Some(minimum) = minimum {
        for rule in &mut commission {
            rule["minimum"] = json!(minimum);
        }
    }
    let on_refund = if kept { "kept" } else { "proportional" };
    let fee = |kind: &str, scope: &str, base: &str, rules: Vec<Value>| {
        let fee = json!({ "kind": kind, "scope": scope, "base": base, "tax": tax,
            "on_refund": on_refund, "rules": rules });
        (!rules.is_empty()).then_some(fee)
    };
    let fees = [
        fee("commission", "line", base, commission),
        fee("order_fee", "order", "paid", order_fee),
        fee("payment_fee", "order", "paid", payment_fee),
    ];
    data["fees"] = fees.into_iter().flatten().collect();
    Ok(vec![("publish-tariff", data)])
}

/// A tariff file, by its path from the root of the repository; `from=` and `announced=` put it on other days.
fn tariff_file(words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let missing = || "the tariff's name, or file=, is missing".to_owned();
    let Some(("file", path)) = words.pair()? else { return Err(missing()) };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join(path)).map_err(|of| format!("{path}: {of}"))?;
    let file = TariffFile::parse(path, &text).map_err(|error| error.to_string())?;
    let mut data = serde_json::to_value(&file.publish).map_err(|error| error.to_string())?;
    while let Some((key, value)) = words.pair()? {
        match key {
            "from" => data["effective_on"] = json!(value),
            "announced" => data["announced_on"] = json!(value),
            key => return Err(format!("a tariff from a file knows no {key:?}")),
        }
    }
    Ok(vec![("publish-tariff", data)])
}

/// `merchant M1 weekly hold=7 tariff=standard …`: enrols it if it is new, and agrees terms.
pub(super) fn merchant(words: &mut Words<'_>, context: &mut Context) -> Result<Vec<Named>, String> {
    let merchant = words.next("the merchant")?;
    let cycle = words.next("daily, weekly, half-monthly or monthly")?;
    let mut kind = "seller";
    let mut terms = json!({ "merchant": merchant, "cycle": rule(cycle)?, "hold_days": 0,
        "effective_on": "2026-01-01", "time_zone": "Asia/Shanghai" });
    while let Some((key, value)) = words.pair()? {
        match key {
            "from" => terms["effective_on"] = json!(value),
            "hold" => terms["hold_days"] = json!(whole(value)?),
            "cut-off" => terms["cut_off_hour"] = json!(whole(value)?),
            "tariff" => terms["tariff"] = json!(value),
            "tier" => terms["tier"] = json!(value),
            "business" => terms["business"] = json!(value),
            "kind" => kind = value,
            "zone" => terms["time_zone"] = json!(value),
            "recovery" => terms["recovery"] = value.split(',').collect(),
            "minimum" => {
                let (amount, currency) = value.split_once(':').unwrap_or((value, "CNY"));
                terms["minimum_payouts"] = json!([{ "currency": currency, "amount": amount }]);
            }
            "reserve" => terms["reserve"] = reserve(value)?,
            "keep" => terms["fixed_reserves"] = level(value),
            "keep-deposit" => terms["deposits"] = level(value),
            "debt-after" => terms["debt_after"] = json!(whole(value)?),
            "payout" => terms["payout"] = payout_day(value)?,
            key => return Err(format!("terms know no {key:?}")),
        }
    }
    let mut commands = Vec::new();
    if context.enrols(merchant) {
        commands.push(("enrol-merchant", json!({ "merchant": merchant, "kind": kind })));
    }
    commands.push(("agree-terms", terms));
    Ok(commands)
}

/// `weekly`, or with days: `bi-weekly:2026-03-02`, `days:tuesday,friday`, `days:1,11,21`.
fn rule(text: &str) -> Result<Value, String> {
    let Some((rule, days)) = text.split_once(':') else { return Ok(json!(text)) };
    match rule {
        "bi-weekly" => Ok(json!({ "bi-weekly": days })),
        "days" if days.starts_with(|first: char| first.is_ascii_digit()) => {
            let days = days.split(',').map(whole).collect::<Result<Vec<_>, String>>()?;
            Ok(json!({ "month-days": days }))
        }
        "days" => Ok(json!({ "week-days": days.split(',').collect::<Vec<_>>() })),
        _ => Err(format!("{text:?} is not a cycle such as bi-weekly:2026-03-02 or days:1,11,21")),
    }
}

/// `300.00`, or `300.00:USD`.
fn level(text: &str) -> Value {
    let (amount, currency) = text.split_once(':').unwrap_or((text, "CNY"));
    json!([{ "currency": currency, "amount": amount }])
}

/// `3-days`, `1-working-days-china`, `2-days-target`.
fn payout_day(text: &str) -> Result<Value, String> {
    let bad = || format!("{text:?} is not a day such as 3-days or 1-working-days-china");
    let (after, rest) = text.split_once('-').ok_or_else(bad)?;
    let (counted, calendar) = match (rest.strip_prefix("working-days"), rest.strip_prefix("days")) {
        (Some(calendar), _) => ("working-days", calendar),
        (None, Some(calendar)) => ("days", calendar),
        (None, None) => return Err(bad()),
    };
    let mut of = json!({ "after": whole(after)?, "counted": counted });
    if let Some(calendar) = calendar.strip_prefix('-') {
        of["calendar"] = json!(calendar);
    }
    Ok(of)
}

/// `10%-of-gross-for-90-days`.
fn reserve(text: &str) -> Result<Value, String> {
    let bad = || format!("{text:?} is not a reserve such as 10%-of-gross-for-90-days");
    let (rate, rest) = text.split_once("-of-").ok_or_else(bad)?;
    let (base, days) = rest.split_once("-for-").ok_or_else(bad)?;
    let base = match base {
        "gross" => "gross-sales",
        "net" => "net-lines",
        _ => return Err(bad()),
    };
    let days = whole(days.strip_suffix("-days").ok_or_else(bad)?)?;
    Ok(json!({ "rate": percent(rate)?, "base": base, "days": days }))
}

/// `instruct M1 2026-W10`, `paid …`, `failed …`, `returned …`.
pub(super) fn payout(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let merchant = words.next("the merchant")?;
    let cycle = words.next("the cycle")?;
    let currency = words.maybe().unwrap_or("CNY");
    let of = json!({ "merchant": merchant, "currency": currency, "cycle": cycle });
    Ok(vec![match name {
        "instruct" => {
            let mut data = json!({ "of": of });
            while let Some((key, value)) = words.pair()? {
                match key {
                    "by" | "payee" => data[key] = json!(value),
                    key => return Err(format!("instruct knows no {key:?}")),
                }
            }
            ("instruct-payout", data)
        }
        "paid" => ("confirm-payout", json!({ "of": of })),
        "failed" => ("fail-payout", json!({ "of": of, "reason": "account closed" })),
        _ => ("return-payout", json!({ "of": of, "reason": "account closed" })),
    }])
}
