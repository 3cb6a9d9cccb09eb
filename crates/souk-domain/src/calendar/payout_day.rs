//! The day on which a payout is due: so many days after its cycle, of the calendar or of working days.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

use super::working_days::{WorkingDays, YearNotKnown};

/// How days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Every day; with a calendar, what falls on another day moves to the next working day.
    #[default]
    Days,
    /// Working days of the calendar.
    WorkingDays,
}

/// When a payout is due, counted from the last day of its cycle: `T+N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutDay {
    /// So many days after the last day of the cycle.
    pub after: u16,
    /// Counted in.
    #[serde(default)]
    pub counted: Counted,
    /// Whose working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<WorkingDays>,
}

impl PayoutDay {
    /// The day for a cycle that ends on a day.
    ///
    /// # Errors
    /// The calendar does not have the year.
    pub fn of(self, last_day: Date) -> Result<Date, YearNotKnown> {
        let plain = last_day.plus_days(i32::from(self.after));
        match (self.counted, self.calendar) {
            (Counted::Days | Counted::WorkingDays, None) => Ok(plain),
            (Counted::Days, Some(calendar)) => calendar.on_or_after(plain),
            (Counted::WorkingDays, Some(calendar)) => calendar.after(last_day, self.after),
        }
    }

    /// Whether it says whose working days it counts, if it counts them.
    pub fn is_whole(self) -> bool {
        match self.counted {
            Counted::Days => true,
            Counted::WorkingDays => self.calendar.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(after: u16, counted: Counted, calendar: Option<WorkingDays>, last_day: &str) -> String {
        let of = PayoutDay { after, counted, calendar };
        of.of(last_day.parse().unwrap()).map_or_else(|of| of.to_string(), |of| of.to_string())
    }

    #[test]
    fn days_of_the_calendar_are_counted_as_they_come() {
        assert_eq!(day(5, Counted::Days, None, "2026-03-08"), "2026-03-13");
        assert_eq!(day(0, Counted::Days, None, "2026-03-08"), "2026-03-08");
    }

    #[test]
    fn what_falls_on_a_day_off_moves_to_the_next_working_day() {
        let china = Some(WorkingDays::China);
        assert_eq!(day(1, Counted::Days, china, "2026-09-30"), "2026-10-08");
        // Saturday 10 October is worked for the National Day.
        assert_eq!(day(3, Counted::Days, china, "2026-10-07"), "2026-10-10");
    }

    #[test]
    fn t_plus_n_counts_working_days() {
        let china = Some(WorkingDays::China);
        assert_eq!(day(1, Counted::WorkingDays, china, "2026-09-30"), "2026-10-08");
        assert_eq!(day(3, Counted::WorkingDays, china, "2026-10-07"), "2026-10-10");
        let target = Some(WorkingDays::Target);
        // Good Friday and Easter Monday.
        assert_eq!(day(2, Counted::WorkingDays, target, "2026-04-01"), "2026-04-07");
    }

    #[test]
    fn beyond_the_years_of_a_calendar_no_day_is_guessed() {
        let china = Some(WorkingDays::China);
        assert_eq!(
            day(1, Counted::WorkingDays, china, "2026-12-31"),
            "the working days of 2027 are not known: the calendar china has 2016 to 2026"
        );
        assert_eq!(
            day(1, Counted::WorkingDays, Some(WorkingDays::Target), "2099-12-30"),
            "2099-12-31"
        );
    }
}
