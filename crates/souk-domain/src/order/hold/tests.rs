//! Holds: of what, when they fall due, and what a refund does to them.

use proptest::prelude::*;
use souk_journal::account::Account;

use crate::given::*;
use crate::order::commands::{FundedDiscount, LineToPlace};
use crate::order::decide::Order;
use crate::order::events::Funding;
use crate::order::state::OrderState;

/// Goods 100.00 and shipping 20.00 of merchant 1007, completed on 2 March: due on 9 March.
fn sold(market: &Market) -> Given<'_, Order> {
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    placed.after(pay("p1", "120.00")).after(complete("1007"))
}

#[test]
fn a_hold_takes_a_part_of_the_sale_and_falls_due_with_it() {
    let market = Market::usual();
    let sold = sold(&market).at("2026-03-04T04:00:00.000000Z");
    sold.when(hold("h1", "1", Some("60.00")))
        .happens(&["hold-placed"])
        .posts(&["Dr MerchantPayable 60.00", "Cr MerchantHeld 60.00"])
        .items(&["1007 hold.placed -60.00 due 2026-03-09"])
        .effective_on("2026-03-04");
}

#[test]
fn without_an_amount_a_hold_is_of_all_that_is_left_of_the_sale() {
    let market = Market::usual();
    sold(&market)
        .after(hold("h1", "1", Some("50.00")))
        .after(refund("r1", &[("1", "10.00", "0")]))
        .when(hold("h2", "1", None))
        .items(&["1007 hold.placed -60.00 due 2026-03-09"]);
}

