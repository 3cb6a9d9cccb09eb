//! Services and penalties of merchant 1007 in yuan, on 2 March 2026.

mod early;
mod freight;
mod invoices;
mod loans;
mod remittances;
mod returns;

use souk_journal::ids::{ChargeId, Id, MerchantId, OrderId};
use souk_journal::money::Currency;

use crate::given::{Given, amount, given};
use crate::service::commands::{
    ChargeServiceFee, ConfirmServiceRefund, ImposePenalty, OfCharge, ReturnServiceFee,
    ServiceCommand, WaivePenalty,
};
use crate::service::decide::{Service, ServiceContext};
use crate::service::events::{ForSupplier, PassedTo, Price, Shipment};
use crate::service_kind::ServiceKind;
use crate::settled_from::{Source, TakeFrom};

fn context() -> ServiceContext<'static> {
    ServiceContext {
        currency: Currency::from_code("CNY").unwrap(),
        today: "2026-03-02".parse().unwrap(),
        merchant_known: true,
        tier: None,
        period: None,
        freight: None,
        corrected: 0,
    }
}

fn services() -> Given<'static, Service> {
    given::<Service>(context())
}

fn of(charge: &str) -> OfCharge<'static> {
    let (merchant, charge) = (MerchantId::new("1007").unwrap(), ChargeId::new(charge).unwrap());
    OfCharge { merchant, currency: "CNY".into(), charge }
}

fn fixed(of: &str) -> Price<'static> {
    Price::Fixed { amount: amount(of) }
}

fn fee(service: ServiceKind, price: Price<'static>) -> ChargeServiceFee<'static> {
    ChargeServiceFee {
        of: of("F1"),
        service,
        price: Some(price),
        by_tariff: None,
        by_table: None,
        tax_rate: "0.06".parse().unwrap(),
        tax_included: false,
        supplier: None,
        order: None,
        shipment: None,
        settled_from: Vec::new(),
    }
}

fn premium() -> ChargeServiceFee<'static> {
    let supplier =
        Some(ForSupplier { supplier: Id::new("insurer-1").unwrap(), amount: amount("1.00") });
    let order = Some(OrderId::new("8841").unwrap());
    let fee = fee(ServiceKind::FreightInsurance, fixed("1.20"));
    ChargeServiceFee { supplier, order, tax_included: true, ..fee }
}

fn charge(fee: ChargeServiceFee<'static>) -> ServiceCommand<'static> {
    ServiceCommand::Charge(Box::new(fee))
}

fn provider(of: Option<&str>) -> TakeFrom<'static> {
    let reference = Some("pay-1".into());
    TakeFrom { source: Source::Provider, amount: of.map(amount), due_on: None, reference }
}

fn payable() -> TakeFrom<'static> {
    TakeFrom { source: Source::Payable, amount: None, due_on: None, reference: None }
}

fn give_back(part: Option<&str>) -> ServiceCommand<'static> {
    let reason = Some("not delivered".into());
    ServiceCommand::Return(ReturnServiceFee { of: of("F1"), amount: part.map(amount), reason })
}

fn penalty(passed: bool, from: Vec<TakeFrom<'static>>) -> ServiceCommand<'static> {
    let buyer = Id::new("b-77").unwrap();
    ServiceCommand::Impose(ImposePenalty {
        of: of("F1"),
        amount: amount("30.00"),
        reason: "late shipment".into(),
        passed_to: passed.then(|| PassedTo { buyer, payment: "P1".into() }),
        order: Some(OrderId::new("8841").unwrap()),
        settled_from: from,
    })
}

fn waive(part: Option<&str>) -> ServiceCommand<'static> {
    ServiceCommand::Waive(WaivePenalty { of: of("F1"), amount: part.map(amount), reason: None })
}

fn confirm() -> ServiceCommand<'static> {
    ServiceCommand::ConfirmRefund(ConfirmServiceRefund { of: of("F1") })
}

#[test]
fn a_service_is_revenue_when_it_is_charged_and_its_tax_is_a_line_of_its_own() {
    let support = fee(ServiceKind::TechnicalSupport, fixed("200.00"));
    services().when(charge(support)).effective_on("2026-03-02").posts(&[
        "Dr MerchantPayable 200.00",
        "Dr MerchantPayable 12.00",
        "Cr TechnicalServices 200.00",
        "Cr OutputVat 12.00",
    ]);
}

