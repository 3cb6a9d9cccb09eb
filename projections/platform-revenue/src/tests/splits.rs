//! Splits add up to the whole, and what is deferred comes and goes without a rest.

use souk_journal::names::DimsOf;

use super::*;

fn by(category: bool, region: bool, tier: bool) -> SplitBy {
    SplitBy { category, region, tier }
}

/// An amount of a segment, from an account to another.
fn of_segment(
    names: &mut Names,
    (category, region, tier): (&str, &str, &str),
    kind: LineKind,
    (from, to): (Account, Account),
    amount: i64,
) -> Postings<'static> {
    let of = DimsOf {
        category: Some(category).filter(|text| !text.is_empty()),
        region: Some(region).filter(|text| !text.is_empty()),
        tier: Some(tier).filter(|text| !text.is_empty()),
        ..DimsOf::default()
    };
    let mut entry = EntryBuilder::new(names, cny());
    entry.dims(of);
    entry.debit(from, kind, amount).credit(to, kind, amount);
    entry.balanced().unwrap()
}

/// Sales and commission of two regions and two tiers, a subsidy, advertising of a tier alone, and commission from before
/// segments were recorded.
fn market(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let (payable, escrow) = (Account::MerchantPayable, Account::OrderEscrow);
    let line = Account::Commission;
    let rows = [
        (("toys", "SP", "gold"), LineKind::SalePrincipal, (escrow, payable), 10_000),
        (("toys", "SP", "gold"), LineKind::Commission, (payable, line), 500),
        (("toys", "RJ", "gold"), LineKind::SalePrincipal, (escrow, payable), 4_000),
        (("toys", "RJ", "gold"), LineKind::Commission, (payable, line), 400),
        (("books", "SP", "basic"), LineKind::SalePrincipal, (escrow, payable), 2_000),
        (("books", "SP", "basic"), LineKind::Commission, (payable, line), 240),
        (("books", "SP", "basic"), LineKind::CommissionReturned, (line, payable), 40),
        (("books", "SP", "basic"), LineKind::Subsidy, (Account::PlatformSubsidy, escrow), 100),
        (("", "", "gold"), LineKind::Advertising, (Account::AdWallet, Account::Advertising), 900),
        (("", "", ""), LineKind::Commission, (payable, line), 7),
    ];
    let entries = rows.into_iter().zip(0..).map(|((segment, kind, way, amount), number)| {
        entry(number, "2026-05-03", of_segment(names, segment, kind, way, amount))
    });
    entries.collect()
}

#[test]
fn every_split_sums_to_the_same_columns() {
    let mut names = Names::default();
    let revenue = folded(&market(&mut names), &names);
    let sums = |split: SplitBy| {
        let rows = revenue.rows_by(ALWAYS, split);
        let sum = |of: fn(&RevenueRow) -> i128| rows.iter().map(|row| of(&row.row)).sum::<i128>();
        let sold = revenue.merchandise_by(ALWAYS, split);
        let sold: i128 = sold.iter().map(|of| of.row.value).sum();
        [
            sum(|row| row.gross),
            sum(|row| row.returned),
            sum(|row| row.contra),
            sum(|row| row.net),
            sold,
        ]
    };
    for split in 0..8 {
        let split = by(split & 1 != 0, split & 2 != 0, split & 4 != 0);
        assert_eq!(sums(split), [2_047, 40, 100, 1_907, 16_000], "{split:?}");
    }
}

#[test]
fn a_region_and_a_tier_are_those_of_the_postings_and_none_where_they_have_none() {
    let mut names = Names::default();
    let revenue = folded(&market(&mut names), &names);
    let shown =
        |split: SplitBy, of: fn(&Segment) -> Option<&str>| -> Vec<(String, Account, i128)> {
            let rows = revenue.rows_by(ALWAYS, split);
            let name = |segment: &Segment| of(segment).unwrap_or("none").to_owned();
            rows.iter().map(|row| (name(&row.segment), row.row.line, row.row.net)).collect()
        };
    let commission = Account::Commission;
    assert_eq!(
        shown(by(false, true, false), |of| of.region.as_deref()),
        [
            ("none".to_owned(), commission, 7),
            ("RJ".to_owned(), commission, 400),
            ("SP".to_owned(), commission, 700),
            ("none".to_owned(), Account::Advertising, 900),
            ("SP".to_owned(), Account::PlatformSubsidy, -100),
        ]
    );
    assert_eq!(
        shown(by(false, false, true), |of| of.tier.as_deref()),
        [
            ("none".to_owned(), commission, 7),
            ("basic".to_owned(), commission, 200),
            ("gold".to_owned(), commission, 900),
            ("gold".to_owned(), Account::Advertising, 900),
            ("basic".to_owned(), Account::PlatformSubsidy, -100),
        ]
    );
}

/// What an entry moves: kind, from, to, amount.
type Move = (LineKind, (Account, Account), i64);

fn term(names: &mut Names, number: u64, on: &str, moves: &[Move]) -> JournalEntry<'static> {
    let mut of = EntryBuilder::new(names, cny());
    of.dims(DimsOf { tier: Some("gold"), ..DimsOf::default() });
    for (kind, (from, to), amount) in moves {
        of.debit(*from, *kind, *amount).credit(*to, *kind, *amount);
    }
    entry(number, on, of.balanced().unwrap())
}

