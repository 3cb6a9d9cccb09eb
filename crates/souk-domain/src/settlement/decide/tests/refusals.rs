//! Cycles that do not close.

use super::{c1, c2, c3, empty, reserve_first, under, week};
use crate::settlement::decide::SettlementRefusal;
use souk_journal::money::MAX_MINOR;

#[test]
fn a_cycle_closes_once() {
    under(&reserve_first()).after(c1()).when(c1()).refused("CycleAlreadyClosed");
}

#[test]
fn cycles_close_oldest_first() {
    let terms = reserve_first();
    let closed = under(&terms).after(week("2026-03-09", 200, 0, 20_000, 18_940));
    closed.when(week("2026-03-02", 900, 0, 100, 100)).refused("CycleAlreadyClosed");
}

#[test]
fn claim_points_increase() {
    let terms = reserve_first();
    let closed = under(&terms).after(c1());
    closed.when(week("2026-03-09", 100, 0, 100, 100)).refused("ClaimPointNotLater");
}

#[test]
fn a_cycle_that_runs_on_is_not_closed() {
    let terms = reserve_first();
    let sunday = under(&terms).at("2026-03-08T15:59:59.999999Z");
    sunday.when(c1()).refused("CycleStillOpen");
}

#[test]
fn a_cycle_can_be_closed_from_midnight_on() {
    let terms = reserve_first();
    let monday = under(&terms).at("2026-03-08T16:00:00.000000Z");
    monday.when(c1()).happens(&["cycle-closed"]);
}

#[test]
fn a_close_opens_with_what_the_last_one_carried() {
    let terms = reserve_first();
    let closed = under(&terms).after(c1()).after(c2());
    closed.when(c3(-18_940)).refused("OpeningDiffers");
}

#[test]
fn a_cycle_without_items_and_opening_needs_no_close() {
    under(&reserve_first()).when(empty("2026-03-02", 0)).refused("NothingToClose");
}

#[test]
fn a_close_beyond_a_posting_is_refused() {
    let terms = super::Terms { minimum_payouts: vec![(super::cny(), i64::MAX)], ..reserve_first() };
    let huge = week("2026-03-02", 100, 0, 0, MAX_MINOR);
    let next = week("2026-03-09", 200, MAX_MINOR, 0, 1);
    under(&terms).after(huge).when(next).refused("ClosingOutOfRange");
}

#[test]
fn a_settlement_refuses_in_7_ways() {
    assert_eq!(SettlementRefusal::CODES.len(), 7);
}
