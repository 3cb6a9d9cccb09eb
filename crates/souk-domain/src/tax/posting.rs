//! Tax leaves the platform through the bank, less the input tax that is set off.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;
use souk_journal::names::Names;

use super::events::{CostKind, InputTaxClaimed, TaxEvent, TaxRemitted};
use crate::posting::PostingError;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a TaxEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        TaxEvent::InputTaxClaimed(of) => claimed(of, names),
        TaxEvent::Remitted(of) => remitted(of, names),
    }
}

/// Dr InputVat, Cr the cost that the tax was booked within.
fn claimed<'a>(of: &'a InputTaxClaimed, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let cost = match of.cost {
        CostKind::ChannelFees => Account::ChannelFees,
        CostKind::BankCharges => Account::BankCharges,
        CostKind::CostOfServices => Account::CostOfServices,
    };
    let amount = of.tax.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Jurisdiction, of.jurisdiction.as_str());
    entry.reference(RefKind::Invoice, of.invoice.as_str());
    entry.credit(cost, LineKind::TaxInput, amount);
    entry.debit(Account::InputVat, LineKind::TaxInput, amount);
    Ok(entry.balanced()?)
}

/// Dr OutputVat, CollectedTax and WithholdingTax, Cr InputVat and BankClearing.
fn remitted<'a>(of: &'a TaxRemitted<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount| amount.minor(of.currency);
    let kind = LineKind::TaxRemitted;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Period, &of.month);
    // The tax on the platform's own fees and costs is kept for no jurisdiction: fees are charged without one.
    entry.debit(Account::OutputVat, kind, minor(of.output_vat)?);
    entry.credit(Account::InputVat, kind, minor(of.input_vat)?);
    entry.reference(RefKind::Jurisdiction, of.jurisdiction.as_str());
    entry.debit(Account::CollectedTax, kind, minor(of.collected)?);
    entry.debit(Account::WithholdingTax, kind, minor(of.withheld)?);
    entry.reference(RefKind::Transfer, of.reference.as_str());
    entry.credit(Account::BankClearing, kind, minor(of.paid)?);
    Ok(entry.balanced()?)
}
