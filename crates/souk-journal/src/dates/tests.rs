//! Our dates against `jiff`, and the fixed text forms.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn every_date_agrees_with_jiff(day in 1_u32..=3_652_059) {
        let date = Date(NonZeroU32::new(day).unwrap());
        let civil = date.civil();
        prop_assert_eq!(date.to_string(), civil.to_string());
        prop_assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
        prop_assert_eq!(Date::from(civil), date);
        prop_assert_eq!(date.weekday() as i8, civil.weekday().to_monday_one_offset());
    }

    #[test]
    fn every_instant_agrees_with_jiff(micros in -62_135_596_800_000_000_i64..=253_402_207_200_999_999) {
        let instant = Micros(micros);
        prop_assert_eq!(instant.to_string().parse::<Micros>().unwrap(), instant);
        let theirs: jiff::Timestamp = instant.to_string().parse().unwrap();
        prop_assert_eq!(theirs.as_microsecond(), micros);
    }
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in ["2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01", "2024-1-01", "2024-01-32"]
    {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn an_instant_before_the_year_1_is_none_here_and_not_another_one() {
    assert_eq!(Micros::FIRST.to_string(), "0001-01-02T00:00:00.000000Z");
    let of = |text: &str| Micros::of(text.parse().unwrap()).map(|at| at.to_string());
    for before in ["0000-01-01T00:00:00Z", "-000044-03-15T12:00:00Z", "0001-01-01T00:00:00Z"] {
        assert_eq!(of(before), None, "{before}");
    }
    let first = of("0001-01-02T00:00:00Z");
    assert_eq!(first.as_deref(), Some("0001-01-02T00:00:00.000000Z"));
}

#[test]
fn months_step_over_the_year() {
    let date: Date = "2023-12-31".parse().unwrap();
    assert_eq!(date.first_of_next_month().to_string(), "2024-01-01");
    assert_eq!(date.first_of_month().to_string(), "2023-12-01");
    assert_eq!(size_of::<Option<Date>>(), 4);
}
