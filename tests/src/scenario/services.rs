//! Commands about terms that are sold, services and penalties.

use serde_json::{Value, json};
use souk_domain::rate::Rate;
use souk_domain::service::commands::{AdvancePayout, OfCharge};
use souk_journal::ids::{ChargeId, MerchantId};

use super::merchants::Named;
use super::words::{Words, percent, whole};

/// The words that begin a command of this file.
pub(super) const NAMES: [&str; 19] = [
    "membership",
    "recognise",
    "upgrade",
    "cancel-membership",
    "membership-refund-paid",
    "fee",
    "fee-returned",
    "loan",
    "loan-repaid",
    "premium-remitted",
    "penalty",
    "waive",
    "in-transit-paid",
    "invoice-service",
    "service-red-letter",
    "invoice-term",
    "term-red-letter",
    "agree-renewal",
    "end-renewal",
];

/// Any of them.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    Ok(vec![match name {
        "membership" => membership(words)?,
        "recognise" => {
            let data = json!({ "membership": words.next("the term")?,
                "through": words.next("the last day")? });
            ("recognise-revenue", data)
        }
        "upgrade" => upgrade(words)?,
        "cancel-membership" => {
            let mut data = json!({ "membership": words.next("the term")?,
                "on": words.next("the last day")? });
            rest(words, &mut data)?;
            ("cancel-membership", data)
        }
        "membership-refund-paid" => {
            ("confirm-membership-refund", json!({ "membership": words.next("the term")? }))
        }
        "agree-renewal" => {
            let mut data = json!({ "membership": words.next("the term")?,
                "plan": words.next("the plan")?, "gross": words.next("the price")? });
            while let Some((key, value)) = words.pair()? {
                match key {
                    "months" => data["months"] = json!(whole(value)?),
                    "tax" => data["tax_rate"] = json!(percent(value)?),
                    key => return Err(format!("a renewal knows no {key:?}")),
                }
            }
            ("agree-renewal", data)
        }
        "end-renewal" => ("end-renewal", json!({ "membership": words.next("the term")? })),
        "invoice-service" => {
            let data = json!({ "of": charge(words)?, "invoice": words.next("the invoice")? });
            ("invoice-service-fee", data)
        }
        "service-red-letter" => {
            let of = charge(words)?;
            let mut data = json!({ "of": of, "red_letter": words.next("the red letter")? });
            red_letter_tax(words, &mut data)?;
            ("issue-service-red-letter", data)
        }
        "invoice-term" => {
            let data = json!({ "membership": words.next("the term")?,
                "invoice": words.next("the invoice")? });
            ("invoice-membership", data)
        }
        "term-red-letter" => {
            let mut data = json!({ "membership": words.next("the term")?,
                "red_letter": words.next("the red letter")? });
            red_letter_tax(words, &mut data)?;
            ("issue-membership-red-letter", data)
        }
        "fee" => fee(words)?,
        "loan" => loan(words)?,
        "loan-repaid" => loan_repaid(words)?,
        "premium-remitted" => remitted(words)?,
        "penalty" => penalty(words)?,
        "fee-returned" | "waive" => {
            let mut data = json!({ "of": charge(words)? });
            if let Some(amount) = words.maybe() {
                data["amount"] = json!(amount);
            }
            currency(words, &mut data)?;
            (if name == "waive" { "waive-penalty" } else { "return-service-fee" }, data)
        }
        _ => {
            let mut data = json!({ "of": charge(words)? });
            currency(words, &mut data)?;
            ("confirm-service-refund", data)
        }
    }])
}

/// `membership GOLD-1 M1 gold 2026-01-01 2026-12-31 360.00 tax=6% from=provider:pay-1`: the price includes the tax.
fn membership(words: &mut Words<'_>) -> Result<Named, String> {
    let term = words.next("the term")?;
    let holder = words.next("the holder")?;
    let holder = match holder.strip_prefix("buyer:") {
        Some(buyer) => json!({ "buyer": buyer }),
        None => json!({ "merchant": holder }),
    };
    let mut data = json!({ "membership": term, "holder": holder, "currency": "CNY",
        "plan": words.next("the plan")?, "from": words.next("the first day")?,
        "to": words.next("the last day")? });
    match words.next("the price")? {
        "by-tariff" => data["by_tariff"] = json!({}),
        price => data["gross"] = json!(price),
    }
    let mut sources = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "price" => data["by_tariff"]["fee"] = json!(value),
            "tax" => data["tax_rate"] = json!(percent(value)?),
            "rest" => data["unused_rest"] = json!(value),
            "from" => sources.push(source(value)),
            "service" | "currency" => data[key] = json!(value),
            key => return Err(format!("a term knows no {key:?}")),
        }
    }
    data["settled_from"] = json!(sources);
    Ok(("charge-membership", data))
}

