//! Dates and times as the ledger stores them: accounting dates without a clock, instants in
//! microseconds.
//!
//! Replay parses several of each per event, so both have a fixed text form and a positional parser;
//! tests hold them against `jiff`.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::FromText;

/// A calendar date, years 1 to 9999. `Option<Date>` takes four bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NonZeroU32);

/// Not a date, or not an instant, in the ledger's form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text is not `YYYY-MM-DD`, or there is no such day.
    #[error("{0:?} is not a date YYYY-MM-DD of the years 0001 to 9999")]
    NotADate(String),
    /// The text is not `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
    #[error("{0:?} is not an instant YYYY-MM-DDTHH:MM:SS.ffffffZ")]
    NotAnInstant(String),
}

/// Day numbers start so that 0001-01-01 is 1.
const EPOCH_DAY: i32 = 719_163;

impl Date {
    /// The last date there is.
    pub const MAX: Self = Self(NonZeroU32::new(3_652_059).expect("not zero"));

    /// The date of a year, month and day, if there is such a day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        if day < 1 || day > days_in_month(year, month) {
            return None;
        }
        // Days from the civil calendar, with years that begin in March (H. Hinnant's method).
        let year = if month <= 2 { year - 1 } else { year } as u32;
        let of_era = year % 400;
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day = (year / 400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        NonZeroU32::new(day - 305).map(Self)
    }

    /// Year, month and day.
    pub fn parts(self) -> (i32, u32, u32) {
        let day = self.0.get() + 305;
        let era = day / 146_097;
        let of_era = day % 146_097;
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = (era * 400 + year_of_era) as i32 + i32::from(month <= 2);
        (year, month, day)
    }

    /// So many days later (earlier when negative), kept within the range.
    pub fn plus_days(self, days: i32) -> Self {
        let day = (self.0.get() as i64 + i64::from(days)).clamp(1, i64::from(Self::MAX.0.get()));
        Self(NonZeroU32::new(day as u32).unwrap_or(NonZeroU32::MIN))
    }

    /// Days from an earlier date to this one.
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.get() as i32 - earlier.0.get() as i32
    }

    /// Monday is 1, Sunday is 7 (ISO 8601).
    pub fn weekday(self) -> u32 {
        (self.0.get() - 1) % 7 + 1
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Self {
        let (_, _, day) = self.parts();
        self.plus_days(1 - day as i32)
    }

    /// The first day of the next month.
    pub fn first_of_next_month(self) -> Self {
        let (year, month, day) = self.parts();
        self.plus_days((days_in_month(year, month) - day) as i32 + 1)
    }

    /// `YYYY-MM-DD`, in ASCII.
    pub(crate) fn text(self) -> [u8; 10] {
        let (year, month, day) = self.parts();
        let mut text = *b"0000-00-00";
        digits(&mut text[0..4], year as u32);
        digits(&mut text[5..7], month);
        digits(&mut text[8..10], day);
        text
    }

    /// As `jiff` writes it, for arithmetic with time zones.
    pub fn civil(self) -> civil::Date {
        let (year, month, day) = self.parts();
        civil::date(year as i16, month as i8, day as i8)
    }
}

/// Days in a month of the Gregorian calendar.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self::new(i32::from(date.year()), date.month() as u32, date.day() as u32)
            .unwrap_or(Self(NonZeroU32::MIN))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        parse_date(text.as_bytes()).ok_or_else(|| DateError::NotADate(text.to_owned()))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::<Self>::new("a date YYYY-MM-DD"))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub i64);

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Micros {
    /// The first instant whose date is of year 1 or later in every zone: 0001-01-02T00:00:00Z.
    pub const FIRST: Self = Self((2 - EPOCH_DAY as i64) * MICROS_PER_DAY);

    /// An instant that is stored as what it is; none of a time before [`Micros::FIRST`], which has no date here.
    pub fn of(timestamp: jiff::Timestamp) -> Option<Self> {
        Some(Self::from(timestamp)).filter(|at| *at >= Self::FIRST)
    }

    /// The date of this instant in UTC.
    pub fn utc_date(self) -> Date {
        let day = self.0.div_euclid(MICROS_PER_DAY).clamp(1 - i64::from(EPOCH_DAY), 2_932_896);
        Date(NonZeroU32::new((day + i64::from(EPOCH_DAY)) as u32).unwrap_or(NonZeroU32::MIN))
    }

    /// As `jiff` holds it.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl From<jiff::Timestamp> for Micros {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.utc_date().parts();
        let of_day = self.0.rem_euclid(MICROS_PER_DAY);
        let seconds = (of_day / 1_000_000) as u32;
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        digits(&mut text[0..4], year as u32);
        digits(&mut text[5..7], month);
        digits(&mut text[8..10], day);
        digits(&mut text[11..13], seconds / 3600);
        digits(&mut text[14..16], seconds / 60 % 60);
        digits(&mut text[17..19], seconds % 60);
        digits(&mut text[20..26], (of_day % 1_000_000) as u32);
        f.pad(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Micros {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        parse_instant(text.as_bytes()).ok_or_else(|| DateError::NotAnInstant(text.to_owned()))
    }
}

impl Serialize for Micros {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::<Self>::new("an instant in UTC with microseconds"))
    }
}

impl JsonSchema for Micros {
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"})
    }
}

/// Writes a number into a field of zeros, from the right.
fn digits(field: &mut [u8], mut value: u32) {
    for place in field.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Reads a field of digits.
fn number(field: &[u8]) -> Option<u32> {
    field.iter().try_fold(0_u32, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0'))
    })
}

fn parse_date(text: &[u8]) -> Option<Date> {
    if text.len() != 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    Date::new(number(&text[0..4])? as i32, number(&text[5..7])?, number(&text[8..10])?)
}

fn parse_instant(text: &[u8]) -> Option<Micros> {
    let shaped = text.len() == 27
        && text[10] == b'T'
        && text[13] == b':'
        && text[16] == b':'
        && text[19] == b'.'
        && text[26] == b'Z';
    if !shaped {
        return None;
    }
    let date = parse_date(&text[0..10])?;
    let (hour, minute) = (number(&text[11..13])?, number(&text[14..16])?);
    let (second, micros) = (number(&text[17..19])?, number(&text[20..26])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = i64::from(date.0.get()) - i64::from(EPOCH_DAY);
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    Some(Micros(days * MICROS_PER_DAY + seconds * 1_000_000 + i64::from(micros)))
}

#[cfg(test)]
mod tests;
