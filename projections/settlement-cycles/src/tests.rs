//! Items are claimed once, and every close follows from its items.

use souk_journal::account::Account;
use souk_journal::dates::{Date, Micros};
use souk_journal::entry::{Control, CycleClosed, EntryBuilder, EventRef, Postings, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;
use souk_journal::open_items::Claims;
use souk_journal::statement_lines::Head;

use super::*;

const SELLER: MerchantNo = MerchantNo(1);

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn entry<'a>(number: u64, postings: Postings<'a>) -> JournalEntry<'a> {
    JournalEntry {
        entry: number,
        source: EventRef { stream: "settlement-1007~CNY", revision: number },
        kind: EntryKind::CycleClosed,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: date("2026-03-01"),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

/// A ledger under construction, which closes cycles the way the write side does.
#[derive(Default)]
struct Ledger {
    names: Names,
    cycles: SettlementCycles,
    entries: Vec<JournalEntry<'static>>,
}

impl Ledger {
    fn add(&mut self, postings: Postings<'static>) -> u64 {
        let entry = entry(self.entries.len() as u64, postings);
        self.cycles.apply(std::slice::from_ref(&entry), &self.names);
        self.entries.push(entry);
        self.entries.len() as u64 - 1
    }

    fn item(&mut self, kind: LineKind, due_on: &str, amount: i64) -> u64 {
        let mut of = EntryBuilder::new(&mut self.names, cny());
        of.merchant(MerchantId::new("1007").unwrap()).reference(RefKind::Order, "O-1");
        of.debit(Account::OrderEscrow, LineKind::EscrowReleased, amount);
        of.credit_due(Account::MerchantPayable, kind, date(due_on), amount);
        let postings = of.balanced().unwrap();
        self.add(postings)
    }

    /// The figures a close would record with everything paid out, or carried when negative.
    fn figures(&self, week: Week, limit: u64, withheld: i64) -> CycleClosed<'static> {
        let (cycle, from, to, cut_off) = week;
        let head = Head {
            merchant: MerchantId::new("1007").unwrap(),
            currency: cny(),
            cycle: CycleId::new(cycle).unwrap(),
            from: date(from),
            cut_off: date(cut_off),
            entry_limit: limit,
            claims: Claims::Due,
        };
        let claim = self.cycles.claim(SELLER, cny(), &head);
        let closing = claim.opening + claim.lines - withheld;
        CycleClosed {
            merchant: SELLER,
            currency: cny(),
            cycle,
            number: "S-1007",
            time_zone: "Asia/Shanghai",
            from: head.from,
            to: date(to),
            cut_off: head.cut_off,
            entry_limit: limit,
            opening: claim.opening,
            lines: claim.lines,
            count: claim.count,
            reserve_withheld: withheld,
            reserve_released: 0,
            deposit_topped_up: 0,
            deposit_used: 0,
            closing,
            payout: closing.max(0),
            carried: closing.min(0),
            debt: 0,
            claims: Claims::Due,
            digest: claim.digest,
        }
    }

    /// Posts these figures as they are, right or wrong.
    fn record(&mut self, closed: CycleClosed<'static>) -> u64 {
        let mut of = EntryBuilder::new(&mut self.names, cny());
        of.merchant(MerchantId::new("1007").unwrap());
        let settled = closed.payout + closed.carried + closed.reserve_withheld;
        of.debit(Account::MerchantPayable, LineKind::Claimed, settled);
        of.credit(Account::MerchantReserve, LineKind::ReserveWithheld, closed.reserve_withheld);
        of.credit(Account::PayoutsDue, LineKind::Payout, closed.payout);
        let due_on = closed.cut_off;
        of.credit_due(Account::MerchantPayable, LineKind::Carried, due_on, closed.carried);
        of.control(Control::CycleClosed(Box::new(closed)));
        let postings = of.balanced().unwrap();
        self.add(postings)
    }

    fn found(&self) -> Vec<&str> {
        let whats = self.cycles.mismatches().iter().map(|of| of.what.as_str());
        whats.map(|what| what.split(" of S-").next().unwrap()).collect()
    }
}

/// Name, first day, last day, cut-off.
type Week = (&'static str, &'static str, &'static str, &'static str);
const W10: Week = ("2026-W10", "2026-03-02", "2026-03-08", "2026-03-09");
const W11: Week = ("2026-W11", "2026-03-09", "2026-03-15", "2026-03-16");

/// Week 10 ends in debt and carries it; week 11 claims that, a late item and a sale.
fn two_weeks() -> Ledger {
    let mut ledger = Ledger::default();
    ledger.item(LineKind::SalePrincipal, "2026-03-05", 1000);
    ledger.item(LineKind::RefundPrincipal, "2026-03-06", -1200);
    let limit = ledger.item(LineKind::SalePrincipal, "2026-03-10", 500);
    let late = ledger.item(LineKind::SaleShipping, "2026-03-07", 40);
    ledger.record(ledger.figures(W10, limit, 0));
    ledger.record(ledger.figures(W11, late + 1, 20));
    ledger.item(LineKind::SalePrincipal, "2026-03-20", 70);
    ledger
}

