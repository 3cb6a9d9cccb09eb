//! Whether a statement's file holds: its digest, its sums, and every field against the ledger's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;
use souk_domain::event_id::sha256;
use souk_journal::statement_lines::hex;

use super::form::date;
use super::{AFTER_THE_CLOSE, Fields, Said};

/// What came of checking one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// The digest that the lines give; none of a cycle that is not closed.
    pub digest: Option<String>,
    /// The sum of the lines; none where it is beyond 28 digits.
    pub lines: Option<Decimal>,
    /// What differs, the first of each sort.
    pub differences: Vec<String>,
    /// What the file does not say, so that it was not checked.
    pub unchecked: Vec<&'static str>,
}

/// Holds a statement against itself: its digest, a digest that was given, and its sums.
#[must_use]
pub fn check(of: &Said, given: Option<&str>) -> Checked {
    let mut checked = Checked { differences: of.at_odds.clone(), ..Checked::default() };
    checked.digest = text_form(of).map(|text| hex(&sha256(text.as_bytes())));
    let found = checked.digest.as_deref().unwrap_or("none");
    let said = of.head.get("digest").filter(|digest| !digest.is_empty());
    for (whose, wanted) in [("the file", said), ("the digest given", given)] {
        let wanted = wanted.filter(|wanted| *wanted != found);
        let told =
            wanted.map(|wanted| format!("digest: {whose} says {wanted}, the lines give {found}"));
        checked.differences.extend(told);
    }
    sums(of, &mut checked);
    subtotals(of, &mut checked);
    checked
}

/// The text under the digest, `statement-lines/v1`, as `souk_journal::statement_lines` specifies it.
pub(super) fn text_form(of: &Said) -> Option<String> {
    let entry_limit = of.head.get("entry_limit").filter(|entry| !entry.is_empty())?;
    let cut_off = date(of.head.text("to"))?.plus_days(1);
    let (head, or_none) = (&of.head, |text| if str::is_empty(text) { "-" } else { text });
    let mut text = String::from("souk statement-lines/v1\n");
    let first = ["merchant", "currency", "cycle", "from"].map(|name| head.text(name)).join("\t");
    let _ = writeln!(text, "{first}\t{cut_off}\t{entry_limit}\t{}", head.text("opening"));
    for line in &of.lines {
        let payout = || line.text("stream").strip_prefix("payout-");
        let order = Some(line.text("order")).filter(|order| !order.is_empty());
        let subject = order.or_else(payout).unwrap_or("-");
        let late = if line.text("late") == "true" { "late" } else { "-" };
        let _ = writeln!(
            text,
            "{}\t{}\t{subject}\t{}\t{}\t{}\t{late}\t{}\t{}.{}",
            line.text("line_no"),
            line.text("kind"),
            line.text("amount"),
            line.text("effective_on"),
            line.text("due_on"),
            or_none(line.text("corrects")),
            line.text("entry"),
            line.text("posting"),
        );
    }
    Some(text)
}

/// A number of the file; its form was checked when it was read.
fn number(of: &Fields, name: &str) -> Option<Decimal> {
    of.get(name)?.parse().ok()
}

fn total<'f>(of: impl IntoIterator<Item = &'f Fields>) -> Option<Decimal> {
    of.into_iter().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(number(line, "amount")?))
}

/// opening + lines − withheld + released = closing = payout + carried − debt.
fn sums(of: &Said, checked: &mut Checked) {
    checked.lines = total(&of.lines);
    let names = ["reserve_withheld", "reserve_released", "closing", "payout", "carried", "debt"];
    checked.unchecked.extend(names.iter().filter(|name| of.head.get(name).is_none()));
    if !checked.unchecked.is_empty() {
        return;
    }
    let [withheld, released, closing, payout, carried, debt] =
        names.map(|name| number(&of.head, name));
    let plus = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_add(b?);
    let minus = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_sub(b?);
    let opened = plus(number(&of.head, "opening"), checked.lines);
    let above = plus(minus(opened, withheld), released);
    let below = minus(plus(payout, carried), debt);
    let text = |of: Option<Decimal>| of.map_or_else(|| "too much".to_owned(), |of| of.to_string());
    for (name, found) in
        [("opening + lines − withheld + released", above), ("payout + carried − debt", below)]
    {
        if closing.is_none() || found != closing {
            let (found, closing) = (text(found), text(closing));
            checked.differences.push(format!("{name} = {found}, but closing = {closing}"));
        }
    }
}

/// The sums per kind, where the file has them.
fn subtotals(of: &Said, checked: &mut Checked) {
    if of.subtotals.is_empty() {
        return;
    }
    let mut found: BTreeMap<&str, Vec<&Fields>> = BTreeMap::new();
    for line in &of.lines {
        found.entry(line.text("kind")).or_default().push(line);
    }
    for part in &of.subtotals {
        let lines = found.remove(part.text("kind")).unwrap_or_default();
        let amount = total(lines.iter().copied());
        if part.text("lines") != lines.len().to_string() || amount != number(part, "amount") {
            let kind = part.text("kind");
            checked.differences.push(format!("subtotals, {kind}: its lines give another sum"));
        }
    }
    let missing = found.keys().map(|kind| format!("subtotals, {kind}: it has lines and no sum"));
    checked.differences.extend(missing);
}

/// Holds a statement against the ledger's: the first line that differs, then every field beside the lines.
#[must_use]
pub fn compare(file: &Said, ledger: &Said) -> Checked {
    let mut checked = Checked::default();
    let lines = file.lines.iter().zip(&ledger.lines);
    let first =
        lines.clone().find_map(|(ours, theirs)| differs(ours, theirs).map(|what| (ours, what)));
    if let Some((line, what)) = first {
        checked.differences.push(format!("line {}, {what}", line.text("line_no")));
    } else if file.lines.len() != ledger.lines.len() {
        let both = lines.len();
        let (more, where_) = match file.lines.get(both) {
            Some(line) => (line, "in the file and not in the ledger"),
            None => (&ledger.lines[both], "in the ledger and not in the file"),
        };
        checked.differences.push(format!("line {}: it is {where_}", more.text("line_no")));
    }
    for (name, ours) in file.head.iter() {
        let Some(theirs) = ledger.head.get(name).filter(|theirs| *theirs != ours) else { continue };
        // A file that was printed before the payout went, or before it came back, is no other statement.
        let is_earlier = ours.is_empty() || theirs.is_empty();
        if !(is_earlier && AFTER_THE_CLOSE.contains(&name)) {
            checked.differences.push(told(name, ours, theirs));
        }
    }
    let absent = |ours: &Fields, theirs: &Fields| -> Vec<&'static str> {
        theirs.iter().map(|(name, _)| name).filter(|name| ours.get(name).is_none()).collect()
    };
    checked.unchecked = absent(&file.head, &ledger.head);
    if let Some((ours, theirs)) = file.lines.first().zip(ledger.lines.first()) {
        checked.unchecked.extend(absent(ours, theirs));
    }
    checked
}

/// The first field of a line that differs.
fn differs(ours: &Fields, theirs: &Fields) -> Option<String> {
    ours.iter().find_map(|(name, ours)| {
        let theirs = theirs.get(name).filter(|theirs| *theirs != ours)?;
        Some(told(name, ours, theirs))
    })
}

fn told(name: &str, ours: &str, theirs: &str) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    format!("{name}: the file has {}, the ledger {}", shown(ours), shown(theirs))
}
