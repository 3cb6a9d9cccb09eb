//! When a merchant is enrolled and its terms agreed.

use souk_journal::ids::{JurisdictionId, MerchantId, TariffId};

use crate::calendar::CycleRule;
use crate::given::{Given, amount, given};
use crate::merchant::commands::{
    AgreePayoutTerms, AgreeSettlementCurrency, AgreeTerms, AgreeWithholding, EnrolMerchant,
    LeastPayout, RecordVolume,
};
use crate::merchant::decide::{Merchant, MerchantCommand, MerchantContext};
use crate::merchant::events::{MerchantKind, Recovery, Window};
use crate::merchant::refusal::MerchantRefusal;
use crate::tariff::events::Base;

fn context(tariff_known: bool) -> MerchantContext {
    MerchantContext { today: "2026-01-01".parse().unwrap(), tariff_known }
}

fn enrol<'a>() -> MerchantCommand<'a> {
    let merchant = MerchantId::new("1007").unwrap();
    MerchantCommand::Enrol(EnrolMerchant { merchant, kind: MerchantKind::Seller })
}

fn terms<'a>(from: &str) -> AgreeTerms<'a> {
    AgreeTerms {
        tier: None,
        business: None,
        merchant: MerchantId::new("1007").unwrap(),
        effective_on: from.parse().unwrap(),
        cycle: CycleRule::Weekly,
        time_zone: "Asia/Shanghai".into(),
        cut_off_hour: 0,
        hold_days: 7,
        tariff: TariffId::new("std").unwrap(),
        reserve: None,
        minimum_payouts: vec![],
        recovery: vec![Recovery::Reserve, Recovery::Carry],
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    }
}

fn agree<'a>(from: &str) -> MerchantCommand<'a> {
    MerchantCommand::AgreeTerms(terms(from))
}

fn with_minimum<'a>(currency: &str, of: &str) -> MerchantCommand<'a> {
    let minimum_payouts = vec![LeastPayout { currency: currency.to_owned(), amount: amount(of) }];
    MerchantCommand::AgreeTerms(AgreeTerms { minimum_payouts, ..terms("2026-01-01") })
}

fn enrolled() -> Given<'static, Merchant> {
    given::<Merchant>(context(true)).after(enrol())
}

#[test]
fn a_merchant_is_enrolled_on_the_platforms_date() {
    given::<Merchant>(context(true)).when(enrol()).effective_on("2026-01-01").posts(&[]);
}

#[test]
fn a_merchant_is_enrolled_once() {
    enrolled().when(enrol()).refused("MerchantEnrolledAlready");
}

#[test]
fn terms_hold_from_their_first_day() {
    enrolled().when(agree("2026-02-04")).effective_on("2026-02-04").happens(&["terms-agreed"]);
}

