//! Settlement cycles as dates: they partition time exactly, in the merchant's zone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::CycleId;

/// How often a merchant is settled.
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
        };
        // The names above are digits, dashes and a letter, well under 40 characters.
        let id = CycleId::new(&name).unwrap_or_else(|_| unreachable!("{name} is an identifier"));
        Cycle { id, from, to }
    }
}

/// The ISO year and week of a Monday.
fn iso_week(monday: Date) -> (i32, u32) {
    let thursday = monday.plus_days(3);
    let (year, _, _) = thursday.parts();
    let first = Date::new(year, 1, 1).unwrap_or(thursday);
    (year, thursday.days_since(first) as u32 / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_leave_no_day_out_and_share_none() {
        for rule in
            [CycleRule::Daily, CycleRule::Weekly, CycleRule::HalfMonthly, CycleRule::Monthly]
        {
            let mut date: Date = "2015-12-28".parse().unwrap();
            let mut cycle = rule.cycle_of(date);
            for _ in 0..3000 {
                let next = rule.cycle_of(date);
                if next != cycle {
                    assert_eq!(next.from, cycle.cut_off());
                    assert_eq!(next.from, date);
                    cycle = next;
                }
                assert!(cycle.from <= date && date <= cycle.to);
                date = date.plus_days(1);
            }
        }
    }

    #[test]
    fn weeks_are_named_as_iso_8601_names_them() {
        for (date, name) in [
            ("2026-03-08", "2026-W10"),
            ("2025-12-29", "2026-W01"),
            ("2021-01-03", "2020-W53"),
            ("2016-09-04", "2016-W35"),
        ] {
            assert_eq!(CycleRule::Weekly.cycle_of(date.parse().unwrap()).id.as_str(), name);
        }
    }
}
