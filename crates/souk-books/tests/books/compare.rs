//! A statement beside the one before it, beside a year before, and beside those of other days.

use souk_books::statement::compare::{ComparedRow, StatementComparison, With};
use souk_books::{BooksError, Statement};
use souk_journal::money::Currency;

use crate::market::Market;

fn of(market: &Market, cycle: &str) -> Statement {
    let cny = Currency::from_code("CNY").ok();
    market.books.statement("1007", Some(cycle), cny).unwrap()
}

fn row<'c>(of: &'c StatementComparison, name: &str) -> &'c ComparedRow {
    of.rows.iter().find(|row| row.row == name).unwrap_or_else(|| panic!("{name}: {:?}", of.rows))
}

fn figures(of: &ComparedRow) -> [String; 4] {
    let percent = of.percent.clone().unwrap_or_else(|| "–".to_owned());
    [of.amount.to_string(), of.before.to_string(), of.change.to_string(), percent]
}

#[test]
fn beside_the_previous_statement_every_row_of_either_stands_in_the_order_of_the_bridge() {
    let market = Market::march();
    let statement = of(&market, "2026-W11");
    let compared = market.books.compare(&statement, With::Previous).unwrap();
    assert_eq!(compared.compared, ["S-1007-2026W10-CNY"]);
    assert_eq!((compared.days, compared.compared_days), (7, 7));
    let rows: Vec<&str> = compared.rows.iter().map(|row| row.row.as_str()).collect();
    let wanted = [
        "sale.principal",
        "discount.merchant",
        "sale.shipping",
        "order_value",
        "refund.principal",
        "refund.subsidy",
        "commission",
        "commission.tax",
        "commission.returned",
        "commission.tax_returned",
        "earned",
        "opening",
        "reserve_withheld",
        "reserve_released",
        "payout",
        "carried",
    ];
    assert_eq!(rows, wanted);
    assert_eq!(figures(row(&compared, "sale.principal")), ["40.00", "250.00", "-210.00", "-84.0"]);
    // Only in one of the two.
    assert_eq!(figures(row(&compared, "refund.principal"))[3], "new");
    assert_eq!(figures(row(&compared, "sale.shipping")), ["0.00", "10.00", "-10.00", "-100.0"]);
    // Nothing in either has no percentage.
    assert_eq!(figures(row(&compared, "opening")), ["0.00", "0.00", "0.00", "–"]);
    // The refunds left less than nothing, so reserve came back early.
    assert_eq!(figures(row(&compared, "reserve_released")), ["11.31", "0.00", "11.31", "new"]);
    let earned = row(&compared, "earned");
    assert_eq!(earned.amount, statement.earned);
    for row in &compared.rows {
        assert_eq!(row.change.minor, row.amount.minor - row.before.minor, "{}", row.row);
    }
}

#[test]
fn a_year_before_is_the_same_week_and_without_one_there_is_nothing_to_compare() {
    let mut market = Market::march();
    let statement = of(&market, "2026-W11");
    let code = |result: Result<StatementComparison, BooksError>| result.unwrap_err();
    assert_eq!(code(market.books.compare(&statement, With::Year)).code(), "NothingToCompare");
    assert_eq!(
        code(market.books.compare(&of(&market, "2026-W10"), With::Previous)).code(),
        "NothingToCompare"
    );
    market.sale("B-1", "1007", "2027-03-09", "CNY", r#"{"price":"80.00"}"#);
    market.close("2027-03-14", "2027-03-15T01:00:00.000000Z");
    market.catch_up();
    let compared = market.books.compare(&of(&market, "2027-W10"), With::Year).unwrap();
    // 364 days before 8 March 2027 is 9 March 2026: the same days of the week.
    assert_eq!(compared.compared, ["S-1007-2026W11-CNY"]);
    assert_eq!(figures(row(&compared, "sale.principal")), ["80.00", "40.00", "40.00", "100.0"]);
}

#[test]
fn several_statements_are_summed_with_the_first_opening_and_the_last_carried() {
    let mut market = Market::march();
    market.close("2026-03-22", "2026-03-23T01:00:00.000000Z");
    market.catch_up();
    let statement = of(&market, "2026-W12");
    let days = |from: &str, to: &str| With::Between(from.parse().unwrap(), to.parse().unwrap());
    let compared = market.books.compare(&statement, days("2026-03-01", "2026-03-15")).unwrap();
    assert_eq!(compared.compared, ["S-1007-2026W10-CNY", "S-1007-2026W11-CNY"]);
    // Unequal lengths are said.
    assert_eq!((compared.days, compared.compared_days), (7, 14));
    assert_eq!(row(&compared, "sale.principal").before.to_string(), "290.00");
    let (first, last) = (of(&market, "2026-W10"), of(&market, "2026-W11"));
    assert_eq!(row(&compared, "opening").before, first.opening);
    assert_eq!(row(&compared, "carried").before, last.carried);
    let sums = first.payout.minor + last.payout.minor;
    assert_eq!(row(&compared, "payout").before.minor, sums);
    // A statement that is only partly within the days is not among them.
    let inner = market.books.compare(&statement, days("2026-03-03", "2026-03-15")).unwrap();
    assert_eq!(inner.compared, ["S-1007-2026W11-CNY"]);
    let reversed = market.books.compare(&statement, days("2026-03-15", "2026-03-01"));
    assert_eq!(reversed.unwrap_err().code(), "RangeReversed");
}
