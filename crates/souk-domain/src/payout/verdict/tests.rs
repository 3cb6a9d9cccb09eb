//! The judgement of a file says what the payout's stream decides.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::{Amount, Currency};

use super::{Contradiction, Known, Payment, Said, Standing, Told, verdict};
use crate::decider::Decider as _;
use crate::payee::state::PayeeToday;
use crate::payout::commands::{
    AcceptPayout, ConfirmPayout, FailPayout, OfCycle, PayoutCommand, ReturnPayout,
};
use crate::payout::decide::{Payout, PayoutContext};
use crate::payout::events::PayoutFacts;
use crate::payout::state::PayoutState;

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn state(standing: Standing) -> PayoutState {
    let facts = PayoutFacts {
        merchant: MerchantId::new("1007").unwrap(),
        currency: cny(),
        amount: Amount::from_minor(84_700, cny()),
        cycle: CycleId::new("2026-W10").unwrap(),
    };
    match standing {
        Standing::Due => PayoutState::default(),
        Standing::Instructed => PayoutState::Instructed(facts),
        Standing::Accepted => PayoutState::Accepted(facts),
        Standing::Paid => PayoutState::Paid(facts),
        Standing::Failed => PayoutState::Failed(facts),
        Standing::Returned => PayoutState::Returned(facts),
    }
}

fn command(said: Said) -> PayoutCommand<'static> {
    let (merchant, cycle) = (MerchantId::new("1007").unwrap(), CycleId::new("2026-W10").unwrap());
    let of = OfCycle { merchant, currency: "CNY".into(), cycle };
    let reason = "account closed";
    match said {
        Said::Accepted => {
            PayoutCommand::Accept(AcceptPayout { of, status: Id::new("ACSP").unwrap() })
        }
        Said::Paid => PayoutCommand::Confirm(ConfirmPayout { of, bank_reference: None }),
        Said::Failed => PayoutCommand::Fail(FailPayout { of, reason: reason.into() }),
        Said::Returned => PayoutCommand::Return(ReturnPayout { of, reason: reason.into() }),
    }
}

const STANDINGS: [Standing; 6] = [
    Standing::Due,
    Standing::Instructed,
    Standing::Accepted,
    Standing::Paid,
    Standing::Failed,
    Standing::Returned,
];

const SAID: [Said; 4] = [Said::Accepted, Said::Paid, Said::Failed, Said::Returned];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-03-16")
}

fn reference(text: &str) -> Option<Id> {
    Some(Id::new(text).unwrap())
}

/// Instructed on the 9th, accepted on the 10th, paid on the 11th under BK-1, failed or returned on the 13th.
fn known(stands: Standing) -> Known {
    let (on, paid) = match stands {
        Standing::Due | Standing::Instructed => ("2026-03-09", false),
        Standing::Accepted => ("2026-03-10", false),
        Standing::Paid => ("2026-03-11", true),
        Standing::Failed => ("2026-03-13", false),
        Standing::Returned => ("2026-03-13", true),
    };
    let payment = Payment { on: day("2026-03-11"), reference: reference("BK-1") };
    Known { stands, on: day(on), paid: paid.then_some(payment) }
}

fn told(said: Said, under: Option<&str>, on: Option<&str>) -> Told {
    Told { said, reference: under.and_then(reference), on: on.map(day) }
}

fn says(known: &Known, told: &Told) -> String {
    verdict(known, told, today()).unwrap_err().to_string()
}

#[test]
fn what_is_news_is_decided_so_and_what_is_known_or_contradicts_is_refused() {
    let context = PayoutContext {
        currency: cny(),
        closed: Some(84_700),
        today: today(),
        approval_above: None,
        payee: PayeeToday::None,
    };
    let mut news = 0;
    for standing in STANDINGS {
        for said in SAID {
            let (before, command) = (state(standing), command(said));
            assert_eq!(before.standing(), standing);
            let decided = Payout::decide(&before, &command, &context, Micros(0));
            match verdict(&known(standing), &told(said, None, None), today()) {
                Ok(Some(next)) => {
                    let mut after = before.clone();
                    for event in &decided.unwrap().events {
                        Payout::evolve(&mut after, event).unwrap();
                    }
                    assert_eq!(after.standing(), next.stands, "{standing:?} {said:?}");
                    assert_eq!(next.on, today(), "what has no day happens today");
                    news += 1;
                }
                Ok(None) | Err(_) => assert!(decided.is_err(), "{standing:?} {said:?}"),
            }
        }
    }
    assert_eq!(news, 6);
}

