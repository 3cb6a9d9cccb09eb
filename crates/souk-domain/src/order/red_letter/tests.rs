//! Invoices of fees, and the red letters of what comes back of them.

use crate::given::*;
use crate::order::commands::{AttributeOrder, OrderCommand};
use crate::order::decide::Order;
use crate::order::events::{Invoiceable, PartnerKind};
use crate::tariff::events::FeeKind;
use souk_journal::ids::LineId;

const FEE: FeeKind = FeeKind::Commission;

/// Goods 100.00 sold by 1007: commission 8.00 and tax 0.48.
fn sold(market: &Market) -> Given<'_, Order> {
    let placed = market.order().after(place([line("1", "1007", "100.00", "0")]));
    placed.after(pay("p1", "100.00")).after(complete("1007"))
}

fn back<'a>(id: &str) -> OrderCommand<'a> {
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

/// Goods 100.00 sold by 1007 without fees; 2001 and 2002 brought a line each as affiliates, 2001 showed the first as an
/// influencer. Of 10 %, the platform has 10 % with 6 % inside: 0.47 + 0.03 of 50.00.
fn brought(market: &Market) -> Given<'_, Order> {
    let by = |partner: &str, kind: PartnerKind, line: &str| {
        let lines = vec![LineId::new(line).unwrap()];
        let rate = "0.1".parse().unwrap();
        OrderCommand::Attribute(AttributeOrder { rate, lines, ..brought_by(partner, kind) })
    };
    let lines = [line("1", "1007", "50.00", "0"), line("2", "1007", "50.00", "0")];
    let paid = market.order().after(place(lines)).after(pay("p1", "100.00"));
    let affiliates = paid.after(by("2001", PartnerKind::Affiliate, "1")).after(by(
        "2002",
        PartnerKind::Affiliate,
        "2",
    ));
    affiliates.after(by("2003", PartnerKind::Influencer, "1")).after(complete("1007"))
}

fn with_partners() -> Market {
    Market::charging(vec![]).partner("2001").partner("2002").partner("2003")
}

#[test]
fn the_platforms_part_of_all_partners_of_a_kind_stands_on_one_invoice() {
    let market = with_partners();
    brought(&market)
        .when(invoice_fee("1007", PartnerKind::Affiliate, "I-1"))
        .says("fee-invoiced", r#""fee":"affiliate_commission""#)
        .says("fee-invoiced", r#""amount":"0.94","tax":"0.06""#)
        .posts(&[]);
    brought(&market)
        .when(invoice_fee("1007", PartnerKind::Influencer, "I-1"))
        .says("fee-invoiced", r#""fee":"influencer_commission""#)
        .says("fee-invoiced", r#""amount":"0.47","tax":"0.03""#);
}

#[test]
fn what_comes_back_of_a_partners_commission_needs_a_red_letter_of_its_kind() {
    let market = with_partners();
    let sale = || {
        let invoiced = brought(&market).after(invoice_fee("1007", PartnerKind::Affiliate, "I-1"));
        invoiced.after(refund("r1", &[("1", "50.00", "0")]))
    };
    let letter = |tax| red_letter("1007", PartnerKind::Affiliate, "R-1", tax);
    sale()
        .when(letter(Some("0.03")))
        .says("red-letter-issued", r#""amount":"0.47","tax":"0.03""#)
        .posts(&[]);
    sale().when(letter(Some("0.06"))).refused("RedLetterDiffers");
    sale().when(red_letter("1007", PartnerKind::Influencer, "R-1", None)).refused("FeeNotInvoiced");
    let again = red_letter("1007", PartnerKind::Affiliate, "R-2", None);
    sale().after(letter(None)).when(again).refused("NothingForRedLetter");
}

#[test]
fn what_partners_did_not_earn_stands_on_no_invoice() {
    let market = with_partners();
    sold(&Market::usual())
        .when(invoice_fee("1007", PartnerKind::Affiliate, "I-1"))
        .refused("FeeNotCharged");
    // Before the sale is completed nobody has earned.
    let open = market.order().after(place([line("1", "1007", "50.00", "0")]));
    open.when(invoice_fee("1007", PartnerKind::Affiliate, "I-1")).refused("FeeNotCharged");
}

#[test]
fn every_word_for_what_is_invoiced_reads_back() {
    for of in Invoiceable::ALL {
        let text = serde_json::to_string(&of).unwrap();
        assert_eq!(serde_json::from_str::<Invoiceable>(&text).unwrap(), of);
        // In the form that the published schema of the event says.
        assert!(text.trim_matches('"').bytes().all(|b| b == b'_' || b.is_ascii_lowercase()));
    }
    let unknown = serde_json::from_str::<Invoiceable>(r#""postage""#).unwrap_err();
    assert!(unknown.to_string().contains("commission, order_fee"), "{unknown}");
}
