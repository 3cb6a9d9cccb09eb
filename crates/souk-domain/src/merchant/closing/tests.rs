//! The states of an account that ends, and what each refuses.

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, TariffId};
use souk_journal::money::Currency;

use crate::calendar::CycleRule;
use crate::given::{Given, amount, given};
use crate::merchant::commands::{
    AgreeTerms, AnnounceClosing, CloseMerchant, EnrolMerchant, RecordVolume, WithdrawClosing,
};
use crate::merchant::decide::{Merchant, MerchantCommand, MerchantContext};
use crate::merchant::events::{
    Left, LeftKind, MerchantKind, Recovery, ReserveBase, ReserveTerms, Window,
};
use crate::merchant::state::{NoNewBusiness, Standing};

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn terms<'a>(hold_days: u16, reserve_days: u16) -> MerchantCommand<'a> {
    MerchantCommand::AgreeTerms(agreed(hold_days, reserve_days))
}

fn agreed<'a>(hold_days: u16, reserve_days: u16) -> AgreeTerms<'a> {
    let (rate, base) = ("0.10".parse().unwrap(), ReserveBase::GrossSales);
    AgreeTerms {
        tier: None,
        business: None,
        merchant: merchant(),
        effective_on: date("2026-01-05"),
        cycle: CycleRule::Weekly,
        time_zone: "Asia/Shanghai".into(),
        cut_off_hour: 0,
        hold_days,
        tariff: TariffId::new("std").unwrap(),
        reserve: Some(ReserveTerms { rate, base, days: reserve_days }),
        minimum_payouts: vec![],
        recovery: vec![Recovery::Reserve, Recovery::Carry],
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    }
}

/// Tuesday 10 March 2026, noon in Shanghai: hold of 7 days, reserve for 30.
fn active() -> Given<'static, Merchant> {
    let context = MerchantContext { today: date("2026-03-10"), tariff_known: true };
    let enrol = EnrolMerchant { merchant: merchant(), kind: MerchantKind::Seller };
    let given = given::<Merchant>(context).at("2026-03-10T04:00:00.000000Z");
    given.after(MerchantCommand::Enrol(enrol)).after(terms(7, 30))
}

fn announce<'a>(last_day: Option<&str>, wind_down_days: Option<u16>) -> MerchantCommand<'a> {
    let (last_day, reason) = (last_day.map(date), "leaves".into());
    let merchant = merchant();
    MerchantCommand::AnnounceClosing(AnnounceClosing { merchant, last_day, wind_down_days, reason })
}

fn withdraw<'a>() -> MerchantCommand<'a> {
    MerchantCommand::WithdrawClosing(WithdrawClosing {
        merchant: merchant(),
        reason: "stays".into(),
    })
}

fn close<'a>(left: &[(LeftKind, &str)]) -> MerchantCommand<'a> {
    let currency = Currency::from_code("CNY").unwrap();
    let left = left.iter().map(|(kind, of)| Left { kind: *kind, currency, amount: amount(of) });
    MerchantCommand::Close(CloseMerchant {
        merchant: merchant(),
        left: left.collect(),
        entry: 77,
        closed_by: "Li".into(),
    })
}

/// Last day 15 March, wind-down to 29 March.
fn closing() -> Given<'static, Merchant> {
    active().after(announce(Some("2026-03-15"), Some(14)))
}

/// The wind-down has ended.
fn wound_down() -> Given<'static, Merchant> {
    closing().at("2026-03-29T16:00:00.000000Z")
}

#[test]
fn an_end_is_announced_for_the_end_of_the_running_cycle_and_until_hold_and_reserve_run_out() {
    let said = r#""announced_on":"2026-03-10","last_day":"2026-03-15","wind_down_to":"2026-04-14""#;
    let announced = active().when(announce(None, None));
    announced.says("merchant-closing-announced", said).effective_on("2026-03-10").posts(&[]);
    let mut long_hold = active();
    let later = MerchantCommand::AgreeTerms(AgreeTerms {
        effective_on: date("2026-03-09"),
        ..agreed(45, 30)
    });
    long_hold.attempt(&later).unwrap();
    let said = r#""wind_down_to":"2026-04-29""#;
    long_hold.when(announce(None, None)).says("merchant-closing-announced", said);
}

#[test]
fn today_can_be_the_last_day_and_yesterday_cannot() {
    active().when(announce(Some("2026-03-10"), None)).happens(&["merchant-closing-announced"]);
    active().when(announce(Some("2026-03-09"), None)).refused("LastDayIsOver");
}

