//! A converted sale of which tax is collected and withheld, which partners brought, and whose revenue has a segment: what
//! is the buyer's stays in the order's currency, what the merchant bears is in that of its settlement.

use proptest::prelude::*;
use souk_journal::ids::{Id, LineId, MerchantId, OrderId};

use super::{RandomLine, cents, market};
use crate::given::*;
use crate::order::commands::{
    AttributeOrder, FundedDiscount, LineToPlace, OrderCommand, PlaceOrder, RemitSupplierPart,
};
use crate::order::decide::Order;
use crate::order::events::{Funding, PartnerKind};
use crate::order::state::OrderState;
use crate::tariff::events::{Base, BaseTax, Fee, FeeKind, FeeRule, Role, Scope, TaxMode};

/// 1 % of goods is withheld from 1007, 2001 is a partner.
fn taxed_market() -> Market {
    let base = Base::ItemPriceLessDiscount;
    market().withholding("IN", "0.01", base, "2026-01-01").partner("2001")
}

/// A fifth of the goods for an influencer, of which the platform has a tenth with 6 % tax inside.
fn brought(base: Base, lines: &[&str]) -> OrderCommand<'static> {
    OrderCommand::Attribute(AttributeOrder {
        order: OrderId::new("5001").unwrap(),
        partner: MerchantId::new("2001").unwrap(),
        kind: PartnerKind::Influencer,
        rate: "0.2".parse().unwrap(),
        base,
        platform_share: "0.1".parse().unwrap(),
        tax_rate: "0.06".parse().unwrap(),
        lines: lines.iter().map(|line| LineId::new(line).unwrap()).collect(),
    })
}

/// Goods of 100.00 and shipping of 5.00 in dollars, 10 % tax on both.
fn paid(market: &Market) -> Given<'_, Order> {
    let line = taxed(line("1", "1007", "100.00", "5.00"), &[tax("US-CA", "0.1")]);
    market.order().after(place_in_usd([line])).after(pay("P1", "115.50"))
}

fn sold(market: &Market) -> Given<'_, Order> {
    paid(market).after(brought(Base::ItemPriceLessDiscount, &[])).after(complete("1007"))
}

