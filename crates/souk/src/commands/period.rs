//! Dates as people write them: `2026-03-01`, `2026-03`, `2026-W10`, `last-month`.

use souk_domain::calendar::CycleRule;
use souk_journal::dates::Date;

use crate::fail::{Exit, Failure};

/// First and last day of what a text names; `today` is for `last-month` and a week without a year.
pub(crate) fn period(text: &str, today: Date) -> Result<(Date, Date), Failure> {
    if let Ok(date) = text.parse::<Date>() {
        return Ok((date, date));
    }
    if let Some((from, to)) = text.split_once("--")
        && let (Ok(from), Ok(to)) = (from.parse::<Date>(), to.parse::<Date>())
        && from <= to
    {
        return Ok((from, to));
    }
    let month = |first: Date| (first, first.first_of_next_month().plus_days(-1));
    if text == "last-month" {
        return Ok(month(today.first_of_month().plus_days(-1).first_of_month()));
    }
    if text == "this-month" {
        return Ok(month(today.first_of_month()));
    }
    if let Ok(first) = format!("{text}-01").parse::<Date>() {
        return Ok(month(first));
    }
    let (year, _, _) = today.parts();
    let (year, week) = match text.split_once("-W") {
        Some((year, week)) => (year.parse().unwrap_or(0), week),
        None => (year, text.strip_prefix('W').unwrap_or_default()),
    };
    if let (Some(fourth), Ok(week)) = (Date::new(year, 1, 4), week.parse::<i32>())
        && (1..=53).contains(&week)
    {
        // ISO 8601: the week of 4 January is the first; a year has a week 53 if its Thursday is in it.
        let cycle = CycleRule::Weekly.cycle_of(fourth.plus_days(7 * (week - 1)));
        if cycle.from.plus_days(3).parts().0 == year {
            return Ok((cycle.from, cycle.to));
        }
    }
    let message = format!("{text:?} is not a date");
    Err(Failure::new(Exit::Usage, "NotADate", message)
        .with("  dates are 2026-03-01, 2026-03, 2026-W10, W10, this-month or last-month"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let today: Date = "2026-03-31".parse().unwrap();
        for (text, from, to) in [
            ("2026-03-05", "2026-03-05", "2026-03-05"),
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("last-month", "2026-02-01", "2026-02-28"),
            ("2026-W10", "2026-03-02", "2026-03-08"),
            ("W10", "2026-03-02", "2026-03-08"),
            ("2026-03-11--2026-03-20", "2026-03-11", "2026-03-20"),
        ] {
            let (first, last) = period(text, today).unwrap();
            assert_eq!((first.to_string().as_str(), last.to_string().as_str()), (from, to));
        }
        for text in ["tomorrow", "2025-W53", "2026-W00", "abc-W10", "2026-13", ""] {
            assert!(period(text, today).is_err(), "{text}");
        }
    }
}