#[test]
fn first_terms_may_begin_within_a_week() {
    enrolled().when(agree("2026-02-04")).says("terms-agreed", r#"{"version":1,"#);
}

#[test]
fn new_terms_begin_with_a_cycle() {
    let first = enrolled().after(agree("2026-02-04"));
    first.when(agree("2026-03-02")).says("terms-agreed", r#"{"version":2,"#);
}

#[test]
fn a_minimum_payout_is_kept_at_the_scale_of_its_currency() {
    let text = r#""minimum_payouts":[{"currency":"CNY","amount":"100.00"}]"#;
    enrolled().when(with_minimum("CNY", "100")).says("terms-agreed", text);
}

#[test]
fn a_merchant_without_enrolment_agrees_to_nothing() {
    given::<Merchant>(context(true)).when(agree("2026-01-01")).refused("UnknownMerchant");
}

#[test]
fn terms_name_a_published_tariff() {
    enrolled().under(context(false)).when(agree("2026-01-01")).refused("UnknownTariff");
}

#[test]
fn terms_name_a_zone_of_the_iana_database() {
    let mars = AgreeTerms { time_zone: "Mars/Olympus".into(), ..terms("2026-01-01") };
    enrolled().when(MerchantCommand::AgreeTerms(mars)).refused("UnknownTimeZone");
}

#[test]
fn a_day_has_no_hour_24() {
    let terms = AgreeTerms { cut_off_hour: 24, ..terms("2026-01-01") };
    enrolled().when(MerchantCommand::AgreeTerms(terms)).refused("NotAnHour");
}

#[test]
fn terms_follow_the_terms_before() {
    enrolled().after(agree("2026-03-02")).when(agree("2026-03-02")).refused("TermsNotLater");
}

#[test]
fn terms_do_not_cut_a_cycle() {
    enrolled().after(agree("2026-03-02")).when(agree("2026-03-12")).refused("TermsCutACycle");
}

#[test]
fn a_minimum_payout_in_an_unknown_currency_is_refused() {
    enrolled().when(with_minimum("XXQ", "100")).refused("UnknownCurrency");
}

#[test]
fn a_minimum_payout_of_a_tenth_of_a_cent_is_refused() {
    enrolled().when(with_minimum("CNY", "0.001")).refused("UnusableAmount");
}

#[test]
fn cycles_of_old_and_new_terms_leave_no_day_out() {
    let monthly = AgreeTerms { cycle: CycleRule::Monthly, ..terms("2026-03-16") };
    let both = enrolled().after(agree("2026-03-02")).after(MerchantCommand::AgreeTerms(monthly));
    let cycle = |date: &str| both.state().cycle_of(date.parse().unwrap()).unwrap();
    assert_eq!(cycle("2026-03-15").cut_off(), cycle("2026-03-16").from);
}

#[test]
fn a_negative_minimum_payout_is_refused() {
    enrolled().when(with_minimum("CNY", "-1")).refused("NegativeMinimum");
}

#[test]
fn a_merchant_refuses_in_28_ways() {
    assert_eq!(MerchantRefusal::CODES.len(), 28);
}

fn withhold(rate: &str, from: &str) -> MerchantCommand<'static> {
    MerchantCommand::AgreeWithholding(AgreeWithholding {
        merchant: MerchantId::new("1007").unwrap(),
        jurisdiction: JurisdictionId::new("IN").unwrap(),
        rate: rate.parse().unwrap(),
        of: Base::ItemPriceLessDiscount,
        effective_on: from.parse().unwrap(),
    })
}

#[test]
fn a_withholding_is_agreed_from_a_day_on_and_moves_no_money() {
    enrolled().when(withhold("0.01", "2026-04-01")).effective_on("2026-04-01").posts(&[]);
}

#[test]
fn a_withholding_is_agreed_with_a_merchant_that_is_enrolled() {
    given::<Merchant>(context(true))
        .when(withhold("0.01", "2026-04-01"))
        .refused("UnknownMerchant");
}

#[test]
fn withholdings_of_a_jurisdiction_follow_each_other() {
    let agreed = || enrolled().after(withhold("0.01", "2026-04-01"));
    agreed().when(withhold("0.02", "2026-04-01")).refused("WithholdingNotLater");
    let ended = agreed().after(withhold("0", "2026-05-01"));
    let on = |date: &str| {
        let of = ended.state().withholdings_on(date.parse().unwrap()).map(|of| of.rate.to_string());
        of.collect::<Vec<_>>()
    };
    assert_eq!(on("2026-03-31"), Vec::<String>::new());
    assert_eq!((on("2026-04-30"), on("2026-05-01")), (vec!["0.01".into()], vec!["0".into()]));
}

#[test]
fn what_is_not_withheld_cannot_be_ended() {
    enrolled().when(withhold("0", "2026-04-01")).refused("NoWithholdingToEnd");
}

fn volume(through: &str, of: &str) -> MerchantCommand<'static> {
    MerchantCommand::RecordVolume(RecordVolume {
        merchant: MerchantId::new("1007").unwrap(),
        currency: "CNY".into(),
        window: Window::Month,
        through: through.parse().unwrap(),
        amount: amount(of),
    })
}

#[test]
fn volumes_follow_each_other_and_are_not_negative() {
    enrolled().when(volume("2026-01-31", "10000")).happens(&["volume-recorded"]);
    enrolled().when(volume("2026-01-31", "-1")).refused("NegativeVolume");
    let january = enrolled().after(volume("2026-01-31", "10000"));
    january.when(volume("2026-01-31", "9000")).refused("VolumeNotLater");
}