#[test]
fn collected_tax_stays_in_dollars_and_what_the_merchant_bears_is_in_yuan() {
    let market = taxed_market();
    paid(&market)
        .after(brought(Base::ItemPriceLessDiscount, &[]))
        .when(complete("1007"))
        .happens(&[
            "order-completed",
            "tax-collected",
            "commission-charged",
            "tax-withheld",
            "partner-commission-charged",
        ])
        .says("tax-collected", r#""currency":"USD""#)
        .says("tax-withheld", r#""currency":"CNY""#)
        .says("tax-withheld", r#""base":"710.00","amount":"7.10""#)
        .says("partner-commission-charged", r#""currency":"CNY""#)
        .posts(&[
            "Dr OrderEscrow 105.00",
            "Cr FxPosition 105.00",
            "Dr FxPosition 745.50",
            "Cr MerchantPayable 710.00",
            "Cr MerchantPayable 35.50",
            "Dr OrderEscrow 10.50",
            "Cr CollectedTax 10.50",
            // 8 % of 710.00, and 6 % of that; tax in dollars is in no base.
            "Dr MerchantPayable 56.80",
            "Dr MerchantPayable 3.41",
            "Cr Commission 56.80",
            "Cr OutputVat 3.41",
            // 1 % of 710.00.
            "Dr MerchantPayable 7.10",
            "Cr WithholdingTax 7.10",
            // 20 % of 710.00, a tenth of it the platform's: 14.20 / 1.06 = 13.396.
            "Dr MerchantPayable 142.00",
            "Cr MerchantPayable 127.80",
            "Cr Commission 13.40",
            "Cr OutputVat 0.80",
        ]);
}

#[test]
fn nothing_of_a_converted_sale_stands_on_a_statement_in_dollars() {
    let market = taxed_market();
    let order = sold(&market);
    // 710.00 + 35.50 - 56.80 - 3.41 - 7.10 - 142.00 for the seller, 127.80 for the partner.
    assert_eq!(order.books().in_each_currency("MerchantPayable"), vec![("CNY", -66_399)]);
    assert_eq!(order.books().in_each_currency("CollectedTax"), vec![("USD", -1_050)]);
    assert_eq!(order.books().in_each_currency("WithholdingTax"), vec![("CNY", -710)]);
    assert_eq!(order.books().in_each_currency("OrderEscrow"), vec![]);
}

#[test]
fn refunds_give_back_on_the_cumulative_refund_in_yuan() {
    let market = taxed_market();
    let third = |name: &str| refund(name, &[("1", "33.33", "0")]);
    // 236.64 of 710.00: withheld 2.3664, the partner's 47.328; in dollars a third of the tax.
    sold(&market)
        .when(third("R1"))
        .happens(&[
            "refund-issued",
            "tax-refunded",
            "fee-returned",
            "withholding-returned",
            "partner-commission-returned",
        ])
        .says("refund-issued", r#""settled":{"principal":"236.64","shipping":"0.00"}"#)
        .says("tax-refunded", r#""currency":"USD""#)
        .says("tax-refunded", r#""goods":"3.33""#)
        .says("withholding-returned", r#""currency":"CNY""#)
        .says("withholding-returned", r#""amount":"2.37""#)
        .says("partner-commission-returned", r#""currency":"CNY""#)
        .says("partner-commission-returned", r#""amount":"47.33""#);
    // 473.29 in all: withheld 4.7329 less 2.37, the partner's 94.658 less 47.33.
    sold(&market)
        .after(third("R1"))
        .when(third("R2"))
        .says("refund-issued", r#""settled":{"principal":"236.65","shipping":"0.00"}"#)
        .says("withholding-returned", r#""amount":"2.36""#)
        .says("partner-commission-returned", r#""amount":"47.33""#);
}

#[test]
fn a_partner_that_is_settled_in_another_currency_is_refused() {
    fn attributed(market: &Market) -> Given<'_, Order> {
        paid(market).after(brought(Base::Paid, &[]))
    }
    let settled = |code| taxed_market().settling("2001", code);
    attributed(&settled("USD")).when(complete("1007")).refused("PartnerInOtherCurrency");
    attributed(&settled("CNY")).when(complete("1007")).leaves("OrderEscrow", "0.00");
    // Nor is a partner in yuan paid in dollars, when nothing is converted.
    let dollars = Market::usual().partner("2001").settling("2001", "CNY");
    attributed(&dollars).when(complete("1007")).refused("PartnerInOtherCurrency");
    // Of a sale that it did not bring it bears nothing.
    paid(&settled("USD")).when(complete("1007")).leaves("OrderEscrow", "0.00");
}

#[test]
fn region_and_tier_stand_on_what_is_converted_and_on_its_refund() {
    let market = taxed_market().in_tier("1007", "gold");
    let line = line("1", "1007", "100.00", "0");
    let order = OrderCommand::Place(PlaceOrder {
        order: OrderId::new("5001").unwrap(),
        currency: "USD".into(),
        region: Some("SP".into()),
        lines: vec![line],
        promotions: vec![],
    });
    let paid = || market.order().after(order.clone()).after(pay("P1", "100.00"));
    let segment = r#""segment":{"region":"SP","tier":"gold"}"#;
    paid()
        .when(complete("1007"))
        .says("order-completed", segment)
        .says("order-completed", r#""conversion":{"currency":"CNY""#)
        .says("commission-charged", segment);
    paid()
        .after(complete("1007"))
        .when(everything("R1"))
        .says("refund-issued", segment)
        .says("refund-issued", r#""settled":{"principal":"710.00""#)
        .says("fee-returned", segment);
}

#[test]
fn a_fee_of_a_base_with_tax_is_of_the_converted_tax_too() {
    let whole = fee(FeeKind::Commission, vec![rule("all", None, "0.08")]);
    let market = Market::charging(vec![Fee { base_tax: BaseTax::After, ..whole }])
        .settling("1007", "CNY")
        .rated("USD.CNY", "2026-03-02", "7.10");
    // 710.00 and the tax of 10.00 dollars: 8 % of 781.00.
    paid(&market)
        .when(complete("1007"))
        .says("commission-charged", r#""base":"781.00""#)
        .says("commission-charged", r#""amount":"62.48""#);
    let sold = || paid(&market).after(complete("1007"));
    sold().when(refund("R1", &[("1", "50.00", "0")])).says("fee-returned", r#""amount":"31.24""#);
    let all_back = sold().after(refund("R1", &[("1", "33.33", "0")])).after(everything("R2"));
    assert_eq!(all_back.books().in_each_currency("Commission"), vec![]);
}

#[test]
fn a_line_whose_price_converts_to_nothing_keeps_its_fee_until_it_goes_back() {
    let fixed = FeeRule { fixed: Some(amount("0.50")), ..rule("all", None, "0") };
    let market = Market::charging(vec![fee(FeeKind::Commission, vec![fixed])])
        .settling("1007", "CNY")
        .rated("USD.CNY", "2026-03-02", "0.1");
    // 0.10 in yuan, less 0.10: what the buyer paid is less than half a cent.
    let mut cheap = line("1", "1007", "1.00", "0");
    cheap.merchant_discount = amount("0.98");
    let lines = [cheap, line("2", "1007", "100.00", "0")];
    let sold = market
        .order()
        .after(place_in_usd(lines))
        .after(pay("P1", "100.02"))
        .after(complete("1007"))
        .after(refund("R1", &[("2", "100.00", "0")]));
    assert_eq!(sold.books().in_each_currency("Commission"), vec![("CNY", -50)]);
    sold.when(refund("R2", &[("1", "0.02", "0")])).says("fee-returned", r#""amount":"0.50""#);
}

#[test]
fn invoice_and_red_letter_are_in_the_currency_of_the_fee() {
    let market = taxed_market();
    let invoiced = || sold(&market).after(invoice_fee("1007", FeeKind::Commission, "INV-1"));
    sold(&market)
        .when(invoice_fee("1007", FeeKind::Commission, "INV-1"))
        .says("fee-invoiced", r#""currency":"CNY","amount":"56.80","tax":"3.41""#);
    invoiced()
        .after(everything("R1"))
        .when(red_letter("1007", FeeKind::Commission, "RED-1", Some("3.41")))
        .says("red-letter-issued", r#""currency":"CNY","amount":"56.80","tax":"3.41""#);
}

#[test]
fn a_supplier_is_paid_in_the_currency_of_the_fee() {
    let fixed = FeeRule { fixed: Some(amount("1.20")), ..rule("all", None, "0") };
    let role = Role::Agent { supplier: "0.833333".parse().unwrap() };
    let premium = fee(FeeKind::OrderFee, vec![fixed]);
    let premium = Fee { scope: Scope::Order, role, tax_mode: TaxMode::Inclusive, ..premium };
    let market = Market::charging(vec![premium]).settling("1007", "CNY").rated(
        "USD.CNY",
        "2026-03-02",
        "7.10",
    );
    let remit = OrderCommand::RemitSupplierPart(RemitSupplierPart {
        order: OrderId::new("5001").unwrap(),
        merchant: MerchantId::new("1007").unwrap(),
        supplier: Id::new("PICC").unwrap(),
        transfer: "tr-1".into(),
    });
    paid(&market)
        .after(complete("1007"))
        .when(remit)
        .says("supplier-part-remitted", r#""currency":"CNY","amount":"1.00""#)
        .posts(&["Dr SupplierPayable 1.00", "Cr BankClearing 1.00"]);
}

/// A line of 1007 with tax of 8.25 % and a discount of its own and of the platform.
fn random<'a>(name: &str, (price, own, other, shipping): RandomLine) -> LineToPlace<'a> {
    let (own, other) = (price * own / 1_000, price * other / 1_000);
    let mut line = line(name, "1007", &cents(price), &cents(shipping));
    line.merchant_discount = amount(&cents(own));
    line.platform_discount =
        Some(FundedDiscount { amount: amount(&cents(other)), funding: Funding::PlatformSubsidy });
    let taxable = price - own - other > 0;
    if taxable { taxed(line, &[tax("US-CA", "0.0825")]) } else { line }
}

const BASES: [Base; 4] =
    [Base::ItemPrice, Base::ItemPriceLessDiscount, Base::ItemsAndShipping, Base::Paid];

proptest! {
    /// Whatever is refunded in whichever parts, tax, withheld tax, fees and commissions go back to the last cent of both
    /// currencies, none by more than it was, and never does anything of it stand in dollars on a statement.
    #[test]
    fn refunds_of_everything_leave_nothing_with_anyone(
        lines in proptest::collection::vec((1_i64..20_000, 0_i64..500, 0_i64..500, 0_i64..900), 1..4),
        parts in proptest::collection::vec((0_usize..4, 0_i64..=1_000, 0_i64..=1_000), 0..8),
        rate in 1_i64..200_000,
        bases in (0_usize..4, 0_usize..4, 0_usize..4),
        after_tax in any::<bool>(),
    ) {
        let rate = format!("{}.{:04}", rate / 10_000, rate % 10_000);
        let mut charged = fee(FeeKind::Commission, vec![rule("all", None, "0.08")]);
        charged.base = BASES[bases.0];
        charged.base_tax = if after_tax { BaseTax::After } else { BaseTax::Before };
        let market = Market::charging(vec![charged])
            .settling("1007", "CNY")
            .rated("USD.CNY", "2026-03-01", &rate)
            .withholding("IN", "0.05", BASES[bases.1], "2026-01-01")
            .partner("2001");
        let names = ["1", "2", "3", "4"];
        let placed: Vec<_> = names.iter().zip(&lines).map(|(name, of)| random(name, *of)).collect();
        let mut order = market.order().after(place_in_usd(placed));
        let OrderState::Placed(state) = order.state() else { unreachable!() };
        let owed = cents(state.owed_in_all());
        order = order
            .after(pay("P1", &owed))
            .after(brought(BASES[bases.2], &[]))
            .after(complete("1007"));
        for (number, (index, goods, shipping)) in parts.iter().enumerate() {
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            let of = &state.lines[index % lines.len()];
            let goods = cents(of.goods_left() * goods / 1_000);
            let shipping = cents(of.shipping_left() * shipping / 1_000);
            let name = of.line.to_string();
            // A refund of nothing is refused, and nothing changes.
            let _ = order.attempt(&refund(&format!("R{number}"), &[(&name, &goods, &shipping)]));
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            for of in &state.partner_commissions {
                prop_assert!((0..=of.amount).contains(&of.returned));
            }
            for of in &state.withheld {
                prop_assert!((0..=of.amount).contains(&of.returned));
            }
            let payable = order.books().in_each_currency("MerchantPayable");
            prop_assert!(payable.iter().all(|(code, _)| *code == "CNY"));
        }
        let _ = order.attempt(&everything("R9"));
        let books = order.books();
        let zero = [
            "OrderEscrow", "FxPosition", "MerchantPayable", "Commission", "OutputVat",
            "PlatformSubsidy", "CollectedTax", "WithholdingTax",
        ];
        for account in zero {
            prop_assert_eq!(books.in_each_currency(account), vec![], "{}", account);
        }
    }
}
