//! A refund of an order whose commission was corrected: together they give back what was charged, and no more.

use souk_journal::ids::{JurisdictionId, LineId, MerchantId};

use super::{ChargedPart, Corrected, PartnerPart};
use crate::given::*;
use crate::order::commands::OrderCommand;
use crate::order::decide::Order;
use crate::order::events::PartnerKind;
use crate::tariff::events::{Base, FeeKind, OnRefund};

/// Goods of 100.00 with a commission of 8.00 and tax of 0.48, completed.
fn sold(market: &Market) -> Given<'_, Order> {
    let order = market.order().after(place([line("1", "1007", "100.00", "0")]));
    order.after(pay("p1", "100.00")).after(complete("1007"))
}

/// Corrections have given back so many minor units of commission and tax.
fn market(fee: i64, tax: i64) -> Market {
    let market = Market::usual().corrected(FeeKind::Commission, false, fee);
    market.corrected(FeeKind::Commission, true, tax)
}

#[test]
fn a_refund_of_everything_gives_back_what_a_correction_has_left() {
    let market = market(500, 30);
    sold(&market)
        .when(everything("r1"))
        .posts(&[
            "Dr MerchantPayable 100.00",
            "Cr RefundsInTransit 100.00",
            "Cr MerchantPayable 3.00",
            "Cr MerchantPayable 0.18",
            "Dr Commission 3.00",
            "Dr OutputVat 0.18",
        ])
        .leaves("Commission", "-5.00")
        .leaves("OutputVat", "-0.30");
}

#[test]
fn a_refund_of_a_part_gives_back_the_same_part_of_what_is_left() {
    let market = market(500, 0);
    sold(&market)
        .when(refund("r1", &[("1", "50.00", "0")]))
        .leaves("Commission", "-6.50")
        .leaves("OutputVat", "-0.24");
}

#[test]
fn a_charge_that_was_corrected_whole_is_not_given_back_again() {
    let market = market(800, 48);
    sold(&market).when(everything("r1")).happens(&["refund-issued"]);
}

#[test]
fn what_came_back_before_a_correction_stays_with_the_merchant() {
    let (before, after) = (Market::usual(), market(300, 0));
    let half = sold(&before).after(refund("r1", &[("1", "50.00", "0")]));
    // 4.00 came back with the half, 3.00 by the correction: 1.00 is left.
    half.turned::<Order>(after.context())
        .when(everything("r2"))
        .leaves("Commission", "-3.00")
        .leaves("OutputVat", "0.00");
}

#[test]
fn any_sequence_of_refunds_gives_back_what_one_of_everything_does() {
    for fee in [0, 1, 250, 333, 799, 800] {
        for parts in [["0.01", "33.33"], ["50.00", "49.99"], ["99.98", "0.01"]] {
            let market = market(fee, fee * 6 / 100);
            let [first, second] = parts;
            let left = souk_journal::money::minor_text(
                i128::from(-fee),
                souk_journal::money::Currency::from_code("CNY").unwrap(),
            );
            sold(&market)
                .after(refund("r1", &[("1", first, "0")]))
                .after(refund("r2", &[("1", second, "0")]))
                .when(everything("r3"))
                .leaves("Commission", &left);
        }
    }
}

#[test]
fn a_fee_that_is_kept_stays_kept() {
    let rules = vec![rule("all", None, "0.08")];
    let kept =
        crate::tariff::events::Fee { on_refund: OnRefund::Kept, ..fee(FeeKind::Commission, rules) };
    let market = Market::charging(vec![kept]).corrected(FeeKind::Commission, false, 500);
    sold(&market).when(everything("r1")).happens(&["refund-issued"]);
}

#[test]
fn a_correction_of_another_line_or_fee_changes_nothing() {
    let market = Market::usual().corrected(FeeKind::OrderFee, false, 500);
    sold(&market).when(everything("r1")).leaves("Commission", "0.00").leaves("OutputVat", "0.00");
}

/// 300.00 sold by 1007 without fees; affiliate 2001 has 20 % of it, the platform a tenth of that: 54.00, 5.66 and 0.34.
fn brought(market: &Market) -> Given<'_, Order> {
    let attributed = OrderCommand::Attribute(brought_by("2001", PartnerKind::Affiliate));
    let paid =
        market.order().after(place([line("1", "1007", "300.00", "0")])).after(pay("p1", "300.00"));
    paid.after(attributed).after(complete("1007"))
}

/// Corrections gave the seller so much of its partner's commission, and took so much from the partner.
fn partners(seller: i64, from_partner: i64) -> Market {
    let merchant = MerchantId::new("1007").unwrap();
    let (partner, line) = (MerchantId::new("2001").unwrap(), LineId::new("1").unwrap());
    let of = |earned, back| {
        let kind = PartnerKind::Affiliate;
        let part = ChargedPart::Partner(PartnerPart { merchant, partner, kind, line, earned });
        Corrected { part, back, revenue: back, output_vat: 0 }
    };
    let market = Market::charging(vec![]).partner("2001");
    market.corrected_part(of(false, seller)).corrected_part(of(true, -from_partner))
}

