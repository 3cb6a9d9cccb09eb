//! Debts: recognised within what was carried, never below zero, written off by two.

use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::approvals::TWO;
use crate::given::{Given, amount};
use crate::settled_from::{Source, TakeFrom};
use crate::settlement::debts::commands::{
    CollectDebt, DebtCommand, RecogniseDebt, SetDebtAllowance, WriteOffDebt,
};
use crate::settlement::debts::decide::{Debt, DebtContext};
use crate::settlement::decide::Settlement;
use crate::settlement::decide::tests::{carry_first, under, week};

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn context() -> DebtContext {
    let currency = Currency::from_code("CNY").unwrap();
    DebtContext { merchant_known: true, currency, today: "2026-03-30".parse().unwrap() }
}

/// The last close carried −189.40, with the cut-off on 9 March.
fn carried() -> Given<'static, Debt> {
    let terms = Box::leak(Box::new(carry_first()));
    let close = week("2026-03-02", 100, 0, 20_000, -18_940);
    under(terms).after(close).turned::<Debt>(context())
}

fn recognise<'a>(of: Option<&str>) -> DebtCommand<'a> {
    DebtCommand::Recognise(RecogniseDebt {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: of.map(amount),
        reason: "no sales".into(),
    })
}

fn collect<'a>(of: Option<&str>, from: &[(Source, Option<&'a str>)]) -> DebtCommand<'a> {
    let from = from.iter().map(|(source, reference)| TakeFrom {
        source: *source,
        amount: None,
        due_on: None,
        reference: reference.map(Into::into),
    });
    DebtCommand::Collect(CollectDebt {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: of.map(amount),
        from: from.collect(),
    })
}

fn allow<'a>(of: &str) -> DebtCommand<'a> {
    DebtCommand::SetAllowance(SetDebtAllowance {
        merchant: merchant(),
        currency: "CNY".into(),
        allowance: amount(of),
        reason: "judged".into(),
    })
}

fn write_off<'a>(of: Option<&str>, by: &[&'a str]) -> DebtCommand<'a> {
    DebtCommand::WriteOff(WriteOffDebt {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: of.map(amount),
        approved_by: by.iter().map(|name| (*name).into()).collect(),
        reason: "gone".into(),
    })
}

fn owed() -> Given<'static, Debt> {
    carried().after(recognise(None))
}

#[test]
fn a_carried_balance_becomes_a_debt_and_a_line_that_falls_due_with_it() {
    let debt = carried().when(recognise(None));
    debt.posts(&["Dr MerchantDebt 189.40", "Cr MerchantPayable 189.40"])
        .items(&["1007 debt.recognised 189.40 due 2026-03-09"]);
}

