//! Whether a statement's file holds: its digest, its sums, and every field against the ledger's.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_decimal::Decimal;
use souk_domain::event_id::sha256;
use souk_journal::statement_lines::hex;

use super::form::date;
use super::{Fields, Said, is_of_another_day};

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
    let mut places = of.lines.iter().zip(1_u64..);
    checked.differences.extend(places.find_map(|(line, place)| out_of_order(of, line, place)));
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

/// opening + lines − withheld and topped up + released and used = closing = payout + carried − debt.
///
/// Files of earlier editions have the deposit within reserve withheld and released, and no fields of its own.
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
    let deposit = |name: &str| match of.head.get(name) {
        None => Some(Decimal::ZERO),
        Some(_) => number(&of.head, name),
    };
    let taken = plus(withheld, deposit("deposit_topped_up"));
    let given = plus(released, deposit("deposit_used"));
    let above = plus(minus(opened, taken), given);
    let below = minus(plus(payout, carried), debt);
    let text = |of: Option<Decimal>| of.map_or_else(|| "too much".to_owned(), |of| of.to_string());
    for (name, found) in [
        ("opening + lines − withheld and topped up + released and used", above),
        ("payout + carried − debt", below),
    ] {
        if closing.is_none() || found != closing {
            let (found, closing) = (text(found), text(closing));
            checked.differences.push(format!("{name} = {found}, but closing = {closing}"));
        }
    }
    if of.head.get("earned").is_some() && of.head.get("moved").is_some() {
        let found = plus(number(&of.head, "earned"), number(&of.head, "moved"));
        if found != checked.lines {
            let (found, lines) = (text(found), text(checked.lines));
            checked
                .differences
                .push(format!("earned + moved = {found}, but the lines give {lines}"));
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
    let first = lines.clone().find_map(|(ours, theirs)| differs(file, ours, theirs));
    if let Some(what) = first {
        checked.differences.push(what);
    } else if file.lines.len() != ledger.lines.len() {
        let both = lines.len();
        let (more, where_) = match file.lines.get(both) {
            Some(line) => (line, "in the file and not in the ledger"),
            None => (&ledger.lines[both], "in the ledger and not in the file"),
        };
        checked.differences.push(format!("line {}: it is {where_}", more.text("line_no")));
    }
    for (name, ours) in file.head.iter() {
        let theirs = with_deposit(file, ledger, name);
        let theirs = theirs.as_deref().or_else(|| ledger.head.get(name));
        let Some(theirs) = theirs.filter(|theirs| *theirs != ours) else { continue };
        if !is_of_another_day(name, ours, theirs) {
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

/// What the ledger says of reserve in the words of a file of an earlier edition, which counts the deposit to it.
fn with_deposit(file: &Said, ledger: &Said, name: &str) -> Option<String> {
    let deposit = match name {
        "reserve_withheld" => "deposit_topped_up",
        "reserve_released" => "deposit_used",
        _ => return None,
    };
    if file.head.get(deposit).is_some() {
        return None;
    }
    let sum = number(&ledger.head, name)?.checked_add(number(&ledger.head, deposit)?)?;
    Some(sum.to_string())
}

/// The first field of a line that differs. A line under another number is no changed line: one before it is missing, or
/// does not belong there.
fn differs(file: &Said, ours: &Fields, theirs: &Fields) -> Option<String> {
    let line = ours.text("line_no");
    if let Ok(place) = theirs.text("line_no").parse()
        && let Some(what) = out_of_order(file, ours, place)
    {
        return Some(what);
    }
    ours.iter().find_map(|(name, ours)| {
        let theirs = theirs.get(name).filter(|theirs| *theirs != ours)?;
        Some(format!("line {line}, {}", told(name, ours, theirs)))
    })
}

/// What is wrong with a line that does not have the number of its place. What only stands elsewhere is not missing.
fn out_of_order(file: &Said, line: &Fields, place: u64) -> Option<String> {
    let found = line.text("line_no");
    let what = misplaced(found, place)?;
    let is_elsewhere = file.lines.iter().any(|of| of.text("line_no") == place.to_string());
    Some(if is_elsewhere { format!("line {found} stands where line {place} should") } else { what })
}

/// What is wrong with the number of the line at a place, counted from 1: those before it are as they must be.
#[must_use]
pub fn misplaced(line_no: &str, place: u64) -> Option<String> {
    let found: u64 = line_no.parse().ok()?;
    match found.cmp(&place) {
        Ordering::Equal => None,
        Ordering::Greater => Some(format!("line {place} is missing")),
        Ordering::Less => Some(format!("line {found} stands where line {place} should")),
    }
}

fn told(name: &str, ours: &str, theirs: &str) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    format!("{name}: the file has {}, the ledger {}", shown(ours), shown(theirs))
}
