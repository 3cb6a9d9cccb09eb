//! Commands about accounts that end, and about debts.

use serde_json::{Value, json};

use super::merchants::Named;
use super::words::Words;

/// The commands read here.
pub(super) const NAMES: [&str; 6] = [
    "announce-closing",
    "withdraw-closing",
    "recognise-debt",
    "collect-debt",
    "debt-allowance",
    "write-off-debt",
];

/// `announce-closing M1 last-day=2026-03-31 wind-down=30`, `write-off-debt M1 28.80 by=Li,Wang`.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let mut data = json!({ "merchant": words.next("the merchant")? });
    let amount = words.maybe().map(|amount| json!(amount));
    let named = match name {
        "announce-closing" => {
            data["reason"] = json!("the merchant leaves");
            "announce-closing"
        }
        "withdraw-closing" => {
            data["reason"] = json!("the merchant stays");
            "withdraw-closing"
        }
        "recognise-debt" => {
            data["reason"] = json!("no sales to net it with");
            debt(&mut data, amount);
            "recognise-debt"
        }
        "collect-debt" => {
            data["from"] = json!([]);
            debt(&mut data, amount);
            "collect-debt"
        }
        "debt-allowance" => {
            data["reason"] = json!("what is expected of it");
            data["currency"] = json!("CNY");
            data["allowance"] = amount.ok_or("the allowance is missing")?;
            "set-debt-allowance"
        }
        _ => {
            data["reason"] = json!("nothing can be got");
            debt(&mut data, amount);
            "write-off-debt"
        }
    };
    while let Some((key, value)) = words.pair()? {
        match (named, key) {
            ("announce-closing", "last-day") => data["last_day"] = json!(value),
            ("announce-closing", "wind-down") => {
                let days: u16 = value.parse().map_err(|_| format!("{value:?} are no days"))?;
                data["wind_down_days"] = json!(days);
            }
            ("collect-debt", "bank" | "provider") => {
                data["from"] = json!([{ "source": key, "reference": value }]);
            }
            ("write-off-debt", "by") => {
                data["approved_by"] = json!(value.split(',').collect::<Vec<_>>());
            }
            (_, "currency") => data["currency"] = json!(value),
            _ => return Err(format!("{named} knows no {key:?}")),
        }
    }
    Ok(vec![(named, data)])
}

fn debt(data: &mut Value, amount: Option<Value>) {
    data["currency"] = json!("CNY");
    if let Some(amount) = amount {
        data["amount"] = amount;
    }
}
