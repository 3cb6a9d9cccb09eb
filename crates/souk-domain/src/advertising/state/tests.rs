//! Any sequence of top-ups, grants, charges and refunds: no cent appears, no cent is lost.

use proptest::collection::vec;
use proptest::prelude::*;
use souk_journal::account::Account;
use souk_journal::ids::{Id, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};

use crate::advertising::commands::{
    AdvertisingCommand, AgreeAdTerms, ChargeAds, GrantAdCredit, RefundWallet, TopUpWallet,
};
use crate::advertising::decide::{Advertising, AdvertisingContext};
use crate::advertising::events::{CreditKind, Overdraft, Pricing, PricingModel};
use crate::given::{Given, given};
use crate::settled_from::{Source, TakeFrom};

const RATES: [&str; 3] = ["0.06", "0.13", "0"];

/// What is tried next; amounts are minor units.
#[derive(Debug, Clone)]
enum Try {
    TopUp(i64, Source),
    Grant(i64, CreditKind),
    Charge(i64, usize),
    Refund(Option<i64>),
    Terms(Overdraft),
}

fn tries() -> impl Strategy<Value = Try> {
    let source = prop_oneof![Just(Source::Provider), Just(Source::Bank), Just(Source::Payable)];
    let credit = prop_oneof![Just(CreditKind::Free), Just(CreditKind::Bonus)];
    let terms = prop_oneof![Just(Overdraft::Refused), Just(Overdraft::Payable)];
    prop_oneof![
        3 => (1_i64..60_000, source).prop_map(|(of, from)| Try::TopUp(of, from)),
        3 => (1_i64..20_000, credit).prop_map(|(of, credit)| Try::Grant(of, credit)),
        9 => (1_i64..30_000, 0..RATES.len()).prop_map(|(of, rate)| Try::Charge(of, rate)),
        2 => proptest::option::of(1_i64..40_000).prop_map(Try::Refund),
        1 => terms.prop_map(Try::Terms),
    ]
}

fn command(of: &Try, number: usize) -> AdvertisingCommand<'static> {
    let merchant = MerchantId::new("1007").unwrap();
    let cny = Currency::from_code("CNY").unwrap();
    let amount = |minor| Amount::from_minor(minor, cny);
    let name = Id::new(&format!("n{number}")).unwrap();
    let currency = "CNY".into();
    match *of {
        Try::TopUp(minor, source) => {
            let named = source != Source::Payable;
            let reference = named.then(|| format!("ref-{number}").into());
            let from = vec![TakeFrom { source, amount: None, due_on: None, reference }];
            let amount = amount(minor);
            AdvertisingCommand::TopUp(TopUpWallet { merchant, currency, amount, from })
        }
        Try::Grant(minor, credit) => AdvertisingCommand::Grant(GrantAdCredit {
            merchant,
            currency,
            grant: name,
            credit,
            expires_on: None,
            amount: amount(minor),
            reason: None,
        }),
        Try::Charge(minor, rate) => AdvertisingCommand::Charge(ChargeAds {
            merchant,
            currency,
            campaign: name,
            from: "2026-03-01".parse().unwrap(),
            to: "2026-03-01".parse().unwrap(),
            pricing: Pricing { model: PricingModel::Cpc, quantity: 7, unit_price: None },
            amount: Some(amount(minor)),
            tax_rate: RATES[rate].parse().unwrap(),
            due_on: None,
        }),
        Try::Refund(minor) => AdvertisingCommand::Refund(RefundWallet {
            merchant,
            currency,
            refund: RefundId(name),
            amount: minor.map(amount),
            reason: None,
        }),
        Try::Terms(overdraft) => {
            AdvertisingCommand::AgreeTerms(AgreeAdTerms { merchant, currency, overdraft })
        }
    }
}

/// Wallet, credit, revenue, tax, refunds, and what the payable bore, minor units as they are owed or earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    wallet: i128,
    credit: i128,
    revenue: i128,
    tax: i128,
    refunded: i128,
    payable: i128,
    from_outside: i128,
}

fn stand(of: &Given<'_, Advertising>) -> Stand {
    let books = of.books();
    let credit = |account: Account| -books.minor(&account.to_string());
    assert_eq!(credit(Account::AdCredit), -credit(Account::AdCreditContra));
    Stand {
        wallet: credit(Account::AdWallet),
        credit: credit(Account::AdCredit),
        revenue: credit(Account::Advertising),
        tax: credit(Account::OutputVat),
        refunded: credit(Account::RefundsInTransit),
        payable: -credit(Account::MerchantPayable),
        from_outside: -credit(Account::PspClearing) - credit(Account::BankClearing),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_cent_appears_and_none_is_lost(tries in vec(tries(), 1..40)) {
        let currency = Currency::from_code("CNY").unwrap();
        let today = "2026-03-02".parse().unwrap();
        let context = AdvertisingContext { merchant_known: true, currency, today, tier: None };
        let mut of = given::<Advertising>(context);
        let (mut topped_up, mut billed) = (0, 0);
        for (number, next) in tries.iter().enumerate() {
            let before = stand(&of);
            let terms = of.state().overdraft;
            let done = of.attempt(&command(next, number)).is_ok();
            let after = stand(&of);
            if !done {
                prop_assert_eq!(before, after, "refused, and nothing happens");
            }
            match next {
                Try::TopUp(minor, _) if done => topped_up += i128::from(*minor),
                Try::Charge(minor, _) if done => {
                    let by_payable = after.payable - before.payable;
                    let by_money = before.wallet - after.wallet + by_payable;
                    let by_credit = before.credit - after.credit;
                    prop_assert_eq!(by_money + by_credit, i128::from(*minor));
                    let (net, tax) = (after.revenue - before.revenue, after.tax - before.tax);
                    prop_assert_eq!(net + tax, by_money);
                    prop_assert!(net >= 0 && tax >= 0 && by_credit >= 0);
                    if by_payable > 0 {
                        prop_assert_eq!(terms, Overdraft::Payable);
                        prop_assert_eq!(after.wallet, 0, "the wallet bears first");
                    }
                    billed += by_payable;
                }
                Try::Charge(..) => prop_assert_eq!(terms, Overdraft::Refused),
                Try::Refund(Some(minor)) if done => {
                    prop_assert_eq!(after.refunded - before.refunded, i128::from(*minor));
                }
                Try::TopUp(..) | Try::Grant(..) | Try::Refund(_) | Try::Terms(_) => {}
            }
            let (wallet, free, bonus) = (of.state().wallet(), of.state().free(), of.state().bonus());
            prop_assert!(wallet >= 0 && free >= 0 && bonus >= 0);
            prop_assert_eq!(i128::from(wallet), after.wallet);
            prop_assert_eq!(i128::from(free + bonus), after.credit);
        }
        let end = stand(&of);
        prop_assert_eq!(end.revenue + end.tax + end.wallet + end.refunded, topped_up + billed);
        prop_assert_eq!(end.from_outside + end.payable, topped_up + billed);
        let net: i128 = of.state().taxed.iter().map(|(rate, gross)| rate.net_in(*gross)).sum();
        prop_assert_eq!(end.revenue, net, "the net of all charges is the net of their sum");
    }
}
