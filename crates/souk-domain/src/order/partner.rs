//! Partners of an order, affiliates and influencers: attributing lines to them, what they earn when the seller completes,
//! and what a refund takes back from them and from the platform.
//!
//! Seller and partner agree the share per product, so it stands in the order and not in a tariff. The seller bears one
//! amount; the partner gets it less the platform's part, which is revenue with its tax inside.

pub(super) mod posting;
pub mod state;

use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId, RefundId};
use souk_journal::money::{Amount, Currency};
use souk_journal::split::percentage;

use self::state::Attribution;
use super::commands::AttributeOrder;
use super::complete::{Rest, Sale};
use super::corrected::Corrected;
use super::decide::OrderContext;
use super::events::{
    OrderAttributed, OrderEvent, PartnerCommissionCharged, PartnerCommissionReturned, PartnerLine,
    PartnerLineReturned,
};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::decider::Decision;
use crate::merchant::events::MerchantKind;
use crate::tariff::events::BaseTax;

/// All of a sale, in millionths.
const WHOLE: i64 = 1_000_000;

/// Attributes lines to a partner, before their seller completes.
pub(super) fn attribute<'a>(
    order: &Placed,
    command: &AttributeOrder,
    context: &OrderContext<'_>,
    today: Date,
) -> Result<Decision<OrderEvent<'a>>, OrderRefusal> {
    let partner = command.partner;
    let known = context.directory.merchant(partner);
    if known.and_then(|of| of.kind) != Some(MerchantKind::Partner) {
        return Err(OrderRefusal::NotAPartner(partner));
    }
    if order.cancelled {
        return Err(OrderRefusal::OrderIsCancelled);
    }
    let lines = lines(order, command)?;
    if lines.is_empty() || command.rate.millionths() == 0 {
        return Err(OrderRefusal::NothingToAttribute);
    }
    let event = OrderAttributed {
        partner,
        kind: command.kind,
        rate: command.rate,
        base: command.base,
        platform_share: command.platform_share,
        tax_rate: command.tax_rate,
        lines,
    };
    Ok(Decision::one(today, OrderEvent::Attributed(event)))
}

/// The lines of the command; none named are all whose seller has not completed.
fn lines(order: &Placed, command: &AttributeOrder) -> Result<Vec<LineId>, OrderRefusal> {
    let all = order.lines.iter().filter(|line| order.completion(line.merchant).is_none());
    let lines: Vec<LineId> = match &command.lines[..] {
        [] => all.map(|line| line.line).collect(),
        named => named.to_vec(),
    };
    for (index, id) in lines.iter().enumerate() {
        let line = order.line(*id).ok_or(OrderRefusal::UnknownLine(*id))?;
        if lines[..index].contains(id) {
            return Err(OrderRefusal::LineTwice(*id));
        }
        if order.completion(line.merchant).is_some() {
            return Err(OrderRefusal::CompletedAlready(line.merchant));
        }
        let of_line = order.attributions.iter().filter(|of| of.lines.contains(id));
        let mut share = command.rate.millionths();
        for known in of_line {
            if known.partner == command.partner {
                return Err(OrderRefusal::AttributedAlready { line: *id, partner: known.partner });
            }
            share += known.rate.millionths();
        }
        if share > WHOLE {
            return Err(OrderRefusal::SharesExceedSale(*id));
        }
    }
    Ok(lines)
}

