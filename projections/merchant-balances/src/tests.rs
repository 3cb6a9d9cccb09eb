//! Where a merchant's money stands.

use souk_journal::account::Account;
use souk_journal::dates::Micros;
use souk_journal::entry::{Control, CycleClosed, EntryBuilder, EventRef, Postings};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;
use souk_journal::open_items::Claims;

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn merchant(id: &str) -> MerchantId {
    MerchantId::new(id).unwrap()
}

fn entry<'a>(number: u64, effective_on: &str, postings: Postings<'a>) -> JournalEntry<'a> {
    JournalEntry {
        entry: number,
        source: EventRef { stream: "order-1", revision: number },
        kind: EntryKind::OrderCompleted,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: date(effective_on),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

/// Goods and freight of a completed order, both due on a date.
fn sale(names: &mut Names, id: &str, due_on: &str, goods: i64, freight: i64) -> Postings<'static> {
    let mut of = EntryBuilder::new(names, cny());
    of.merchant(merchant(id)).debit(
        Account::OrderEscrow,
        LineKind::EscrowReleased,
        goods + freight,
    );
    of.credit_due(Account::MerchantPayable, LineKind::SalePrincipal, date(due_on), goods);
    of.credit_due(Account::MerchantPayable, LineKind::SaleShipping, date(due_on), freight);
    of.balanced().unwrap()
}

/// A sum moves from one account of merchant 1007 to another.
fn moved(names: &mut Names, from: Account, to: Account, amount: i64) -> Postings<'static> {
    let mut of = EntryBuilder::new(names, cny());
    of.merchant(merchant("1007")).debit(from, LineKind::Payout, amount);
    of.credit(to, LineKind::Payout, amount);
    of.balanced().unwrap()
}

/// Claims `lines` up to entry 1, withholds 100, pays `payout` and carries the rest.
fn close(names: &mut Names, lines: i64, payout: i64) -> Postings<'static> {
    let cut_off = date("2026-03-09");
    let carried = lines - 100 - payout;
    let mut of = EntryBuilder::new(names, cny());
    of.merchant(merchant("1007"));
    of.debit(Account::MerchantPayable, LineKind::Claimed, lines);
    of.credit(Account::MerchantReserve, LineKind::ReserveWithheld, 100);
    of.credit(Account::PayoutsDue, LineKind::Payout, payout);
    of.credit_due(Account::MerchantPayable, LineKind::Carried, cut_off, carried);
    let closed = CycleClosed {
        merchant: of.merchant_no(),
        currency: cny(),
        cycle: "2026-W10",
        number: "S-1007-2026W10-CNY",
        time_zone: "Asia/Shanghai",
        from: date("2026-03-02"),
        to: date("2026-03-08"),
        cut_off,
        entry_limit: 1,
        opening: 0,
        lines,
        count: 2,
        reserve_withheld: 100,
        reserve_released: 0,
        deposit_topped_up: 0,
        deposit_used: 0,
        closing: lines - 100,
        payout,
        carried,
        debt: 0,
        claims: Claims::Due,
        digest: [0; 32],
    };
    of.control(Control::CycleClosed(Box::new(closed)));
    of.balanced().unwrap()
}

/// Two sales of 1007 and one of 1008, then a close that claims only the first.
fn ledger(names: &mut Names) -> Vec<JournalEntry<'static>> {
    vec![
        entry(0, "2026-03-20", sale(names, "1008", "2026-03-08", 700, 0)),
        entry(1, "2026-03-01", sale(names, "1007", "2026-03-08", 1000, 120)),
        entry(2, "2026-03-01", sale(names, "1007", "2026-03-08", 300, 0)),
        entry(3, "2026-03-02", sale(names, "1007", "2026-03-09", 50, 0)),
        entry(4, "2026-03-09", close(names, 1120, 1000)),
    ]
}

