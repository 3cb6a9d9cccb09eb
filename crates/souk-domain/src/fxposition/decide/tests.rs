//! Positions: what an exchange realises, what a revaluation adds, and that neither is counted twice.

use proptest::collection::vec;
use proptest::prelude::*;
use souk_journal::ids::ExchangeId;
use souk_journal::money::Currency;

use crate::advertising::events::PaidThrough;
use crate::fxposition::commands::{FxPositionCommand, RevalueFx, SettleFx};
use crate::fxposition::decide::{FxPosition, FxPositionContext};
use crate::fxposition::position::Position;
use crate::fxrate::quote::Quote;
use crate::given::{Given, amount, given};

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

/// Dollars of a platform in yuan; on 2 March so much was converted since the entry before.
fn converted(through: u64, dollars: i64, cost: i64) -> FxPositionContext {
    FxPositionContext {
        currency: currency("USD"),
        platform: currency("CNY"),
        today: "2026-03-02".parse().unwrap(),
        through,
        taken: Position { amount: dollars, cost },
        at_end_of_day: Position::default(),
        rate: None,
    }
}

/// A revaluation on 2 April of what was held at the end of March, at a rate of then.
fn at_end_of_march(dollars: i64, cost: i64, rate: &str) -> FxPositionContext {
    let pair = "USD.CNY".parse().unwrap();
    let (rate, on) = (rate.parse().unwrap(), "2026-03-31".parse().unwrap());
    FxPositionContext {
        today: "2026-04-02".parse().unwrap(),
        at_end_of_day: Position { amount: dollars, cost },
        rate: Some(Quote { pair, rate, on }),
        ..converted(9, 0, 0)
    }
}

fn position(context: FxPositionContext) -> Given<'static, FxPosition> {
    given::<FxPosition>(context)
}

fn settle<'a>(exchange: &str, given: &str, received: &str) -> FxPositionCommand<'a> {
    FxPositionCommand::Settle(SettleFx {
        currency: "USD".into(),
        exchange: ExchangeId::new(exchange).unwrap(),
        amount: amount(given),
        received: amount(received),
        held: PaidThrough::Provider,
    })
}

fn revalue<'a>(on: &str) -> FxPositionCommand<'a> {
    FxPositionCommand::Revalue(RevalueFx { currency: "USD".into(), on: on.parse().unwrap() })
}

