//! Commands about rates of exchange, settlement currencies and positions.

use serde_json::json;

use super::merchants::Named;
use super::words::Words;

/// The commands of this file.
pub(super) const NAMES: [&str; 5] = ["rate", "correct-rate", "settle-in", "exchanged", "revalue"];

/// One of them.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    Ok(vec![match name {
        // `rate USD.CNY 2026-03-02 7.10`, `correct-rate USD.CNY 2026-03-02 7.11`
        "rate" | "correct-rate" => {
            let (pair, on) = (words.next("the pair")?, words.next("the day")?);
            let rate = words.next("the rate")?;
            let mut data = json!({ "pair": pair, "on": on, "rate": rate, "source": "SAFE" });
            if name == "rate" {
                ("record-rate", data)
            } else {
                data["reason"] = json!("typed wrongly");
                ("correct-rate", data)
            }
        }
        // `settle-in M1 CNY 2026-03-01`
        "settle-in" => {
            let merchant = words.next("the merchant")?;
            let currency = words.next("the currency, or own")?;
            let from = words.next("the first day")?;
            let currency = (currency != "own").then_some(currency);
            let data = json!({ "merchant": merchant, "currency": currency, "effective_on": from });
            ("agree-settlement-currency", data)
        }
        // `exchanged USD S1 100.00 705.00`, with `held=bank`
        "exchanged" => {
            let (currency, exchange) = (words.next("the currency")?, words.next("the exchange")?);
            let (amount, received) = (words.next("the amount")?, words.next("what came for it")?);
            let mut data = json!({ "currency": currency, "exchange": exchange,
                "amount": amount, "received": received });
            while let Some((key, value)) = words.pair()? {
                match key {
                    "held" => data["held"] = json!(value),
                    key => return Err(format!("an exchange knows no {key:?}")),
                }
            }
            ("settle-fx", data)
        }
        // `revalue USD 2026-03-31`
        _ => {
            let (currency, on) = (words.next("the currency")?, words.next("the day")?);
            ("revalue-fx", json!({ "currency": currency, "on": on }))
        }
    }])
}
