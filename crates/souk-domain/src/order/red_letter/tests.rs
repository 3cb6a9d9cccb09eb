//! Invoices of fees, and the red letters of what comes back of them.

use crate::given::*;
use crate::order::decide::Order;
use crate::tariff::events::FeeKind;

const FEE: FeeKind = FeeKind::Commission;

/// Goods 100.00 sold by 1007: commission 8.00 and tax 0.48.
fn sold(market: &Market) -> Given<'_, Order> {
    let placed = market.order().after(place([line("1", "1007", "100.00", "0")]));
    placed.after(pay("p1", "100.00")).after(complete("1007"))
}

fn back<'a>(id: &str) -> crate::order::commands::OrderCommand<'a> {
    refund(id, &[("1", "25.00", "0")])
}

#[test]
fn an_invoice_has_what_the_fee_comes_to_and_moves_no_money() {
    let market = Market::usual();
    sold(&market)
        .when(invoice_fee("1007", FEE, "I-1"))
        .says("fee-invoiced", r#""amount":"8.00","tax":"0.48""#)
        .posts(&[]);
}

#[test]
fn what_came_back_before_is_not_on_the_invoice_and_needs_no_red_letter() {
    let market = Market::usual();
    let sale = sold(&market).after(back("r1"));
    sale.when(invoice_fee("1007", FEE, "I-1"))
        .says("fee-invoiced", r#""amount":"6.00","tax":"0.36""#);
    let sale = sold(&market).after(back("r1")).after(invoice_fee("1007", FEE, "I-1"));
    sale.when(red_letter("1007", FEE, "R-1", None)).refused("NothingForRedLetter");
}

#[test]
fn a_red_letter_is_for_everything_that_came_back_since_the_invoice() {
    let market = Market::usual();
    let sale = sold(&market).after(invoice_fee("1007", FEE, "I-1")).after(back("r1"));
    sale.after(back("r2"))
        .when(red_letter("1007", FEE, "R-1", Some("0.24")))
        .says(
            "red-letter-issued",
            r#""invoice":"I-1","red_letter":"R-1","currency":"CNY","amount":"4.00","tax":"0.24""#,
        )
        .posts(&[]);
}

#[test]
fn the_next_red_letter_is_for_what_came_back_since_the_last() {
    let market = Market::usual();
    let sale = sold(&market).after(invoice_fee("1007", FEE, "I-1")).after(back("r1"));
    let sale = sale.after(red_letter("1007", FEE, "R-1", None)).after(everything("r2"));
    sale.when(red_letter("1007", FEE, "R-2", None))
        .says("red-letter-issued", r#""amount":"6.00","tax":"0.36""#);
}

#[test]
fn a_red_letter_of_another_amount_is_refused() {
    let market = Market::usual();
    let sale = sold(&market).after(invoice_fee("1007", FEE, "I-1")).after(back("r1"));
    sale.when(red_letter("1007", FEE, "R-1", Some("0.13"))).refused("RedLetterDiffers");
}

#[test]
fn without_an_invoice_there_is_no_red_letter() {
    let market = Market::usual();
    let sale = sold(&market).after(back("r1"));
    sale.when(red_letter("1007", FEE, "R-1", None)).refused("FeeNotInvoiced");
}

#[test]
fn a_red_letter_is_recorded_once() {
    let market = Market::usual();
    let sale = sold(&market).after(invoice_fee("1007", FEE, "I-1")).after(back("r1"));
    let sale = sale.after(red_letter("1007", FEE, "R-1", None)).after(back("r2"));
    sale.when(red_letter("1007", FEE, "R-1", None)).refused("RedLetterRecordedAlready");
}

#[test]
fn a_fee_is_invoiced_once_and_only_if_it_was_charged() {
    let market = Market::usual();
    let sale = sold(&market).after(invoice_fee("1007", FEE, "I-1"));
    sale.when(invoice_fee("1007", FEE, "I-2")).refused("FeeInvoicedAlready");
    sold(&market).when(invoice_fee("1007", FeeKind::OrderFee, "I-1")).refused("FeeNotCharged");
    sold(&market).when(invoice_fee("1008", FEE, "I-1")).refused("FeeNotCharged");
}
