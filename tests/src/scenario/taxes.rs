//! Commands about taxes: what is collected, withheld, invoiced and paid.

use serde_json::{Value, json};

use super::merchants::Named;
use super::words::{Words, percent};

/// The commands of this file.
pub(super) const NAMES: [&str; 5] = ["withhold", "invoice-fee", "red-letter", "input-tax", "remit"];

/// One of [`NAMES`].
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    Ok(vec![match name {
        "withhold" => withhold(words)?,
        "invoice-fee" => {
            let (order, merchant) = (words.next("the order")?, words.next("the merchant")?);
            let (fee, invoice) = (words.next("the fee")?, words.next("the invoice")?);
            (
                "invoice-fee",
                json!({ "order": order, "merchant": merchant, "fee": fee,
                "invoice": invoice }),
            )
        }
        "red-letter" => {
            let (order, merchant) = (words.next("the order")?, words.next("the merchant")?);
            let (fee, number) = (words.next("the fee")?, words.next("the red letter")?);
            let mut data = json!({ "order": order, "merchant": merchant, "fee": fee,
                "red_letter": number });
            if let Some(("tax", tax)) = words.pair()? {
                data["tax"] = json!(tax);
            }
            ("issue-red-letter", data)
        }
        "input-tax" => {
            let (jurisdiction, invoice) =
                (words.next("the jurisdiction")?, words.next("the invoice")?);
            let (cost, tax) = (words.next("the cost")?, words.next("the tax")?);
            (
                "claim-input-tax",
                json!({ "jurisdiction": jurisdiction, "currency": "CNY",
                "invoice": invoice, "cost": cost, "tax": tax }),
            )
        }
        _ => remit(words)?,
    }])
}

/// `withhold M1 IN 1% of=item-price-less-discount from=2026-01-01`.
fn withhold(words: &mut Words<'_>) -> Result<Named, String> {
    let (merchant, jurisdiction) = (words.next("the merchant")?, words.next("the jurisdiction")?);
    let rate = percent(words.next("the rate")?)?;
    let mut data = json!({ "merchant": merchant, "jurisdiction": jurisdiction, "rate": rate,
        "of": "item-price-less-discount", "effective_on": "2026-01-01" });
    while let Some((key, value)) = words.pair()? {
        match key {
            "of" => data["of"] = json!(value),
            "from" => data["effective_on"] = json!(value),
            key => return Err(format!("a withholding knows no {key:?}")),
        }
    }
    Ok(("agree-withholding", data))
}

/// `remit US-CA 2026-03 TR-1 collected=8.70`.
fn remit(words: &mut Words<'_>) -> Result<Named, String> {
    let (jurisdiction, month) = (words.next("the jurisdiction")?, words.next("the month")?);
    let reference = words.next("the transfer")?;
    let mut data = json!({ "jurisdiction": jurisdiction, "currency": "CNY",
        "period": format!("{month}-01"), "reference": reference });
    while let Some((key, value)) = words.pair()? {
        match key {
            "output" => data["output_vat"] = json!(value),
            "input" => data["input_vat"] = json!(value),
            "collected" | "withheld" | "currency" => data[key] = json!(value),
            key => return Err(format!("remitting knows no {key:?}")),
        }
    }
    Ok(("remit-tax", data))
}

/// `tax=US-CA:7.25%`, `tax-within=GB:20%`, or with amounts `tax=US-NY:8.88` and `tax=US-NY:8.88:0.71` (on the shipping).
pub(super) fn of_line(key: &str, value: &str) -> Result<Value, String> {
    let bad = || format!("{key}={value} is not JURISDICTION:RATE% or JURISDICTION:AMOUNT");
    let (jurisdiction, of) = value.split_once(':').ok_or_else(bad)?;
    let mode = if key == "tax-within" { "inclusive" } else { "exclusive" };
    let mut tax = json!({ "jurisdiction": jurisdiction, "mode": mode });
    if of.ends_with('%') {
        tax["rate"] = json!(percent(of)?);
    } else {
        let (goods, shipping) = of.split_once(':').unwrap_or((of, "0"));
        (tax["goods"], tax["shipping"]) = (json!(goods), json!(shipping));
    }
    Ok(tax)
}