#[test]
fn an_advance_lets_go_what_then_exceeds_the_sale_once_the_merchant_bears_it() {
    let market = Market::usual();
    let ahead = || {
        let held = sold(&market).after(hold("h1", "1", None));
        held.after(advance("a1", &[("1", "30.00", "0")]))
    };
    ahead().when(bear("a1")).leaves("MerchantHeld", "-120.00");
    ahead()
        .when(recover("a1", &[]))
        .says("hold-released", r#""amount":"30.00""#)
        .leaves("MerchantHeld", "-90.00");
}

#[test]
fn what_someone_else_funded_of_the_sale_can_be_held_too() {
    let market = Market::usual();
    let coupon = FundedDiscount { amount: amount("10.00"), funding: Funding::PlatformSubsidy };
    let line = LineToPlace { platform_discount: Some(coupon), ..line("1", "1007", "100.00", "0") };
    let sold = market.order().after(place([line])).after(pay("p1", "90.00"));
    sold.after(complete("1007"))
        .when(hold("h1", "1", None))
        .items(&["1007 hold.placed -100.00 due 2026-03-09"]);
}

#[test]
fn a_sale_in_another_currency_is_held_in_that_of_the_settlement() {
    let market = Market::usual().settling("1007", "CNY").rated("USD.CNY", "2026-03-02", "7.10");
    let placed = market.order().after(place_in_usd([line("1", "1007", "100.00", "0")]));
    placed
        .after(pay("p1", "100.00"))
        .after(complete("1007"))
        .when(hold("h1", "1", None))
        .items(&["1007 hold.placed -710.00 due 2026-03-09"])
        .says("hold-placed", r#""currency":"CNY""#);
}

#[test]
fn a_release_before_the_sale_is_due_falls_due_with_it() {
    let market = Market::usual();
    let held = sold(&market).after(hold("h1", "1", Some("60.00")));
    held.at("2026-03-05T04:00:00.000000Z")
        .when(release("h1", Some("25.00")))
        .items(&["1007 hold.released 25.00 due 2026-03-09"])
        .leaves("MerchantHeld", "-35.00");
}

#[test]
fn a_release_after_that_falls_due_on_its_own_day() {
    let market = Market::usual();
    let held = sold(&market).after(hold("h1", "1", Some("60.00")));
    held.at("2026-03-20T04:00:00.000000Z")
        .when(release("h1", None))
        .items(&["1007 hold.released 60.00 due 2026-03-20"])
        .leaves("MerchantHeld", "0.00");
}

#[test]
fn a_refund_lets_go_what_then_exceeds_the_sale_the_oldest_hold_first() {
    let market = Market::usual();
    let held = sold(&market).after(hold("h1", "1", Some("30.00"))).after(hold("h2", "1", None));
    held.at("2026-03-20T04:00:00.000000Z")
        .when(refund("r1", &[("1", "50.00", "0")]))
        .happens(&["refund-issued", "fee-returned", "hold-released", "hold-released"])
        .items(&[
            "1007 refund.principal -50.00 due 2026-03-20",
            "1007 commission.returned 4.00 due 2026-03-20",
            "1007 commission.tax_returned 0.24 due 2026-03-20",
            "1007 hold.released 30.00 due 2026-03-20",
            "1007 hold.released 20.00 due 2026-03-20",
        ])
        .leaves("MerchantHeld", "-70.00");
}

#[test]
fn what_is_not_there_cannot_be_held_or_let_go() {
    let market = Market::usual();
    let placed = || market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    placed().when(hold("h1", "1", None)).refused("NothingToHold");
    let sold = || sold(&market);
    sold().when(hold("h1", "2", None)).refused("UnknownLine");
    sold().when(hold("h1", "1", Some("120.01"))).refused("HoldExceedsLeft");
    sold().when(hold("h1", "1", Some("0"))).refused("NothingToHold");
    sold().when(hold("h1", "1", Some("-1.00"))).refused("NegativeAmount");
    sold().when(release("h1", None)).refused("UnknownHold");
    let held = || sold().after(hold("h1", "1", Some("60.00")));
    held().when(hold("h1", "1", Some("1.00"))).refused("HoldPlacedAlready");
    held().when(hold("h2", "1", Some("60.01"))).refused("HoldExceedsLeft");
    held().when(release("h1", Some("60.01"))).refused("ReleaseExceedsHold");
    held().after(release("h1", None)).when(release("h1", None)).refused("NothingToRelease");
    held().when(release("h1", Some("0"))).refused("NothingToRelease");
}

#[test]
fn what_a_close_has_claimed_is_not_held_any_more() {
    let before = Market::usual();
    let settled = Market::usual().claimed_by("2026-W11");
    let sold = sold(&before).after(hold("h1", "1", Some("10.00"))).under(settled.context());
    sold.when(hold("h2", "1", None)).refused("SaleSettledAlready");
}

/// A step: which of the three, of which hold, and of how much.
fn step() -> impl Strategy<Value = (u8, u8, i64)> {
    (0..3_u8, 0..6_u8, 1..9_000_i64)
}

proptest! {
    /// Holds, releases and refunds in any order: a hold never exceeds its sale, the merchant has in payable and held what
    /// it would have without any hold, and a full refund leaves nothing on hold.
    #[test]
    fn holds_move_money_and_make_none(steps in prop::collection::vec(step(), 1..24)) {
        let market = Market::usual();
        let sale = || {
            let lines = [line("1", "1007", "100.00", "20.00"), line("2", "1007", "33.33", "0")];
            let placed = market.order().after(place(lines)).after(pay("p1", "153.33"));
            placed.after(complete("1007"))
        };
        let (mut held, mut plain) = (sale(), sale());
        for (number, (what, which, minor)) in steps.into_iter().enumerate() {
            let of = format!("{}.{:02}", minor / 100, minor % 100);
            let line = if which % 2 == 0 { "1" } else { "2" };
            match what {
                0 => { let _ = held.attempt(&hold(&format!("h{which}"), line, Some(&of))); }
                1 => { let _ = held.attempt(&release(&format!("h{which}"), Some(&of))); }
                _ => {
                    let name = format!("r{number}");
                    let back = refund(&name, &[(line, &of, "0")]);
                    let outcome = held.attempt(&back).is_ok();
                    prop_assert_eq!(outcome, plain.attempt(&back).is_ok());
                }
            }
            let OrderState::Placed(order) = held.state() else { unreachable!() };
            for line in &order.lines {
                let on_hold = order.held_of(line.line);
                prop_assert!((0..=line.brought()).contains(&on_hold), "{on_hold} of {line:?}");
            }
            prop_assert!(order.holds.iter().all(|hold| hold.held >= 0));
            let of = |given: &Given<'_, Order>, account: Account| {
                given.books().per_merchant(account).iter().map(|(_, sum)| *sum).sum::<i128>()
            };
            let on_hold: i64 = order.holds.iter().map(|hold| hold.held).sum();
            prop_assert_eq!(of(&held, Account::MerchantHeld), -i128::from(on_hold));
            let both = of(&held, Account::MerchantPayable) + of(&held, Account::MerchantHeld);
            prop_assert_eq!(both, of(&plain, Account::MerchantPayable));
        }
        prop_assert!(held.attempt(&everything("last")).is_ok());
        prop_assert!(plain.attempt(&everything("last")).is_ok());
        prop_assert_eq!(held.books().minor("MerchantHeld"), 0);
        prop_assert_eq!(held.books().minor("MerchantPayable"), plain.books().minor("MerchantPayable"));
    }
}
