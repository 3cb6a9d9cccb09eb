//! What the platform earned, when, and on what sales.

use souk_journal::account::Account;
use souk_journal::dates::{Date, Micros};
use souk_journal::entry::{Control, EntryBuilder, EventRef, Postings};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::DimsOf;

use super::*;

const ALWAYS: Months = Months { from: None, to: None };

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn entry(number: u64, effective_on: &str, postings: Postings<'static>) -> JournalEntry<'static> {
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

/// Commission of a category (negative when it goes back) against the merchant.
fn commission(names: &mut Names, category: &str, kind: LineKind, amount: i64) -> Postings<'static> {
    let mut of = EntryBuilder::new(names, cny());
    of.merchant(MerchantId::new("1007").unwrap());
    of.credit_due(Account::MerchantPayable, kind, date("2026-06-01"), -amount);
    of.dims(DimsOf { category: Some(category), ..DimsOf::default() });
    of.credit(Account::Commission, kind, amount);
    of.balanced().unwrap()
}

/// One amount from an account to another under one kind.
fn moved(
    names: &mut Names,
    currency: Currency,
    kind: LineKind,
    (from, to): (Account, Account),
    amount: i64,
) -> Postings<'static> {
    let mut of = EntryBuilder::new(names, currency);
    of.merchant(MerchantId::new("1007").unwrap())
        .debit(from, kind, amount)
        .credit(to, kind, amount);
    of.balanced().unwrap()
}

fn closing(month: &str) -> Postings<'static> {
    let control = Control::MonthClosed { month: date(month), entry_limit: 0 };
    Postings { control, ..Postings::default() }
}