#[test]
fn a_non_order_fee_falls_due_on_its_own_day() {
    let support = fee(ServiceKind::TechnicalSupport, fixed("200.00"));
    services().when(charge(support)).items(&[
        "1007 technical_support -200.00 due 2026-03-02",
        "1007 technical_support.tax -12.00 due 2026-03-02",
    ]);
}

#[test]
fn storage_is_unit_days_by_their_price_which_may_be_finer_than_a_cent() {
    let (quantity, unit, unit_price) = (amount("4650"), "unit-day".into(), amount("0.0315"));
    let storage = fee(ServiceKind::Storage, Price::Units { quantity, unit, unit_price });
    // 4,650 × 0.0315 = 146.475.
    services()
        .when(charge(storage))
        .says("service-fee-charged", r#""quantity":"4650","unit":"unit-day","unit_price":"0.0315""#)
        .posts(&[
            "Dr MerchantPayable 146.48",
            "Dr MerchantPayable 8.79",
            "Cr Logistics 146.48",
            "Cr OutputVat 8.79",
        ]);
}

#[test]
fn platform_usage_may_be_a_share_of_sales() {
    let price = Price::Share { base: amount("12372.50"), rate: "0.015".parse().unwrap() };
    let usage = fee(ServiceKind::PlatformUsage, price);
    services().when(charge(usage)).says("service-fee-charged", r#""base":"12372.50""#).posts(&[
        "Dr MerchantPayable 185.59",
        "Dr MerchantPayable 11.14",
        "Cr PlatformUsage 185.59",
        "Cr OutputVat 11.14",
    ]);
}

#[test]
fn logistics_keep_weight_and_region_as_facts() {
    let shipment = Shipment { weight_kg: Some(amount("2.4")), region: Some("Xinjiang".into()) };
    let freight = fee(ServiceKind::Logistics, fixed("18.00"));
    let freight = ChargeServiceFee { shipment: Some(shipment), ..freight };
    services()
        .when(charge(freight))
        .says("service-fee-charged", r#""shipment":{"weight_kg":"2.4","region":"Xinjiang"}"#);
}

#[test]
fn financing_is_one_line_of_revenue() {
    for service in [ServiceKind::InstalmentInterest, ServiceKind::EarlyPayout] {
        let interest =
            ChargeServiceFee { tax_rate: "0".parse().unwrap(), ..fee(service, fixed("7.50")) };
        let posts = ["Dr MerchantPayable 7.50", "Cr FinancialServices 7.50"];
        services().when(charge(interest)).posts(&posts);
    }
}

#[test]
fn an_agent_keeps_its_margin_as_revenue_and_owes_the_supplier_the_rest() {
    services()
        .when(charge(premium()))
        .items(&["1007 freight_insurance -1.20 due 2026-03-02"])
        .posts(&[
            "Dr MerchantPayable 1.20",
            "Cr SupplierPayable 1.00",
            "Cr ValueAdded 0.19",
            "Cr OutputVat 0.01",
        ]);
}

#[test]
fn paid_outside_a_fee_is_no_line_of_a_statement() {
    let support = fee(ServiceKind::TechnicalSupport, fixed("200.00"));
    let support = ChargeServiceFee { settled_from: vec![provider(None)], ..support };
    services().when(charge(support)).items(&[]).posts(&[
        "Dr PspClearing 212.00",
        "Cr TechnicalServices 200.00",
        "Cr OutputVat 12.00",
    ]);
}

#[test]
fn a_penalty_that_is_kept_is_other_income() {
    services()
        .when(penalty(false, Vec::new()))
        .items(&["1007 penalty -30.00 due 2026-03-02"])
        .posts(&["Dr MerchantPayable 30.00", "Cr Penalties 30.00"]);
}

#[test]
fn a_penalty_passed_to_the_buyer_is_not_revenue() {
    let passed = services().when(penalty(true, Vec::new()));
    passed.posts(&["Dr MerchantPayable 30.00", "Cr RefundsInTransit 30.00"]);
    let paid = services().after(penalty(true, Vec::new())).when(confirm());
    paid.posts(&["Dr RefundsInTransit 30.00", "Cr PspClearing 30.00"]);
}

#[test]
fn a_waived_penalty_is_the_reverse_in_whole_or_in_parts() {
    let imposed = services().after(penalty(false, Vec::new())).after(waive(Some("10.00")));
    imposed
        .when(waive(None))
        .items(&["1007 penalty.waived 20.00 due 2026-03-02"])
        .leaves("Penalties", "0.00")
        .leaves("MerchantPayable", "0.00");
    let passed = services().after(penalty(true, Vec::new())).after(waive(Some("10.00")));
    passed.when(confirm()).posts(&["Dr RefundsInTransit 20.00", "Cr PspClearing 20.00"]);
}

#[test]
fn a_passed_penalty_is_waived_until_the_buyer_has_it() {
    let paid = services().after(penalty(true, Vec::new())).after(confirm());
    paid.when(waive(None)).refused("PenaltyPaidOut");
}

#[test]
fn a_passed_penalty_that_was_paid_outside_goes_back_there_when_waived() {
    let imposed = services().after(penalty(true, vec![provider(None)]));
    let waived = imposed.after(waive(Some("12.00")));
    waived.when(confirm()).leaves("RefundsInTransit", "0.00").leaves("PspClearing", "0.00");
}

#[test]
fn a_charge_has_its_own_name() {
    let support = || charge(fee(ServiceKind::TechnicalSupport, fixed("200.00")));
    services().after(support()).when(support()).refused("ChargedAlready");
    services().after(support()).when(penalty(false, Vec::new())).refused("ChargedAlready");
}

#[test]
fn what_is_charged_is_an_amount_and_more_than_nothing() {
    let with = |price| charge(fee(ServiceKind::TechnicalSupport, price));
    services().when(with(fixed("0.00"))).refused("NothingCharged");
    services().when(with(fixed("0.001"))).refused("UnusableAmount");
    let nothing = |unit: &'static str| Price::Units {
        quantity: amount("1"),
        unit: unit.into(),
        unit_price: amount("0.004"),
    };
    services().when(with(nothing("hour"))).refused("NothingCharged");
    services().when(with(nothing("\"hour\""))).refused("UnusableLabel");
}

