//! A CSV of statuses: `payout,status` and, where they are known, `reason,reference,amount,currency,date`.

use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use souk_journal::dates::Date;

use super::cells;
use super::{About, Reported, Status, StatusFile};
use crate::amount::decimal;
use crate::text_table::{TableError, TextTable};

pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<StatusFile, TableError> {
    let mut table = TextTable::read(Box::new(std::io::Cursor::new(bytes.to_vec())), path, b',')?;
    let (payout, status) = (table.require("payout")?, table.require("status")?);
    let [reason, reference, amount, currency, date] =
        ["reason", "reference", "amount", "currency", "date"].map(|name| table.column(name));
    let mut file =
        StatusFile { name: Arc::clone(table.name()), form: "csv", statuses: vec![], bad: vec![] };
    let mut record = ByteRecord::new();
    while let Some(row) = table.next_row(&mut record)? {
        if let Some(problem) = row.problem {
            file.bad.push(table.bad_row(row.line, problem.index, problem.what));
            continue;
        }
        let cell = |index: usize| {
            String::from_utf8_lossy(record.get(index).unwrap_or_default()).trim().to_owned()
        };
        let maybe = |index: Option<usize>| index.map(cell).filter(|text| !text.is_empty());
        let mut bad = Vec::new();
        let mut say = |index, what| bad.push(table.bad_row(row.line, index, what));
        let reported = match cell(status).as_str() {
            "accepted" => Some(Reported::Accepted("ACCP".to_owned())),
            "paid" => Some(Reported::Paid),
            "failed" => Some(Reported::Failed),
            "returned" => Some(Reported::Returned),
            other => {
                say(status, format!("{other:?} is not accepted, paid, failed or returned"));
                None
            }
        };
        let code = maybe(currency);
        let value = maybe(amount)
            .map(|text| decimal(text.as_bytes()).map_err(|why| why.say("amount", text.as_bytes())));
        let value = match value {
            Some(Err(what)) => {
                say(amount.unwrap_or_default(), what);
                None
            }
            Some(Ok(value)) => Some((code.clone(), value)),
            None => None,
        };
        let known_as = match maybe(reference).as_deref().map(cells::reference).transpose() {
            Ok(known_as) => known_as,
            Err(what) => {
                say(reference.unwrap_or_default(), what);
                None
            }
        };
        let on = maybe(date).map(|text| text.parse::<Date>().map_err(|_| text));
        let on = match on {
            Some(Err(text)) => {
                say(date.unwrap_or_default(), format!("{text:?} is no date such as 2026-03-11"));
                None
            }
            Some(Ok(on)) => Some(on),
            None => None,
        };
        if let (Some(reported), true) = (reported, bad.is_empty()) {
            file.statuses.push(Status {
                line: row.line,
                column: payout as u64 + 1,
                about: About::Payout(cell(payout)),
                reported,
                reason: maybe(reason),
                reference: known_as,
                amount: value,
                currency: code,
                on,
            });
        }
        file.bad.extend(bad);
    }
    Ok(file)
}