#[test]
fn a_negative_balance_is_carried_and_opens_the_next_cycle() {
    let ledger = two_weeks();
    let cycles = ledger.cycles.closed(SELLER, cny());
    assert_eq!((cycles[0].opening, cycles[0].lines, cycles[0].carried), (0, -200, -200));
    assert_eq!((cycles[1].opening, cycles[1].lines, cycles[1].payout), (-200, 540, 320));
    assert_eq!(ledger.cycles.mismatches(), []);
    assert_eq!(ledger.cycles.cycles_checked(), 2);
}

#[test]
fn an_item_recorded_after_the_limit_falls_into_the_next_cycle_and_is_late() {
    let ledger = two_weeks();
    let cycles = ledger.cycles.closed(SELLER, cny());
    assert_eq!((cycles[0].count, cycles[0].late), (2, 0));
    assert_eq!((cycles[1].count, cycles[1].late), (2, 1));
}

#[test]
fn closed_lines_and_open_items_are_all_items_ever_posted() {
    let ledger = two_weeks();
    let totals = ledger.cycles.control_totals();
    let (item_postings, closed_lines, open_items) = (410, 340, 70);
    assert_eq!(totals, [ControlTotal { currency: cny(), item_postings, closed_lines, open_items }]);
    assert!(totals[0].holds());
}

#[test]
fn open_items_are_listed_with_their_earliest_due_date() {
    let ledger = two_weeks();
    let open = ledger.cycles.open_books(&ledger.names);
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].items, open[0].amount), (1, 70));
    assert_eq!(ledger.cycles.due_before(SELLER, cny()), Some(date("2026-03-20")));
    assert_eq!(ledger.cycles.due_before(MerchantNo(7), cny()), None);
    assert_eq!(ledger.cycles.open(MerchantNo(7), cny()), []);
    assert_eq!(ledger.cycles.currencies(SELLER), [cny()]);
}

/// Records week 10 with figures that were changed after they were computed.
fn recorded(change: impl Fn(&mut CycleClosed<'static>)) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.add(Postings::default());
    let limit = ledger.item(LineKind::SalePrincipal, "2026-03-05", 1000);
    let mut figures = ledger.figures(W10, limit, 100);
    change(&mut figures);
    ledger.record(figures);
    ledger
}

#[test]
fn a_close_that_recorded_other_figures_than_its_items_give_is_found() {
    assert_eq!(recorded(|_| {}).found(), [""; 0]);
    assert_eq!(recorded(|of| of.count = 2).found(), ["number of lines"]);
    assert_eq!(recorded(|of| of.digest = [7; 32]).found(), ["digest of the lines"]);
    let opened = ["opening", "opening after the cycle before", "closing"];
    let settled = "opening and lines as settled";
    assert_eq!(recorded(|of| of.opening = 5).found(), [&opened[..], &[settled]].concat());
    assert_eq!(recorded(|of| of.lines = 990).found(), ["lines", "closing", settled]);
    let missed = ["lines", "number of lines", "digest of the lines"];
    assert_eq!(recorded(|of| of.entry_limit = 0).found(), missed);
    assert_eq!(recorded(|of| of.cut_off = date("2026-03-05")).found(), missed);
    assert_eq!(recorded(|of| of.cycle = "week ten").found(), ["name"]);
}

#[test]
fn a_close_whose_parts_do_not_add_up_is_found() {
    let unequal = "closing as payout, carried and debt";
    let settled = "opening and lines as settled";
    assert_eq!(recorded(|of| of.closing = 899).found(), ["closing", unequal]);
    assert_eq!(recorded(|of| of.payout = 899).found(), [unequal, settled]);
    assert_eq!(recorded(|of| of.carried = 1).found(), [unequal, settled]);
    assert_eq!(recorded(|of| of.reserve_released = 1).found(), ["closing"]);
}

#[test]
fn a_mismatch_names_the_entry_its_event_and_both_figures() {
    let ledger = recorded(|of| of.lines = 990);
    assert_eq!(
        ledger.cycles.mismatches()[0].to_string(),
        "entry 2 (settlement-1007~CNY@2): lines of S-1007 (2026-W10) is recorded as 9.90, \
         the entries give 10.00"
    );
}

#[test]
fn a_cycle_closed_twice_is_found() {
    let mut ledger = Ledger::default();
    let limit = ledger.item(LineKind::SalePrincipal, "2026-03-05", 1000);
    ledger.record(ledger.figures(W10, limit, 0));
    ledger.record(ledger.figures(W10, limit, 0));
    assert_eq!(ledger.found(), ["cut-off", "entry limit"]);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut ledger = two_weeks();
    ledger.record(CycleClosed { lines: 1, ..ledger.figures(W10, 1, 0) });
    assert!(!ledger.cycles.mismatches().is_empty());
    for cut in 0..=ledger.entries.len() {
        let (mut first, mut second) = (SettlementCycles::new(), SettlementCycles::new());
        first.apply(&ledger.entries[..cut], &ledger.names);
        second.load(&first.save()).unwrap();
        second.apply(&ledger.entries[cut..], &ledger.names);
        assert_eq!(second, ledger.cycles);
        assert_eq!(second.save(), ledger.cycles.save());
    }
}
