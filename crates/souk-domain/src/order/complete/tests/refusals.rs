//! Completions that are refused.

use super::paid;
use crate::given::*;
use crate::tariff::events::FeeKind;

#[test]
fn an_order_short_of_escrow_is_not_completed() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1007", "100.00", "20.00")]));
    placed.after(pay("p1", "111.01")).when(complete("1007")).refused("EscrowShort");
}

#[test]
fn a_merchant_completes_once() {
    let market = Market::usual();
    paid(&market).after(complete("1007")).when(complete("1007")).refused("CompletedAlready");
}

#[test]
fn a_merchant_without_a_line_completes_nothing() {
    let market = Market::usual();
    paid(&market).when(complete("1008")).refused("NotTheirOrder");
}

#[test]
fn a_cancelled_order_is_not_completed() {
    let market = Market::usual();
    paid(&market).after(cancel()).when(complete("1007")).refused("OrderIsCancelled");
}

#[test]
fn a_merchant_without_terms_cannot_complete() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1010", "1.00", "0")]));
    placed.after(pay("p1", "1.00")).when(complete("1010")).refused("NoTermsInForce");
}

#[test]
fn a_completion_before_the_terms_begin_is_refused() {
    let market = Market::usual();
    let early = paid(&market).at("2025-12-31T04:00:00.000000Z");
    early.when(complete("1007")).refused("NoTermsInForce");
}

#[test]
fn a_tariff_that_is_not_published_sets_no_fees() {
    let market = Market::usual();
    let placed = market.order().after(place([line("1", "1011", "1.00", "0")]));
    placed.after(pay("p1", "1.00")).when(complete("1011")).refused("NoTariffInForce");
}

#[test]
fn a_tariff_in_yen_does_not_hold_for_an_order_in_yuan() {
    let market = Market::usual().in_currency("JPY");
    paid(&market).when(complete("1007")).refused("TariffInOtherCurrency");
}

#[test]
fn a_category_that_no_rule_covers_is_not_open() {
    let rules = vec![rule("books", Some("books"), "0.05")];
    let market = Market::charging(vec![fee(FeeKind::Commission, rules)]);
    paid(&market).when(complete("1007")).refused("CategoryNotOpen");
}
