//! Commands about orders.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::language::Context;
use super::merchants::Named;
use super::taxes;
use super::words::{Words, percent, whole};

/// Any command to an order.
pub(super) fn command(
    name: &str,
    words: &mut Words<'_>,
    context: &mut Context,
) -> Result<Vec<Named>, String> {
    let mut order = || words.next("the order");
    Ok(vec![match name {
        "place" => place(order()?, words)?,
        "pay" => {
            let order = order()?;
            let method = words.next("how it is paid")?;
            let amount = words.next("the amount")?;
            let payment = context.payment(order);
            let voucher = method == "voucher";
            let data = json!({ "order": order, "payment": payment, "method": method,
                "voucher": voucher, "amount": amount });
            ("pay-order", data)
        }
        "channel-fee" => {
            let (order, payment) = (order()?, words.next("the payment")?);
            let rate = percent(words.next("the rate")?)?;
            let returned = words.maybe() == Some("returned");
            let data = json!({ "order": order, "payment": payment, "rate": rate,
                "returned_on_refund": returned });
            ("incur-channel-fee", data)
        }
        "difference" => {
            let data = json!({ "order": order()?, "class": words.next("the class")? });
            ("book-difference", data)
        }
        "attribute" => attribute(order()?, words)?,
        "ship" => {
            ("ship-order", json!({ "order": order()?, "merchant": words.next("the merchant")? }))
        }
        "complete" => {
            let data = json!({ "order": order()?, "merchant": words.next("the merchant")? });
            ("complete-order", data)
        }
        "refund" => refund(order()?, words)?,
        "advance" => {
            let (_, mut data) = refund(order()?, words)?;
            let advance = data["refund"].take();
            let (order, lines) = (data["order"].take(), data["lines"].take());
            let payments = data["payments"].take();
            let data = json!({ "order": order, "advance": advance, "lines": lines,
                "payments": payments });
            ("advance-refund", data)
        }
        "advance-recovered" => {
            let (_, mut data) = refund(order()?, words)?;
            let (order, advance) = (data["order"].take(), data["refund"].take());
            let data = json!({ "order": order, "advance": advance, "lines": data["lines"].take() });
            ("recover-advance", data)
        }
        "advance-borne" => {
            let data = json!({ "order": order()?, "advance": words.next("the advance")? });
            ("bear-advance", data)
        }
        "refund-paid" => {
            let data = json!({ "order": order()?, "refund": words.next("the refund")? });
            ("confirm-refund", data)
        }
        "refund-failed" => {
            let data = json!({ "order": order()?, "refund": words.next("the refund")?,
                "reason": "card expired" });
            ("fail-refund", data)
        }
        "claim" => claim(order()?, words)?,
        "claim-collected" => {
            let mut data = json!({ "order": order()?, "claim": words.next("the claim")? });
            if let Some(amount) = words.maybe() {
                data["amount"] = json!(amount);
            }
            data["transfer"] = transfer(words)?;
            ("collect-claim", data)
        }
        "supplier-paid" => {
            let mut data = json!({ "order": order()?, "merchant": words.next("the merchant")?,
                "supplier": words.next("the supplier")? });
            data["transfer"] = transfer(words)?;
            ("remit-supplier-part", data)
        }
        "hold" => hold(order()?, words)?,
        "release" => {
            let mut data = json!({ "order": order()?, "hold": words.next("the hold")? });
            if let Some(amount) = words.maybe() {
                data["amount"] = json!(amount);
            }
            ("release-hold", data)
        }
        "cancel" => ("cancel-order", json!({ "order": order()? })),
        name => return Err(format!("there is no command {name:?}")),
    }])
}

