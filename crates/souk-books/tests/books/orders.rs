//! The life of one order's money.

use crate::market::Market;

#[test]
fn an_order_tells_its_money_in_time_order_and_what_is_open() {
    let market = Market::march();
    let life = market.books.order_life("A-1").unwrap();
    let events: Vec<&str> = life.facts.iter().map(|fact| fact.event.as_str()).collect();
    assert_eq!(
        events,
        [
            "order-placed",
            "order-paid",
            "order-completed",
            "commission-charged",
            "refund-issued",
            "fee-returned",
        ]
    );
    assert!(life.facts.windows(2).all(|pair| pair[0].entry < pair[1].entry));
    assert_eq!(life.facts[1].words, "Buyer paid CNY 160.00 by card");
    assert!(life.facts[3].words.contains("5 % of 180.00"), "{}", life.facts[3].words);
    for fact in &life.facts {
        let debits: i128 = fact.postings.iter().map(|line| line.debit.minor).sum();
        let credits: i128 = fact.postings.iter().map(|line| line.credit.minor).sum();
        assert_eq!(debits, credits);
    }
    let numbers: Vec<&str> = life.statements.iter().map(|of| of.number.as_str()).collect();
    assert_eq!(numbers, ["S-1007-2026W10-CNY", "S-1007-2026W11-CNY"]);
    assert!(life.escrow.is_empty());
    let open: Vec<&str> = life.open.iter().map(|of| of.account.as_str()).collect();
    assert_eq!(open, ["PspClearing", "RefundsInTransit"]);
}

#[test]
fn items_that_no_statement_claimed_are_open_with_their_due_date() {
    let market = Market::march();
    let life = market.books.order_life("A-6").unwrap();
    assert!(life.statements.is_empty());
    let items: Vec<_> = life.open.iter().filter(|of| of.due_on.is_some()).collect();
    let sum: i128 = items.iter().map(|of| of.amount.minor).sum();
    assert_eq!(sum, 9_151);
}

#[test]
fn an_unknown_order_names_the_nearest() {
    let market = Market::march();
    let error = market.books.order_life("A-7").unwrap_err();
    assert_eq!(error.code(), "UnknownOrder");
    assert!(error.to_string().contains("did you mean A-"), "{error}");
}
