//! How a line of a converted sale, or of its refund, came to its amount: what it was in the order's currency, and the rate.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::event::LedgerEvent;
use souk_domain::fxrate::exchange_rate::ExchangeRate;
use souk_domain::fxrate::pair::Pair;
use souk_domain::order::conversion::Conversion;
use souk_domain::order::events::{MerchantConversion, OrderCompleted, OrderEvent, RefundedLine};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::Posting;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};

use crate::error::BooksError;
use crate::fetch::Fetched;
use crate::figure::Figure;

/// What a line was before it was converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineConversion {
    /// The order's currency.
    pub currency: Currency,
    /// The amount in it, in the merchant's view.
    pub amount: Figure,
    /// The pair of the rate.
    pub pair: Pair,
    /// The rate: what one unit of the pair's first currency cost in the second.
    pub rate: ExchangeRate,
    /// The day it is of.
    pub rate_on: Date,
}

/// The conversion behind a posting; none where nothing was converted. Fees of a converted sale are charged in the
/// currency of the settlement, on a base that stands in it.
pub(crate) fn conversion(
    fetched: &Fetched<'_>,
    posting: &Posting,
    index: usize,
) -> Result<Option<LineConversion>, BooksError> {
    let LedgerEvent::Order(event) = fetched.event else { return Ok(None) };
    let before = fetched.entry.postings.iter().take(index);
    let same = |of: &&Posting| of.account == Account::MerchantPayable && of.kind == posting.kind;
    let rank = before.filter(same).count();
    let (currency, of, amount) = if let OrderEvent::Completed(of) = event
        && let Some((conversion, amount)) = completed(of, posting.kind, rank)
    {
        (of.currency, conversion, amount)
    } else if let OrderEvent::RefundIssued(of) = event
        && let Some((conversion, amount)) =
            refunded((&of.lines, &of.conversions), posting.kind, rank)
    {
        (of.currency, conversion, amount)
    } else if let OrderEvent::AdvanceRecovered(of) = event
        && let Some((conversion, amount)) =
            refunded((&of.lines, &of.conversions), posting.kind, rank)
    {
        (of.currency, conversion, amount)
    } else {
        return Ok(None);
    };
    let entry = fetched.entry.entry;
    let minor = amount
        .minor(currency)
        .map_err(|error| BooksError::EntryDiffers { entry, what: error.to_string() })?;
    // The same side as the line itself, which is a credit where the merchant gets something.
    let minor = if posting.amount > 0 { -minor } else { minor };
    let (pair, rate, rate_on) = (of.pair, of.rate, of.rate_on);
    Ok(Some(LineConversion { currency, amount: Figure::new(minor, currency), pair, rate, rate_on }))
}

fn completed<'a>(
    of: &'a OrderCompleted<'_>,
    kind: LineKind,
    rank: usize,
) -> Option<(&'a Conversion, Amount)> {
    let conversion = of.conversion.as_ref()?;
    if kind == LineKind::SaleShipping {
        let sum: Decimal = of.lines.iter().map(|line| line.shipping.decimal()).sum();
        return Some((conversion, Amount::from(sum)));
    }
    let discount = kind == LineKind::DiscountMerchant;
    let pick = |own: (Amount, Amount)| if discount { own.1 } else { own.0 };
    let mut lines = of.lines.iter().filter(|line| {
        let settled = line.settled.map(|of| pick((of.principal, of.merchant_discount)));
        settled.is_some_and(|amount| !amount.is_zero())
    });
    let line = lines.nth(rank)?;
    Some((conversion, pick((line.principal, line.merchant_discount))))
}

fn refunded<'a>(
    (lines, conversions): (&'a [RefundedLine<'_>], &'a [MerchantConversion]),
    kind: LineKind,
    rank: usize,
) -> Option<(&'a Conversion, Amount)> {
    let pick = |(principal, shipping, subsidy): (Amount, Amount, Amount)| {
        if kind == LineKind::RefundShipping {
            shipping
        } else if kind == LineKind::RefundSubsidy {
            subsidy
        } else {
            principal
        }
    };
    let completed = lines.iter().filter(|line| line.due_on.is_some());
    let mut lines = completed.filter(|line| {
        let own = (line.principal, line.shipping, line.subsidy);
        let own = line.settled.map_or(own, |of| (of.principal, of.shipping, of.subsidy));
        !pick(own).is_zero()
    });
    let line = lines.nth(rank).filter(|line| line.settled.is_some())?;
    let known = conversions.iter().find(|known| known.merchant == line.merchant)?;
    Some((&known.conversion, pick((line.principal, line.shipping, line.subsidy))))
}
