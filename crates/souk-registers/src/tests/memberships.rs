//! The register of terms.

use souk_domain::membership::events::{
    Holder, MembershipCancelled, MembershipCharged, MembershipEvent, MembershipUpgraded, Plan,
    RevenueRecognised, UnusedRest,
};
use souk_domain::segment::Segment;
use souk_domain::service_kind::ServiceKind;
use souk_journal::ids::MembershipId;

use super::{Log, amount, cny, date, folds_alike, merchant};
use crate::Memberships;

fn plan(name: &'static str, from: &str) -> Plan<'static> {
    Plan {
        plan: name.into(),
        from: date(from),
        to: date("2026-12-31"),
        gross: amount(36_000),
        net: amount(33_962),
        tax: amount(2_038),
        tax_rate: "0.06".parse().unwrap(),
    }
}

fn holder() -> Holder {
    Holder::Merchant(merchant("1007"))
}

fn charged(from: &str) -> MembershipEvent<'static> {
    MembershipEvent::Charged(MembershipCharged {
        holder: holder(),
        service: ServiceKind::Membership,
        currency: cny(),
        plan: plan("gold", from),
        unused_rest: UnusedRest::Returned,
        priced_by: None,
        settled_from: Vec::new(),
        segment: Segment::default(),
    })
}

fn recognised(through: &str) -> MembershipEvent<'static> {
    MembershipEvent::Recognised(RevenueRecognised {
        holder: holder(),
        service: ServiceKind::Membership,
        currency: cny(),
        through: date(through),
        earned: amount(2_884),
        amount: amount(2_884),
        segment: Segment::default(),
    })
}

fn upgraded(on: &str) -> MembershipEvent<'static> {
    MembershipEvent::Upgraded(MembershipUpgraded {
        holder: holder(),
        service: ServiceKind::Membership,
        currency: cny(),
        catch_up: amount(0),
        credited_net: amount(1),
        credited_tax: amount(0),
        plan: plan("platinum", on),
        settled_from: Vec::new(),
        segment: Segment::default(),
    })
}

fn cancelled(on: &str) -> MembershipEvent<'static> {
    MembershipEvent::Cancelled(MembershipCancelled {
        holder: holder(),
        service: ServiceKind::Membership,
        currency: cny(),
        on: date(on),
        catch_up: amount(0),
        forfeited: amount(0),
        refunded_net: amount(1),
        refunded_tax: amount(0),
        returned_to: Vec::new(),
        segment: Segment::default(),
        reason: None,
    })
}

#[test]
fn a_term_is_due_until_it_is_recognised_cancelled_or_over() {
    let log: Log = vec![
        ("membership-a", charged("2026-01-01").into()),
        ("membership-b", charged("2026-03-01").into()),
        ("membership-a", recognised("2026-02-28").into()),
        ("membership-c", charged("2026-01-01").into()),
        ("membership-c", cancelled("2026-02-10").into()),
        ("membership-d", charged("2026-01-01").into()),
        ("membership-d", recognised("2026-12-31").into()),
        ("membership-e", charged("2026-01-01").into()),
        ("membership-e", recognised("2026-02-28").into()),
        ("membership-e", upgraded("2026-02-15").into()),
    ];
    let terms: Memberships = folds_alike(&log);
    let due = |through| -> Vec<String> {
        terms.due(date(through)).map(|term| term.membership.to_string()).collect()
    };
    assert_eq!(due("2026-02-28"), ["e"]);
    assert_eq!(due("2026-03-31"), ["a", "b", "e"]);
    let of = |id| terms.get(MembershipId::new(id).unwrap()).unwrap();
    assert_eq!((of("a").next_day(), of("b").next_day()), (date("2026-03-01"), date("2026-03-01")));
    assert_eq!((&*of("e").plan, of("e").next_day()), ("platinum", date("2026-02-15")));
    assert_eq!((of("c").cancelled_on, of("c").last_entry), (Some(date("2026-02-10")), 4));
    assert_eq!(terms.len(), 5);
}
