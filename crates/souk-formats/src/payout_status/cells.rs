//! Amounts, days and references as banks write them. What is malformed is said; nothing becomes nothing, or today.

use rust_decimal::Decimal;
use souk_journal::dates::Date;
use souk_journal::ids::Id;

use super::tree::Node;
use crate::amount::decimal;
use crate::bad_row::quoted;

/// An amount of a message, with its currency.
pub(super) fn amount(of: &Node) -> Result<(String, Decimal), String> {
    let text = of.text.trim();
    let value = decimal(text.as_bytes()).map_err(|why| why.say("amount", text.as_bytes()))?;
    match of.attribute("Ccy").map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => Ok((code.to_owned(), value)),
        None => Err(format!("amount {text} has no currency (Ccy)")),
    }
}

/// The day of a date or of a time: `2026-03-12`, `2026-03-12+08:00`, `2026-03-12T10:00:00.000Z`.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let read = || {
        let (day, rest) = text.split_at_checked(10)?;
        let day: Date = day.parse().ok()?;
        let zone = match rest.strip_prefix('T') {
            Some(time) => behind_time(time)?,
            None => rest,
        };
        is_zone(zone).then_some(day)
    };
    read().ok_or_else(|| format!("{} is no date such as 2026-03-11", quoted(text.as_bytes())))
}

/// What stands behind `10:00:00` or `10:00:00.000`.
fn behind_time(text: &str) -> Option<&str> {
    let (time, rest) = text.split_at_checked(8)?;
    let [hour, minute, second] = clock(time)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let Some(part) = rest.strip_prefix('.') else { return Some(rest) };
    let behind = part.trim_start_matches(|of: char| of.is_ascii_digit());
    (behind.len() < part.len()).then_some(behind)
}

/// Three numbers of two digits, with colons between.
fn clock(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split(':').map(two);
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

fn two(text: &str) -> Option<u32> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Nothing, `Z`, or `+08:00`.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "Z") };
    let parts = offset.split_once(':').and_then(|(hour, minute)| two(hour).zip(two(minute)));
    parts.is_some_and(|(hour, minute)| hour <= 14 && minute <= 59)
}

/// A bank's reference, which is kept as an identifier.
pub(super) fn reference(text: &str) -> Result<String, String> {
    match Id::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!(
            "the bank's reference {} cannot be kept: references are 1 to 40 of A-Z a-z 0-9 . _ : -; leave it out of a CSV, \
             or say what the message says by a CSV (payout,status,amount,currency,date)",
            quoted(text.as_bytes())
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_date_or_the_date_of_a_time_and_nothing_else() {
        for good in ["", "Z", "+08:00", "T10:00:00", "T10:00:00Z", "T23:59:60.123-05:00"] {
            let found = day(&format!("2026-03-12{good}")).map(|of| of.to_string());
            assert_eq!(found.as_deref(), Ok("2026-03-12"), "{good}");
        }
        let bad = ["2026-13-45", "2026-02-30", "2026-3-12", "12.03.2026", "", "é€garbage", "today"];
        for bad in bad {
            assert!(day(bad).is_err(), "{bad}");
        }
        for bad in ["garbage", "T", "T25:00:00", "T10:00", "T10:00:00.", "T10:00:00+8", "+99:00"] {
            assert!(day(&format!("2026-03-12{bad}")).is_err(), "{bad}");
        }
    }
}