/// `upgrade GOLD-1 platinum 2026-04-01 540.00 to=2026-12-31 from=payable`.
fn upgrade(words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "membership": words.next("the term")?, "plan": words.next("the plan")?,
        "on": words.next("the first day")?, "gross": words.next("the price")? });
    let mut sources = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "tax" => data["tax_rate"] = json!(percent(value)?),
            "to" => data["to"] = json!(value),
            "from" => sources.push(source(value)),
            key => return Err(format!("an upgrade knows no {key:?}")),
        }
    }
    data["settled_from"] = json!(sources);
    Ok(("upgrade-membership", data))
}

/// `tax=3.00`.
fn red_letter_tax(words: &mut Words<'_>, data: &mut Value) -> Result<(), String> {
    match words.pair()? {
        Some(("tax", value)) => data["tax"] = json!(value),
        Some((key, _)) => return Err(format!("a red letter knows no {key:?}")),
        None => {}
    }
    Ok(())
}

/// `rest=forfeited`.
fn rest(words: &mut Words<'_>, data: &mut Value) -> Result<(), String> {
    match words.pair()? {
        Some(("rest", value)) => data["unused_rest"] = json!(value),
        Some((key, _)) => return Err(format!("a cancellation knows no {key:?}")),
        None => {}
    }
    Ok(())
}

/// `M1 F1`: the merchant and the charge.
fn charge(words: &mut Words<'_>) -> Result<Value, String> {
    let merchant = words.next("the merchant")?;
    Ok(json!({ "merchant": merchant, "currency": "CNY", "charge": words.next("the charge")? }))
}

/// `currency=JPY`.
fn currency(words: &mut Words<'_>, data: &mut Value) -> Result<(), String> {
    match words.pair()? {
        Some(("currency", value)) => data["of"]["currency"] = json!(value),
        Some((key, _)) => return Err(format!("{key:?} has no place here")),
        None => {}
    }
    Ok(())
}

/// `fee M1 F1 technical-support 200.00 tax=6%`, with `units=4650:unit-day:0.0315` or `share=1.5%:12372.50` for the price.
fn fee(words: &mut Words<'_>) -> Result<Named, String> {
    let of = charge(words)?;
    let mut data = json!({ "of": of, "service": words.next("the service")?, "shipment": {} });
    match words.maybe() {
        Some("by-tariff") => data["by_tariff"] = json!({}),
        Some("by-table") => data["by_table"] = json!({}),
        Some(amount) => data["price"] = json!({ "fixed": { "amount": amount } }),
        None => {}
    }
    let by_table = data.get("by_table").is_some();
    let mut sources = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "price" => data["by_tariff"]["fee"] = json!(value),
            "tax" => data["tax_rate"] = json!(percent(value)?),
            "tax-within" => {
                data["tax_rate"] = json!(percent(value)?);
                data["tax_included"] = json!(true);
            }
            "units" => {
                let parts: Vec<&str> = value.split(':').collect();
                let [quantity, unit, price] = parts[..] else {
                    return Err(format!("{value:?} is not QUANTITY:UNIT:PRICE"));
                };
                data["price"] = json!({ "units": { "quantity": quantity, "unit": unit,
                    "unit_price": price } });
            }
            "share" => {
                let (rate, base) =
                    value.split_once(':').ok_or_else(|| format!("{value:?} is not RATE:BASE"))?;
                data["price"] = json!({ "share": { "base": base, "rate": percent(rate)? } });
            }
            "supplier" => {
                let (supplier, amount) = value
                    .split_once(':')
                    .ok_or_else(|| format!("{value:?} is not SUPPLIER:AMOUNT"))?;
                data["supplier"] = json!({ "supplier": supplier, "amount": amount });
            }
            "order" => data["order"] = json!(value),
            "table" => data["by_table"]["table"] = json!(value),
            "weight" | "region" => {
                let key = if key == "weight" { "weight_kg" } else { key };
                let of = if by_table { "by_table" } else { "shipment" };
                data[of][key] = json!(value);
            }
            "currency" => data["of"]["currency"] = json!(value),
            "from" => sources.push(source(value)),
            key => return Err(format!("a fee knows no {key:?}")),
        }
    }
    if data["shipment"] == json!({}) {
        data["shipment"] = Value::Null;
    }
    data["settled_from"] = json!(sources);
    Ok(("charge-service-fee", data))
}

