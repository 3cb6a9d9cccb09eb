//! Loans: what is lent comes back, and no more.

use proptest::prelude::*;
use souk_journal::money::Amount;

use super::*;
use crate::service::commands::{GrantLoan, RepayLoan};

fn lend(transfer: Option<&'static str>) -> ServiceCommand<'static> {
    let principal = amount("10000.00");
    ServiceCommand::GrantLoan(GrantLoan {
        of: of("L1"),
        principal,
        transfer: transfer.map(Into::into),
    })
}

fn repay(part: Option<&str>, from: Vec<TakeFrom<'static>>) -> ServiceCommand<'static> {
    let amount = part.map(amount);
    ServiceCommand::RepayLoan(RepayLoan { of: of("L1"), amount, settled_from: from })
}

#[test]
fn a_loan_into_the_payable_is_a_line_of_the_next_statement() {
    services()
        .when(lend(None))
        .happens(&["loan-granted"])
        .posts(&["Dr MerchantLoans 10000.00", "Cr MerchantPayable 10000.00"])
        .items(&["1007 loan.granted 10000.00 due 2026-03-02"]);
}

#[test]
fn a_loan_by_a_transfer_is_no_line_of_a_statement() {
    services()
        .when(lend(Some("tr-1")))
        .items(&[])
        .posts(&["Dr MerchantLoans 10000.00", "Cr BankClearing 10000.00"]);
}

#[test]
fn principal_is_repaid_out_of_the_payable_or_from_outside() {
    let lent = || services().after(lend(Some("tr-1")));
    lent()
        .when(repay(Some("2500.00"), Vec::new()))
        .items(&["1007 loan.repaid -2500.00 due 2026-03-02"])
        .posts(&["Dr MerchantPayable 2500.00", "Cr MerchantLoans 2500.00"]);
    let two = vec![provider(Some("1000.00")), payable()];
    lent().when(repay(None, two)).leaves("MerchantLoans", "0.00").posts(&[
        "Dr PspClearing 1000.00",
        "Dr MerchantPayable 9000.00",
        "Cr MerchantLoans 10000.00",
    ]);
}

#[test]
fn interest_is_revenue_and_leaves_the_principal_as_it_is() {
    let interest = fee(ServiceKind::LoanInterest, fixed("50.00"));
    let lent = services().after(lend(None));
    lent.when(charge(interest))
        .leaves("FinancialServices", "-50.00")
        .leaves("MerchantLoans", "10000.00");
}

#[test]
fn no_more_is_repaid_than_is_left_of_the_loan() {
    let part = || services().after(lend(None)).after(repay(Some("4000.00"), Vec::new()));
    part().when(repay(Some("6000.01"), Vec::new())).refused("RepaymentExceedsLoan");
    part()
        .after(repay(None, Vec::new()))
        .when(repay(None, Vec::new()))
        .refused("LoanRepaidAlready");
    part().when(repay(Some("0"), Vec::new())).refused("NothingCharged");
}

#[test]
fn a_loan_has_a_name_of_its_own_and_a_merchant_that_is_enrolled() {
    services().after(lend(None)).when(lend(None)).refused("LoanGrantedAlready");
    services().when(repay(None, Vec::new())).refused("UnknownLoan");
    let unknown = services().under(ServiceContext { merchant_known: false, ..context() });
    unknown.when(lend(None)).refused("UnknownMerchant");
    let none = GrantLoan { of: of("L1"), principal: amount("0"), transfer: None };
    services().when(ServiceCommand::GrantLoan(none)).refused("NothingCharged");
    let deposit = TakeFrom { source: Source::Deposit, ..payable() };
    let lent = services().after(lend(None));
    lent.when(repay(None, vec![deposit])).refused("SourceGuardedElsewhere");
}

proptest! {
    #[test]
    fn in_whatever_parts_a_loan_is_repaid_its_principal_never_falls_below_nothing(
        parts in prop::collection::vec((1_i64..400_000, any::<bool>()), 0..12),
    ) {
        let cny = Currency::from_code("CNY").unwrap();
        let mut loans = services().after(lend(Some("tr-1")));
        let mut left = 1_000_000_i128;
        for (part, outside) in parts {
            let from = if outside { vec![provider(None)] } else { Vec::new() };
            let text = Amount::from_minor(part, cny).to_string();
            let done = loans.attempt(&repay(Some(&text), from)).is_ok();
            prop_assert_eq!(done, i128::from(part) <= left);
            left -= if done { i128::from(part) } else { 0 };
            prop_assert_eq!(loans.books().minor("MerchantLoans"), left);
        }
        if left > 0 {
            prop_assert!(loans.attempt(&repay(None, Vec::new())).is_ok());
        }
        let books = loans.books();
        prop_assert_eq!(books.minor("MerchantLoans"), 0);
        // What was paid out by the bank came back, and nothing of it is revenue.
        prop_assert_eq!(books.minor("PspClearing") + books.minor("MerchantPayable"), -books.minor("BankClearing"));
    }
}