#[test]
fn new_business_ends_with_the_last_day_in_the_merchants_zone() {
    let state = closing().state().clone();
    let refused = |at: &str| state.no_new_business(at.parse().unwrap(), date("2026-03-01"));
    assert_eq!(refused("2026-03-15T15:59:59.999999Z"), None);
    let last = NoNewBusiness::Closing(date("2026-03-15"));
    assert_eq!(refused("2026-03-15T16:00:00.000000Z"), Some(last));
    let withdrawn = closing().after(withdraw());
    assert_eq!(withdrawn.state().standing, Standing::Active);
}

#[test]
fn the_cycle_in_which_the_wind_down_ends_is_the_first_final_one() {
    let state = closing().state().clone();
    let ends = |on: &str| state.ends_with(&state.cycle_of(date(on)).unwrap());
    assert_eq!(ends("2026-03-22"), None);
    assert_eq!(ends("2026-03-23"), Some(date("2026-03-29")));
    assert_eq!(ends("2026-04-01"), Some(date("2026-03-29")));
}

#[test]
fn an_end_is_announced_once_and_again_after_it_was_withdrawn() {
    closing().when(announce(None, None)).refused("ClosingAnnouncedAlready");
    let again = closing().after(withdraw()).when(announce(None, None));
    again.happens(&["merchant-closing-announced"]);
}

#[test]
fn an_end_is_withdrawn_until_the_wind_down_is_over() {
    active().when(withdraw()).refused("ClosingNotAnnounced");
    let last_minute = closing().at("2026-03-29T15:59:59.999999Z");
    last_minute.when(withdraw()).happens(&["merchant-closing-withdrawn"]);
    wound_down().when(withdraw()).refused("WindDownEnded");
}

#[test]
fn an_account_closes_after_its_wind_down_when_nothing_is_left() {
    active().when(close(&[])).refused("ClosingNotAnnounced");
    closing().at("2026-03-29T15:59:59.999999Z").when(close(&[])).refused("WindDownRunsOn");
    wound_down().when(close(&[])).says("merchant-closed", r#""entry":77,"closed_by":"Li""#);
}

#[test]
fn an_account_with_anything_left_but_a_debt_does_not_close() {
    let kinds = [
        LeftKind::Items,
        LeftKind::Escrow,
        LeftKind::PayoutDue,
        LeftKind::PayoutInTransit,
        LeftKind::Held,
        LeftKind::Reserve,
        LeftKind::Deposit,
        LeftKind::Wallet,
        LeftKind::Loan,
    ];
    for kind in kinds {
        wound_down().when(close(&[(kind, "0.01")])).refused("AccountNotEmpty");
    }
    // Items that sum to nothing are still items.
    wound_down().when(close(&[(LeftKind::Items, "0.00")])).refused("AccountNotEmpty");
    let said = r#""debts":[{"kind":"debt","currency":"CNY","amount":"78.80"}]"#;
    wound_down().when(close(&[(LeftKind::Debt, "78.80")])).says("merchant-closed", said);
}

#[test]
fn a_closed_account_is_closed_for_good() {
    let closed = || wound_down().after(close(&[]));
    let volume = RecordVolume {
        merchant: merchant(),
        currency: "CNY".into(),
        window: Window::Month,
        through: date("2026-03-31"),
        amount: amount("1.00"),
    };
    for command in [
        close(&[]),
        withdraw(),
        announce(None, None),
        terms(7, 7),
        MerchantCommand::RecordVolume(volume),
    ] {
        closed().when(command).refused("MerchantIsClosed");
    }
    let enrol = EnrolMerchant { merchant: merchant(), kind: MerchantKind::Seller };
    closed().when(MerchantCommand::Enrol(enrol)).refused("MerchantEnrolledAlready");
    let at = "2026-01-01T00:00:00.000000Z".parse().unwrap();
    let refused = closed().state().no_new_business(at, date("2026-01-01"));
    assert_eq!(refused, Some(NoNewBusiness::Closed));
}

#[test]
fn a_reason_and_a_name_are_labels() {
    let nameless = MerchantCommand::AnnounceClosing(AnnounceClosing {
        merchant: merchant(),
        last_day: None,
        wind_down_days: None,
        reason: "".into(),
    });
    active().when(nameless).refused("UnusableLabel");
}
