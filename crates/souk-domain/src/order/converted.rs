//! Which accounts a conversion touches: the order's currency goes to `FxPosition`, the settlement's comes out of it. Two
//! legs, each balanced in its currency.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::names::{DimsOf, Names};

use super::conversion::{Conversion, MerchantConversion, SettledRefund};
use super::events::{OrderCompleted, RefundedLine};
use super::posting::funding_account;
use crate::posting::PostingError;

const KIND: LineKind = LineKind::FxConverted;

/// Dr OrderEscrow, Cr FxPosition in the order's currency; Dr FxPosition (and the funder's account), Cr MerchantPayable in
/// the settlement's.
pub(super) fn completed<'a>(
    of: &'a OrderCompleted<'a>,
    conversion: &'a Conversion,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (from, into) = (of.currency, conversion.currency);
    let paid = |of: &[Amount; 4], currency: Currency| {
        let [principal, shipping, discount, subsidy] = of.map(|amount| amount.minor(currency));
        Ok::<_, PostingError>(principal? + shipping? - discount? - subsidy?)
    };
    let (mut given, mut taken) = (0, 0);
    for line in &of.lines {
        let own = [line.principal, line.shipping, line.merchant_discount, line.platform_discount];
        given += paid(&own, from)?;
        if let Some(of) = &line.settled {
            let own = [of.principal, of.shipping, of.merchant_discount, of.platform_discount];
            taken += paid(&own, into)?;
        }
    }
    let mut entry = EntryBuilder::new(names, from);
    entry.reference(RefKind::Order, order).merchant(of.merchant).dims(of.segment.dims());
    entry.debit(Account::OrderEscrow, LineKind::EscrowReleased, given);
    entry.no_merchant().no_dims().reference(RefKind::Currency, conversion.position.code());
    entry.credit(Account::FxPosition, KIND, given);
    entry.currency(into).debit(Account::FxPosition, KIND, taken);
    entry.reference(RefKind::Order, order).merchant(of.merchant);
    let mut shipping = 0;
    for line in &of.lines {
        let Some(settled) = &line.settled else { continue };
        entry.dims(DimsOf { category: line.category, ..of.segment.dims() });
        let payable = Account::MerchantPayable;
        let discount = settled.merchant_discount.minor(into)?;
        let principal = settled.principal.minor(into)?;
        entry.credit_due(payable, LineKind::SalePrincipal, of.due_on, principal);
        entry.credit_due(payable, LineKind::DiscountMerchant, of.due_on, -discount);
        let subsidy = settled.platform_discount.minor(into)?;
        entry.debit(funding_account(line.funding), LineKind::Subsidy, subsidy);
        shipping += settled.shipping.minor(into)?;
    }
    entry.dims(of.segment.dims());
    entry.credit_due(Account::MerchantPayable, LineKind::SaleShipping, of.due_on, shipping);
    Ok(entry.balanced()?)
}

/// How the sale of a refunded line had been converted, if it was.
pub(super) fn of_line<'a>(
    conversions: &'a [MerchantConversion],
    line: &'a RefundedLine<'a>,
) -> Option<(&'a Conversion, &'a SettledRefund)> {
    let known = conversions.iter().find(|known| known.merchant == line.merchant);
    known.map(|known| &known.conversion).zip(line.settled.as_ref())
}

/// Dr MerchantPayable with the subsidy taken back, Cr FxPosition in the settlement's currency; Dr FxPosition in the order's.
pub(super) fn refunded<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    (line, due_on): (&'a RefundedLine<'a>, Date),
    (conversion, settled): (&'a Conversion, &'a SettledRefund),
    (order, from): (&'a str, Currency),
) -> Result<(), PostingError> {
    let into = conversion.currency;
    let (principal, shipping) = (settled.principal.minor(into)?, settled.shipping.minor(into)?);
    let subsidy = settled.subsidy.minor(into)?;
    let payable = Account::MerchantPayable;
    entry.currency(into);
    entry.credit_due(payable, LineKind::RefundPrincipal, due_on, -principal);
    entry.credit_due(payable, LineKind::RefundShipping, due_on, -shipping);
    entry.credit_due(payable, LineKind::RefundSubsidy, due_on, -subsidy);
    entry.credit(funding_account(line.funding), LineKind::SubsidyReturned, subsidy);
    entry.no_merchant().no_dims().reference(RefKind::Currency, conversion.position.code());
    entry.credit(Account::FxPosition, KIND, principal + shipping).currency(from);
    let given = line.principal.minor(from)? + line.shipping.minor(from)?;
    entry.debit(Account::FxPosition, KIND, given);
    entry.reference(RefKind::Order, order);
    Ok(())
}
