//! Who has to be told what about payees: made anew from the log and the vault each time, so that nothing is forgotten and
//! nothing stands there twice. Nothing is sent.

use std::io;
use std::path::PathBuf;

use souk_books::Books;
use souk_journal::ids::Id;
use souk_ledger::ledger::Identity;
use souk_registers::payees::Step;
use souk_vault::Vault;

use super::desk::Desk;
use crate::creation;
use crate::fail::Failure;
use crate::show::{self, Rows};

/// The file's name, beside the vault.
const NOTICES: &str = "payee-notices.csv";

/// A row per change and contact: the one known before is told too, since a thief would name a new one.
pub(crate) fn rows(books: &Books, vault: &Vault, identity: &Identity) -> Rows {
    let columns = vec!["entry", "at", "merchant", "currency", "payee", "told", "contact", "text"];
    let mut rows = Rows { columns, numeric: Vec::new(), rows: Vec::new() };
    let contact = |payee: Id| {
        let kept = vault.payee(payee.as_str());
        let contact = kept.and_then(|kept| kept.details.contact.clone());
        contact.unwrap_or_else(|| "unknown: no contact is in the vault".to_owned())
    };
    for step in books.models().payees.steps() {
        let state = books.models().payees.get(step.merchant, step.currency);
        let Some(payee) = state.and_then(|state| state.get(step.payee)) else { continue };
        let account = format!("{} account ending in {}", payee.means.name(), payee.tail);
        let text = match step.step {
            Step::Proposed { .. } => format!(
                "{account} was proposed for payouts; they wait until it is approved. If you did not ask for it, object now."
            ),
            // A first payee does not cool: there is no before.
            Step::Approved { in_force_on, cooling_days: 0 } => format!(
                "{account} was approved; payouts go there from now on, {in_force_on}. If you did not ask for it, object at once."
            ),
            Step::Approved { in_force_on, cooling_days: _ } => format!(
                "{account} was approved; payouts go there from {in_force_on} on. If you did not ask for it, object before that day."
            ),
            Step::Withdrawn => format!("{account} is not used for payouts any more."),
        };
        let mut told = vec![("new", contact(step.payee))];
        if let Some(before) = payee.follows {
            told.insert(0, ("old", contact(before)));
        }
        for (whom, contact) in told {
            rows.rows.push(vec![
                step.entry.to_string(),
                identity.zone.local(step.at),
                step.merchant.to_string(),
                step.currency.to_string(),
                step.payee.to_string(),
                whom.to_owned(),
                contact,
                text.clone(),
            ]);
        }
    }
    rows
}

/// Writes the file, for its owner alone.
pub(crate) fn write(desk: &Desk) -> Result<PathBuf, Failure> {
    let rows = rows(&desk.books, &desk.vault, desk.ledger.identity());
    let path = path(desk);
    table(&rows)
        .and_then(|bytes| souk_vault::vault::replace(&path, &bytes))
        .map_err(|error| Failure::unwritable(&path, &error))?;
    Ok(path)
}

/// Refuses, before anything is recorded, what could not be written.
pub(crate) fn can_be_written(desk: &Desk) -> Result<(), Failure> {
    creation::can_be_written(&path(desk))
}

/// Where the file is.
pub(crate) fn path(desk: &Desk) -> PathBuf {
    desk.vault.path().with_file_name(NOTICES)
}

fn table(rows: &Rows) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&rows.columns)?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(|cell| show::escaped(cell)))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_that_a_spreadsheet_would_take_for_a_formula_is_escaped_as_in_every_csv() {
        let cells = vec!["=cmd@b".to_owned(), "+86 21".to_owned(), "a@b.example".to_owned()];
        let rows = Rows { columns: vec!["a", "b", "c"], numeric: Vec::new(), rows: vec![cells] };
        let text = String::from_utf8(table(&rows).unwrap()).unwrap();
        assert_eq!(text, "a,b,c\n'=cmd@b,'+86 21,a@b.example\n");
    }
}
