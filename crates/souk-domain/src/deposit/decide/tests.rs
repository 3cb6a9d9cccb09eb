//! Deposits: where they come from, what they are used for, and that they never fall below zero.

use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::deposit::commands::{
    DepositCommand, PayDeposit, ReturnDeposit, SetDepositAside, UseDeposit,
};
use crate::deposit::decide::{Deposit, DepositContext, DepositRefusal};
use crate::given::{Given, amount, given};
use crate::settled_from::{Source, TakeFrom};

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn context() -> DepositContext {
    let currency = Currency::from_code("CNY").unwrap();
    let today = "2026-03-02".parse().unwrap();
    DepositContext { merchant_known: true, currency, today, topped_up: 0 }
}

fn deposit() -> Given<'static, Deposit> {
    given::<Deposit>(context())
}

fn pay<'a>(of: &str, source: Source, reference: Option<&'a str>) -> DepositCommand<'a> {
    let reference = reference.map(Into::into);
    DepositCommand::Pay(PayDeposit {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: amount(of),
        from: vec![TakeFrom { source, amount: None, due_on: None, reference }],
    })
}

fn by_bank<'a>(of: &str) -> DepositCommand<'a> {
    pay(of, Source::Bank, Some("tr-1"))
}

fn take<'a>(of: &str, due_on: Option<&str>) -> DepositCommand<'a> {
    let due_on = due_on.map(|text| text.parse::<Date>().unwrap());
    DepositCommand::Use(UseDeposit {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: amount(of),
        due_on,
        reason: "refunds after the shop closed".into(),
    })
}

fn give_back<'a>(of: Option<&str>, reference: &'a str) -> DepositCommand<'a> {
    DepositCommand::Return(ReturnDeposit {
        merchant: merchant(),
        currency: "CNY".into(),
        amount: of.map(amount),
        reference: reference.into(),
    })
}

#[test]
fn a_deposit_paid_by_bank_clears_against_its_transfer() {
    let then = deposit().when(by_bank("1000.00"));
    then.posts(&["Dr BankClearing 1000.00", "Cr MerchantDeposit 1000.00"]).items(&[]);
}

#[test]
fn a_deposit_paid_at_the_provider_clears_against_its_payment() {
    let then = deposit().when(pay("1000.00", Source::Provider, Some("pay-1")));
    then.posts(&["Dr PspClearing 1000.00", "Cr MerchantDeposit 1000.00"]);
}

#[test]
fn a_deposit_paid_from_the_payable_is_a_line_of_the_next_statement() {
    deposit()
        .when(pay("1000.00", Source::Payable, None))
        .posts(&["Dr MerchantPayable 1000.00", "Cr MerchantDeposit 1000.00"])
        .items(&["1007 deposit.paid -1000.00 due 2026-03-02"]);
}

#[test]
fn a_deposit_that_is_used_is_a_line_of_the_next_statement() {
    let paid = || deposit().after(by_bank("1000.00"));
    paid()
        .when(take("300.00", None))
        .posts(&["Dr MerchantDeposit 300.00", "Cr MerchantPayable 300.00"])
        .items(&["1007 deposit.used 300.00 due 2026-03-02"])
        .leaves("MerchantDeposit", "-700.00");
    let later = paid().when(take("300.00", Some("2026-03-09")));
    later.items(&["1007 deposit.used 300.00 due 2026-03-09"]);
    paid().when(take("300.00", Some("2026-03-01"))).refused("DepositDueDate");
}

#[test]
fn a_deposit_goes_back_by_bank_whole_or_in_part() {
    let paid = || deposit().after(by_bank("1000.00"));
    let whole = paid().when(give_back(None, "tr-9"));
    whole
        .posts(&["Dr MerchantDeposit 1000.00", "Cr BankClearing 1000.00"])
        .leaves("MerchantDeposit", "0.00");
    let parts = paid().after(give_back(Some("400.00"), "tr-9"));
    parts
        .when(give_back(None, "tr-10"))
        .posts(&["Dr MerchantDeposit 600.00", "Cr BankClearing 600.00"]);
}

#[test]
fn a_deposit_never_falls_below_zero() {
    let used = || deposit().after(by_bank("1000.00")).after(take("700.00", None));
    used().when(take("300.01", None)).refused("DepositShort");
    used().when(give_back(Some("300.01"), "tr-9")).refused("DepositShort");
    used().when(take("300.00", None)).leaves("MerchantDeposit", "0.00");
    deposit().when(take("0.01", None)).refused("DepositShort");
    deposit().when(give_back(None, "tr-9")).refused("AmountNotPositive");
}

#[test]
fn a_transfer_is_recorded_once() {
    let paid = || deposit().after(by_bank("1000.00"));
    paid().when(by_bank("1000.00")).refused("DepositRecordedAlready");
    let back = paid().after(give_back(Some("1.00"), "tr-9"));
    back.when(give_back(Some("1.00"), "tr-9")).refused("DepositRecordedAlready");
}

#[test]
fn what_cannot_be_is_refused() {
    let unknown = DepositContext { merchant_known: false, ..context() };
    given::<Deposit>(unknown).when(by_bank("5.00")).refused("UnknownMerchant");
    deposit().when(by_bank("0.00")).refused("AmountNotPositive");
    deposit().when(by_bank("0.001")).refused("UnusableAmount");
    deposit().when(pay("5.00", Source::Bank, Some("a\"b"))).refused("UnusableLabel");
    deposit().when(pay("5.00", Source::Bank, None)).refused("SourceReference");
    for source in [Source::Wallet, Source::Deposit] {
        deposit().when(pay("5.00", source, None)).refused("CannotPayDeposit");
    }
    let full = deposit().after(pay("100000000000000.00", Source::Bank, Some("tr-0")));
    full.when(by_bank("0.01")).refused("UnusableAmount");
    assert_eq!(DepositRefusal::CODES.len(), 9);
}

#[test]
fn what_was_set_aside_for_a_close_is_there_for_nothing_else() {
    let aside = DepositCommand::SetAside(SetDepositAside {
        merchant: merchant(),
        currency: Currency::from_code("CNY").unwrap(),
        run: souk_journal::ids::RunId::new("2026-03-15").unwrap(),
        cycle: souk_journal::ids::CycleId::new("2026-W11").unwrap(),
        amount: amount("400.00"),
    });
    let deposit = || deposit().after(by_bank("1000.00"));
    deposit().when(aside.clone()).happens(&["deposit-set-aside"]).posts(&[]);
    deposit().after(aside.clone()).when(give_back(Some("600.01"), "TR-2")).refused("DepositShort");
    deposit().after(aside).when(give_back(None, "TR-2")).says("deposit-returned", r#""600.00""#);
}

#[test]
fn what_closes_put_into_it_can_be_returned_and_used() {
    let topped_up = DepositContext { topped_up: 10_000, ..context() };
    let deposit = || deposit().after(by_bank("50.00")).under(topped_up);
    deposit().when(give_back(None, "TR-2")).says("deposit-returned", r#""150.00""#);
    deposit().when(take("150.01", None)).refused("DepositShort");
    deposit().when(take("150.00", None)).happens(&["deposit-used"]);
}
