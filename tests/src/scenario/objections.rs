//! Commands about lines of statements. A line is named `O1:commission` (by the order, or for other streams the stream, and
//! the kind); the entry and the posting that a command needs are found when the line is carried out.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use souk_journal::entry::{JournalEntry, RefKind};

use super::merchants::Named;
use super::words::Words;

/// The commands read here.
pub(super) const NAMES: [&str; 5] =
    ["objection-terms", "object", "answer-objection", "correct", "confirm-statement"];

/// `object M1 2026-W10 OB1 O1:commission reason=wrong-rate`,
/// `answer-objection M1 OB1 upheld O1:commission=5.30:Commission=5.00,OutputVat=0.30 due=2026-03-12 by=Li,Wang`.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let mut data = json!({ "merchant": words.next("the merchant")?, "currency": "CNY" });
    let named = match name {
        "objection-terms" => "agree-objection-terms",
        "object" => {
            data["cycle"] = json!(words.next("the cycle")?);
            data["objection"] = json!(words.next("the objection")?);
            let mut lines = Vec::new();
            while let Some(line) = words.maybe() {
                lines.push(json!(format!("@{line}")));
            }
            data["lines"] = json!(lines);
            "raise-objection"
        }
        "answer-objection" => {
            data["objection"] = json!(words.next("the objection")?);
            data["outcome"] = json!(words.next("the outcome")?);
            data["explanation"] = json!("see the answer");
            data["corrections"] = json!([]);
            "answer-objection"
        }
        "correct" => {
            data["reason"] = json!("a mistake of our own");
            "book-correction"
        }
        _ => {
            data["cycle"] = json!(words.next("the cycle")?);
            data["confirmed_by"] = json!("person-7");
            "confirm-statement"
        }
    };
    let mut corrections: Vec<Value> = Vec::new();
    while let Some((key, value)) = words.pair()? {
        match (named, key) {
            ("agree-objection-terms", "raise") => data["raise_within_days"] = days(value)?,
            ("agree-objection-terms", "answer") => data["answer_within_days"] = days(value)?,
            ("raise-objection", "reason") => data["reason"] = json!(value),
            (_, "currency") => data["currency"] = json!(value),
            ("answer-objection" | "book-correction", "by") => {
                data["approved_by"] = json!(value.split(',').collect::<Vec<_>>());
            }
            ("answer-objection" | "book-correction", "due") => {
                let last = corrections.last_mut().ok_or("due= stands before any line")?;
                last["due_on"] = json!(value);
            }
            ("answer-objection" | "book-correction", line) => {
                let correction = format!("{name}-{line}").replace(':', "-");
                corrections.push(correct(&correction, line, value)?);
            }
            _ => return Err(format!("{named} knows no {key:?}")),
        }
    }
    match named {
        "answer-objection" => data["corrections"] = json!(corrections),
        "book-correction" => data["correct"] = corrections.pop().ok_or("the line is missing")?,
        _ => {}
    }
    Ok(vec![(named, data)])
}

/// `5.30:Commission:5.00,OutputVat:0.30`: what the merchant gets, and from where.
fn correct(correction: &str, line: &str, value: &str) -> Result<Value, String> {
    let bad = || format!("{line}={value} is not LINE=AMOUNT:ACCOUNT:AMOUNT,…");
    let (amount, accounts) = value.split_once(':').ok_or_else(bad)?;
    let mut against = Vec::new();
    for part in accounts.split(',') {
        let (account, amount) = part.split_once(':').ok_or_else(bad)?;
        against.push(json!({ "account": account, "amount": amount }));
    }
    Ok(json!({ "correction": correction, "line": format!("@{line}"), "amount": amount,
        "against": against }))
}

fn days(value: &str) -> Result<Value, String> {
    let days: u16 = value.parse().map_err(|_| format!("{value:?} are no days"))?;
    Ok(json!(days))
}

/// Whether the data of a command names a line by its name in a scenario.
pub(super) fn names_a_line(data: &str) -> bool {
    data.contains("\"@")
}

/// Lines by their name in a scenario; the last of its name.
#[derive(Debug, Default)]
pub(super) struct Lines(BTreeMap<String, (u64, u16)>);

impl Lines {
    /// Notes the items of an entry.
    pub(super) fn note(&mut self, entry: &JournalEntry<'_>) {
        let of = entry.reference(RefKind::Order).unwrap_or(entry.source.stream);
        for (posting, line) in (0..).zip(&entry.postings) {
            if line.is_item() {
                self.0.insert(format!("{of}:{}", line.kind.text()), (entry.entry, posting));
            }
        }
    }

    /// The data of a command with every `@O1:commission` as entry and posting; a line that is not there is of entry 0.
    pub(super) fn found(&self, data: &str) -> Result<String, String> {
        if !names_a_line(data) {
            return Ok(data.to_owned());
        }
        let mut value: Value = serde_json::from_str(data).map_err(|error| error.to_string())?;
        self.replace(&mut value);
        Ok(value.to_string())
    }

    fn replace(&self, value: &mut Value) {
        if let Some(line) = value.as_str().and_then(|text| text.strip_prefix('@')) {
            let (entry, posting) = self.0.get(line).copied().unwrap_or_default();
            *value = json!({ "entry": entry, "posting": posting });
            return;
        }
        if let Some(list) = value.as_array_mut() {
            list.iter_mut().for_each(|of| self.replace(of));
        }
        if let Some(fields) = value.as_object_mut() {
            fields.values_mut().for_each(|of| self.replace(of));
        }
    }
}