/// `premium-remitted M1 insurer-1 1.00 bank=TR-1`.
fn remitted(words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "merchant": words.next("the merchant")?, "currency": "CNY",
        "supplier": words.next("the supplier")? });
    if let Some(amount) = words.maybe() {
        data["amount"] = json!(amount);
    }
    match words.pair()? {
        Some(("bank", transfer)) => data["transfer"] = json!(transfer),
        _ => return Err("bank=TRANSFER is missing".to_owned()),
    }
    Ok(("remit-premium", data))
}

/// `loan M1 L1 10000.00 bank=TR-1`.
fn loan(words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "of": charge(words)?, "principal": words.next("the principal")? });
    match words.pair()? {
        Some(("bank", transfer)) => data["transfer"] = json!(transfer),
        Some((key, _)) => return Err(format!("a loan knows no {key:?}")),
        None => {}
    }
    Ok(("grant-loan", data))
}

/// `early-payout M1 E1 2026-03-20 900.00 rate=1% tax=6% bank=TR-1`.
pub(super) fn early_payout(words: &mut Words<'_>) -> Result<AdvancePayout<'static>, String> {
    let of = charge(words)?;
    let named = |what: &str| of[what].as_str().unwrap_or_default().to_owned();
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let through = words.next("the last day")?;
    let mut command = AdvancePayout {
        of: OfCharge {
            merchant: MerchantId::new(&named("merchant")).map_err(|error| text(&error))?,
            currency: named("currency").into(),
            charge: ChargeId::new(&named("charge")).map_err(|error| text(&error))?,
        },
        through: through.parse().map_err(|_| format!("{through:?} is no date"))?,
        amount: words.maybe().map(str::parse).transpose().map_err(|error| text(&error))?,
        fee: None,
        rate: None,
        tax_rate: Rate::ZERO,
        transfer: "".into(),
        due: Vec::new(),
        entry: 0,
    };
    while let Some((key, value)) = words.pair()? {
        let rate = || percent(value)?.parse::<Rate>().map_err(|error| text(&error));
        match key {
            "rate" => command.rate = Some(rate()?),
            "tax" => command.tax_rate = rate()?,
            "fee" => command.fee = Some(value.parse().map_err(|error| text(&error))?),
            "bank" => command.transfer = value.to_owned().into(),
            key => return Err(format!("an early payout knows no {key:?}")),
        }
    }
    Ok(command)
}

/// `loan-repaid M1 L1 2000.00 from=payable`.
fn loan_repaid(words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "of": charge(words)? });
    if let Some(amount) = words.maybe() {
        data["amount"] = json!(amount);
    }
    let mut sources = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "from" => sources.push(source(value)),
            key => return Err(format!("a repayment knows no {key:?}")),
        }
    }
    data["settled_from"] = json!(sources);
    Ok(("repay-loan", data))
}

/// `penalty M1 F1 30.00 to=b-77:P1 order=O1`.
fn penalty(words: &mut Words<'_>) -> Result<Named, String> {
    let of = charge(words)?;
    let mut data = json!({ "of": of, "amount": words.next("the amount")?,
        "reason": "late shipment" });
    let mut sources = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "to" => {
                let (buyer, payment) =
                    value.split_once(':').ok_or_else(|| format!("{value:?} is not BUYER:P1"))?;
                data["passed_to"] = json!({ "buyer": buyer, "payment": payment });
            }
            "order" => data["order"] = json!(value),
            "currency" => data["of"]["currency"] = json!(value),
            "from" => sources.push(source(value)),
            key => return Err(format!("a penalty knows no {key:?}")),
        }
    }
    data["settled_from"] = json!(sources);
    Ok(("impose-penalty", data))
}

/// `payable`, `payable:60.00`, `provider:pay-1`, `bank:tr-9:100.00`.
fn source(text: &str) -> Value {
    let mut parts = text.split(':');
    let source = parts.next().unwrap_or_default();
    let mut data = json!({ "source": source });
    if matches!(source, "provider" | "bank")
        && let Some(reference) = parts.next()
    {
        data["reference"] = json!(reference);
    }
    if let Some(amount) = parts.next() {
        data["amount"] = json!(amount);
    }
    data
}