fn folded(entries: &[JournalEntry<'_>], names: &Names) -> MerchantBalances {
    let mut balances = MerchantBalances::new();
    balances.apply(entries, names);
    balances
}

fn of_1007(balances: &MerchantBalances, on: &str) -> Figures {
    balances.figures(MerchantNo(2), cny(), date(on)).unwrap()
}

#[test]
fn an_item_is_pending_until_its_due_date_and_payable_from_then_on() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let balances = folded(&entries[..4], &names);
    let split = |on| (of_1007(&balances, on).pending, of_1007(&balances, on).payable);
    assert_eq!(split("2026-03-07"), (1470, 0));
    assert_eq!(split("2026-03-08"), (50, 1420));
    assert_eq!(split("2026-03-09"), (0, 1470));
}

#[test]
fn a_close_takes_what_is_due_and_recorded_in_time_and_leaves_the_rest_and_the_carried_balance() {
    let mut names = Names::default();
    let balances = folded(&ledger(&mut names), &names);
    let figures = of_1007(&balances, "2026-03-08");
    // 300 came after the entry limit, 50 falls due at the cut-off, 20 is carried.
    assert_eq!((figures.payable, figures.pending), (300, 70));
    assert_eq!((figures.due, figures.reserved, figures.total()), (1000, 100, 1470));
    let other = balances.figures(MerchantNo(1), cny(), date("2026-03-08")).unwrap();
    assert_eq!((other.payable, other.total()), (700, 700));
}

#[test]
fn a_debt_is_negative_and_the_total_is_the_signed_sum() {
    let mut names = Names::default();
    let mut entries = ledger(&mut names);
    let states = [
        (Account::PayoutsDue, Account::PayoutsInTransit, 400),
        (Account::MerchantDebt, Account::MerchantHeld, 30),
        (Account::Bank, Account::MerchantDeposit, 9),
        (Account::Bank, Account::AdWallet, 4),
    ];
    for (number, (from, to, amount)) in (5..).zip(states) {
        entries.push(entry(number, "2026-03-10", moved(&mut names, from, to, amount)));
    }
    let figures = of_1007(&folded(&entries, &names), "2026-03-10");
    let expected = Figures {
        pending: 0,
        payable: 370,
        due: 600,
        held: 30,
        reserved: 100,
        deposit: 9,
        ad_wallet: 4,
        in_transit: 400,
        debt: -30,
    };
    assert_eq!(figures, expected);
    assert_eq!(figures.total(), 1483);
}

#[test]
fn the_sum_over_merchants_of_each_state_is_the_balance_of_its_account() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let balances = folded(&entries, &names);
    let postings = || entries.iter().flat_map(|entry| &entry.postings);
    let totals = balances.control_totals();
    assert_eq!(totals.len(), 8);
    for total in totals {
        let of_account = postings().filter(|posting| posting.account == total.account);
        let balance: i128 = of_account.map(|posting| i128::from(posting.amount)).sum();
        assert_eq!(total.balance, balance, "{}", total.account);
    }
}

#[test]
fn merchants_stand_by_name_and_one_that_never_had_money_is_unknown_and_not_zero() {
    let mut names = Names::default();
    let balances = folded(&ledger(&mut names), &names);
    let rows = balances.rows(&names, date("2026-03-08"));
    let order: Vec<&MerchantId> = rows.iter().map(|row| &row.merchant).collect();
    assert_eq!(order, [&merchant("1007"), &merchant("1008")]);
    assert_eq!(balances.figures(MerchantNo(9), cny(), date("2026-03-08")), None);
    assert_eq!(balances.totals(date("2026-03-08"))[0].figures.total(), 2170);
}

#[test]
fn the_last_effective_date_is_the_latest_and_not_that_of_the_last_entry() {
    let mut names = Names::default();
    let balances = folded(&ledger(&mut names), &names);
    assert_eq!(balances.last_effective(), Some(date("2026-03-20")));
    assert_eq!(balances.last_entry(), Some(4));
    assert_eq!(MerchantBalances::new().last_effective(), None);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let whole = folded(&entries, &names);
    for cut in 0..=entries.len() {
        let mut second = MerchantBalances::new();
        second.load(&folded(&entries[..cut], &names).save()).unwrap();
        second.apply(&entries[cut..], &names);
        assert_eq!(second, whole);
        assert_eq!(second.save(), whole.save());
    }
}
