//! Logistics of merchant 1007 at the price of a freight table: to Shanghai 8.00 for the first kilogram and 2.00 for each
//! further one.

use souk_journal::ids::RuleId;
use souk_journal::money::Amount;

use super::*;
use crate::decider::Refusal as _;
use crate::given::Market;
use crate::order::decide::Directory as _;
use crate::tariff::events::FeeKind;
use crate::tariff::freight::{
    ByTable, FreightBy, FreightRefusal, FreightTable, FreightZone, freight,
};
use crate::tariff::period::ByTariff;

fn name(of: &str) -> RuleId {
    RuleId::new(of).unwrap()
}

fn market() -> Market {
    let near = FreightZone {
        zone: name("near"),
        regions: vec!["Shanghai".into()],
        first_kg: amount("1"),
        first_price: amount("8.00"),
        step_kg: amount("1"),
        step_price: amount("2.00"),
    };
    let table = FreightTable { table: name("express"), zones: vec![near] };
    Market::charging(Vec::new()).shipping_by(vec![table])
}

fn to(region: &'static str, weight: &str) -> ByTable<'static> {
    ByTable { table: name("express"), region: region.into(), weight_kg: amount(weight) }
}

fn parcel(by: ByTable<'static>) -> ChargeServiceFee<'static> {
    let logistics = fee(ServiceKind::Logistics, fixed("0"));
    let order = Some(OrderId::new("8841").unwrap());
    ChargeServiceFee { price: None, by_table: Some(by), order, ..logistics }
}

fn price_of(merchant: &str, by: &ByTable<'_>, currency: &str) -> Result<FreightBy, FreightRefusal> {
    let (market, merchant) = (market(), MerchantId::new(merchant).unwrap());
    let day = "2026-03-02".parse().unwrap();
    let state = market.merchant(merchant).unwrap();
    let tariff = state.terms_on(day).and_then(|terms| market.tariff(terms.tariff));
    freight(by, (merchant, state), tariff, (Currency::from_code(currency).unwrap(), day))
}

fn refused(by: ByTable<'static>, code: &str) {
    let price = price_of("1007", &by, "CNY");
    let context = ServiceContext { freight: Some(&price), ..context() };
    given::<Service>(context).when(charge(parcel(by))).refused(code);
}

#[test]
fn a_parcel_costs_what_the_table_says_and_the_event_says_how() {
    let by = to("Shanghai", "2.4");
    let price = price_of("1007", &by, "CNY");
    let context = ServiceContext { freight: Some(&price), ..context() };
    given::<Service>(context)
        .when(charge(parcel(by)))
        .says(
            "service-fee-charged",
            r#""freight":{"tariff":"std","version":1,"table":"express","zone":"near","weight_kg":"2.4","charged_kg":"3","first_price":"8.00","steps":2,"step_price":"2.00","amount":"12.00"}"#,
        )
        .says("service-fee-charged", r#""price":{"fixed":{"amount":"12.00"}}"#)
        .says("service-fee-charged", r#""shipment":{"weight_kg":"2.4","region":"Shanghai"}"#)
        .says("service-fee-charged", r#""segment":{"region":"Shanghai"}"#)
        .posts(&[
            "Dr MerchantPayable 12.00",
            "Dr MerchantPayable 0.72",
            "Cr Logistics 12.00",
            "Cr OutputVat 0.72",
        ]);
}

#[test]
fn tax_within_and_the_carriers_part_stand_beside_a_table_as_beside_any_price() {
    let by = to("Shanghai", "2.4");
    let price = price_of("1007", &by, "CNY");
    let supplier =
        Some(ForSupplier { supplier: Id::new("carrier-1").unwrap(), amount: amount("9.00") });
    let context = ServiceContext { freight: Some(&price), ..context() };
    // The margin of 3.00 has 6 % within: 2.83 + 0.17.
    given::<Service>(context)
        .when(charge(ChargeServiceFee { supplier, tax_included: true, ..parcel(by) }))
        .posts(&[
            "Dr MerchantPayable 12.00",
            "Cr SupplierPayable 9.00",
            "Cr Logistics 2.83",
            "Cr OutputVat 0.17",
        ]);
}

#[test]
fn a_parcel_that_finds_no_price_is_refused() {
    refused(to("Xinjiang", "2.4"), "RegionWithoutZone");
    refused(ByTable { table: name("slow"), ..to("Shanghai", "2.4") }, "UnknownFreightTable");
    for weight in ["0", "-1", "0.0001", "1000000.001"] {
        refused(to("Shanghai", weight), "UnusableWeight");
    }
    let said = price_of("1007", &to("Xinjiang", "1"), "CNY").unwrap_err().to_string();
    let expected = r#"freight table express in version 1 of tariff std has no zone for "Xinjiang""#;
    assert_eq!(said, expected);
}

#[test]
fn a_merchant_without_a_tariff_finds_no_price() {
    let by = to("Shanghai", "1");
    let code = |merchant| price_of(merchant, &by, "CNY").unwrap_err().code();
    assert_eq!(code("1010"), "NoTermsInForce");
    assert_eq!(code("1011"), "NoTariffInForce");
}

#[test]
fn only_logistics_names_a_table_and_names_nothing_beside_it() {
    let by = to("Shanghai", "2.4");
    let price = price_of("1007", &by, "CNY");
    let context = ServiceContext { freight: Some(&price), ..context() };
    let parcel = parcel(by);
    let region = Some("Shanghai".into());
    let shipment = Some(Shipment { weight_kg: Some(amount("2.4")), region });
    let by_tariff = Some(ByTariff { fee: FeeKind::TechnicalService, category: None });
    let cases = [
        (ChargeServiceFee { service: ServiceKind::Storage, ..parcel.clone() }, "NotFreight"),
        (ChargeServiceFee { shipment, ..parcel.clone() }, "ShipmentTwice"),
        (ChargeServiceFee { price: Some(fixed("9.00")), ..parcel.clone() }, "PriceOrTariff"),
        (ChargeServiceFee { by_tariff, ..parcel.clone() }, "PriceOrTariff"),
        (ChargeServiceFee { by_table: Some(to("\"", "1")), ..parcel }, "UnusableLabel"),
    ];
    for (fee, code) in cases {
        given::<Service>(context).when(charge(fee)).refused(code);
    }
}

#[test]
fn a_parcel_that_costs_nothing_is_no_charge() {
    let free = FreightBy {
        amount: Amount::ZERO,
        ..price_of("1007", &to("Shanghai", "1"), "CNY").unwrap()
    };
    let price = Ok(free);
    let context = ServiceContext { freight: Some(&price), ..context() };
    given::<Service>(context).when(charge(parcel(to("Shanghai", "1")))).refused("NothingCharged");
}
