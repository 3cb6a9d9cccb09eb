//! Entries balance, or they do not exist.

use super::*;

#[test]
fn a_posting_takes_32_bytes() {
    assert!(size_of::<Posting>() <= 32, "{}", size_of::<Posting>());
}

#[test]
fn an_unbalanced_entry_does_not_exist() {
    let mut names = Names::default();
    let cny = Currency::from_code("CNY").unwrap();
    let mut builder = EntryBuilder::new(&mut names, cny);
    builder.debit(Account::PspClearing, LineKind::Payment, 100);
    builder.credit(Account::OrderEscrow, LineKind::Payment, 99);
    assert_eq!(builder.balanced().unwrap_err(), Unbalanced { currency: cny, difference: 1 });
}

#[test]
fn each_currency_balances_on_its_own() {
    let mut names = Names::default();
    let (cny, usd) = (Currency::from_code("CNY").unwrap(), Currency::from_code("USD").unwrap());
    let mut builder = EntryBuilder::new(&mut names, cny);
    builder.debit(Account::PspClearing, LineKind::Payment, 100);
    builder.credit(Account::OrderEscrow, LineKind::Payment, 100);
    let mut postings = builder.balanced().unwrap().postings;
    postings[1].currency = usd;
    assert!(check_balance(&postings).is_err());
}

#[test]
fn nothing_posts_nothing() {
    let mut names = Names::default();
    let mut builder = EntryBuilder::new(&mut names, Currency::from_code("CNY").unwrap());
    builder.debit(Account::PspClearing, LineKind::Payment, 0);
    assert!(builder.balanced().unwrap().postings.is_empty());
}
