//! Both sides of every account.

use souk_journal::account::{Account, DifferenceClass};
use souk_journal::dates::Micros;
use souk_journal::entry::{EntryBuilder, EventRef, JournalEntry, Postings};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;
use souk_journal::projection::Projection;

use super::*;

fn entry(number: u64, postings: Postings<'_>) -> JournalEntry<'_> {
    JournalEntry {
        entry: number,
        source: EventRef { stream: "order-1", revision: number },
        kind: EntryKind::OrderPaid,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: "2026-03-01".parse().unwrap(),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

fn merchant(id: &str) -> MerchantId {
    MerchantId::new(id).unwrap()
}

/// A payment 12.00 for merchant `b`, 3.00 for `a` in US dollars, one with a difference, a refund
/// of 2.00 and a memo.
fn ledger(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let cny = currency("CNY");
    let mut paid = EntryBuilder::new(names, cny);
    paid.debit(Account::PspClearing, LineKind::Payment, 1200);
    paid.merchant(merchant("b")).credit(Account::OrderEscrow, LineKind::Payment, 1200);
    let paid = paid.balanced().unwrap();
    let mut dollars = EntryBuilder::new(names, currency("USD"));
    dollars.debit(Account::PspClearing, LineKind::Payment, 300);
    dollars.merchant(merchant("a")).credit(Account::OrderEscrow, LineKind::Payment, 300);
    let dollars = dollars.balanced().unwrap();
    let mut odd = EntryBuilder::new(names, cny);
    let rounding = Account::OrderDifferences(DifferenceClass::Rounding);
    odd.debit(rounding, LineKind::Difference, 5);
    odd.merchant(merchant("a")).credit(Account::OrderEscrow, LineKind::Difference, 5);
    let odd = odd.balanced().unwrap();
    let mut refund = EntryBuilder::new(names, cny);
    // A negative credit is a debit.
    refund.merchant(merchant("b")).credit(Account::OrderEscrow, LineKind::EscrowRefunded, -200);
    refund.no_merchant().credit(Account::RefundsInTransit, LineKind::Refund, 200);
    let refund = refund.balanced().unwrap();
    vec![
        entry(0, Postings::default()),
        entry(1, paid),
        entry(2, dollars),
        entry(3, odd),
        entry(4, refund),
    ]
}

fn folded(names: &mut Names) -> TrialBalance {
    let entries = ledger(names);
    let mut books = TrialBalance::new();
    books.apply(&entries, names);
    books
}

#[test]
fn debits_equal_credits_in_each_currency() {
    let books = folded(&mut Names::default());
    let (cny, usd) = (currency("CNY"), currency("USD"));
    let total = |currency, sum| Total { currency, debits: sum, credits: sum, balance: 0 };
    assert_eq!(books.totals(), [total(cny, 1405), total(usd, 300)]);
    assert!(books.is_balanced());
}

#[test]
fn accounts_stand_in_the_order_of_the_chart_then_by_merchant_then_by_currency() {
    let mut names = Names::default();
    let books = folded(&mut names);
    let rows: Vec<String> = books
        .rows(&names)
        .iter()
        .map(|row| {
            let merchant = row.merchant.map_or("-".to_owned(), |id| id.to_string());
            format!("{} {merchant} {} {}", row.account, row.currency, row.balance)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "PspClearing - CNY 1200",
            "PspClearing - USD 300",
            "OrderEscrow a CNY -5",
            "OrderEscrow a USD -300",
            "OrderEscrow b CNY -1000",
            "RefundsInTransit - CNY -200",
            "OrderDifferences{rounding} - CNY 5",
        ]
    );
}

#[test]
fn money_given_back_stands_on_the_other_side_and_is_not_netted() {
    let mut names = Names::default();
    let books = folded(&mut names);
    let rows = books.rows(&names);
    let escrow = rows.iter().find(|row| row.merchant == Some(merchant("b"))).unwrap();
    assert_eq!((escrow.debits, escrow.credits, escrow.balance), (200, 1200, -1000));
    assert_eq!(books.balance_of(Account::OrderEscrow, currency("CNY")), -1005);
}

#[test]
fn a_memo_entry_counts_and_posts_nothing() {
    let books = folded(&mut Names::default());
    assert_eq!((books.entries_seen(), books.last_entry()), (5, Some(4)));
    assert_eq!(TrialBalance::new().last_entry(), None);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let whole = folded(&mut Names::default());
    for cut in 0..=entries.len() {
        let (mut first, mut second) = (TrialBalance::new(), TrialBalance::new());
        first.apply(&entries[..cut], &names);
        second.load(&first.save()).unwrap();
        second.apply(&entries[cut..], &names);
        assert_eq!(second, whole);
        assert_eq!(second.save(), whole.save());
    }
}

#[test]
fn bytes_that_are_no_snapshot_are_refused_and_leave_the_books_alone() {
    let mut books = folded(&mut Names::default());
    assert!(books.load(&[]).is_err());
    assert!(books.is_balanced() && books.entries_seen() == 5);
}
