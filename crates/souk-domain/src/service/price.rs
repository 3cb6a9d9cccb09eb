//! From a price to the platform's fee, its tax and the supplier's part.

use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::percentage;

use super::commands::ChargeServiceFee;
use super::decide::ServiceContext;
use super::events::Price;
use super::refusal::ServiceRefusal;
use super::state::Parts;
use crate::ledger::decide::is_label;
use crate::rate::Rate;
use crate::tariff::freight::{FreightBy, FreightRefusal, may_name_a_table};
use crate::tariff::period::{PeriodRefusal, PricedBy};

/// The price in minor units, rounded half up where it is computed.
fn minor(price: &Price<'_>, currency: Currency) -> Result<i64, ServiceRefusal> {
    let unusable = ServiceRefusal::UnusableAmount;
    match price {
        Price::Fixed { amount } => amount.minor(currency).map_err(unusable),
        Price::Units { quantity, unit, unit_price } => {
            if !is_label(unit) {
                return Err(ServiceRefusal::UnusableLabel(unit.to_string()));
            }
            let (quantity, price) = (quantity.decimal(), unit_price.decimal());
            let product = quantity.checked_mul(price).ok_or(MoneyError::OutOfRange(quantity));
            Amount::rounded(product.map_err(unusable)?, currency).minor(currency).map_err(unusable)
        }
        Price::Share { base, rate } => {
            let base = base.minor(currency).map_err(unusable)?;
            percentage(rate.decimal(), base, currency).map_err(unusable)
        }
    }
}

/// A charge's price: how it came about, its parts, the rate of its tax, and the tariff or freight table that said it.
pub(super) struct Priced<'a> {
    pub(super) price: Price<'a>,
    pub(super) parts: Parts,
    pub(super) tax_rate: Rate,
    pub(super) by: Option<PricedBy>,
    pub(super) freight: Option<FreightBy>,
}

/// The price of the command, or that of the tariff in force.
pub(super) fn priced<'a>(
    of: &ChargeServiceFee<'a>,
    context: &ServiceContext<'_>,
) -> Result<Priced<'a>, ServiceRefusal> {
    let currency = context.currency;
    match (&of.price, &of.by_tariff, &of.by_table) {
        (Some(price), None, None) => {
            let parts = parts(of, price, currency)?;
            Ok(Priced {
                price: price.clone(),
                parts,
                tax_rate: of.tax_rate,
                by: None,
                freight: None,
            })
        }
        (None, Some(_), None) => {
            if of.tax_rate != Rate::ZERO || of.tax_included || of.supplier.is_some() {
                return Err(ServiceRefusal::Period(PeriodRefusal::TariffSaysTheTax));
            }
            let unknown = Err(PeriodRefusal::NoTermsInForce(of.of.merchant));
            let price = context.period.cloned().unwrap_or(unknown);
            let price = price.map_err(ServiceRefusal::Period)?;
            let (net, tax) = (price.net, price.tax);
            if net <= 0 {
                return Err(ServiceRefusal::NothingCharged(Amount::from_minor(net, currency)));
            }
            Ok(Priced {
                price: Price::Fixed { amount: Amount::from_minor(net, currency) },
                parts: Parts { supplier: 0, tax, net },
                tax_rate: price.tax_rate,
                by: Some(price.by),
                freight: None,
            })
        }
        (None, None, Some(_)) => {
            let freight = by_table(of, context).map_err(ServiceRefusal::Freight)?;
            // The table says the price alone; tax and the carrier's part are named as beside any price.
            let price = Price::Fixed { amount: freight.amount };
            let parts = parts(of, &price, currency)?;
            Ok(Priced { price, parts, tax_rate: of.tax_rate, by: None, freight: Some(freight) })
        }
        (Some(_), Some(_), _)
        | (Some(_), None, Some(_))
        | (None, Some(_), Some(_))
        | (None, None, None) => Err(ServiceRefusal::Period(PeriodRefusal::PriceOrTariff)),
    }
}

/// What the table of the tariff in force says of the parcel.
fn by_table(
    of: &ChargeServiceFee<'_>,
    context: &ServiceContext<'_>,
) -> Result<FreightBy, FreightRefusal> {
    may_name_a_table(of.service)?;
    if of.shipment.is_some() {
        return Err(FreightRefusal::ShipmentTwice);
    }
    let unknown = FreightRefusal::Tariff(PeriodRefusal::NoTermsInForce(of.of.merchant));
    context.freight.cloned().unwrap_or(Err(unknown))
}

/// The parts of a charge. With a supplier the tax is on the margin alone.
fn parts(
    of: &ChargeServiceFee<'_>,
    price: &Price<'_>,
    currency: Currency,
) -> Result<Parts, ServiceRefusal> {
    let amount = |minor| Amount::from_minor(minor, currency);
    let price = minor(price, currency)?;
    if price <= 0 {
        return Err(ServiceRefusal::NothingCharged(amount(price)));
    }
    let supplier = of.supplier.map_or(Ok(0), |of| of.amount.minor(currency));
    let supplier = supplier.map_err(ServiceRefusal::UnusableAmount)?;
    if supplier < 0 || supplier > price {
        let (part, price) = (amount(supplier), amount(price));
        return Err(ServiceRefusal::SupplierExceedsPrice { part, price });
    }
    let own = price - supplier;
    let (net, tax) = if of.tax_included {
        let net = of.tax_rate.net_of(own);
        (net, own - net)
    } else {
        let tax = percentage(of.tax_rate.decimal(), own, currency);
        (own, tax.map_err(ServiceRefusal::UnusableAmount)?)
    };
    Ok(Parts { supplier, tax, net })
}