/// The example of the posting manual: 339.62 over 365 days, three months recognised, cancelled on day 100; beside it a
/// term that is upgraded, and one whose rest is forfeited after more had been recognised than it had earned.
fn terms(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let (psp, deferred) = (Account::PspClearing, Account::DeferredRevenue);
    let (line, usage) = (Account::Membership, Account::PlatformUsage);
    let (fee, back) = (LineKind::Membership, LineKind::MembershipReturned);
    let (use_fee, kept) = (LineKind::PlatformUsage, LineKind::PlatformUsageForfeited);
    vec![
        term(names, 0, "2026-01-01", &[(fee, (psp, deferred), 33_962)]),
        term(names, 1, "2026-01-31", &[(fee, (deferred, line), 2_884)]),
        term(names, 2, "2026-01-15", &[(use_fee, (psp, deferred), 12_000)]),
        term(names, 3, "2026-02-28", &[(fee, (deferred, line), 2_606)]),
        term(names, 4, "2026-02-28", &[(use_fee, (deferred, usage), 3_000)]),
        term(names, 5, "2026-03-31", &[(fee, (deferred, line), 2_884)]),
        // More was recognised than is earned by the day of cancelling: 500 come back out of revenue.
        term(
            names,
            6,
            "2026-03-31",
            &[(use_fee, (usage, deferred), 500), (kept, (deferred, usage), 9_500)],
        ),
        term(
            names,
            7,
            "2026-04-10",
            &[(fee, (deferred, line), 931), (back, (deferred, psp), 24_657)],
        ),
        // An upgrade: what was earned, the credit of the old plan, and the new one.
        term(names, 8, "2026-06-01", &[(fee, (psp, deferred), 1_000)]),
        term(
            names,
            9,
            "2026-06-11",
            &[
                (fee, (deferred, line), 333),
                (back, (deferred, psp), 667),
                (fee, (psp, deferred), 2_000),
            ],
        ),
    ]
}

#[test]
fn opening_and_what_moved_are_the_closing_and_the_next_opening() {
    let mut names = Names::default();
    let revenue = folded(&terms(&mut names), &names);
    let rows = revenue.deferral(ALWAYS, SplitBy::default());
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            let of = row.moved;
            let moved = (of.charged, of.recognised, of.returned, of.forfeited);
            (
                row.month.to_string()[..7].to_owned(),
                row.line.name(),
                row.opening,
                moved,
                row.closing(),
            )
        })
        .collect();
    let row = |month: &str, line, opening, moved, closing| {
        (month.to_owned(), line, opening, moved, closing)
    };
    assert_eq!(
        shown,
        [
            row("2026-01", "Membership", 0, (33_962, 2_884, 0, 0), 31_078),
            row("2026-01", "PlatformUsage", 0, (12_000, 0, 0, 0), 12_000),
            row("2026-02", "Membership", 31_078, (0, 2_606, 0, 0), 28_472),
            row("2026-02", "PlatformUsage", 12_000, (0, 3_000, 0, 0), 9_000),
            row("2026-03", "Membership", 28_472, (0, 2_884, 0, 0), 25_588),
            row("2026-03", "PlatformUsage", 9_000, (0, -500, 0, 9_500), 0),
            row("2026-04", "Membership", 25_588, (0, 931, 24_657, 0), 0),
            row("2026-06", "Membership", 0, (3_000, 333, 667, 0), 2_000),
        ]
    );
}

#[test]
fn a_month_in_which_nothing_moved_still_shows_what_is_deferred() {
    let mut names = Names::default();
    let entries = [
        term(
            &mut names,
            0,
            "2026-01-01",
            &[(LineKind::Membership, (Account::PspClearing, Account::DeferredRevenue), 900)],
        ),
        term(
            &mut names,
            1,
            "2026-03-31",
            &[(LineKind::Membership, (Account::DeferredRevenue, Account::Membership), 300)],
        ),
    ];
    let revenue = folded(&entries, &names);
    let day = |text| Some(date(text));
    let february = Months { from: day("2026-02-01"), to: day("2026-02-28") };
    let rows = revenue.deferral(february, SplitBy::default());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].opening, rows[0].moved, rows[0].closing()),
        (900, Deferral::default(), 900)
    );
    let later = Months { from: day("2026-05-01"), to: day("2026-05-31") };
    assert_eq!(revenue.deferral(later, SplitBy::default())[0].closing(), 600);
}

#[test]
fn what_is_recognised_and_forfeited_is_the_revenue_that_was_deferred() {
    let mut names = Names::default();
    let revenue = folded(&terms(&mut names), &names);
    let earned: i128 = revenue.totals(ALWAYS)[0].net;
    let rows = revenue.deferral(ALWAYS, by(false, false, true));
    assert!(rows.iter().all(|row| row.segment.tier.as_deref() == Some("gold")));
    assert_eq!(
        rows.iter().map(|row| row.moved.recognised + row.moved.forfeited).sum::<i128>(),
        earned
    );
    let left: i128 = rows.iter().map(|row| row.moved.net()).sum();
    assert_eq!(left, revenue.deferred().iter().map(|row| row.amount).sum::<i128>());
    assert_eq!(left, 2_000);
}
