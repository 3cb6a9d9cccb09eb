//! The price of a term and of a service from the tariff in force: 500.00 a year for personal shops, 53.00 with 6 % tax in
//! it for those in tea, nothing for others.

use souk_journal::money::Currency;

use super::*;
use crate::given::{Market, fee, rule};
use crate::order::decide::Directory as _;
use crate::service::commands::{ChargeServiceFee, OfCharge, ServiceCommand};
use crate::service::decide::{Service, ServiceContext};
use crate::tariff::events::{ChosenBy, Fee, FeeKind, FeeRule, Role, Scope, TaxMode, When};
use crate::tariff::period::{ByTariff, PeriodPrice, PeriodRefusal, period_price};

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

/// A price without a percentage.
fn of(name: &str, category: Option<&str>, fixed: &str) -> FeeRule {
    FeeRule { fixed: Some(amount(fixed)), ..rule(name, category, "0") }
}

fn per_year() -> Fee {
    let when = When { tier: Some("personal".into()), ..When::default() };
    let personal = FeeRule { when, ..of("personal-per-year", None, "500.00") };
    let rules = vec![personal, of("tea-per-year", Some("tea"), "53.00")];
    Fee { scope: Scope::Period, ..fee(FeeKind::TechnicalService, rules) }
}

fn by(category: Option<&'static str>) -> ByTariff<'static> {
    ByTariff { fee: FeeKind::TechnicalService, category: category.map(Into::into) }
}

fn price_in(market: &Market, by: &ByTariff<'_>, day: &str) -> Result<PeriodPrice, PeriodRefusal> {
    let state = market.merchant(merchant()).unwrap();
    let tariff = state.terms_on(date(day)).and_then(|terms| market.tariff(terms.tariff));
    period_price(by, (merchant(), state), tariff, (cny(), date(day)))
}

fn sale_of(by: ByTariff<'static>) -> MembershipCommand<'static> {
    let (gross, tax_rate, by_tariff) = (None, "0".parse().unwrap(), Some(by));
    MembershipCommand::Charge(ChargeMembership { gross, tax_rate, by_tariff, ..sale(Vec::new()) })
}

#[test]
fn a_term_costs_what_the_tariff_in_force_says_and_the_event_says_which_rule_did() {
    let market = Market::charging(vec![per_year()]).in_tier("1007", "personal");
    let price = price_in(&market, &by(None), "2026-01-01");
    let context = MembershipContext { period: Some(&price), ..on("2026-01-01") };
    given::<Membership>(context)
        .when(sale_of(by(None)))
        .says(
            "membership-charged",
            r#""priced_by":{"tariff":"std","version":1,"fee":"technical_service","rule":"personal-per-year"}"#,
        )
        .says("membership-charged", r#""gross":"530.00","net":"500.00","tax":"30.00""#)
        .posts(&[
            "Dr MerchantPayable 500.00",
            "Dr MerchantPayable 30.00",
            "Cr DeferredRevenue 500.00",
            "Cr OutputVat 30.00",
        ]);
}

#[test]
fn a_later_version_holds_from_its_day_and_what_was_sold_before_stays() {
    let dearer = Fee { rules: vec![of("all", None, "600.00")], ..per_year() };
    let market = Market::charging(vec![per_year()]).in_tier("1007", "personal");
    let market = market.later("2026-02-01", ChosenBy::CompletionDate, vec![dearer]);
    let price = |day| {
        let price = price_in(&market, &by(None), day).unwrap();
        (price.by.version, price.net)
    };
    assert_eq!(price("2026-01-31"), (1, 50_000));
    assert_eq!(price("2026-02-01"), (2, 60_000));
}

#[test]
fn a_category_chooses_the_price_and_the_tax_may_be_within_it() {
    let fee = Fee { tax_mode: TaxMode::Inclusive, ..per_year() };
    let market = Market::charging(vec![fee]);
    let price = price_in(&market, &by(Some("tea/green")), "2026-01-01").unwrap();
    assert_eq!((price.net, price.tax, &*price.by.rule.to_string()), (5_000, 300, "tea-per-year"));
}

#[test]
fn what_the_tariff_does_not_price_is_not_guessed() {
    let market = Market::charging(vec![per_year()]);
    let code = |refusal: PeriodRefusal| {
        use crate::decider::Refusal as _;
        refusal.code()
    };
    let refused =
        |market: &Market, by: &ByTariff<'_>, day| code(price_in(market, by, day).unwrap_err());
    // Neither personal nor in tea; another fee; before the first version and the terms.
    assert_eq!(refused(&market, &by(None), "2026-01-01"), "NoPeriodPrice");
    let other = ByTariff { fee: FeeKind::ListingFee, category: None };
    assert_eq!(refused(&market, &other, "2026-01-01"), "NoPeriodPrice");
    assert_eq!(refused(&market, &by(None), "2025-12-31"), "NoTermsInForce");
    // A fee of orders has no price per period.
    let of_orders = Market::charging(vec![Fee { scope: Scope::Order, ..per_year() }]);
    assert_eq!(refused(&of_orders, &by(Some("tea")), "2026-01-01"), "NoPeriodPrice");
    let role = Role::Agent { supplier: "0.8".parse().unwrap() };
    let of_agent = Market::charging(vec![Fee { role, ..per_year() }]);
    assert_eq!(refused(&of_agent, &by(Some("tea")), "2026-01-01"), "PeriodPriceNotOwn");
    let dollars = Market::charging(vec![per_year()]).in_currency("USD");
    assert_eq!(refused(&dollars, &by(Some("tea")), "2026-01-01"), "TariffInOtherCurrency");
    let state = market.merchant(merchant()).unwrap();
    let none = period_price(&by(None), (merchant(), state), None, (cny(), date("2026-01-01")));
    assert_eq!(code(none.unwrap_err()), "NoTariffInForce");
}

#[test]
fn a_price_is_given_or_taken_from_the_tariff_never_both_and_the_tariff_says_its_tax() {
    let both = ChargeMembership { by_tariff: Some(by(None)), ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(both)).refused("PriceOrTariff");
    let neither = ChargeMembership { gross: None, ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(neither)).refused("PriceOrTariff");
    let taxed = ChargeMembership { gross: None, by_tariff: Some(by(None)), ..sale(Vec::new()) };
    term().when(MembershipCommand::Charge(taxed)).refused("TariffSaysTheTax");
    let buyer = Holder::Buyer(Id::new("b-77").unwrap());
    let MembershipCommand::Charge(of) = sale_of(by(None)) else { unreachable!("a sale") };
    let of_buyer = ChargeMembership { holder: buyer, settled_from: vec![provider("pay-1")], ..of };
    term().when(MembershipCommand::Charge(of_buyer)).refused("BuyerHasNoTariff");
    let unpriced = Err(PeriodRefusal::NoTermsInForce(merchant()));
    let context = MembershipContext { period: Some(&unpriced), ..on("2026-01-01") };
    given::<Membership>(context).when(sale_of(by(None))).refused("NoTermsInForce");
}

#[test]
fn a_service_costs_what_the_tariff_says_alike() {
    let market = Market::charging(vec![per_year()]);
    let price = price_in(&market, &by(Some("tea")), "2026-03-02");
    let context = ServiceContext {
        currency: cny(),
        today: date("2026-03-02"),
        merchant_known: true,
        tier: None,
        period: Some(&price),
        freight: None,
        corrected: 0,
    };
    let charge = ChargeServiceFee {
        of: OfCharge {
            merchant: merchant(),
            currency: "CNY".into(),
            charge: souk_journal::ids::ChargeId::new("F1").unwrap(),
        },
        service: ServiceKind::TechnicalSupport,
        price: None,
        by_tariff: Some(by(Some("tea"))),
        by_table: None,
        tax_rate: "0".parse().unwrap(),
        tax_included: false,
        supplier: None,
        order: None,
        shipment: None,
        settled_from: Vec::new(),
    };
    let both = ChargeServiceFee { tax_included: true, ..charge.clone() };
    given::<Service>(context)
        .when(ServiceCommand::Charge(Box::new(both)))
        .refused("TariffSaysTheTax");
    let none = ChargeServiceFee { by_tariff: None, ..charge.clone() };
    given::<Service>(context).when(ServiceCommand::Charge(Box::new(none))).refused("PriceOrTariff");
    given::<Service>(context)
        .when(ServiceCommand::Charge(Box::new(charge)))
        .says("service-fee-charged", r#""rule":"tea-per-year"}"#)
        .posts(&[
            "Dr MerchantPayable 53.00",
            "Dr MerchantPayable 3.18",
            "Cr TechnicalServices 53.00",
            "Cr OutputVat 3.18",
        ]);
}
