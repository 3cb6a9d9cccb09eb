//! Commands about what merchants pay ahead: advertising wallets and deposits.

use serde_json::{Value, json};

use super::merchants::Named;
use super::words::{Words, percent};

/// Any command about advertising or a deposit; none when it is of another kind.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Option<Named>, String> {
    Ok(Some(match name {
        "ad-terms" => {
            let mut data = of(words)?;
            while let Some((key, value)) = words.pair()? {
                match key {
                    "overdraft" => data["overdraft"] = json!(value),
                    key => set_currency(&mut data, key, value, "terms of advertising")?,
                }
            }
            ("agree-ad-terms", data)
        }
        "top-up" => ("top-up-wallet", paid(words, "a top-up")?),
        "ad-credit" => {
            let mut data = of(words)?;
            data["grant"] = json!(words.next("the grant")?);
            data["credit"] = json!(words.next("free or bonus")?);
            data["amount"] = json!(words.next("the amount")?);
            while let Some((key, value)) = words.pair()? {
                match key {
                    "expires" => data["expires_on"] = json!(value),
                    key => set_currency(&mut data, key, value, "a grant")?,
                }
            }
            ("grant-ad-credit", data)
        }
        "ad-credit-expires" => {
            let mut data = of(words)?;
            data["through"] = json!(words.next("the last day")?);
            rest(&mut data, words, "an expiry")?;
            ("expire-ad-credit", data)
        }
        "ads" => ("charge-ads", ads(words)?),
        "refund-wallet" => {
            let mut data = of(words)?;
            data["refund"] = json!(words.next("the refund")?);
            if let Some(amount) = words.maybe() {
                data["amount"] = json!(amount);
            }
            rest(&mut data, words, "a refund of the wallet")?;
            ("refund-wallet", data)
        }
        "wallet-refund-paid" => {
            let mut data = of(words)?;
            data["refund"] = json!(words.next("the refund")?);
            while let Some((key, value)) = words.pair()? {
                match key {
                    "provider" | "bank" => {
                        data["through"] = json!(key);
                        data["reference"] = json!(value);
                    }
                    key => set_currency(&mut data, key, value, "a refund of the wallet")?,
                }
            }
            ("confirm-wallet-refund", data)
        }
        "deposit" => ("pay-deposit", paid(words, "a deposit")?),
        "use-deposit" => {
            let mut data = of(words)?;
            data["amount"] = json!(words.next("the amount")?);
            data["reason"] = json!("the merchant owes it");
            while let Some((key, value)) = words.pair()? {
                match key {
                    "due" => data["due_on"] = json!(value),
                    key => set_currency(&mut data, key, value, "the use of a deposit")?,
                }
            }
            ("use-deposit", data)
        }
        "return-deposit" => {
            let mut data = of(words)?;
            if let Some(amount) = words.maybe() {
                data["amount"] = json!(amount);
            }
            while let Some((key, value)) = words.pair()? {
                match key {
                    "bank" => data["reference"] = json!(value),
                    key => set_currency(&mut data, key, value, "the return of a deposit")?,
                }
            }
            ("return-deposit", data)
        }
        _ => return Ok(None),
    }))
}

/// The merchant, in CNY unless a pair says otherwise.
fn of(words: &mut Words<'_>) -> Result<Value, String> {
    Ok(json!({ "merchant": words.next("the merchant")?, "currency": "CNY" }))
}

fn set_currency(data: &mut Value, key: &str, value: &str, what: &str) -> Result<(), String> {
    if key != "currency" {
        return Err(format!("{what} knows no {key:?}"));
    }
    data["currency"] = json!(value);
    Ok(())
}

fn rest(data: &mut Value, words: &mut Words<'_>, what: &str) -> Result<(), String> {
    while let Some((key, value)) = words.pair()? {
        set_currency(data, key, value, what)?;
    }
    Ok(())
}

/// `M1 500.00 provider=pay-1`, `bank=TR-1`, `payable=today` or `payable=DATE`; of several sources the last bears what
/// the others leave: `bank=TR-1:200.00 payable=today`.
fn paid(words: &mut Words<'_>, what: &str) -> Result<Value, String> {
    let mut data = of(words)?;
    data["amount"] = json!(words.next("the amount")?);
    let mut from = Vec::new();
    while let Some((key, value)) = words.pair()? {
        let (value, amount) = match value.split_once(':') {
            Some((value, amount)) => (value, Some(amount)),
            None => (value, None),
        };
        let mut source = json!({ "source": key, "amount": amount });
        match key {
            "provider" | "bank" => source["reference"] = json!(value),
            "payable" if value == "today" => {}
            "payable" => source["due_on"] = json!(value),
            "wallet" | "deposit" => {}
            key => {
                set_currency(&mut data, key, value, what)?;
                continue;
            }
        }
        from.push(source);
    }
    data["from"] = json!(from);
    Ok(data)
}

/// `ads M1 spring 550.00 days=2026-03-01..2026-03-07 cpc=2200 price=0.25 tax=6%`.
fn ads(words: &mut Words<'_>) -> Result<Value, String> {
    let mut data = of(words)?;
    data["campaign"] = json!(words.next("the campaign")?);
    if let Some(amount) = words.maybe() {
        data["amount"] = json!(amount);
    }
    data["tax_rate"] = json!("0");
    while let Some((key, value)) = words.pair()? {
        match key {
            "days" => {
                let (from, to) = value.split_once("..").unwrap_or((value, value));
                data["from"] = json!(from);
                data["to"] = json!(to);
            }
            "cpc" | "cpm" | "placement" => {
                let quantity: u64 =
                    value.parse().map_err(|_| format!("{value:?} is not a whole number"))?;
                data["pricing"]["model"] = json!(key);
                data["pricing"]["quantity"] = json!(quantity);
            }
            "price" => data["pricing"]["unit_price"] = json!(value),
            "tax" => data["tax_rate"] = json!(percent(value)?),
            "due" => data["due_on"] = json!(value),
            key => set_currency(&mut data, key, value, "an advertising charge")?,
        }
    }
    Ok(data)
}