/// `place O1 [currency=USD] [region=east] tea=M1:100.00 shipping=10.00 …`: what follows a line belongs to it.
fn place(order: &str, words: &mut Words<'_>) -> Result<Named, String> {
    let mut currency = "CNY";
    let mut region = None;
    let mut lines: Vec<Value> = Vec::new();
    let mut promotions: Vec<Value> = Vec::new();
    while let Some((key, value)) = words.pair()? {
        if key == "currency" {
            currency = value;
            continue;
        }
        if key == "promotion" {
            let [name, kind, amount, funder] = value.split(':').collect::<Vec<_>>()[..] else {
                return Err(format!("promotion={value} is not NAME:KIND:AMOUNT:FUNDER"));
            };
            promotions.push(json!({ "promotion": name, "kind": kind, "amount": amount,
                "funded_by": funder }));
            continue;
        }
        if key == "region" {
            region = Some(value);
            continue;
        }
        if key == "tax" || key == "tax-within" {
            let line = lines.last_mut().ok_or_else(|| format!("{key:?} stands before any line"))?;
            let mut taxes = line["taxes"].as_array().cloned().unwrap_or_default();
            taxes.push(taxes::of_line(key, value)?);
            line["taxes"] = json!(taxes);
            continue;
        }
        let funded = |by: &str| json!({ "amount": value, "funding": by });
        let (field, value) = match key {
            "category" => ("category", json!(value)),
            "shipping" => ("shipping", json!(value)),
            "units" => ("units", json!(whole(value)?)),
            "fulfilment" => ("fulfilment", json!(value)),
            "merchant-coupon" => ("merchant_discount", json!(value)),
            "platform-coupon" => ("platform_discount", funded("platform-subsidy")),
            "marketing-coupon" => ("platform_discount", funded("buyer-incentives")),
            "partner-coupon" => ("platform_discount", funded("partner")),
            line => {
                let sold = value.split_once(':');
                let (merchant, price) =
                    sold.ok_or_else(|| format!("{line}={value} is not line=MERCHANT:PRICE"))?;
                lines.push(json!({ "line": line, "merchant": merchant, "price": price }));
                continue;
            }
        };
        let line = lines.last_mut().ok_or_else(|| format!("{key:?} stands before any line"))?;
        line[field] = value;
    }
    let mut data = json!({ "order": order, "currency": currency, "lines": lines,
        "promotions": promotions });
    if let Some(region) = region {
        data["region"] = json!(region);
    }
    Ok(("place-order", data))
}

/// `attribute O1 K1 influencer 20% platform=10% tax=6% line=tea`.
fn attribute(order: &str, words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "order": order, "partner": words.next("the partner")?,
        "kind": words.next("affiliate or influencer")?,
        "rate": percent(words.next("the share")?)? });
    let mut lines = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match key {
            "platform" => data["platform_share"] = json!(percent(value)?),
            "tax" => data["tax_rate"] = json!(percent(value)?),
            "base" => data["base"] = json!(value),
            "line" => lines.push(value),
            key => return Err(format!("an attribution knows no {key:?}")),
        }
    }
    data["lines"] = json!(lines);
    Ok(("attribute-order", data))
}

/// `claim O1 C1 M1 8.00 insurer=insurer-1`, `insurer-directly=insurer-1` or `guarantee=platform`; `through=P2`.
fn claim(order: &str, words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "order": order, "claim": words.next("the claim")?,
        "merchant": words.next("the merchant")?, "amount": words.next("the amount")? });
    while let Some((key, value)) = words.pair()? {
        match (key, value) {
            ("insurer" | "insurer-directly", supplier) => {
                data["cover"] = json!({ key: { "supplier": supplier } });
            }
            ("guarantee", "platform") => data["cover"] = json!("guarantee"),
            ("through", payment) => data["payment"] = json!(payment),
            _ => return Err(format!("a claim knows no {key}={value}")),
        }
    }
    Ok(("pay-claim", data))
}

/// `hold O1 H1 tea 50.00 reason=complaint`; without an amount all of the line's sale.
fn hold(order: &str, words: &mut Words<'_>) -> Result<Named, String> {
    let mut data = json!({ "order": order, "hold": words.next("the hold")?,
        "line": words.next("the line")? });
    if let Some(amount) = words.maybe() {
        data["amount"] = json!(amount);
    }
    match words.pair()? {
        Some(("reason", reason)) => data["reason"] = json!(reason),
        _ => return Err("reason=CODE is missing".to_owned()),
    }
    Ok(("place-hold", data))
}

/// `bank=TR-1`.
fn transfer(words: &mut Words<'_>) -> Result<Value, String> {
    match words.pair()? {
        Some(("bank", transfer)) => Ok(json!(transfer)),
        _ => Err("bank=TRANSFER is missing".to_owned()),
    }
}

/// `refund O1 R1 tea=30.00 tea.shipping=10.00 to=P1:40.00`, or `refund O1 R1 everything`.
fn refund(order: &str, words: &mut Words<'_>) -> Result<Named, String> {
    let refund = words.next("the refund")?;
    let everything = match words.maybe() {
        Some("everything") => true,
        Some(word) => return Err(format!("{word:?} is neither a line nor everything")),
        None => false,
    };
    let mut lines: BTreeMap<&str, Value> = BTreeMap::new();
    let mut payments = Vec::new();
    while let Some((key, value)) = words.pair()? {
        if key == "to" {
            let (payment, amount) =
                value.split_once(':').ok_or_else(|| format!("{value:?} is not P1:AMOUNT"))?;
            payments.push(json!({ "payment": payment, "amount": amount }));
            continue;
        }
        let (line, field) = match key.strip_suffix(".shipping") {
            Some(line) => (line, "shipping"),
            None => (key, "principal"),
        };
        lines.entry(line).or_insert_with(|| json!({ "line": line }))[field] = json!(value);
    }
    let lines: Vec<Value> = lines.into_values().collect();
    let data = json!({ "order": order, "refund": refund, "everything": everything,
        "lines": lines, "payments": payments });
    Ok(("issue-refund", data))
}
