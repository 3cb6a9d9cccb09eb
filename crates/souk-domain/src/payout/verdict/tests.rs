//! The judgement of a file says what the payout's stream decides.

use souk_journal::dates::Micros;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::{Amount, Currency};

use super::{Said, Standing, verdict};
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

#[test]
fn what_is_news_is_decided_so_and_what_is_known_or_contradicts_is_refused() {
    let context = PayoutContext {
        currency: cny(),
        closed: Some(84_700),
        today: "2026-03-10".parse().unwrap(),
        approval_above: None,
        payee: PayeeToday::None,
    };
    let standings = [
        Standing::Due,
        Standing::Instructed,
        Standing::Accepted,
        Standing::Paid,
        Standing::Failed,
        Standing::Returned,
    ];
    let mut news = 0;
    for standing in standings {
        for said in [Said::Accepted, Said::Paid, Said::Failed, Said::Returned] {
            let (before, command) = (state(standing), command(said));
            assert_eq!(before.standing(), standing);
            let decided = Payout::decide(&before, &command, &context, Micros(0));
            match verdict(standing, said) {
                Ok(Some(next)) => {
                    let mut after = before.clone();
                    for event in &decided.unwrap().events {
                        Payout::evolve(&mut after, event).unwrap();
                    }
                    assert_eq!(after.standing(), next, "{standing:?} {said:?}");
                    news += 1;
                }
                Ok(None) | Err(_) => assert!(decided.is_err(), "{standing:?} {said:?}"),
            }
        }
    }
    assert_eq!(news, 6);
}

#[test]
fn what_is_known_is_no_contradiction() {
    for standing in [Standing::Accepted, Standing::Paid, Standing::Failed, Standing::Returned] {
        let said = match standing {
            Standing::Due | Standing::Instructed | Standing::Accepted => Said::Accepted,
            Standing::Paid => Said::Paid,
            Standing::Failed => Said::Failed,
            Standing::Returned => Said::Returned,
        };
        assert_eq!(verdict(standing, said), Ok(None));
    }
    // What came back had been accepted and paid.
    assert_eq!(verdict(Standing::Returned, Said::Accepted), Ok(None));
    assert_eq!(verdict(Standing::Returned, Said::Paid), Ok(None));
}
