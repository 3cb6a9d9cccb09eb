//! A charge over its sources.

use souk_journal::dates::Date;
use souk_journal::money::Currency;

use super::{Source, SourceRefusal, TakeFrom, settle};
use crate::decider::Refusal as _;
use crate::given::amount;

fn take(source: Source, of: Option<&str>) -> TakeFrom<'static> {
    let reference = matches!(source, Source::Provider | Source::Bank).then(|| "ref-1".into());
    TakeFrom { source, amount: of.map(amount), due_on: None, reference }
}

fn on() -> Date {
    "2026-03-02".parse().unwrap()
}

fn settled(charge: (i64, i64), from: &[TakeFrom<'_>]) -> Vec<(Source, String, String)> {
    let settled = settle(charge, from, on(), Currency::from_code("CNY").unwrap()).unwrap();
    settled.iter().map(|of| (of.source, of.net.to_string(), of.tax.to_string())).collect()
}

fn refused(from: &[TakeFrom<'_>]) -> &'static str {
    let refusal: SourceRefusal =
        settle((42_453, 2_547), from, on(), Currency::from_code("CNY").unwrap()).unwrap_err();
    refusal.code()
}

#[test]
fn without_a_source_the_payable_bears_it_today() {
    let settled = settle((100, 6), &[], on(), Currency::from_code("CNY").unwrap()).unwrap();
    assert_eq!((settled[0].source, settled[0].due_on), (Source::Payable, Some(on())));
}

#[test]
fn the_last_source_bears_what_the_others_leave() {
    let from = [take(Source::Wallet, Some("50.00")), take(Source::Payable, None)];
    let expected = [
        (Source::Wallet, "47.17".to_owned(), "2.83".to_owned()),
        (Source::Payable, "377.36".to_owned(), "22.64".to_owned()),
    ];
    assert_eq!(settled((42_453, 2_547), &from), expected);
}

#[test]
fn sources_that_do_not_sum_to_the_charge_are_refused() {
    assert_eq!(refused(&[take(Source::Wallet, Some("449.99"))]), "SourcesDiffer");
    let open = [take(Source::Wallet, None), take(Source::Payable, None)];
    assert_eq!(refused(&open), "SourcesDiffer");
}

#[test]
fn a_source_stands_once_and_bears_something() {
    let twice = [take(Source::Wallet, Some("50.00")), take(Source::Wallet, None)];
    assert_eq!(refused(&twice), "SourceTwice");
    let nothing = [take(Source::Wallet, Some("450.00")), take(Source::Payable, None)];
    assert_eq!(refused(&nothing), "SourceBearsNothing");
    assert_eq!(refused(&[take(Source::Wallet, Some("0.001"))]), "UnusableAmount");
}

#[test]
fn a_payment_has_a_name_and_a_wallet_has_none() {
    let unnamed = TakeFrom { reference: None, ..take(Source::Provider, None) };
    assert_eq!(refused(&[unnamed]), "SourceReference");
    let named = TakeFrom { reference: Some("x".into()), ..take(Source::Wallet, None) };
    assert_eq!(refused(&[named]), "SourceReference");
}

#[test]
fn only_the_payable_falls_due_and_not_before_the_charge() {
    let early = TakeFrom { due_on: Some(on().plus_days(-1)), ..take(Source::Payable, None) };
    assert_eq!(refused(&[early]), "SourceDueDate");
    let wallet = TakeFrom { due_on: Some(on()), ..take(Source::Wallet, None) };
    assert_eq!(refused(&[wallet]), "SourceDueDate");
}