fn folded(entries: &[JournalEntry<'_>], names: &Names) -> PlatformRevenue {
    let mut revenue = PlatformRevenue::new();
    revenue.apply(entries, names);
    revenue
}

/// May earns 5.00 and 3.00 and closes; in June 5.00 of May go back, and June earns 1.00.
fn two_months(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let (charged, back) = (LineKind::Commission, LineKind::CommissionReturned);
    vec![
        entry(0, "2026-05-03", commission(names, "toys", charged, 500)),
        entry(1, "2026-05-31", commission(names, "books", charged, 300)),
        entry(2, "2026-06-01", closing("2026-05-01")),
        entry(3, "2026-05-30", commission(names, "toys", back, -500)),
        entry(4, "2026-06-02", commission(names, "books", charged, 100)),
    ]
}

#[test]
fn what_comes_after_the_close_of_its_month_is_booked_in_the_first_open_month() {
    let mut names = Names::default();
    let revenue = folded(&two_months(&mut names), &names);
    let figures = |row: &RevenueRow| (row.month, row.gross, row.returned, row.net);
    let rows: Vec<_> = revenue.rows(ALWAYS).iter().map(figures).collect();
    assert_eq!(rows, [(date("2026-05-01"), 800, 0, 800), (date("2026-06-01"), 100, 500, -400)]);
}

#[test]
fn as_reported_and_adjustments_since_are_the_month_as_known_now() {
    let mut names = Names::default();
    let revenue = folded(&two_months(&mut names), &names);
    let figures =
        |row: &KnownRow| (row.month, row.reported, row.adjustments, row.known, row.for_earlier);
    let rows: Vec<_> = revenue.as_known(ALWAYS).iter().map(figures).collect();
    let (may, june) = (date("2026-05-01"), date("2026-06-01"));
    assert_eq!(rows, [(may, 800, -500, 300, 0), (june, 100, 0, 100, -500)]);
}

#[test]
fn the_months_of_december_and_january_follow_each_other() {
    let mut names = Names::default();
    let mut entries = vec![entry(0, "2027-01-02", closing("2026-12-01"))];
    for (number, day) in (1..).zip(["2026-11-30", "2026-12-31", "2027-01-01", "2027-02-01"]) {
        entries.push(entry(number, day, commission(&mut names, "toys", LineKind::Commission, 10)));
    }
    let rows = folded(&entries, &names).rows(ALWAYS);
    let rows: Vec<_> = rows.iter().map(|row| (row.month, row.gross)).collect();
    assert_eq!(rows, [(date("2027-01-01"), 30), (date("2027-02-01"), 10)]);
}

#[test]
fn months_are_chosen_by_any_of_their_days() {
    let mut names = Names::default();
    let revenue = folded(&two_months(&mut names), &names);
    let day = |text| Some(date(text));
    let may = Months { from: day("2026-05-20"), to: day("2026-05-01") };
    assert_eq!(revenue.rows(may).len(), 1);
    assert_eq!(revenue.totals(may)[0].net, 800);
    assert_eq!(revenue.rows(Months { from: day("2026-07-01"), to: None }), []);
    assert_eq!(revenue.totals(Months { from: None, to: day("2026-04-30") }), []);
}

#[test]
fn categories_sum_to_their_line() {
    let mut names = Names::default();
    let revenue = folded(&two_months(&mut names), &names);
    let rows = revenue.rows_by(ALWAYS, SplitBy { category: true, ..SplitBy::default() });
    let shown: Vec<_> = rows
        .iter()
        .map(|of| (of.segment.category.as_deref().unwrap_or("-"), of.row.gross, of.row.returned))
        .collect();
    assert_eq!(shown, [("books", 300, 0), ("toys", 500, 0), ("books", 100, 0), ("toys", 0, 500)]);
    let net: i128 = rows.iter().map(|of| of.row.net).sum();
    assert_eq!(net, revenue.totals(ALWAYS)[0].net);
}

/// Goods of 200.00 with a merchant's discount of 20.00 and a platform's of 10.00, freight 15.00,
/// commission 9.00; then 50.00 and 5.00 of subsidy are refunded with 2.25 of commission.
fn one_order(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let (payable, escrow) = (Account::MerchantPayable, Account::OrderEscrow);
    let (subsidy, line) = (Account::PlatformSubsidy, Account::Commission);
    [
        (LineKind::SalePrincipal, (escrow, payable), 20_000),
        (LineKind::DiscountMerchant, (payable, escrow), 2_000),
        (LineKind::Subsidy, (subsidy, escrow), 1_000),
        (LineKind::SaleShipping, (escrow, payable), 1_500),
        (LineKind::Commission, (payable, line), 900),
        (LineKind::RefundPrincipal, (payable, Account::RefundsInTransit), 5_000),
        (LineKind::RefundSubsidy, (payable, Account::RefundsInTransit), 500),
        (LineKind::SubsidyReturned, (Account::RefundsInTransit, subsidy), 500),
        (LineKind::CommissionReturned, (line, payable), 225),
        (LineKind::SalePrincipal, (escrow, Account::OwnSales), 7_000),
        (LineKind::ChannelFee, (Account::ChannelFees, Account::PspClearing), 60),
        (LineKind::OrderFee, (payable, Account::Penalties), 70),
    ]
    .into_iter()
    .zip(0..)
    .map(|((kind, way, amount), number)| {
        entry(number, "2026-05-03", moved(names, cny(), kind, way, amount))
    })
    .collect()
}

#[test]
fn a_contra_account_reduces_and_net_is_gross_less_returned_and_contra_on_every_line() {
    let mut names = Names::default();
    let revenue = folded(&one_order(&mut names), &names);
    let rows = revenue.rows(ALWAYS);
    let shown: Vec<_> =
        rows.iter().map(|row| (row.line, row.gross, row.returned, row.contra, row.net)).collect();
    let expected = [
        (Account::Commission, 900, 225, 0, 675),
        (Account::OwnSales, 7_000, 0, 0, 7_000),
        (Account::PlatformSubsidy, 0, 0, 500, -500),
    ];
    assert_eq!(shown, expected);
    assert!(rows.iter().all(|row| row.net == row.gross - row.returned - row.contra));
}

#[test]
fn the_take_rate_is_net_revenue_without_own_sales_over_merchandise() {
    let mut names = Names::default();
    let revenue = folded(&one_order(&mut names), &names);
    let total = revenue.totals(ALWAYS)[0];
    assert_eq!((total.gross, total.returned, total.contra, total.net), (7_900, 225, 500, 7_175));
    // 200.00 − 20.00 − 50.00 − 5.00
    assert_eq!(total.take_fraction(), (175, 12_500));
    assert_eq!(total.take_rate().as_deref(), Some("0.0140"));
    let (month, currency) = (date("2026-05-01"), cny());
    assert_eq!(revenue.merchandise(ALWAYS), [MerchandiseRow { month, currency, value: 12_500 }]);
}

#[test]
fn currencies_are_never_added_and_without_merchandise_there_is_no_take_rate() {
    let mut names = Names::default();
    let usd = Currency::from_code("USD").unwrap();
    let mut entries = one_order(&mut names);
    let way = (Account::PspClearing, Account::Membership);
    let fee = moved(&mut names, usd, LineKind::OrderFee, way, 40);
    entries.push(entry(20, "2026-05-03", fee));
    let totals = folded(&entries, &names).totals(ALWAYS);
    assert_eq!(totals.len(), 2);
    assert_eq!((totals[1].currency, totals[1].net, totals[1].take_rate()), (usd, 40, None));
}

#[test]
fn a_fraction_is_rounded_half_up_to_four_decimals() {
    let text = |numerator, denominator| four_decimals(numerator, denominator).unwrap();
    assert_eq!(text(1, 3), "0.3333");
    assert_eq!(text(12_345, 100_000_000), "0.0001");
    assert_eq!(text(15_000, 100_000_000), "0.0002");
    assert_eq!(text(-15_000, 100_000_000), "-0.0002");
    assert_eq!(text(-1, 1_000_000), "0.0000");
    assert_eq!(text(99_999, 100_000), "1.0000");
    assert_eq!(text(5, -2), "-2.5000");
    assert_eq!(four_decimals(1, 0), None);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut names = Names::default();
    let mut entries = two_months(&mut names);
    entries.extend(one_order(&mut names));
    let whole = folded(&entries, &names);
    for cut in 0..=entries.len() {
        let mut second = PlatformRevenue::new();
        second.load(&folded(&entries[..cut], &names).save()).unwrap();
        second.apply(&entries[cut..], &names);
        assert_eq!(second, whole);
        assert_eq!(second.save(), whole.save());
    }
}

#[test]
fn what_is_deferred_is_kept_by_kind_of_fee_until_it_is_earned_given_back_or_forfeited() {
    let mut names = Names::default();
    let (clearing, deferred) = (Account::PspClearing, Account::DeferredRevenue);
    let revenue = Account::Membership;
    let entries = [
        entry(
            1,
            "2026-01-01",
            moved(&mut names, cny(), LineKind::Membership, (clearing, deferred), 33_962),
        ),
        entry(
            2,
            "2026-01-01",
            moved(&mut names, cny(), LineKind::Storage, (clearing, deferred), 1_000),
        ),
        entry(
            3,
            "2026-01-31",
            moved(&mut names, cny(), LineKind::Membership, (deferred, revenue), 2_884),
        ),
        entry(
            4,
            "2026-02-01",
            moved(&mut names, cny(), LineKind::MembershipReturned, (deferred, clearing), 10_000),
        ),
        entry(
            5,
            "2026-02-01",
            moved(&mut names, cny(), LineKind::MembershipForfeited, (deferred, revenue), 1_078),
        ),
    ];
    let revenue = folded(&entries, &names);
    let rows: Vec<_> = revenue.deferred().iter().map(|row| (row.fee, row.amount)).collect();
    assert_eq!(rows, [(LineKind::Membership, 20_000), (LineKind::Storage, 1_000)]);
}

mod splits;