#[test]
fn no_more_than_was_carried_becomes_a_debt_and_none_of_it_twice() {
    carried().when(recognise(Some("189.41"))).refused("DebtExceedsCarried");
    let part = carried().after(recognise(Some("100.00")));
    part.when(recognise(Some("89.41"))).refused("DebtExceedsCarried");
    let part = carried().after(recognise(Some("100.00"))).when(recognise(None));
    part.says("debt-recognised", r#""amount":"89.40""#);
    owed().when(recognise(None)).refused("AmountNotPositive");
}

#[test]
fn the_next_close_claims_the_debt_with_what_was_carried_and_carries_nothing() {
    let terms = carry_first();
    let settlement =
        owed().turned::<Settlement>(crate::settlement::decide::SettlementContext { terms: &terms });
    let mut next = week("2026-03-09", 200, -18_940, 0, 18_940);
    next.claim.totals.clear();
    let next = settlement.when(next);
    next.says("cycle-closed", r#""carried":"0.00""#).leaves("MerchantDebt", "189.40");
}

#[test]
fn a_debt_is_paid_by_bank_provider_or_payable() {
    owed()
        .when(collect(Some("50.00"), &[(Source::Bank, Some("TR-1"))]))
        .posts(&["Dr BankClearing 50.00", "Cr MerchantDebt 50.00"]);
    owed()
        .when(collect(None, &[(Source::Provider, Some("P-1"))]))
        .posts(&["Dr PspClearing 189.40", "Cr MerchantDebt 189.40"]);
    owed()
        .when(collect(Some("9.40"), &[]))
        .posts(&["Dr MerchantPayable 9.40", "Cr MerchantDebt 9.40"])
        .items(&["1007 debt.collected -9.40 due 2026-03-30"]);
}

#[test]
fn a_payment_of_a_debt_is_recorded_once_and_not_from_streams_that_guard_their_own() {
    let paid = || owed().after(collect(Some("50.00"), &[(Source::Bank, Some("TR-1"))]));
    let again = collect(Some("50.00"), &[(Source::Bank, Some("TR-1"))]);
    paid().when(again).refused("DebtPaymentRecordedAlready");
    owed().when(collect(None, &[(Source::Deposit, None)])).refused("CannotPayDebt");
    owed().when(collect(None, &[(Source::Wallet, None)])).refused("CannotPayDebt");
    owed().when(collect(None, &[(Source::Bank, None)])).refused("SourceReference");
}

#[test]
fn no_more_than_is_owed_is_collected_provided_for_or_written_off() {
    owed().when(collect(Some("189.41"), &[])).refused("DebtExceeded");
    owed().when(allow("189.41")).refused("DebtExceeded");
    owed().when(write_off(Some("189.41"), &["Li", "Wang"])).refused("DebtExceeded");
    carried().when(collect(None, &[])).refused("AmountNotPositive");
}

#[test]
fn an_allowance_is_an_expense_and_its_change_the_difference() {
    let provided = || owed().after(allow("150.00"));
    owed().when(allow("150.00")).posts(&["Dr BadDebt 150.00", "Cr DebtAllowance 150.00"]);
    provided().when(allow("100.00")).posts(&["Cr BadDebt 50.00", "Dr DebtAllowance 50.00"]);
    provided().when(allow("150.00")).refused("AllowanceUnchanged");
    provided().when(allow("-0.01")).refused("AmountNotPositive");
}

#[test]
fn what_is_paid_needs_no_allowance() {
    let provided = owed().after(allow("150.00"));
    let paid = provided.when(collect(Some("100.00"), &[(Source::Bank, Some("TR-1"))]));
    paid.says("debt-collected", r#""allowance_released":"60.60""#)
        .leaves("DebtAllowance", "-89.40")
        .leaves("BadDebt", "89.40");
}

#[test]
fn what_was_provided_for_is_written_off_without_another_expense() {
    let provided = owed().after(allow("150.00"));
    let lost = provided.when(write_off(None, &["Li", "Wang"]));
    lost.posts(&["Dr DebtAllowance 150.00", "Dr BadDebt 39.40", "Cr MerchantDebt 189.40"])
        .leaves("DebtAllowance", "0.00")
        .leaves("BadDebt", "189.40")
        .leaves("MerchantDebt", "0.00");
}

#[test]
fn one_person_alone_writes_nothing_off() {
    assert_eq!(TWO, 2);
    owed().when(write_off(None, &["Li"])).refused("ApprovalMissing");
    owed().when(write_off(None, &["Li", "LI "])).refused("ApprovalMissing");
    owed().when(write_off(None, &["Li", ""])).refused("ApprovalMissing");
}

#[test]
fn a_debt_is_of_an_enrolled_merchant_for_a_reason() {
    let unknown = DebtContext { merchant_known: false, ..context() };
    carried().under(unknown).when(recognise(None)).refused("UnknownMerchant");
    let nameless = DebtCommand::Recognise(RecogniseDebt {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: None,
        reason: "".into(),
    });
    carried().when(nameless).refused("UnusableLabel");
    carried().when(recognise(Some("1.001"))).refused("UnusableAmount");
}