/// Every standing, status, reference and day. Known is what agrees with what is recorded, and nothing else.
#[test]
fn a_status_is_known_only_if_status_reference_and_day_agree() {
    let days = [None, Some("2026-03-11"), Some("2026-03-13"), Some("2026-03-15")];
    let references = [None, Some("BK-1"), Some("BK-2")];
    let mut counts = (0, 0, 0);
    for standing in STANDINGS {
        for said in SAID {
            for under in references {
                for on in days {
                    let (known, told) = (known(standing), told(said, under, on));
                    let found = verdict(&known, &told, today());
                    let case = format!("{standing:?} {said:?} {under:?} {on:?}: {found:?}");
                    let paid_so = under != Some("BK-2") && [None, Some("2026-03-11")].contains(&on);
                    let is_known = match (standing, said) {
                        (Standing::Accepted, Said::Accepted) => true,
                        (Standing::Paid | Standing::Returned, Said::Accepted) => {
                            [None, Some("2026-03-11")].contains(&on)
                        }
                        (Standing::Paid, Said::Paid) => paid_so,
                        (Standing::Returned, Said::Paid) => paid_so && (under, on) != (None, None),
                        (Standing::Failed, Said::Failed) | (Standing::Returned, Said::Returned) => {
                            [None, Some("2026-03-13")].contains(&on)
                        }
                        _ => false,
                    };
                    let is_news = matches!(
                        (standing, said),
                        (Standing::Instructed, Said::Accepted | Said::Paid | Said::Failed)
                            | (Standing::Accepted, Said::Paid | Said::Failed)
                            | (Standing::Paid, Said::Returned)
                    );
                    match found {
                        Ok(Some(next)) => {
                            assert!(is_news, "{case}");
                            assert_eq!(next.on, told.on.unwrap_or(today()), "{case}");
                            counts.0 += 1;
                        }
                        Ok(None) => {
                            assert!(is_known, "{case}");
                            counts.1 += 1;
                        }
                        Err(_) => {
                            assert!(!is_news && !is_known, "{case}");
                            counts.2 += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(counts, (6 * 12, 12 + 6 + 6 + 4 + 3 + 6 + 6, 288 - 72 - 43));
}

#[test]
fn a_payment_that_came_back_is_not_paid_once_more() {
    let unnamed = Payment { on: day("2026-03-11"), reference: None };
    let returned = Known { paid: Some(unnamed), ..known(Standing::Returned) };
    assert_eq!(
        says(&returned, &told(Said::Paid, Some("BK-2"), Some("2026-03-15"))),
        "is recorded as paid on 2026-03-11 without a reference and returned on 2026-03-13; the file says paid on \
         2026-03-15 under BK-2"
    );
    assert!(verdict(&returned, &told(Said::Paid, None, None), today()).is_err());
    let same = told(Said::Paid, None, Some("2026-03-11"));
    assert_eq!(verdict(&returned, &same, today()), Ok(None));
}

#[test]
fn both_sides_of_a_contradiction_are_said() {
    let paid = known(Standing::Paid);
    assert_eq!(
        says(&paid, &told(Said::Paid, Some("BK-2"), None)),
        "is recorded as paid on 2026-03-11 under BK-1; the file says paid under BK-2"
    );
    let other_day = told(Said::Returned, None, Some("2026-03-15"));
    assert_eq!(
        says(&known(Standing::Returned), &other_day),
        "is recorded as paid on 2026-03-11 under BK-1 and returned on 2026-03-13; the file says returned on 2026-03-15"
    );
    assert_eq!(
        says(&known(Standing::Failed), &told(Said::Failed, None, Some("2026-03-15"))),
        "is recorded as failed on 2026-03-13; the file says failed on 2026-03-15"
    );
    let due = verdict(&known(Standing::Due), &told(Said::Paid, None, None), today());
    assert_eq!(due, Err(Contradiction::NotInstructed));
}

#[test]
fn a_second_notice_of_the_same_day_may_bring_the_reference() {
    let on = day("2026-03-11");
    let paid = Some(Payment { on, reference: None });
    let known = Known { stands: Standing::Paid, on, paid };
    let told = |under, on: Option<&str>| told(Said::Paid, under, on);
    let today = day("2026-03-16");
    assert_eq!(verdict(&known, &told(Some("BK-1"), Some("2026-03-11")), today), Ok(None));
    // Of another day, or of none, it may be another payment.
    assert!(verdict(&known, &told(Some("BK-1"), Some("2026-03-12")), today).is_err());
    assert!(verdict(&known, &told(Some("BK-1"), None), today).is_err());
}
