//! Commands about months of the platform's books.

use serde_json::json;

use super::merchants::Named;
use super::words::Words;

/// The commands read here.
pub(super) const NAMES: [&str; 3] = ["open-book", "provision", "reverse-provision"];

/// `open-book 2026-05`, `provision PV1 2026-05 Commission 5.00 by=Li,Wang`, `reverse-provision PV1`.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let named = match name {
        "open-book" => {
            let month = format!("{}-01", words.next("the month")?);
            let data =
                json!({ "book": "main", "first_month": month, "time_zone": "Asia/Shanghai" });
            ("open-book", data)
        }
        "provision" => {
            let mut data = json!({ "book": "main", "provision": words.next("the provision")?,
                "month": format!("{}-01", words.next("the month")?),
                "account": words.next("the account")?, "amount": words.next("the amount")?,
                "currency": "CNY", "explanation": "what is expected to come" });
            while let Some((key, value)) = words.pair()? {
                match key {
                    "by" => data["approved_by"] = json!(value.split(',').collect::<Vec<_>>()),
                    "currency" => data["currency"] = json!(value),
                    key => return Err(format!("a provision knows no {key:?}")),
                }
            }
            ("book-provision", data)
        }
        _ => {
            let data = json!({ "book": "main", "provision": words.next("the provision")? });
            ("reverse-provision", data)
        }
    };
    Ok(vec![named])
}
