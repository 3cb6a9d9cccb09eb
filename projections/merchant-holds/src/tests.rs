//! Holds are placed, let go in parts, and gone when nothing of them is left.

use souk_journal::account::Account;
use souk_journal::dates::Micros;
use souk_journal::entry::{EntryBuilder, EventRef, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use super::*;

/// A posting of an order's hold: positive holds, negative lets go.
fn entry<'a>(
    names: &mut Names,
    number: u64,
    stream: &'a str,
    (hold, reason): (&'a str, &'a str),
    amount: i64,
) -> JournalEntry<'a> {
    let kind = if amount > 0 { LineKind::HoldPlaced } else { LineKind::HoldReleased };
    let mut postings = EntryBuilder::new(names, Currency::from_code("CNY").unwrap());
    postings.merchant(MerchantId::new("1007").unwrap());
    postings.reference(RefKind::Order, &stream[6..]).debit(Account::MerchantPayable, kind, amount);
    postings.reference(RefKind::Reason, reason).reference(RefKind::Hold, hold);
    postings.credit(Account::MerchantHeld, kind, amount);
    let postings = postings.balanced().unwrap();
    JournalEntry {
        entry: number,
        source: EventRef { stream, revision: number },
        kind: EntryKind::HoldPlaced,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: "2026-03-04".parse().unwrap(),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

#[test]
fn holds_are_named_within_their_order_and_sum_up_by_reason() {
    let mut names = Names::default();
    let mut holds = MerchantHolds::new();
    let entries = [
        entry(&mut names, 1, "order-1", ("h1", "suspected-fraud"), 500),
        entry(&mut names, 2, "order-2", ("h1", "suspected-fraud"), 300),
        entry(&mut names, 3, "order-1", ("h2", "complaint"), 200),
        entry(&mut names, 4, "order-1", ("h1", "suspected-fraud"), -100),
        entry(&mut names, 5, "order-2", ("h1", "suspected-fraud"), -300),
    ];
    holds.apply(&entries, &names);
    let rows = holds.rows(&names);
    let seen: Vec<_> = rows.iter().map(|of| (of.order, of.hold, of.entry, of.amount)).collect();
    assert_eq!(seen, [(Some("1"), "h1", 1, 400), (Some("1"), "h2", 3, 200)]);
    let sums = holds.by_reason(&names);
    let seen: Vec<_> = sums.iter().map(|of| (of.reason, of.holds, of.amount)).collect();
    assert_eq!(seen, [(Some("complaint"), 1, 200), (Some("suspected-fraud"), 1, 400)]);
    assert_eq!(holds.balance(Currency::from_code("CNY").unwrap()), -600);
    let mut loaded = MerchantHolds::new();
    loaded.load(&holds.save()).unwrap();
    assert_eq!(loaded, holds);
}
