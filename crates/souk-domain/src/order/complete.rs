//! Completion of a merchant's part: the sale becomes payable, the fees are charged.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Amount, Currency};

use super::charge::Charging;
use super::commands::CompleteOrder;
use super::conversion::{Conversion, SettledSale};
use super::decide::OrderContext;
use super::events::{CompletedLine, OrderCompleted, OrderEvent};
use super::partner;
use super::refusal::OrderRefusal;
use super::state::{Line, Placed};
use super::{tax, withholding};
use crate::decider::Decision;
use crate::merchant::state::{MerchantState, Terms};
use crate::tariff::events::{Base, BaseTax};

/// The sale of a merchant's part, as its fees, its withheld tax and its partners see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sale {
    pub(super) merchant: MerchantId,
    /// That of the settlement.
    pub(super) currency: Currency,
    pub(super) due_on: Date,
    pub(super) completed_on: Date,
}

/// What is left of a line when it completes.
#[derive(Clone, Copy)]
pub(super) struct Rest<'a> {
    pub(super) line: &'a Line,
    pub(super) list: i64,
    pub(super) discount: i64,
    pub(super) subsidy: i64,
    pub(super) shipping: i64,
    /// Collected tax on the goods and on the shipping.
    pub(super) tax: (i64, i64),
}

impl<'a> Rest<'a> {
    /// What is left of a merchant's lines; lines refunded whole are none.
    pub(super) fn of_merchant(order: &'a Placed, merchant: MerchantId) -> Vec<Self> {
        let of = |line: &&Line| line.merchant == merchant && !line.is_refunded();
        order.lines.iter().filter(of).map(|line| Self::of(line, order)).collect()
    }

    fn of(line: &'a Line, order: &Placed) -> Self {
        let kept = |amount: i64| {
            amount - line.share_returned(amount, line.refunded_goods, line.given_back)
        };
        let (discount, subsidy) = (kept(line.discount), kept(line.subsidy));
        let list = line.goods_left() + discount + subsidy;
        let taxes = order.taxes.iter().filter(|tax| tax.line == line.line);
        let tax = taxes.fold((0, 0), |(goods, shipping), tax| {
            (goods + tax.goods_left(), shipping + tax.shipping_left())
        });
        Self { line, list, discount, subsidy, shipping: line.shipping_left(), tax }
    }

    /// What a percentage is of, without collected tax or with the tax on that.
    pub(super) fn base(&self, base: Base, tax: BaseTax) -> i64 {
        let with = match (tax, base) {
            (BaseTax::Before, _) => 0,
            (BaseTax::After, Base::ItemPrice | Base::ItemPriceLessDiscount) => self.tax.0,
            (BaseTax::After, Base::ItemsAndShipping | Base::Paid) => self.tax.0 + self.tax.1,
        };
        with + match base {
            Base::ItemPrice => self.list,
            Base::ItemPriceLessDiscount => self.list - self.discount,
            Base::ItemsAndShipping => self.list - self.discount + self.shipping,
            Base::Paid => self.list - self.discount - self.subsidy + self.shipping,
        }
    }
}

/// Completes a merchant's part at the tariff in force.
pub(crate) fn complete<'a>(
    order: &'a Placed,
    command: CompleteOrder,
    context: &'a OrderContext<'a>,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let merchant = command.merchant;
    let currency = order.currency;
    if !order.lines.iter().any(|line| line.merchant == merchant) {
        return Err(OrderRefusal::NotTheirOrder(merchant));
    }
    if order.cancelled {
        return Err(OrderRefusal::OrderIsCancelled);
    }
    if order.completion(merchant).is_some() {
        return Err(OrderRefusal::CompletedAlready(merchant));
    }
    let (held, needed) = (order.escrow_of(Some(merchant)), order.owed_now(merchant));
    if held < needed {
        let amount = |minor| Amount::from_minor(minor, currency);
        let (held, needed) = (amount(held), amount(needed));
        return Err(OrderRefusal::EscrowShort { merchant, held, needed });
    }
    if context.directory.merchant(merchant).is_some_and(MerchantState::is_closed) {
        return Err(OrderRefusal::MerchantIsClosed(merchant));
    }
    let (terms, completed_on) = terms_at(merchant, context, at)?;
    let due_on = completed_on.plus_days(i32::from(terms.hold_days));
    let version = context
        .directory
        .tariff(terms.tariff)
        .and_then(|tariff| tariff.version_for(order.placed_on, completed_on))
        .ok_or(OrderRefusal::NoTariffInForce(terms.tariff))?;
    let conversion = Conversion::of_completion((merchant, currency), completed_on, context)?;
    let sold = Rest::of_merchant(order, merchant);
    let tariff = terms.tariff;
    let settled_in = conversion.map_or(currency, |of| of.currency);
    let volumes = context
        .directory
        .merchant(merchant)
        .map_or([0; 3], |state| state.volumes_on(settled_in, completed_on));
    let charging =
        Charging { order, merchant, terms, volumes, due_on, tariff, version, conversion };
    let rests = charging.settled(&sold)?;
    let settled = |rest: &Rest<'_>| conversion.map(|of| rest.as_settled(of.currency));
    let mut events = Vec::with_capacity(1 + version.fees.len());
    events.push(OrderEvent::Completed(OrderCompleted {
        merchant,
        currency,
        terms: terms.version,
        due_on,
        conversion,
        segment: charging.segment(),
        lines: sold
            .iter()
            .zip(&rests)
            .map(|(rest, in_settlement)| completed_line(rest, currency, settled(in_settlement)))
            .collect(),
    }));
    events.extend(tax::collected(order, merchant, &sold));
    events.extend(charging.charges_on(&rests)?.into_iter().map(OrderEvent::of_charge));
    let sale = Sale { merchant, currency: settled_in, due_on, completed_on };
    events.extend(withholding::withheld(context, sale, &rests)?);
    events.extend(partner::charged(order, context, sale, &rests)?);
    Ok(Decision { effective_on: completed_on, events })
}

/// The terms in force at an instant and its business date, read in the merchant's own zone.
pub(crate) fn terms_at<'a>(
    merchant: MerchantId,
    context: &OrderContext<'a>,
    at: Micros,
) -> Result<(&'a Terms, Date), OrderRefusal> {
    let state = context
        .directory
        .merchant(merchant)
        .filter(|of| of.kind.is_some())
        .ok_or(OrderRefusal::UnknownMerchant(merchant))?;
    state.business_day(at).ok_or(OrderRefusal::NoTermsInForce(merchant))
}

fn completed_line<'a>(
    rest: &Rest<'a>,
    currency: Currency,
    settled: Option<SettledSale>,
) -> CompletedLine<'a> {
    let amount = |minor| Amount::from_minor(minor, currency);
    CompletedLine {
        line: rest.line.line,
        category: rest.line.category.as_deref(),
        principal: amount(rest.list),
        shipping: amount(rest.shipping),
        merchant_discount: amount(rest.discount),
        platform_discount: amount(rest.subsidy),
        funding: rest.line.funding.filter(|_| rest.subsidy != 0),
        settled,
    }
}

#[cfg(test)]
mod tests;
