//! Days that a cycle rule names: a Monday, days of the week, days of the month.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

/// A Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Date", into = "Date")]
#[schemars(with = "Date")]
pub struct Monday(Date);

impl Monday {
    /// The date.
    pub fn date(self) -> Date {
        self.0
    }
}

impl TryFrom<Date> for Monday {
    type Error = String;

    fn try_from(date: Date) -> Result<Self, String> {
        if date.weekday() == 1 { Ok(Self(date)) } else { Err(format!("{date} is not a Monday")) }
    }
}

impl From<Monday> for Date {
    fn from(of: Monday) -> Self {
        of.0
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WeekDay {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl WeekDay {
    /// From Monday on.
    const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// Some days of the week, at least one; written from Monday on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<WeekDay>", into = "Vec<WeekDay>")]
#[schemars(with = "Vec<WeekDay>")]
pub struct WeekDays(u8);

impl WeekDays {
    /// Whether a date is one of them.
    pub fn has(self, date: Date) -> bool {
        self.0 >> (date.weekday() - 1) & 1 == 1
    }
}

impl TryFrom<Vec<WeekDay>> for WeekDays {
    type Error = String;

    fn try_from(days: Vec<WeekDay>) -> Result<Self, String> {
        let mut set = 0;
        for day in days {
            let bit = 1 << day as u8;
            if set & bit != 0 {
                return Err(format!("{day:?} is named twice"));
            }
            set |= bit;
        }
        if set == 0 { Err("no day of the week is named".to_owned()) } else { Ok(Self(set)) }
    }
}

impl From<WeekDays> for Vec<WeekDay> {
    fn from(of: WeekDays) -> Self {
        WeekDay::ALL.into_iter().filter(|day| of.0 >> *day as u8 & 1 == 1).collect()
    }
}

/// The last day of the month that may be named: every month has it.
pub const LAST_NAMED_DAY: u8 = 28;

/// Some days of the month, 1 to [`LAST_NAMED_DAY`], at least one; written in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
#[schemars(with = "Vec<u8>")]
pub struct MonthDays(u32);

impl MonthDays {
    /// Whether a date is one of them.
    pub fn has(self, date: Date) -> bool {
        let (_, _, day) = date.parts();
        self.0 >> day & 1 == 1
    }
}

impl TryFrom<Vec<u8>> for MonthDays {
    type Error = String;

    fn try_from(days: Vec<u8>) -> Result<Self, String> {
        let mut set = 0;
        for day in days {
            if !(1..=LAST_NAMED_DAY).contains(&day) {
                return Err(format!("{day} is not a day that every month has, 1 to 28"));
            }
            if set >> day & 1 == 1 {
                return Err(format!("day {day} is named twice"));
            }
            set |= 1 << day;
        }
        if set == 0 { Err("no day of the month is named".to_owned()) } else { Ok(Self(set)) }
    }
}

impl From<MonthDays> for Vec<u8> {
    fn from(of: MonthDays) -> Self {
        (1..=LAST_NAMED_DAY).filter(|day| of.0 >> day & 1 == 1).collect()
    }
}
