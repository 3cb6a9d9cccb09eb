//! Placing an order, and splitting its promotions over the lines they are for.

use souk_journal::dates::{Date, Micros};
use souk_journal::money::{Amount, Currency};
use souk_journal::split::largest_remainder;

use super::commands::{PlaceOrder, Promotion};
use super::decide::{OrderContext, label, not_negative, plus};
use super::events::{
    FundedBy, Funding, LineDiscount, OrderEvent, OrderPlaced, PlacedLine, TaxAssessed,
};
use super::refusal::OrderRefusal;
use super::tax;
use crate::decider::Decision;

/// Most lines of an order.
pub const MAX_LINES: usize = 250;

/// Places an order: every line of a known merchant, discounts within its price, promotions split over their lines.
pub(super) fn place<'a>(
    command: &'a PlaceOrder<'a>,
    context: &OrderContext<'_>,
    today: Date,
    at: Micros,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let currency = Currency::from_code(&command.currency)?;
    if command.lines.len() > MAX_LINES {
        return Err(OrderRefusal::OrderTooLarge(command.lines.len()));
    }
    let mut lines = Vec::with_capacity(command.lines.len());
    let mut total = Amount::ZERO;
    for (index, line) in command.lines.iter().enumerate() {
        let merchant = context.directory.merchant(line.merchant).filter(|of| of.kind.is_some());
        let Some(known) = merchant else {
            return Err(OrderRefusal::UnknownMerchant(line.merchant));
        };
        if let Some(why) = known.no_new_business(at, today) {
            return Err(OrderRefusal::no_new_business(line.merchant, why));
        }
        if command.lines[..index].iter().any(|other| other.line == line.line) {
            return Err(OrderRefusal::LineTwice(line.line));
        }
        let discount = line.platform_discount;
        let placed = PlacedLine {
            line: line.line,
            merchant: line.merchant,
            category: line.category.as_deref().map(label).transpose()?,
            price: not_negative(line.price, currency)?,
            shipping: not_negative(line.shipping, currency)?,
            merchant_discount: not_negative(line.merchant_discount, currency)?,
            platform_discount: not_negative(
                discount.map_or(Amount::ZERO, |of| of.amount),
                currency,
            )?,
            funding: discount.filter(|of| !of.amount.is_zero()).map(|of| of.funding),
            discounts: Vec::new(),
            units: line.units,
            fulfilment: line.fulfilment.as_deref().map(label).transpose()?,
        };
        if line.units == 0 {
            return Err(OrderRefusal::NoUnits(line.line));
        }
        let discounts = placed.merchant_discount.decimal() + placed.platform_discount.decimal();
        if discounts > placed.price.decimal() {
            return Err(OrderRefusal::DiscountExceedsPrice(line.line));
        }
        // The whole order fits a posting, so no sum over its lines can overflow.
        total = plus(plus(total, placed.price, currency)?, placed.shipping, currency)?;
        lines.push(placed);
    }
    for (index, promotion) in command.promotions.iter().enumerate() {
        let earlier = &command.promotions[..index];
        if earlier.iter().any(|other| other.promotion == promotion.promotion) {
            return Err(OrderRefusal::PromotionTwice(promotion.promotion));
        }
        promote(&mut lines, promotion, currency)?;
    }
    let taxes = tax::assess(&command.lines, &mut lines, currency)?;
    for of in &taxes {
        total = plus(plus(total, of.goods, currency)?, of.shipping, currency)?;
    }
    let region = command.region.as_deref().map(label).transpose()?;
    let event = OrderPlaced { currency, placed_on: today, region, lines };
    let mut events = vec![OrderEvent::Placed(event)];
    if !taxes.is_empty() {
        events.push(OrderEvent::TaxAssessed(TaxAssessed { currency, lines: taxes }));
    }
    Ok(Decision { effective_on: today, events })
}

/// Splits a promotion over its lines by what is left of their prices: by largest remainder, the earlier line first.
fn promote(
    lines: &mut [PlacedLine<'_>],
    promotion: &Promotion,
    currency: Currency,
) -> Result<(), OrderRefusal> {
    let name = promotion.promotion;
    for (index, line) in promotion.lines.iter().enumerate() {
        if !lines.iter().any(|of| of.line == *line) {
            return Err(OrderRefusal::UnknownLine(*line));
        }
        if promotion.lines[..index].contains(line) {
            return Err(OrderRefusal::LineTwice(*line));
        }
    }
    let meant =
        |of: &PlacedLine<'_>| promotion.lines.is_empty() || promotion.lines.contains(&of.line);
    let left = |of: &PlacedLine<'_>| {
        let discounts = of.merchant_discount.decimal() + of.platform_discount.decimal();
        Amount::from(of.price.decimal() - discounts).minor(currency)
    };
    let mut weights = Vec::with_capacity(lines.len());
    for line in lines.iter().filter(|line| meant(line)) {
        weights.push(left(line)?);
    }
    let amount = not_negative(promotion.amount, currency)?;
    let minor = amount.minor(currency)?;
    let most = weights.iter().sum();
    if minor > most {
        let left = Amount::from_minor(most, currency);
        return Err(OrderRefusal::PromotionExceedsPrice { promotion: name, amount, left });
    }
    let parts = largest_remainder(minor, &weights);
    for (line, part) in lines.iter_mut().filter(|line| meant(line)).zip(parts) {
        if part == 0 {
            continue;
        }
        let amount = Amount::from_minor(part, currency);
        let more = |of: Amount| Amount::from(of.decimal() + amount.decimal());
        match funding(promotion.funded_by) {
            None => line.merchant_discount = more(line.merchant_discount),
            Some(funding) => {
                // What is not the merchant's is booked at one place per line, so that a refund takes it back from there.
                if line.funding.is_some_and(|known| known != funding) {
                    return Err(OrderRefusal::FundingDiffers(line.line));
                }
                line.funding = Some(funding);
                line.platform_discount = more(line.platform_discount);
            }
        }
        let (kind, funded_by) = (promotion.kind, promotion.funded_by);
        line.discounts.push(LineDiscount { promotion: name, kind, funded_by, amount });
    }
    Ok(())
}

/// Where a promotion is booked that the merchant does not fund.
fn funding(by: FundedBy) -> Option<Funding> {
    match by {
        FundedBy::Merchant => None,
        FundedBy::PlatformSubsidy => Some(Funding::PlatformSubsidy),
        FundedBy::BuyerIncentives => Some(Funding::BuyerIncentives),
        FundedBy::Partner => Some(Funding::Partner),
    }
}

#[cfg(test)]
mod tests;
