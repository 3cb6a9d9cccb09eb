//! What a merchant was paid for a cycle, and which entries make it up.

use souk_journal::account::Account;
use souk_journal::dates::{Date, Micros};
use souk_journal::entry::{Control, CycleClosed, EntryBuilder, EventRef, Postings};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::KindTotal;

use super::*;

const SELLER: MerchantNo = MerchantNo(1);

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

fn entry(number: u64, postings: Postings<'static>) -> JournalEntry<'static> {
    JournalEntry {
        entry: number,
        source: EventRef { stream: "order-1", revision: number },
        kind: EntryKind::OrderCompleted,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: date("2026-03-01"),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

/// Items of one entry, in this order, against escrow.
fn items(
    names: &mut Names,
    of: (&str, &str),
    items: &[(LineKind, &str, i64)],
) -> Postings<'static> {
    let (id, code) = of;
    let mut builder = EntryBuilder::new(names, currency(code));
    builder.merchant(MerchantId::new(id).unwrap());
    for (kind, due_on, amount) in items {
        builder.credit_due(Account::MerchantPayable, *kind, date(due_on), *amount);
        builder.debit(Account::OrderEscrow, LineKind::EscrowReleased, *amount);
    }
    builder.balanced().unwrap()
}

/// Closes with the given limit, opening, lines and count; below zero everything is carried.
fn close(
    names: &mut Names,
    (cycle, from, to, cut_off): (&'static str, &str, &str, &str),
    (entry_limit, opening, lines, count): (u64, i64, i64, u64),
) -> Postings<'static> {
    let closing = opening + lines;
    let mut of = EntryBuilder::new(names, currency("CNY"));
    of.merchant(MerchantId::new("1007").unwrap());
    of.debit(Account::MerchantPayable, LineKind::Claimed, closing);
    of.credit(Account::PayoutsDue, LineKind::Payout, closing.max(0));
    of.credit_due(Account::MerchantPayable, LineKind::Carried, date(cut_off), closing.min(0));
    let closed = CycleClosed {
        merchant: of.merchant_no(),
        currency: currency("CNY"),
        cycle,
        number: "S-1007",
        time_zone: "Asia/Shanghai",
        from: date(from),
        to: date(to),
        cut_off: date(cut_off),
        entry_limit,
        opening,
        lines,
        count,
        reserve_withheld: 0,
        reserve_released: 0,
        deposit_topped_up: 0,
        deposit_used: 0,
        closing,
        payout: closing.max(0),
        carried: closing.min(0),
        debt: 0,
        claims: Claims::Due,
        digest: [9; 32],
    };
    of.control(Control::CycleClosed(Box::new(closed)));
    of.balanced().unwrap()
}

/// Week 10 is carried as −200; week 11 has a late line and one of week 12 stays open.
fn ledger(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let cny = ("1007", "CNY");
    let goods = (LineKind::SalePrincipal, "2026-03-05", 1000);
    let refund = (LineKind::RefundPrincipal, "2026-03-06", -1200);
    let late =
        [(LineKind::SalePrincipal, "2026-03-07", 300), (LineKind::SaleShipping, "2026-03-10", 40)];
    let open = (LineKind::SalePrincipal, "2026-03-17", 70);
    let w10 = ("2026-W10", "2026-03-02", "2026-03-08", "2026-03-09");
    let w11 = ("2026-W11", "2026-03-09", "2026-03-15", "2026-03-16");
    vec![
        entry(0, Postings::default()),
        entry(1, items(names, cny, &[goods, refund])),
        entry(2, items(names, ("1007", "USD"), &[goods])),
        entry(3, items(names, ("1006", "CNY"), &[goods])),
        entry(4, items(names, cny, &late)),
        entry(5, close(names, w10, (3, 0, -200, 2))),
        entry(6, items(names, cny, &[open])),
        entry(7, close(names, w11, (6, -200, 340, 2))),
    ]
}

fn folded(names: &mut Names) -> MerchantStatements {
    let entries = ledger(names);
    let mut statements = MerchantStatements::new();
    statements.apply(&entries, names);
    statements
}

#[test]
fn a_statement_refers_to_its_lines_by_entry_and_marks_the_late_ones() {
    let statements = folded(&mut Names::default());
    let first = statements.by_cycle(SELLER, currency("CNY"), "2026-W10").unwrap();
    let line = |entry, posting, late| LineRef { entry, posting, late };
    assert_eq!(first.line_refs, [line(1, 0, false), line(1, 2, false)]);
    let second = statements.latest(SELLER, currency("CNY")).unwrap();
    assert_eq!(second.line_refs, [line(4, 0, true), line(4, 2, false)]);
    assert_eq!((first.late(), second.late()), (0, 1));
}

#[test]
fn the_balance_carried_is_the_opening_of_the_next_statement_and_not_a_line() {
    let statements = folded(&mut Names::default());
    let all = statements.all(SELLER, currency("CNY"));
    assert_eq!((all[0].closing, all[0].carried, all[0].payout), (-200, -200, 0));
    assert_eq!((all[1].opening, all[1].lines, all[1].payout), (-200, 340, 140));
    assert!(all[1].subtotals().all(|total| total.kind != LineKind::Carried));
}

#[test]
fn subtotals_stand_in_the_order_of_kinds_and_sum_to_the_lines() {
    let statements = folded(&mut Names::default());
    let latest = statements.latest(SELLER, currency("CNY")).unwrap();
    let total = |kind, amount| KindTotal { kind, lines: 1, amount };
    let expected = [total(LineKind::SalePrincipal, 300), total(LineKind::SaleShipping, 40)];
    assert_eq!(latest.subtotals().collect::<Vec<_>>(), expected);
    let (recorded_lines, referred_lines) = (140, 140);
    assert_eq!(
        statements.control_totals(),
        [ControlTotal { currency: currency("CNY"), recorded_lines, referred_lines }]
    );
}

#[test]
fn what_is_recorded_at_the_close_is_shown_as_recorded() {
    let statements = folded(&mut Names::default());
    let first = &statements.all(SELLER, currency("CNY"))[0];
    assert_eq!((first.entry, first.entry_limit, first.count), (5, 3, 2));
    assert_eq!((first.from, first.to), (date("2026-03-02"), date("2026-03-08")));
    assert_eq!((&*first.number, &*first.time_zone), ("S-1007", "Asia/Shanghai"));
    assert_eq!(first.digest, [9; 32]);
}

#[test]
fn lines_that_no_close_has_claimed_make_the_statement_so_far() {
    let mut names = Names::default();
    let statements = folded(&mut names);
    let open = statements.open(SELLER, currency("CNY"));
    let expected = OpenLine {
        entry: 6,
        posting: 0,
        kind: LineKind::SalePrincipal,
        due_on: date("2026-03-17"),
        amount: 70,
    };
    assert_eq!(open, [expected]);
    assert!(!open[0].is_carried());
    assert_eq!(statements.currencies(SELLER), [currency("CNY"), currency("USD")]);
    assert_eq!(statements.open(SELLER, currency("USD")).len(), 1);
    assert_eq!(statements.latest(SELLER, currency("USD")), None);
    assert_eq!(statements.by_cycle(SELLER, currency("CNY"), "2026-W12"), None);
    let all: Vec<String> =
        statements.iter(&names).map(|(id, of)| format!("{id} {}", of.cycle)).collect();
    assert_eq!(all, ["1007 2026-W10", "1007 2026-W11"]);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let whole = folded(&mut Names::default());
    for cut in 0..=entries.len() {
        let (mut first, mut second) = (MerchantStatements::new(), MerchantStatements::new());
        first.apply(&entries[..cut], &names);
        second.load(&first.save()).unwrap();
        second.apply(&entries[cut..], &names);
        assert_eq!(second, whole);
        assert_eq!(second.save(), whole.save());
    }
}
