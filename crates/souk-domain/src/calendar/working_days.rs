//! Working days, from data files: `calendar/cn.txt`, `calendar/target.txt`.
//!
//! A calendar knows the years that its file has, and no others: whether a day of another year is a working day is not
//! known, and no caller may guess.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

/// Whose working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WorkingDays {
    /// Of China, with the weekends that are worked for a holiday.
    China,
    /// Of TARGET2 and T2, on which euros are settled.
    Target,
}

/// A year that a calendar's file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the working days of {year} are not known: the calendar {name} has {known}")]
pub struct YearNotKnown {
    /// The calendar.
    pub name: &'static str,
    /// The year asked for.
    pub year: i32,
    /// Which years it has.
    pub known: Years,
}

/// The years of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    first: i32,
    last: Option<i32>,
}

impl Years {
    /// The first, and the last where there is one.
    pub fn bounds(self) -> (i32, Option<i32>) {
        (self.first, self.last)
    }
}

impl std::fmt::Display for Years {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.last {
            Some(last) => write!(f, "{} to {last}", self.first),
            None => write!(f, "{} and later years", self.first),
        }
    }
}

/// What a file says; the files are part of the edition, so a fault in one is a bug that its test finds.
struct Calendar {
    years: Years,
    /// Days that differ from Monday to Friday: whether they are worked.
    days: BTreeMap<Date, bool>,
    /// Month and day off in every year.
    every: Vec<(u32, u32)>,
    /// Days off, from Easter Sunday on.
    easter: Vec<i32>,
}

static CHINA: LazyLock<Calendar> = LazyLock::new(|| Calendar::read(include_str!("cn.txt")));
static TARGET: LazyLock<Calendar> = LazyLock::new(|| Calendar::read(include_str!("target.txt")));

impl WorkingDays {
    /// Its name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::China => "china",
            Self::Target => "target",
        }
    }

    fn calendar(self) -> &'static Calendar {
        match self {
            Self::China => &CHINA,
            Self::Target => &TARGET,
        }
    }

    /// Whether a date is a working day.
    ///
    /// # Errors
    /// [`YearNotKnown`].
    pub fn works(self, date: Date) -> Result<bool, YearNotKnown> {
        let calendar = self.calendar();
        let (year, month, day) = date.parts();
        let known = calendar.years;
        if year < known.first || known.last.is_some_and(|last| year > last) {
            return Err(YearNotKnown { name: self.name(), year, known });
        }
        if let Some(works) = calendar.days.get(&date) {
            return Ok(*works);
        }
        let from_easter = date.days_since(easter_sunday(year));
        let off = calendar.every.contains(&(month, day)) || calendar.easter.contains(&from_easter);
        Ok(date.weekday() <= 5 && !off)
    }

    /// The date itself, or the next working day.
    ///
    /// # Errors
    /// [`YearNotKnown`].
    pub fn on_or_after(self, date: Date) -> Result<Date, YearNotKnown> {
        let mut date = date;
        while !self.works(date)? {
            date = date.plus_days(1);
        }
        Ok(date)
    }

    /// So many working days after a date; after none, the date itself or the next working day.
    ///
    /// # Errors
    /// [`YearNotKnown`].
    pub fn after(self, date: Date, days: u16) -> Result<Date, YearNotKnown> {
        let mut date = if days == 0 { self.on_or_after(date)? } else { date };
        for _ in 0..days {
            date = self.on_or_after(date.plus_days(1))?;
        }
        Ok(date)
    }
}

impl Calendar {
    fn read(text: &str) -> Self {
        let years = Years { first: 0, last: None };
        let mut calendar =
            Self { years, days: BTreeMap::new(), every: Vec::new(), easter: Vec::new() };
        for line in text.lines() {
            if let Some(fault) = calendar.line(line).err() {
                unreachable!("a calendar of this edition has {line:?}: {fault}");
            }
        }
        calendar
    }

    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let mut words = line.split_whitespace();
        let Some(first) = words.next().filter(|first| !first.starts_with('#')) else {
            return Ok(());
        };
        let value = words.next().ok_or("a word is missing")?;
        let date = |text: &str| text.parse::<Date>().map_err(|_| "not a date");
        let number = |text: &str| text.parse::<i32>().map_err(|_| "not a number");
        match first {
            "first-year" => self.years.first = number(value)?,
            "last-year" => self.years.last = Some(number(value)?),
            "every" => {
                let (month, day) = value.split_once('-').ok_or("not a month and a day")?;
                self.every.push((number(month)? as u32, number(day)? as u32));
            }
            "easter" => self.easter.push(number(value)?),
            "off" | "work" => {
                let from = date(value)?;
                let to = words.next().map_or(Ok(from), date)?;
                for days in 0..=to.days_since(from) {
                    self.days.insert(from.plus_days(days), first == "work");
                }
            }
            _ => return Err("an unknown word"),
        }
        Ok(())
    }
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876).
fn easter_sunday(year: i32) -> Date {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let corrected =
        (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 19 * golden + 15)
            .rem_euclid(30);
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - corrected - of_century % 4) % 7;
    let late = (golden + 11 * corrected + 22 * weekday) / 451;
    let day = corrected + weekday - 7 * late + 114;
    Date::new(year, (day / 31) as u32, (day % 31) as u32 + 1).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests;
