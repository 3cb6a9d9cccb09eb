//! Settlement cycles as dates: they partition time exactly, in the merchant's zone.
//!
//! Every rule cuts all of time into cycles, each named after itself alone, so a name says its dates under any terms. Terms
//! change where a cycle begins; hence no name is used twice, whatever the rules before and after.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::CycleId;

pub mod named_days;
pub mod payout_day;
pub mod working_days;

use named_days::{Monday, MonthDays, WeekDays};

/// How often a merchant is settled. `T+N` is a cycle a day whose payout is due some days later
/// ([`payout_day::PayoutDay`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CycleRule {
    /// Every day.
    Daily,
    /// Monday to Sunday, named by the ISO week: `2026-W10`.
    Weekly,
    /// The 1st to the 15th, and the rest: `2026-03-H1`, `2026-03-H2`.
    HalfMonthly,
    /// A calendar month: `2026-03`.
    Monthly,
    /// Two weeks, counted from a Monday: `2026-W10-W11`.
    BiWeekly(Monday),
    /// A cycle begins on each of these days of the week: `2026-03-02--2026-03-04`.
    WeekDays(WeekDays),
    /// A cycle begins on each of these days of the month: `2026-03-11--2026-03-20`.
    MonthDays(MonthDays),
}

/// A cycle: its name, first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    /// The name.
    pub id: CycleId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Cycle {
    /// The day after the last: what falls due before it belongs to the cycle or is late.
    pub fn cut_off(&self) -> Date {
        self.to.plus_days(1)
    }
}

impl CycleRule {
    /// The cycle in which a date falls.
    pub fn cycle_of(self, date: Date) -> Cycle {
        let (year, month, day) = date.parts();
        let (from, to, name) = match self {
            Self::Daily => (date, date, date.to_string()),
            Self::Weekly => {
                let from = date.plus_days(1 - date.weekday() as i32);
                let (year, week) = iso_week(from);
                (from, from.plus_days(6), format!("{year:04}-W{week:02}"))
            }
            Self::HalfMonthly if day <= 15 => {
                let from = date.first_of_month();
                (from, from.plus_days(14), format!("{year:04}-{month:02}-H1"))
            }
            Self::HalfMonthly => {
                let from = date.first_of_month().plus_days(15);
                let to = date.first_of_next_month().plus_days(-1);
                (from, to, format!("{year:04}-{month:02}-H2"))
            }
            Self::Monthly => {
                let to = date.first_of_next_month().plus_days(-1);
                (date.first_of_month(), to, format!("{year:04}-{month:02}"))
            }
            Self::BiWeekly(monday) => {
                let from = date.plus_days(-date.days_since(monday.date()).rem_euclid(14));
                let (year, first) = iso_week(from);
                let (_, second) = iso_week(from.plus_days(7));
                (from, from.plus_days(13), format!("{year:04}-W{first:02}-W{second:02}"))
            }
            Self::WeekDays(days) => {
                let from = last_before(date.plus_days(1), |date| days.has(date));
                spelled(from, first_from(date.plus_days(1), |date| days.has(date)))
            }
            Self::MonthDays(days) => {
                let from = last_before(date.plus_days(1), |date| days.has(date));
                spelled(from, first_from(date.plus_days(1), |date| days.has(date)))
            }
        };
        // The names above are digits, dashes and letters, well under 40 characters.
        let id = CycleId::new(&name).unwrap_or_else(|_| unreachable!("{name} is an identifier"));
        Cycle { id, from, to }
    }
}

/// A cycle named by its first and last day.
fn spelled(from: Date, cut_off: Date) -> (Date, Date, String) {
    let to = cut_off.plus_days(-1);
    (from, to, format!("{from}--{to}"))
}

/// The days looked at, at most, for one that begins a cycle: a month, and the ends of time.
const LONGEST: i32 = 31;

fn last_before(date: Date, begins: impl Fn(Date) -> bool) -> Date {
    let days = (1..=LONGEST).map(|days| date.plus_days(-days));
    days.into_iter().find(|date| begins(*date)).unwrap_or_else(|| date.plus_days(-LONGEST))
}

fn first_from(date: Date, begins: impl Fn(Date) -> bool) -> Date {
    let days = (0..LONGEST).map(|days| date.plus_days(days));
    days.into_iter().find(|date| begins(*date)).unwrap_or_else(|| date.plus_days(LONGEST))
}

/// The ISO year and week of a Monday.
fn iso_week(monday: Date) -> (i32, u32) {
    let thursday = monday.plus_days(3);
    let (year, _, _) = thursday.parts();
    let first = Date::new(year, 1, 1).unwrap_or(thursday);
    (year, thursday.days_since(first) as u32 / 7 + 1)
}

#[cfg(test)]
mod tests;
