//! Every way in which a term is refused.

use super::*;

#[test]
fn a_term_is_sold_once() {
    term().after(charge(Vec::new())).when(charge(Vec::new())).refused("MembershipChargedAlready");
}

#[test]
fn a_merchant_that_is_not_enrolled_buys_nothing() {
    let unknown = MembershipContext { merchant_known: false, ..on("2026-01-01") };
    given::<Membership>(unknown).when(charge(Vec::new())).refused("UnknownMerchant");
}

#[test]
fn a_price_is_an_amount_of_the_currency_and_more_than_nothing() {
    let with = |gross| MembershipCommand::Charge(ChargeMembership { gross, ..sale(Vec::new()) });
    term().when(with(Some(amount("0.00")))).refused("NothingCharged");
    term().when(with(Some(amount("-1.00")))).refused("NothingCharged");
    term().when(with(Some(amount("1.001")))).refused("UnusableAmount");
    let unknown = ChargeMembership { currency: "XXX".into(), ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(unknown)).refused("UnknownCurrency");
}

#[test]
fn a_term_has_a_name_and_does_not_end_before_it_begins() {
    let unnamed = ChargeMembership { plan: "".into(), ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(unnamed)).refused("UnusableLabel");
    let reversed = ChargeMembership { to: date("2025-12-31"), ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(reversed)).refused("TermReversed");
}

#[test]
fn a_buyer_has_no_payable() {
    let holder = Holder::Buyer(Id::new("b-77").unwrap());
    for from in [Vec::new(), vec![payable(None)]] {
        let sale = ChargeMembership { holder, ..sale(from) };
        term().when(MembershipCommand::Charge(sale)).refused("BuyerPaysOutside");
    }
}

#[test]
fn wallet_and_deposit_are_guarded_by_their_own_streams() {
    for source in [Source::Wallet, Source::Deposit] {
        let from = TakeFrom { source, amount: None, due_on: None, reference: None };
        term().when(charge(vec![from])).refused("SourceGuardedElsewhere");
    }
}

#[test]
fn what_the_sources_refuse_is_refused() {
    term().when(charge(vec![payable(Some("1.00"))])).refused("SourcesDiffer");
}

#[test]
fn nothing_happens_to_a_term_that_was_not_sold() {
    term().when(recognise("2026-01-31")).refused("UnknownMembership");
    term().when(cancel("2026-01-31")).refused("UnknownMembership");
    term().when(upgrade("2026-01-31", "540.00", Vec::new())).refused("UnknownMembership");
}

#[test]
fn a_day_is_earned_when_it_is_over_and_once() {
    let sold = || term().after(charge(Vec::new())).under(on("2026-01-31"));
    sold().when(recognise("2026-01-31")).refused("DayNotEnded");
    sold().when(recognise("2025-12-31")).refused("TermNotBegun");
    sold()
        .after(recognise("2026-01-30"))
        .when(recognise("2026-01-30"))
        .refused("RecognisedAlready");
    let whole = sold().under(on("2027-02-01")).after(recognise("2026-12-31"));
    whole.when(recognise("2027-01-31")).refused("RecognisedAlready");
}

#[test]
fn a_term_is_cancelled_while_it_runs_and_once() {
    three_months(Vec::new()).when(cancel("2026-04-11")).refused("DayStillToCome");
    let ended = three_months(Vec::new()).under(on("2027-01-05"));
    ended.when(cancel("2026-12-31")).refused("TermEnded");
    let cancelled = || three_months(Vec::new()).after(cancel("2026-04-10"));
    cancelled().when(cancel("2026-04-10")).refused("MembershipIsCancelled");
    cancelled().when(recognise("2026-04-30")).refused("MembershipIsCancelled");
    cancelled().when(upgrade("2026-04-10", "540.00", Vec::new())).refused("MembershipIsCancelled");
}

#[test]
fn an_upgrade_costs_more_and_begins_within_the_term() {
    let sold = || three_months(Vec::new());
    sold().when(upgrade("2026-04-01", "271.23", Vec::new())).refused("NotAnUpgrade");
    sold().when(upgrade("2026-04-11", "540.00", Vec::new())).refused("DayStillToCome");
    sold().when(upgrade("2025-12-31", "540.00", Vec::new())).refused("TermNotBegun");
    let ended = sold().under(on("2027-01-05"));
    ended.when(upgrade("2027-01-01", "540.00", Vec::new())).refused("TermEnded");
}

#[test]
fn only_an_open_refund_is_paid_and_once() {
    three_months(Vec::new()).when(confirm()).refused("NoRefundOpen");
    three_months(Vec::new()).after(cancel("2026-04-10")).when(confirm()).refused("NoRefundOpen");
    let paid = three_months(vec![provider("pay-1")]).after(cancel("2026-04-10")).after(confirm());
    paid.when(confirm()).refused("NoRefundOpen");
}
