//! A term's revenue stays in the tier in which it was sold.

use super::*;

fn in_tier(today: &str, tier: &'static str) -> MembershipContext<'static> {
    MembershipContext { tier: Some(tier), ..on(today) }
}

const GOLD: &str = r#""segment":{"tier":"gold"}"#;

#[test]
fn every_event_of_a_term_says_the_tier_of_its_sale() {
    let sold = || {
        let new = given::<Membership>(in_tier("2026-01-01", "gold"));
        new.after(charge(vec![provider("pay-1")])).under(in_tier("2026-04-10", "basic"))
    };
    let new = given::<Membership>(in_tier("2026-01-01", "gold"));
    new.when(charge(vec![provider("pay-1")])).says("membership-charged", GOLD);
    sold().when(recognise("2026-01-31")).says("revenue-recognised", GOLD);
    sold().when(cancel("2026-04-10")).says("membership-cancelled", GOLD);
    let from = vec![provider("pay-2")];
    sold().when(upgrade("2026-04-10", "540.00", from.clone())).says("membership-upgraded", GOLD);
    let upgraded = sold().after(upgrade("2026-04-10", "540.00", from));
    upgraded.when(cancel("2026-04-10")).says("membership-cancelled", GOLD);
}

#[test]
fn a_term_of_a_buyer_or_of_a_merchant_without_a_tier_says_none() {
    let sold = term().when(charge(vec![provider("pay-1")]));
    sold.says("membership-charged", r#""reference":"pay-1"}]}"#);
}
