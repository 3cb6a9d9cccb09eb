//! The cells of a row by their meaning; what cannot be read is noted, so that a row tells all of
//! its mistakes at once.

use super::field::Field;
use super::map::{Layout, OrdersMap, is_currency};
use crate::amount;
use crate::bad_row::quoted;
use crate::short_id::ShortId;
use crate::text_table::Problem;
use csv::ByteRecord;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::{Error, Timestamp};
use rust_decimal::Decimal;
use souk_journal::dates::Micros;

/// A row under a map.
pub(super) struct Cells<'a> {
    pub(super) map: &'a OrdersMap,
    pub(super) layout: &'a Layout,
    pub(super) record: &'a ByteRecord,
    /// What could not be read so far.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Cells<'a> {
    /// The trimmed text of a field, else its default; `None` where both are empty.
    pub(super) fn text(&self, field: Field) -> Option<&'a [u8]> {
        let column = self.layout.columns.get(&field);
        let cell = column.and_then(|&index| self.record.get(index)).map(<[u8]>::trim_ascii);
        let default = || self.map.defaults.get(&field).map(String::as_bytes);
        cell.filter(|text| !text.is_empty()).or_else(default).filter(|text| !text.is_empty())
    }

    fn problem<T>(&mut self, field: Field, what: String) -> Option<T> {
        // A field without a column can only fail by its default: the row's first field is named.
        let index = self.layout.columns.get(&field).copied().unwrap_or(0);
        self.problems.push(Problem { index, what });
        None
    }

    /// A field that must be there.
    fn required(&mut self, field: Field) -> Option<&'a [u8]> {
        let text = self.text(field);
        text.or_else(|| self.problem(field, format!("{} is empty", field.key())))
    }

    fn read_id(&mut self, field: Field, text: &[u8]) -> Option<ShortId> {
        ShortId::new(text).or_else(|| {
            let (key, found) = (field.key(), quoted(text));
            self.problem(field, format!("{key} {found} is not 1 to 40 of A-Z a-z 0-9 . _ : -"))
        })
    }

    /// An id that must be there.
    pub(super) fn id(&mut self, field: Field) -> Option<ShortId> {
        let text = self.required(field)?;
        self.read_id(field, text)
    }

    /// An id that may be missing: `Some(None)` then, and `None` where it is bad.
    pub(super) fn optional_id(&mut self, field: Field) -> Option<Option<ShortId>> {
        match self.text(field) {
            None => Some(None),
            Some(text) => self.read_id(field, text).map(Some),
        }
    }

    /// The order's id without the map's prefix.
    pub(super) fn order(&mut self) -> Option<ShortId> {
        let text = self.required(Field::Order)?;
        let text = text.strip_prefix(self.map.order_prefix.as_bytes()).unwrap_or(text);
        self.read_id(Field::Order, text)
    }

    /// The currency: three capital letters.
    pub(super) fn currency(&mut self) -> Option<ShortId> {
        let text = self.required(Field::Currency)?;
        ShortId::new(text).filter(|_| is_currency(text)).or_else(|| {
            let what = format!("currency {} is not three capital letters", quoted(text));
            self.problem(Field::Currency, what)
        })
    }

    /// The category, if any.
    pub(super) fn category(&mut self) -> Option<Option<String>> {
        let Some(text) = self.text(Field::Category) else { return Some(None) };
        let text = String::from_utf8_lossy(text).into_owned();
        if text.chars().count() > 200 || text.chars().any(char::is_control) {
            let what = "category is over 200 characters or holds a control character";
            return self.problem(Field::Category, what.into());
        }
        Some(Some(text))
    }

    /// The method, after `[methods]`; with that table a word outside it is bad.
    pub(super) fn method(&mut self) -> Option<Option<ShortId>> {
        let Some(text) = self.text(Field::Method) else { return Some(None) };
        if self.map.methods.is_empty() {
            return self.read_id(Field::Method, text).map(Some);
        }
        let known = std::str::from_utf8(text).ok().and_then(|word| self.map.methods.get(word));
        match known {
            Some(method) => Some(Some(*method)),
            None => {
                self.problem(Field::Method, format!("method {} is not in [methods]", quoted(text)))
            }
        }
    }

    /// An amount ≥ 0 that must be there.
    pub(super) fn amount(&mut self, field: Field) -> Option<Decimal> {
        let text = self.required(field)?;
        match amount::decimal(text) {
            Ok(amount) => Some(amount),
            Err(problem) => self.problem(field, problem.say(field.key(), text)),
        }
    }

    /// An amount ≥ 0; zero where it is missing.
    pub(super) fn amount_or_zero(&mut self, field: Field) -> Option<Decimal> {
        if self.text(field).is_none() { Some(Decimal::ZERO) } else { self.amount(field) }
    }

    /// The number of pieces, from 1 to 999,999,999; 1 where it is missing.
    pub(super) fn quantity(&mut self) -> Option<u32> {
        let Some(text) = self.text(Field::Quantity) else { return Some(1) };
        let digits = text.len() <= 9 && text.iter().all(u8::is_ascii_digit);
        let number = std::str::from_utf8(text).ok().filter(|_| digits).and_then(|t| t.parse().ok());
        number.filter(|&number| number > 0).or_else(|| {
            let what = format!("quantity {} is not a whole number from 1", quoted(text));
            self.problem(Field::Quantity, what)
        })
    }

    /// A time that must be there.
    pub(super) fn time(&mut self, field: Field) -> Option<Timestamp> {
        let text = self.required(field)?;
        let read = std::str::from_utf8(text).ok().and_then(|text| self.instant(text));
        // Before the year 1 there are no dates here: it would be stored as another time.
        let read = read.filter(|at| Micros::of(*at).is_some());
        read.or_else(|| {
            let forms = match self.map.time_formats.as_slice() {
                [] => "YYYY-MM-DD hh:mm:ss".into(),
                formats => formats.join(" or "),
            };
            self.problem(field, format!("{} {} is not a time {forms}", field.key(), quoted(text)))
        })
    }

    /// Without formats: RFC 3339, or a date with or without a time, local to the map's zone.
    fn instant(&self, text: &str) -> Option<Timestamp> {
        let zone = &self.map.zone;
        let local = |time: DateTime| zone.to_ambiguous_timestamp(time).compatible();
        if self.map.time_formats.is_empty() {
            let civil = |_: Error| text.parse().and_then(local);
            return text.parse().or_else(civil).ok();
        }
        self.map.time_formats.iter().find_map(|format| {
            let parts = strtime::parse(format, text).ok()?;
            if parts.offset().is_some() {
                return parts.to_timestamp().ok();
            }
            let time = parts.to_datetime().or_else(|_| parts.to_date().map(DateTime::from)).ok()?;
            local(time).ok()
        })
    }
}