fn settle_in<'a>(from: &str, code: Option<&'a str>) -> MerchantCommand<'a> {
    MerchantCommand::AgreeSettlementCurrency(AgreeSettlementCurrency {
        merchant: MerchantId::new("1007").unwrap(),
        effective_on: from.parse().unwrap(),
        currency: code.map(Into::into),
    })
}

#[test]
fn a_settlement_currency_holds_from_its_first_day_until_the_next() {
    let given =
        enrolled().after(settle_in("2026-03-01", Some("CNY"))).after(settle_in("2026-04-01", None));
    let on = |day: &str| {
        let of = given.state().settlement_currency_on(day.parse().unwrap());
        of.map(|of| of.code().to_owned())
    };
    assert_eq!(on("2026-02-28"), None);
    assert_eq!(on("2026-03-01").as_deref(), Some("CNY"));
    assert_eq!(on("2026-03-31").as_deref(), Some("CNY"));
    assert_eq!(on("2026-04-01"), None, "each sale in its own currency again");
}

#[test]
fn a_settlement_currency_is_of_iso_4217_and_follows_the_one_before() {
    enrolled()
        .when(settle_in("2026-03-01", Some("CNY")))
        .happens(&["settlement-currency-agreed"])
        .effective_on("2026-03-01")
        .posts(&[]);
    enrolled().when(settle_in("2026-03-01", Some("ZZZ"))).refused("UnknownCurrency");
    let agreed = || enrolled().after(settle_in("2026-03-01", Some("CNY")));
    agreed().when(settle_in("2026-03-01", None)).refused("SettlementCurrencyNotLater");
    given::<Merchant>(context(true)).when(settle_in("2026-03-01", None)).refused("UnknownMerchant");
}

#[test]
fn amounts_that_are_kept_are_zero_or_more_and_name_a_currency_once() {
    use crate::merchant::commands::LevelKept;
    let level = |of: &str| LevelKept { currency: "CNY".to_owned(), amount: amount(of) };
    let with = |fixed_reserves: Vec<LevelKept>| {
        MerchantCommand::AgreeTerms(AgreeTerms { fixed_reserves, ..terms("2026-01-01") })
    };
    enrolled().when(with(vec![level("-0.01")])).refused("UnusableLevel");
    enrolled().when(with(vec![level("1.00"), level("2.00")])).refused("UnusableLevel");
    let text = r#""fixed_reserves":[{"currency":"CNY","amount":"100.00"}]"#;
    enrolled().when(with(vec![level("100")])).says("terms-agreed", text);
}

#[test]
fn payouts_in_working_days_name_whose() {
    use crate::calendar::payout_day::{Counted, PayoutDay};
    let payout = Some(PayoutDay { after: 1, counted: Counted::WorkingDays, calendar: None });
    let command = AgreeTerms { payout, ..terms("2026-01-01") };
    enrolled().when(MerchantCommand::AgreeTerms(command)).refused("NoWorkingDaysNamed");
}

fn payout_terms<'a>(from: &str, limit: &str) -> MerchantCommand<'a> {
    MerchantCommand::AgreePayoutTerms(AgreePayoutTerms {
        merchant: MerchantId::new("1007").unwrap(),
        effective_on: from.parse().unwrap(),
        cooling_days: 7,
        approval_above: vec![LeastPayout { currency: "CNY".to_owned(), amount: amount(limit) }],
    })
}

#[test]
fn terms_of_payouts_hold_from_their_first_day_and_a_change_cools_three_days_without_them() {
    let agreed = enrolled().after(payout_terms("2026-02-01", "500.00"));
    let day = |text: &str| text.parse().unwrap();
    let cny = souk_journal::money::Currency::from_code("CNY").unwrap();
    assert_eq!(agreed.state().cooling_days_on(day("2026-01-31")), 3);
    assert_eq!(agreed.state().cooling_days_on(day("2026-02-01")), 7);
    assert_eq!(agreed.state().approval_above_on(cny, day("2026-01-31")), None);
    assert_eq!(agreed.state().approval_above_on(cny, day("2026-02-01")), Some(50_000));
    agreed.when(payout_terms("2026-02-01", "1.00")).refused("PayoutTermsNotLater");
    enrolled().when(payout_terms("2026-02-01", "-1.00")).refused("NegativeLimit");
}