/// What partners earn of a completion, in the currency of the seller's settlement: one event each, in the order in which
/// they were attributed.
pub(super) fn charged<'a>(
    order: &'a Placed,
    context: &OrderContext<'_>,
    sale: Sale,
    rests: &[Rest<'a>],
) -> Result<Vec<OrderEvent<'a>>, OrderRefusal> {
    let Sale { merchant, currency, due_on, completed_on } = sale;
    let mut events = Vec::new();
    for of in &order.attributions {
        let mut lines = Vec::new();
        for rest in rests.iter().filter(|rest| of.lines.contains(&rest.line.line)) {
            let base = rest.base(of.base, BaseTax::Before);
            let line = commission(of, base, currency)?;
            if !line.amount.is_zero() {
                let category = rest.line.category.as_deref();
                lines.push(PartnerLine { line: rest.line.line, category, ..line });
            }
        }
        if lines.is_empty() {
            continue;
        }
        settled_alike(context, of.partner, (currency, completed_on))?;
        events.push(OrderEvent::PartnerCommissionCharged(PartnerCommissionCharged {
            merchant,
            partner: of.partner,
            kind: of.kind,
            currency,
            due_on,
            rate: of.rate,
            base: of.base,
            platform_share: of.platform_share,
            tax_rate: of.tax_rate,
            lines,
        }));
    }
    Ok(events)
}

/// A commission is one amount that the seller bears and the partner gets, so both settle in one currency: a conversion
/// between them would need a rate and a position of its own.
fn settled_alike(
    context: &OrderContext<'_>,
    partner: MerchantId,
    (currency, on): (Currency, Date),
) -> Result<(), OrderRefusal> {
    let state = context.directory.merchant(partner);
    match state.and_then(|state| state.settlement_currency_on(on)) {
        Some(settled_in) if settled_in != currency => {
            Err(OrderRefusal::PartnerInOtherCurrency { partner, settled_in, currency })
        }
        Some(_) | None => Ok(()),
    }
}

/// The share of a base, the platform's part of it, and the tax within that.
fn commission<'a>(
    of: &Attribution,
    base: i64,
    currency: Currency,
) -> Result<PartnerLine<'a>, OrderRefusal> {
    let amount = percentage(of.rate.decimal(), base, currency)?;
    let own = percentage(of.platform_share.decimal(), amount, currency)?;
    let platform = of.tax_rate.net_of(own);
    let minor = |minor| Amount::from_minor(minor, currency);
    Ok(PartnerLine {
        line: of.lines[0],
        category: None,
        base: minor(base),
        amount: minor(amount),
        partner: minor(amount - own),
        platform: minor(platform),
        tax: minor(own - platform),
    })
}

/// What a refund takes back: one event per seller and partner, with the lines of which something goes back.
pub(super) fn returned<'a>(
    order: &'a Placed,
    after: &Placed,
    refund: RefundId,
    due_of: &dyn Fn(MerchantId) -> Option<Date>,
    corrected: &[Corrected],
) -> Vec<OrderEvent<'a>> {
    let mut events: Vec<PartnerCommissionReturned<'a>> = Vec::new();
    for of in &order.partner_commissions {
        let currency = order.settled_in(of.merchant);
        let minor = |minor| Amount::from_minor(minor, currency);
        let (now, before) = (after.partner_returned(of, corrected), of.back);
        let Some(due_on) = due_of(of.merchant).filter(|_| now != before) else { continue };
        let (partner, platform) = (now.partner - before.partner, now.platform - before.platform);
        let tax = now.tax - before.tax;
        let line = PartnerLineReturned {
            line: of.line,
            category: of.category.as_deref(),
            amount: minor(partner + platform + tax),
            partner: minor(partner),
            platform: minor(platform),
            tax: minor(tax),
        };
        let same = |event: &&mut PartnerCommissionReturned<'_>| {
            (event.merchant, event.partner, event.kind) == (of.merchant, of.partner, of.kind)
        };
        match events.iter_mut().find(same) {
            Some(event) => event.lines.push(line),
            None => events.push(PartnerCommissionReturned {
                merchant: of.merchant,
                partner: of.partner,
                kind: of.kind,
                refund,
                currency,
                due_on,
                lines: vec![line],
            }),
        }
    }
    events.into_iter().map(OrderEvent::PartnerCommissionReturned).collect()
}

#[cfg(test)]
mod tests;
