//! Commands about statements of a bank.

use serde_json::json;
use souk_domain::event_id::payout_id;
use uuid::Uuid;

use super::merchants::Named;
use super::words::Words;
use crate::market::LEDGER;

/// The commands read here.
pub(super) const NAMES: [&str; 2] = ["bank-sent", "bank-received"];

/// `bank-sent B1 S1 L1 847.00 payout=M1:2026-W10`, `bank-received B1 S1 L2 60.00 transfer=TR-1`; also `on=DATE`, `currency=USD`.
pub(super) fn command(name: &str, words: &mut Words<'_>, on: &str) -> Result<Vec<Named>, String> {
    let direction = if name == "bank-sent" { "sent" } else { "received" };
    let mut data = json!({
        "account": words.next("the account")?,
        "statement": words.next("the statement")?,
        "line": words.next("the line")?,
        "amount": words.next("the amount")?,
        "direction": direction, "booked_on": on, "currency": "CNY",
    });
    while let Some((key, value)) = words.pair()? {
        match key {
            "payout" => data["clears"] = json!({ "payout": payout(value)? }),
            "transfer" => data["clears"] = json!({ "transfer": value }),
            "on" => data["booked_on"] = json!(value),
            "currency" => data["currency"] = json!(value),
            key => return Err(format!("{name} knows no {key:?}")),
        }
    }
    Ok(vec![("record-bank-line", data)])
}

/// `M1:2026-W10` or `M1:2026-W10:USD`, as the bank knows it: by its id.
fn payout(of: &str) -> Result<String, String> {
    let mut parts = of.split(':');
    let (Some(merchant), Some(cycle)) = (parts.next(), parts.next()) else {
        return Err(format!("{of:?} is no payout such as M1:2026-W10"));
    };
    let ledger = Uuid::parse_str(LEDGER).map_err(|error| error.to_string())?;
    Ok(payout_id(ledger, merchant, parts.next().unwrap_or("CNY"), cycle))
}