#[test]
fn an_exchange_below_the_rate_of_the_sale_is_a_loss() {
    position(converted(7, 10_000, 71_000))
        .when(settle("S1", "100.00", "705.00"))
        .happens(&["fx-settled"])
        .says(
            "fx-settled",
            r#""taken":{"through":7,"amount":"100.00","cost":"710.00"},"gain":"-5.00""#,
        )
        .says("fx-settled", r#""left":"0.00","left_cost":"0.00""#)
        .effective_on("2026-03-02")
        .posts(&[
            "Dr FxPosition 100.00",
            "Cr PspClearing 100.00",
            "Dr BankClearing 705.00",
            "Cr FxPosition 705.00",
            "Dr FxLoss 5.00",
            "Cr FxPosition 5.00",
        ]);
}

#[test]
fn a_refund_that_costs_less_than_the_merchant_gave_back_is_a_gain() {
    position(converted(7, -10_000, -71_000))
        .when(settle("S2", "-100.00", "-700.00"))
        .says("fx-settled", r#""gain":"10.00""#)
        .posts(&[
            "Cr FxPosition 100.00",
            "Dr PspClearing 100.00",
            "Cr BankClearing 700.00",
            "Dr FxPosition 700.00",
            "Dr FxPosition 10.00",
            "Cr FxGain 10.00",
        ]);
}

#[test]
fn a_part_leaves_at_the_average_cost() {
    position(converted(7, 10_000, 71_000))
        .when(settle("S1", "40.00", "282.00"))
        .says("fx-settled", r#""gain":"-2.00""#)
        .says("fx-settled", r#""left":"60.00","left_cost":"426.00""#);
    let rest = position(converted(7, 10_000, 71_000)).after(settle("S1", "40.00", "282.00"));
    rest.under(converted(8, 0, 0))
        .when(settle("S2", "60.00", "423.00"))
        .says("fx-settled", r#""gain":"-3.00""#)
        .says("fx-settled", r#""left":"0.00","left_cost":"0.00""#)
        .leaves("FxLoss", "5.00");
}

#[test]
fn an_exchange_before_the_sale_is_realised_when_the_sale_is_counted_in() {
    let early = position(converted(3, 0, 0)).after(settle("S1", "100.00", "705.00"));
    early
        .under(converted(7, 10_000, 71_000))
        .when(settle("S2", "1.00", "7.05"))
        .says("fx-settled", r#""gain":"-5.00""#)
        .says("fx-settled", r#""left":"-1.00","left_cost":"-7.05""#);
}

#[test]
fn an_exchange_is_recorded_once_and_goes_one_way() {
    let known = || position(converted(7, 10_000, 71_000)).after(settle("S1", "100.00", "705.00"));
    known().when(settle("S1", "1.00", "7.00")).refused("ExchangeRecordedAlready");
    let fresh = || position(converted(7, 10_000, 71_000));
    fresh().when(settle("S1", "0", "7.00")).refused("NotAnExchange");
    fresh().when(settle("S1", "1.00", "0")).refused("NotAnExchange");
    fresh().when(settle("S1", "1.00", "-7.00")).refused("NotAnExchange");
    fresh().when(settle("S1", "1.001", "7.00")).refused("UnusableAmount");
    fresh().when(settle("S1", "1.00", "999999999999999999")).refused("UnusableAmount");
    let own = FxPositionContext { currency: currency("CNY"), ..converted(7, 0, 0) };
    position(own).when(settle("S1", "1.00", "7.00")).refused("NotAForeignCurrency");
}

#[test]
fn currency_at_the_bank_leaves_from_there() {
    let FxPositionCommand::Settle(mut of) = settle("S1", "100.00", "710.00") else { panic!() };
    of.held = PaidThrough::Bank;
    position(converted(7, 10_000, 71_000)).when(FxPositionCommand::Settle(of)).posts(&[
        "Dr FxPosition 100.00",
        "Cr BankClearing 100.00",
        "Dr BankClearing 710.00",
        "Cr FxPosition 710.00",
    ]);
}

#[test]
fn a_position_is_valued_at_the_rate_of_the_last_day_of_the_month() {
    position(at_end_of_march(10_000, 71_000, "7.15"))
        .when(revalue("2026-03-31"))
        .happens(&["fx-revalued"])
        .says("fx-revalued", r#""rate":"7.15","rate_on":"2026-03-31""#)
        .says("fx-revalued", r#""amount":"100.00","cost":"710.00","value":"715.00","gain":"5.00""#)
        .effective_on("2026-03-31")
        .posts(&["Dr FxPosition 5.00", "Cr FxGain 5.00"]);
    position(at_end_of_march(10_000, 71_000, "7.08"))
        .when(revalue("2026-03-31"))
        .posts(&["Dr FxLoss 2.00", "Cr FxPosition 2.00"]);
}

#[test]
fn the_next_revaluation_takes_the_one_before_back() {
    let march = position(at_end_of_march(10_000, 71_000, "7.15")).after(revalue("2026-03-31"));
    let april = FxPositionContext {
        today: "2026-05-02".parse().unwrap(),
        ..at_end_of_march(10_000, 71_000, "7.08")
    };
    march
        .under(april)
        .when(revalue("2026-04-30"))
        .says("fx-revalued", r#""gain":"-2.00","reversed":"5.00""#)
        .posts(&["Dr FxGain 5.00", "Cr FxPosition 5.00", "Dr FxLoss 2.00", "Cr FxPosition 2.00"]);
}

#[test]
fn what_was_revalued_is_not_realised_twice() {
    let march = position(at_end_of_march(10_000, 71_000, "7.08")).after(revalue("2026-03-31"));
    march
        .under(converted(12, 10_000, 71_000))
        .when(settle("S1", "100.00", "705.00"))
        .says("fx-settled", r#""gain":"-5.00","reversed":"-2.00""#)
        .posts(&[
            "Dr FxPosition 100.00",
            "Cr PspClearing 100.00",
            "Dr BankClearing 705.00",
            "Cr FxPosition 705.00",
            "Dr FxLoss 5.00",
            "Cr FxPosition 5.00",
            "Dr FxPosition 2.00",
            "Cr FxLoss 2.00",
        ])
        .leaves("FxLoss", "5.00");
}

#[test]
fn a_day_that_is_not_over_is_not_valued_and_no_day_twice() {
    let march = || position(at_end_of_march(10_000, 71_000, "7.08"));
    march().when(revalue("2026-04-02")).refused("DayNotOver");
    let valued = || march().after(revalue("2026-03-31"));
    valued().when(revalue("2026-03-31")).refused("RevaluationNotLater");
    valued().when(revalue("2026-02-28")).refused("RevaluationNotLater");
    let unknown = FxPositionContext { rate: None, ..at_end_of_march(10_000, 71_000, "7.08") };
    position(unknown).when(revalue("2026-03-31")).refused("RateUnknown");
}

/// A step: so much converted at a cost, or exchanged for a price, or valued at a rate in ten thousandths.
#[derive(Debug, Clone)]
enum Step {
    Converted(i64, i64),
    Exchanged(i64, i64),
    Valued(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (-90_000_i64..90_000, 60_000_i64..80_000)
            .prop_map(|(of, at)| Step::Converted(of, of * at / 10_000)),
        (1_i64..90_000, 60_000_i64..80_000, any::<bool>()).prop_map(|(of, at, buys)| {
            let price = (of * at / 10_000).max(1);
            if buys { Step::Exchanged(-of, -price) } else { Step::Exchanged(of, price) }
        }),
        (60_000_i64..80_000).prop_map(Step::Valued),
    ]
}

fn cents(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100)
}

/// Carries steps out, then exchanges what is left at 7.00; gives (gains, conversions in yuan).
fn carried_out(steps: &[Step], with_valuations: bool) -> (Given<'static, FxPosition>, i64) {
    let mut given = position(converted(0, 0, 0));
    let mut waiting = Position::default();
    let (mut held, mut net) = (Position::default(), 0);
    let mut day = souk_journal::dates::Date::new(2026, 3, 1).unwrap();
    let exchange = |given: Given<'static, FxPosition>, number, taken, of, price| {
        let context = FxPositionContext { taken, ..converted(number, 0, 0) };
        given.under(context).after(settle(&format!("S{number}"), &cents(of), &cents(price)))
    };
    for (number, step) in (1..).zip(steps) {
        match step {
            Step::Converted(of, cost) => {
                (waiting.amount, waiting.cost) = (waiting.amount + of, waiting.cost + cost);
                (held.amount, held.cost) = (held.amount + of, held.cost + cost);
                net -= cost;
            }
            Step::Exchanged(of, price) => {
                given = exchange(given, number, std::mem::take(&mut waiting), *of, *price);
                held.amount -= of;
                net += price;
            }
            Step::Valued(rate) if with_valuations => {
                day = day.plus_days(1);
                let rate = format!("{}.{:04}", rate / 10_000, rate % 10_000);
                let context = FxPositionContext {
                    today: day.plus_days(1),
                    ..at_end_of_march(
                        held.amount,
                        given.state().position.cost + waiting.cost,
                        &rate,
                    )
                };
                given = given.under(context).after(revalue(&day.to_string()));
            }
            Step::Valued(_) => {}
        }
    }
    if held.amount == 0 {
        held.amount = 100;
        waiting.amount += 100;
        waiting.cost += 700;
        net -= 700;
    }
    let price = held.amount * 7;
    (exchange(given, 1_000, waiting, held.amount, price), net + price)
}

proptest! {
    /// With revaluations between, or without: once nothing is held, gains less losses are what was received less what it
    /// cost, and the position is nothing in both currencies.
    #[test]
    fn revaluation_and_realisation_come_to_realisation(steps in vec(step(), 0..30)) {
        for with_valuations in [false, true] {
            let (given, net) = carried_out(&steps, with_valuations);
            let books = given.books();
            let gains = books.minor("FxGain") + books.minor("FxLoss");
            prop_assert_eq!(-gains, i128::from(net));
            prop_assert_eq!(given.state().position, Position::default());
            prop_assert_eq!(given.state().unrealised, 0);
        }
    }
}