#[test]
fn a_membership_is_no_service_and_an_unknown_merchant_has_none() {
    let membership = charge(fee(ServiceKind::Membership, fixed("1.00")));
    services().when(membership).refused("MembershipIsATerm");
    let unknown = ServiceContext { merchant_known: false, ..context() };
    given::<Service>(unknown).when(charge(premium())).refused("UnknownMerchant");
}

#[test]
fn a_supplier_has_at_most_the_price() {
    let supplier = Some(ForSupplier { supplier: Id::new("i").unwrap(), amount: amount("1.21") });
    let dear = ChargeServiceFee { supplier, ..premium() };
    services().when(charge(dear)).refused("SupplierExceedsPrice");
}

#[test]
fn wallet_and_deposit_are_guarded_by_their_own_streams() {
    let wallet = TakeFrom { source: Source::Wallet, ..payable() };
    let from = vec![wallet];
    let dear = ChargeServiceFee { settled_from: from.clone(), ..premium() };
    services().when(charge(dear)).refused("SourceGuardedElsewhere");
    services().when(penalty(false, from)).refused("SourceGuardedElsewhere");
}

#[test]
fn a_fee_is_returned_and_a_penalty_is_waived() {
    services().when(give_back(None)).refused("UnknownCharge");
    services().after(charge(premium())).when(waive(None)).refused("IsAServiceFee");
    services().after(penalty(false, Vec::new())).when(give_back(None)).refused("IsAPenalty");
}

#[test]
fn no_more_goes_back_than_was_charged() {
    let charged = || services().after(charge(premium()));
    charged().when(give_back(Some("1.21"))).refused("ReturnExceedsCharge");
    charged().when(give_back(Some("0.00"))).refused("NothingToReturn");
    charged().after(give_back(None)).when(give_back(None)).refused("NothingToReturn");
    charged().when(confirm()).refused("NothingInTransit");
}

#[test]
fn a_charge_says_the_tier_and_where_the_shipment_went_and_its_return_says_the_same() {
    let gold = ServiceContext { tier: Some("gold"), ..context() };
    let shipment = Shipment { weight_kg: None, region: Some("Xinjiang".into()) };
    let logistics = fee(ServiceKind::Logistics, fixed("18.00"));
    let fee = ChargeServiceFee { shipment: Some(shipment), ..logistics };
    let segment = r#""segment":{"region":"Xinjiang","tier":"gold"}"#;
    let command = || charge(fee.clone());
    given::<Service>(gold).when(command()).says("service-fee-charged", segment);
    let charged = given::<Service>(gold).after(command()).under(context());
    charged.when(give_back(None)).says("service-fee-returned", segment);
}
