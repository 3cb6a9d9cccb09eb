//! Tax that the platform withholds from a merchant's sale for a jurisdiction, as agreed with it; not revenue, and given
//! back with refunds on the cumulative refund.

use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RefundId};
use souk_journal::money::Amount;
use souk_journal::split::{percentage, returned as share_returned};

use super::complete::{Rest, Sale};
use super::corrected::{ChargedPart, Corrected, sum};
use super::decide::OrderContext;
use super::events::{OrderEvent, TaxWithheld, WithholdingReturned};
use super::refusal::OrderRefusal;
use super::state::Placed;
use crate::tariff::events::BaseTax;

/// One event per jurisdiction whose withholding is in force on the date of completion.
pub(super) fn withheld<'a>(
    context: &OrderContext<'_>,
    sale: Sale,
    rests: &[Rest<'_>],
) -> Result<Vec<OrderEvent<'a>>, OrderRefusal> {
    let Sale { merchant, currency, due_on, completed_on } = sale;
    let Some(state) = context.directory.merchant(merchant) else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    for of in state.withholdings_on(completed_on) {
        let base = rests.iter().map(|rest| rest.base(of.of, BaseTax::Before)).sum();
        let amount = percentage(of.rate.decimal(), base, currency)?;
        if amount == 0 {
            continue;
        }
        events.push(OrderEvent::TaxWithheld(TaxWithheld {
            merchant,
            currency,
            due_on,
            jurisdiction: of.jurisdiction,
            rate: of.rate,
            of: of.of,
            base: Amount::from_minor(base, currency),
            amount: Amount::from_minor(amount, currency),
        }));
    }
    Ok(events)
}

/// One event per jurisdiction and merchant of whose withheld tax something comes back.
pub(super) fn returned<'a>(
    order: &Placed,
    after: &Placed,
    refund: RefundId,
    due_of: &dyn Fn(MerchantId) -> Option<Date>,
    corrected: &[Corrected],
) -> Vec<OrderEvent<'a>> {
    let mut events = Vec::new();
    for known in &order.withheld {
        let currency = order.settled_in(known.merchant);
        let whole = (known.merchant, None);
        let Some((refunded, base)) = after.refunded_of(whole, known.of, BaseTax::Before) else {
            continue;
        };
        let part = ChargedPart::Withheld(known.merchant, known.jurisdiction);
        // What corrections have given back is not given back again.
        let left = known.amount - sum(corrected, |of| *of == part);
        let now = share_returned(left, refunded, base).min(left).max(known.returned);
        let back = now - known.returned;
        let Some(due_on) = due_of(known.merchant).filter(|_| back != 0) else { continue };
        events.push(OrderEvent::WithholdingReturned(WithholdingReturned {
            merchant: known.merchant,
            refund,
            currency,
            due_on,
            jurisdiction: known.jurisdiction,
            amount: Amount::from_minor(back, currency),
        }));
    }
    events
}

#[cfg(test)]
mod tests;
