//! The calendars against what was published of them.

use super::*;

fn off(calendar: WorkingDays, date: &str) -> bool {
    !calendar.works(date.parse().unwrap()).unwrap()
}

#[test]
fn weekends_are_worked_for_a_holiday_in_china() {
    // Notice of the State Council for 2026: the Spring Festival, 15 to 23 February; 14 and 28 February are worked.
    for day in 15..=23 {
        assert!(off(WorkingDays::China, &format!("2026-02-{day}")), "{day}");
    }
    for date in ["2026-02-14", "2026-02-28", "2026-02-24", "2026-10-10", "2026-09-20"] {
        assert!(!off(WorkingDays::China, date), "{date}");
    }
    assert!(off(WorkingDays::China, "2026-02-21"));
    assert!(off(WorkingDays::China, "2026-03-07"));
}

#[test]
fn every_day_that_is_worked_instead_is_on_a_weekend() {
    for (date, works) in &WorkingDays::China.calendar().days {
        assert!(!works || date.weekday() > 5, "{date}");
    }
    // Between 2016 and 2026 every year has at least eleven days off by notice and some that are worked instead.
    for year in 2016..=2026 {
        let of = |wanted: bool| {
            let days = WorkingDays::China.calendar().days.iter();
            days.filter(|(date, works)| date.parts().0 == year && **works == wanted).count()
        };
        assert!(of(false) >= 19 && of(true) >= 4, "{year}: {} {}", of(false), of(true));
    }
}

#[test]
fn target_is_closed_on_six_days_of_a_year_beside_weekends() {
    for date in ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26"]
    {
        assert!(off(WorkingDays::Target, date), "{date}");
    }
    for date in ["2026-12-24", "2026-12-28", "2026-05-14", "2026-10-03"] {
        assert_eq!(off(WorkingDays::Target, date), date == "2026-10-03", "{date}");
    }
}

#[test]
fn easter_falls_where_it_fell() {
    for (year, date) in [
        (2002, "2002-03-31"),
        (2008, "2008-03-23"),
        (2011, "2011-04-24"),
        (2019, "2019-04-21"),
        (2024, "2024-03-31"),
        (2025, "2025-04-20"),
        (2026, "2026-04-05"),
        (2038, "2038-04-25"),
    ] {
        assert_eq!(easter_sunday(year).to_string(), date);
    }
}

#[test]
fn a_year_that_a_calendar_lacks_is_an_error() {
    let first = |text: &str| text.parse::<Date>().unwrap();
    assert!(WorkingDays::China.works(first("2027-01-04")).is_err());
    assert!(WorkingDays::China.works(first("2015-12-31")).is_err());
    assert!(WorkingDays::Target.works(first("2001-12-31")).is_err());
    assert!(WorkingDays::Target.works(first("2150-12-31")).is_ok());
}