#[test]
fn a_seller_gets_back_what_a_correction_has_left_of_its_partners_commission() {
    // Of 60.00 a correction gave 20.00 at the platform's cost: 40.00 are left, the partner gives all of its 54.00 back, and
    // what is between them makes the platform good.
    let market = partners(2000, 0);
    brought(&market)
        .when(everything("r1"))
        .says("partner-commission-returned", r#""amount":"40.00","partner":"54.00""#)
        // With the 20.00 that the correction had cost, nothing is left.
        .leaves("Commission", "-20.00")
        .leaves("OutputVat", "0.00");
}

#[test]
fn a_partner_gives_back_what_a_correction_has_left_of_what_it_earned() {
    // A correction took 10.00 from the partner: 44.00 are left, and the platform passes the 10.00 on.
    let market = partners(0, 1000);
    brought(&market)
        .when(everything("r1"))
        .says("partner-commission-returned", r#""amount":"60.00","partner":"44.00""#)
        .leaves("Commission", "10.00")
        .leaves("OutputVat", "0.00");
}

#[test]
fn a_commission_that_was_passed_from_partner_to_seller_does_not_come_back() {
    let market = partners(5400, 5400);
    brought(&market)
        .when(everything("r1"))
        .says("partner-commission-returned", r#""amount":"6.00","partner":"0.00""#)
        .leaves("Commission", "0.00");
}

#[test]
fn corrected_partners_end_where_one_refund_of_everything_ends() {
    for (seller, partner) in [(1, 0), (0, 1), (1999, 777), (6000, 5400)] {
        for parts in [["0.01", "99.99"], ["150.00", "149.99"]] {
            let market = partners(seller, partner);
            let cny = souk_journal::money::Currency::from_code("CNY").unwrap();
            let left = souk_journal::money::minor_text(i128::from(partner - seller), cny);
            brought(&market)
                .after(refund("r1", &[("1", parts[0], "0")]))
                .after(refund("r2", &[("1", parts[1], "0")]))
                .when(everything("r3"))
                .leaves("Commission", &left)
                .leaves("OutputVat", "0.00");
        }
    }
}

#[test]
fn withheld_tax_that_a_correction_gave_back_is_not_given_back_again() {
    let part =
        ChargedPart::Withheld(MerchantId::new("1007").unwrap(), JurisdictionId::new("IN").unwrap());
    let market =
        Market::usual().withholding("IN", "0.01", Base::ItemPriceLessDiscount, "2026-01-01");
    let of = Corrected { part, back: 40, revenue: 40, output_vat: 0 };
    let market = market.corrected_part(of);
    // 1.00 withheld: 0.60 is left.
    sold(&market).when(everything("r1")).says("withholding-returned", r#""amount":"0.60""#);
    let all = Corrected { back: 60, ..of };
    let market = market.corrected_part(all);
    sold(&market).when(everything("r1")).happens(&["refund-issued", "fee-returned"]);
}

#[test]
fn what_a_correction_gave_back_of_an_invoiced_fee_needs_a_red_letter() {
    let (before, after) = (Market::usual(), market(500, 30));
    let invoiced = || sold(&before).after(invoice_fee("1007", FeeKind::Commission, "I-1"));
    invoiced()
        .turned::<Order>(after.context())
        .when(red_letter("1007", FeeKind::Commission, "R-1", Some("0.30")))
        .says("red-letter-issued", r#""amount":"5.00","tax":"0.30""#);
    // With a refund of the rest both stand on one.
    invoiced()
        .turned::<Order>(after.context())
        .after(everything("r1"))
        .when(red_letter("1007", FeeKind::Commission, "R-1", None))
        .says("red-letter-issued", r#""amount":"8.00","tax":"0.48""#);
}

#[test]
fn what_a_correction_gave_back_before_the_invoice_is_not_on_it() {
    let market = market(500, 30);
    let invoiced = || sold(&market).after(invoice_fee("1007", FeeKind::Commission, "I-1"));
    sold(&market)
        .when(invoice_fee("1007", FeeKind::Commission, "I-1"))
        .says("fee-invoiced", r#""amount":"3.00","tax":"0.18""#);
    invoiced()
        .when(red_letter("1007", FeeKind::Commission, "R-1", None))
        .refused("NothingForRedLetter");
    invoiced()
        .after(everything("r1"))
        .when(red_letter("1007", FeeKind::Commission, "R-1", None))
        .says("red-letter-issued", r#""amount":"3.00","tax":"0.18""#);
}
