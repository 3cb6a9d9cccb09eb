//! Rates: one per day, in force until the next, corrected by name.

use souk_journal::dates::Date;
use souk_journal::money::Currency;

use crate::fxrate::commands::{CorrectRate, FxRateCommand, RecordRate};
use crate::fxrate::decide::FxRate;
use crate::fxrate::pair::Pair;
use crate::fxrate::quote::Quote;
use crate::fxrate::state::FxRateState;
use crate::given::{Given, given};

fn rates() -> Given<'static, FxRate> {
    given::<FxRate>(())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn record<'a>(on: &str, rate: &str) -> FxRateCommand<'a> {
    let (pair, on, rate) = ("USD.CNY".parse().unwrap(), day(on), rate.parse().unwrap());
    FxRateCommand::Record(RecordRate { pair, on, rate, source: "SAFE".into() })
}

fn correct<'a>(on: &str, rate: &str) -> FxRateCommand<'a> {
    let (pair, on, rate) = ("USD.CNY".parse().unwrap(), day(on), rate.parse().unwrap());
    let (source, reason) = ("SAFE".into(), "typed wrongly".into());
    FxRateCommand::Correct(CorrectRate { pair, on, rate, source, reason })
}

#[test]
fn a_rate_of_a_day_is_recorded_and_posts_nothing() {
    rates()
        .when(record("2026-03-02", "7.10"))
        .happens(&["fx-rate-recorded"])
        .says("fx-rate-recorded", r#""pair":"USD.CNY","on":"2026-03-02","rate":"7.1""#)
        .effective_on("2026-03-02")
        .posts(&[]);
}

#[test]
fn a_rate_of_a_day_is_recorded_once_even_if_it_is_the_same() {
    let known = || rates().after(record("2026-03-02", "7.10"));
    known().when(record("2026-03-02", "7.10")).refused("RateRecordedAlready");
    known().when(record("2026-03-02", "7.11")).refused("RateRecordedAlready");
    known().when(record("2026-03-01", "7.11")).happens(&["fx-rate-recorded"]);
}

#[test]
fn a_correction_names_what_it_corrects() {
    let known = || rates().after(record("2026-03-01", "7.2")).after(record("2026-03-02", "71.0"));
    known()
        .when(correct("2026-03-02", "7.1"))
        .happens(&["fx-rate-corrected"])
        .says("fx-rate-corrected", r#""rate":"7.1","instead_of":"71","corrects":1"#);
    known()
        .after(correct("2026-03-02", "7.1"))
        .when(correct("2026-03-02", "7.12"))
        .says("fx-rate-corrected", r#""instead_of":"7.1","corrects":2"#);
    known().when(correct("2026-03-02", "71")).refused("RateUnchanged");
    known().when(correct("2026-03-03", "7.1")).refused("NoRateToCorrect");
}

#[test]
fn a_source_is_a_label() {
    let mut command = record("2026-03-02", "7.10");
    if let FxRateCommand::Record(of) = &mut command {
        of.source = "".into();
    }
    rates().when(command).refused("UnusableLabel");
}

#[test]
fn a_rate_holds_until_the_next_and_beyond_the_end_of_the_year() {
    let mut given = rates();
    given = given.after(record("2026-12-30", "7.0")).after(record("2026-12-31", "7.1"));
    let (old, new) = (given.state().clone(), FxRateState::default());
    let (usd, cny) = (Currency::from_code("USD").unwrap(), Currency::from_code("CNY").unwrap());
    let find = |from, to, on: &str| {
        let year = |pair: Pair, year: i32| match (pair.to_string().as_str(), year) {
            ("USD.CNY", 2026) => Some(&old),
            ("USD.CNY", 2027) => Some(&new),
            _ => None,
        };
        Quote::find(from, to, day(on), year).map(|of| (of.on.to_string(), of.rate.to_string()))
    };
    let of = |on: &str, rate: &str| Some((on.to_owned(), rate.to_owned()));
    assert_eq!(find(usd, cny, "2026-12-29"), None);
    assert_eq!(find(usd, cny, "2026-12-30"), of("2026-12-30", "7"));
    assert_eq!(find(usd, cny, "2027-01-02"), of("2026-12-31", "7.1"));
    assert_eq!(find(cny, usd, "2027-01-02"), of("2026-12-31", "7.1"), "the reverse pair");
    assert_eq!(find(usd, cny, "2028-01-01"), None, "two years later it is too old");
}
