//! Cycles leave no day out and share none, whatever the rules; their names are unique and lead back.

use super::*;

mod partition;

/// The rules beside the ones that need no dates.
pub(super) fn rule(json: &str) -> CycleRule {
    serde_json::from_str(json).unwrap()
}

fn every_rule() -> Vec<CycleRule> {
    let json = [
        r#""daily""#,
        r#""weekly""#,
        r#""half-monthly""#,
        r#""monthly""#,
        r#"{"bi-weekly":"2026-03-02"}"#,
        r#"{"week-days":["tuesday","friday"]}"#,
        r#"{"month-days":[1,11,21]}"#,
        r#"{"month-days":[28]}"#,
    ];
    json.into_iter().map(rule).collect()
}

#[test]
fn cycles_leave_no_day_out_and_share_none() {
    for rule in every_rule() {
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

#[test]
fn what_names_days_is_named_by_its_dates() {
    for (json, date, name) in [
        (r#"{"bi-weekly":"2026-03-02"}"#, "2026-03-15", "2026-W10-W11"),
        (r#"{"bi-weekly":"2026-03-02"}"#, "2026-03-01", "2026-W08-W09"),
        (r#"{"bi-weekly":"2026-12-28"}"#, "2027-01-04", "2026-W53-W01"),
        (r#"{"week-days":["friday","tuesday"]}"#, "2026-03-09", "2026-03-06--2026-03-09"),
        (r#"{"month-days":[1,11,21]}"#, "2026-02-25", "2026-02-21--2026-02-28"),
        (r#"{"month-days":[15]}"#, "2026-03-01", "2026-02-15--2026-03-14"),
    ] {
        assert_eq!(rule(json).cycle_of(date.parse().unwrap()).id.as_str(), name);
    }
}

#[test]
fn rules_are_written_as_they_always_were_and_the_new_ones_name_their_days() {
    for json in [
        r#""daily""#,
        r#""weekly""#,
        r#""half-monthly""#,
        r#""monthly""#,
        r#"{"bi-weekly":"2026-03-02"}"#,
        r#"{"week-days":["tuesday","friday"]}"#,
        r#"{"month-days":[1,11,21]}"#,
    ] {
        assert_eq!(serde_json::to_string(&rule(json)).unwrap(), json);
    }
}

#[test]
fn a_rule_that_names_no_day_or_a_day_that_months_lack_is_none() {
    for json in [
        r#"{"bi-weekly":"2026-03-03"}"#,
        r#"{"week-days":[]}"#,
        r#"{"week-days":["friday","friday"]}"#,
        r#"{"month-days":[]}"#,
        r#"{"month-days":[0]}"#,
        r#"{"month-days":[29]}"#,
        r#"{"month-days":[5,5]}"#,
    ] {
        assert!(serde_json::from_str::<CycleRule>(json).is_err(), "{json}");
    }
}
