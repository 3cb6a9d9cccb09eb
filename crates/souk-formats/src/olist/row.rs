//! The fields of a row, checked; and an order out of the bytes the join made.

use super::lookup::Categories;
use super::model::{OlistDates, OlistItem, OlistMethod, OlistOrder, OlistPayment, OlistStatus};
use super::wire::{Reader, pick};
use crate::amount;
use crate::bad_row::quoted;
use crate::short_id::ShortId;
use crate::text_table::Problem;
use csv::ByteRecord;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use std::io;

/// A row of the right shape whose fields are read by index.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a ByteRecord);

impl<'a> Fields<'a> {
    fn raw(self, index: usize) -> &'a [u8] {
        self.0.get(index).unwrap_or_default()
    }

    /// An id ([`ShortId`]).
    pub(super) fn id(self, index: usize, what: &str) -> Result<ShortId, Problem> {
        let text = self.raw(index);
        ShortId::new(text).ok_or_else(|| {
            let found = quoted(text);
            let what = format!("{what} {found} is not 1 to 40 of A-Z a-z 0-9 . _ : -");
            Problem { index, what }
        })
    }

    /// Text; the shape check has made sure that it is UTF-8.
    pub(super) fn text(self, index: usize) -> Result<&'a str, Problem> {
        let text = self.raw(index);
        std::str::from_utf8(text)
            .map_err(|_| Problem { index, what: format!("{} is not UTF-8", quoted(text)) })
    }

    /// An amount ≥ 0 in hundredths.
    pub(super) fn cents(self, index: usize, what: &str) -> Result<i64, Problem> {
        let text = self.raw(index);
        amount::hundredths(text).map_err(|problem| Problem { index, what: problem.say(what, text) })
    }

    /// A whole number of at most nine digits, at least `least`.
    pub(super) fn number(self, index: usize, what: &str, least: u32) -> Result<u32, Problem> {
        let text = self.raw(index);
        let digits = (1..=9).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
        let value = text.iter().filter(|_| digits).fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        if digits && value >= least {
            return Ok(value);
        }
        let what = format!("{what} {} is not a whole number from {least}", quoted(text));
        Err(Problem { index, what })
    }

    /// One of an enum's words.
    pub(super) fn word<T>(
        self,
        index: usize,
        what: &str,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, Problem> {
        let text = self.raw(index);
        read(text)
            .ok_or_else(|| Problem { index, what: format!("{what} {} is unknown", quoted(text)) })
    }

    /// A time `YYYY-MM-DD hh:mm:ss` of the years 1970 to 2199.
    pub(super) fn time(self, index: usize, what: &str) -> Result<DateTime, Problem> {
        let text = self.raw(index);
        local_time(text).ok_or_else(|| {
            let what =
                format!("{what} {} is not a time YYYY-MM-DD hh:mm:ss since 1970", quoted(text));
            Problem { index, what }
        })
    }

    /// As [`Fields::time`], or `None` where nothing stands.
    pub(super) fn optional_time(
        self,
        index: usize,
        what: &str,
    ) -> Result<Option<DateTime>, Problem> {
        if self.raw(index).is_empty() { Ok(None) } else { self.time(index, what).map(Some) }
    }
}

fn local_time(text: &[u8]) -> Option<DateTime> {
    let separators = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if text.len() != 19 || separators.iter().any(|&(at, mark)| text[at] != mark) {
        return None;
    }
    let two = |at: usize| {
        let (tens, ones) = (text[at], text[at + 1]);
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| ((tens - b'0') * 10 + (ones - b'0')).cast_signed())
    };
    let year = i16::from(two(0)?) * 100 + i16::from(two(2)?);
    if !(1970..=2199).contains(&year) {
        return None;
    }
    DateTime::new(year, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?, 0).ok()
}

/// An order out of the payload that `join` wrote.
pub(super) fn order(payload: &[u8], categories: &Categories) -> io::Result<OlistOrder> {
    let mut from = Reader(payload);
    let order_id = from.id()?;
    let line = from.u64()?;
    let status = pick(OlistStatus::ALL, from.u8()?)?;
    let dates = pick(OlistDates::ALL, from.u8()?)?;
    let purchased_at = from.time()?;
    let approved_at = from.optional_time()?;
    let delivered_at = from.optional_time()?;
    let items = many(&mut from, |from| {
        Ok(OlistItem {
            line: from.u64()?,
            item_no: from.u32()?,
            product_id: from.id()?,
            seller_id: from.id()?,
            category: categories.name(from.u32()?),
            price: Decimal::new(from.i64()?, 2),
            freight: Decimal::new(from.i64()?, 2),
        })
    })?;
    let payments = many(&mut from, |from| {
        Ok(OlistPayment {
            line: from.u64()?,
            sequential: from.u32()?,
            method: pick(OlistMethod::ALL, from.u8()?)?,
            instalments: from.u32()?,
            value: Decimal::new(from.i64()?, 2),
        })
    })?;
    Ok(OlistOrder {
        order_id,
        status,
        purchased_at,
        approved_at,
        delivered_at,
        dates,
        items,
        payments,
        line,
    })
}

fn many<'a, T>(
    from: &mut Reader<'a>,
    one: impl Fn(&mut Reader<'a>) -> io::Result<T>,
) -> io::Result<Vec<T>> {
    let count = from.u32()?;
    (0..count).map(|_| one(from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_read_only_in_its_one_form() {
        let time = local_time(b"2017-10-15 00:30:59").unwrap();
        assert_eq!(time.to_string(), "2017-10-15T00:30:59");
        for bad in [
            "",
            "2017-10-15",
            "2017-10-15T00:30:59",
            "2017-02-29 00:00:00",
            "2017-10-15 24:00:00",
            "2017-10-15 00:30:5x",
            "1969-12-31 23:59:59",
            "2200-01-01 00:00:00",
        ] {
            assert_eq!(local_time(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn a_whole_number_has_one_to_nine_digits_and_a_least_value() {
        let record = ByteRecord::from(vec!["7", "0", "", "1234567890", "-1", "999999999"]);
        let read = |index| Fields(&record).number(index, "item", 1).map_err(|p| p.what);
        assert_eq!(read(0), Ok(7));
        assert_eq!(read(1), Err("item \"0\" is not a whole number from 1".into()));
        assert!(read(2).is_err() && read(3).is_err() && read(4).is_err());
        assert_eq!(read(5), Ok(999_999_999));
    }
}
