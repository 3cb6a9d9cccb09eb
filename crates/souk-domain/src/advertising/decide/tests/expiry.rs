//! Free credit with a last day.

use super::*;
use crate::advertising::commands::ExpireAdCredit;

fn on(today: &str) -> AdvertisingContext<'static> {
    AdvertisingContext { today: day(today), ..context() }
}

fn free<'a>(id: &str, of: &str, last: Option<&str>) -> AdvertisingCommand<'a> {
    lasting(id, CreditKind::Free, of, last)
}

fn expire<'a>(through: &str) -> AdvertisingCommand<'a> {
    let (merchant, currency) = (merchant(), "CNY".into());
    AdvertisingCommand::Expire(ExpireAdCredit { merchant, currency, through: day(through) })
}

#[test]
fn what_is_left_of_credit_after_its_last_day_is_reversed_and_only_once() {
    let granted = || wallet().after(free("g1", "100.00", Some("2026-03-31")));
    let over = || granted().after(charge("c1", "60.00")).under(on("2026-04-01"));
    over()
        .when(expire("2026-03-31"))
        .happens(&["credit-expired"])
        .posts(&["Dr AdCredit 40.00", "Cr AdCreditContra 40.00"]);
    over().after(expire("2026-03-31")).when(expire("2026-03-31")).refused("NothingExpired");
    granted().when(expire("2026-03-31")).refused("CreditStillHolds");
    granted().under(on("2026-03-31")).when(expire("2026-03-31")).refused("CreditStillHolds");
    granted().under(on("2026-04-01")).when(expire("2026-03-30")).refused("NothingExpired");
}

#[test]
fn on_its_last_day_credit_still_pays() {
    let granted = wallet().after(free("g1", "100.00", Some("2026-03-31"))).under(on("2026-03-31"));
    granted.when(charge("c1", "100.00")).happens(&["ad-charged"]).leaves("AdCredit", "0.00");
}

#[test]
fn expired_credit_pays_for_nothing_even_before_a_tick_has_reversed_it() {
    let granted =
        wallet().after(top_up("500.00", "pay-1")).after(free("g1", "100.00", Some("2026-03-31")));
    let then = granted.under(on("2026-04-01")).when(charge("c1", "100.00"));
    then.happens(&["credit-expired", "ad-charged"])
        .leaves("AdCredit", "0.00")
        .leaves("AdWallet", "-400.00");
    let only = wallet().after(free("g1", "100.00", Some("2026-03-31"))).under(on("2026-04-01"));
    only.when(charge("c1", "100.00")).refused("WalletOverdrawn");
}

#[test]
fn what_expires_first_is_spent_first() {
    let granted = wallet()
        .after(free("g1", "100.00", None))
        .after(free("g2", "50.00", Some("2026-04-30")))
        .after(free("g3", "30.00", Some("2026-03-31")));
    let spent = granted.after(charge("c1", "60.00")).under(on("2026-05-01"));
    // 30.00 of the one and 30.00 of the other are spent, so 20.00 expire.
    let posts = ["Dr AdCredit 20.00", "Cr AdCreditContra 20.00"];
    spent.when(expire("2026-04-30")).posts(&posts).leaves("AdCredit", "-100.00");
}

#[test]
fn a_bonus_has_no_last_day_and_credit_is_not_granted_for_the_past() {
    let topped = || wallet().after(top_up("500.00", "pay-1"));
    topped()
        .when(lasting("g1", CreditKind::Bonus, "100.00", Some("2026-03-31")))
        .refused("BonusDoesNotExpire");
    wallet().when(free("g1", "100.00", Some("2026-03-01"))).refused("CreditExpiredBefore");
    wallet().when(free("g1", "100.00", Some("2026-03-02"))).happens(&["credit-granted"]);
}
