//! What the software takes at once: one currency, and so many lines per file.

use souk_books::summary_journal::SummaryJournal;
use souk_journal::dates::Date;

use super::Form;
use super::forms;
use super::map::AccountMap;
use crate::fail::{Exit, Failure};

/// "You can import up to 300 lines in one template file" (help.xero.com, Enter multiple manual journals using an import
/// template).
const XERO_LINES: usize = 300;

/// Journals of Xero and Yonyou are in the organisation's own currency: a foreign amount needs its own beside it.
pub(super) fn one_currency(form: Form, journals: &[SummaryJournal]) -> Result<(), Failure> {
    let software = match form {
        Form::Xero => "a manual journal of Xero is",
        Form::Yonyou => "amounts of a 用友 voucher are",
        Form::Generic | Form::Quickbooks | Form::Kingdee => return Ok(()),
    };
    let mut codes: Vec<&str> = journals.iter().map(|of| of.currency.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() < 2 {
        return Ok(());
    }
    let message = format!("{software} in one currency, here are {}", codes.join(", "));
    Err(Failure::new(Exit::Usage, "OneCurrencyOnly", message)
        .with("  choose one with --currency, and say in your map which accounts keep it"))
}

/// Refuses a file that Xero would not take, and says which days fit into one.
pub(super) fn lines(
    form: Form,
    map: &AccountMap,
    journals: &[SummaryJournal],
) -> Result<(), Failure> {
    if form != Form::Xero {
        return Ok(());
    }
    let mut days: Vec<(Date, usize)> = Vec::new();
    for journal in journals {
        let count = forms::rows(map, journal).len();
        match days.iter_mut().find(|(on, _)| *on == journal.on) {
            Some((_, known)) => *known += count,
            None => days.push((journal.on, count)),
        }
    }
    days.sort_unstable();
    let all: usize = days.iter().map(|(_, count)| count).sum();
    if all <= XERO_LINES {
        return Ok(());
    }
    let message = format!("these journals have {all} lines, and Xero takes {XERO_LINES} in a file");
    let mut failure = Failure::new(Exit::Usage, "JournalsTooLong", message);
    for (from, to, count) in parts(&days) {
        failure = failure.with(if count > XERO_LINES {
            format!("  {from} alone has {count}: fewer codes, or a finer --by")
        } else {
            format!("  --from {from} --to {to}   {count} lines")
        });
    }
    Err(failure)
}

/// Days one after the other, as many as fit into a file.
fn parts(days: &[(Date, usize)]) -> Vec<(Date, Date, usize)> {
    let mut parts: Vec<(Date, Date, usize)> = Vec::new();
    for (on, count) in days {
        match parts.last_mut() {
            Some((_, to, sum)) if *sum + count <= XERO_LINES => (*to, *sum) = (*on, *sum + count),
            Some(_) | None => parts.push((*on, *on, *count)),
        }
    }
    parts
}
