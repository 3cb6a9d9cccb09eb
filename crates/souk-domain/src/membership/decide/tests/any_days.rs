//! Whatever the days on which revenue is recognised and a term is cancelled or upgraded: nothing of what was deferred is
//! lost, and nothing is earned twice.

use proptest::collection::vec;
use proptest::prelude::*;
use souk_journal::money::{Amount, Currency};

use super::*;

fn sold(gross: i64, days: i32, split: Option<i64>) -> Given<'static, Membership> {
    let cny = Currency::from_code("CNY").unwrap();
    let from = match split {
        Some(percent) if gross * percent / 100 > 0 && percent < 100 => {
            let part = Amount::from_minor(gross * percent / 100, cny);
            vec![provider("pay-1"), TakeFrom { amount: Some(part), ..payable(None) }]
        }
        Some(_) | None => Vec::new(),
    };
    let sale = ChargeMembership {
        gross: Some(Amount::from_minor(gross, cny)),
        to: date("2026-01-01").plus_days(days - 1),
        ..sale(from)
    };
    term().after(MembershipCommand::Charge(sale)).under(on("2040-01-01"))
}

proptest! {
    #[test]
    fn whatever_the_days_the_deferral_is_earned_exactly(
        gross in 1_i64..1_000_000,
        days in 1_i32..800,
        through in vec(0_i32..900, 0..12),
    ) {
        let mut term = sold(gross, days, None);
        for day in through.into_iter().chain([days]) {
            let day = date("2026-01-01").plus_days(day - 1);
            // A day before an earlier one is refused and changes nothing.
            let _ = term.attempt(&recognise(&day.to_string()));
        }
        let books = term.books();
        prop_assert_eq!(books.minor("DeferredRevenue"), 0);
        prop_assert_eq!(-books.minor("Membership") - books.minor("OutputVat"), i128::from(gross));
    }

    #[test]
    fn cancelled_on_any_day_what_was_used_is_earned_and_the_rest_goes_back(
        gross in 1_i64..1_000_000,
        days in 2_i32..800,
        through in vec(0_i32..900, 0..6),
        used in 0_i32..799,
        split in prop::option::of(1_i64..100),
        forfeits in any::<bool>(),
    ) {
        let used = used % (days - 1);
        let mut term = sold(gross, days, split);
        for day in through {
            let day = date("2026-01-01").plus_days(day - 1);
            let _ = term.attempt(&recognise(&day.to_string()));
        }
        let net = -term.books().minor("DeferredRevenue") - term.books().minor("Membership");
        let last = date("2026-01-01").plus_days(used - 1);
        let rest = if forfeits { UnusedRest::Forfeited } else { UnusedRest::Returned };
        term.attempt(&cancel_with(&last.to_string(), Some(rest))).unwrap();
        let books = term.books();
        prop_assert_eq!(books.minor("DeferredRevenue"), 0);
        let earned = if forfeits {
            net
        } else {
            // Half up, by hand.
            (2 * net * i128::from(used) + i128::from(days)) / (2 * i128::from(days))
        };
        prop_assert_eq!(-books.minor("Membership"), earned);
        let borne = books.minor("PspClearing") + books.minor("MerchantPayable");
        let back = -books.minor("RefundsInTransit");
        let kept = -books.minor("Membership") - books.minor("OutputVat");
        prop_assert_eq!(borne - back, kept);
        prop_assert!(books.minor("OutputVat") <= 0 && back >= 0);
    }

    #[test]
    fn upgraded_and_cancelled_on_any_days_the_books_hold(
        gross in 1_i64..500_000,
        days in 2_i32..800,
        used in 0_i32..799,
        more in 1_i64..500_000,
        later in 0_i32..799,
        split in prop::option::of(1_i64..100),
    ) {
        let cny = Currency::from_code("CNY").unwrap();
        let mut term = sold(gross, days, split);
        let on = date("2026-01-01").plus_days(used % (days - 1));
        let price = Amount::from_minor(gross + more, cny).to_string();
        // Too small a step is refused; then the old plan runs on.
        let _ = term.attempt(&upgrade(&on.to_string(), &price, vec![provider("pay-2")]));
        let last = on.plus_days(later % (days - used % (days - 1) - 1).max(1));
        let _ = term.attempt(&recognise(&last.to_string()));
        let _ = term.attempt(&cancel(&last.to_string()));
        let _ = term.attempt(&recognise("2039-01-01"));
        let books = term.books();
        prop_assert_eq!(books.minor("DeferredRevenue"), 0);
        prop_assert!(books.minor("Membership") <= 0 && books.minor("OutputVat") <= 0);
        prop_assert!(books.minor("RefundsInTransit") <= 0);
    }
}
