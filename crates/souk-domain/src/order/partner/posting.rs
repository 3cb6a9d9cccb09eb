//! Which accounts a partner's commission touches: the seller's payable, the partner's, and the platform's revenue and tax.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Currency, MoneyError};
use souk_journal::names::{DimsOf, Names};

use crate::order::events::{
    PartnerCommissionCharged, PartnerCommissionReturned, PartnerKind, PartnerLine,
    PartnerLineReturned,
};
use crate::posting::PostingError;

/// The kinds of a commission's lines: the seller's, the tax within the platform's part, the partner's.
pub(in crate::order) type Kinds = (LineKind, LineKind, LineKind);

pub(in crate::order) fn charged_kinds(kind: PartnerKind) -> Kinds {
    match kind {
        PartnerKind::Affiliate => (
            LineKind::AffiliateCommission,
            LineKind::AffiliateCommissionTax,
            LineKind::AffiliateEarned,
        ),
        PartnerKind::Influencer => (
            LineKind::InfluencerCommission,
            LineKind::InfluencerCommissionTax,
            LineKind::InfluencerEarned,
        ),
    }
}

fn returned_kinds(kind: PartnerKind) -> Kinds {
    match kind {
        PartnerKind::Affiliate => (
            LineKind::AffiliateCommissionReturned,
            LineKind::AffiliateCommissionTaxReturned,
            LineKind::AffiliateEarnedReturned,
        ),
        PartnerKind::Influencer => (
            LineKind::InfluencerCommissionReturned,
            LineKind::InfluencerCommissionTaxReturned,
            LineKind::InfluencerEarnedReturned,
        ),
    }
}

/// The kind of the tax within the platform's part that comes back.
pub(in crate::order) fn tax_returned_kind(kind: PartnerKind) -> LineKind {
    returned_kinds(kind).1
}

/// Seller, partner, platform's part and tax of a line, in minor units: negative when they go back.
type Amounts = [i64; 4];

fn of_charge(line: &PartnerLine<'_>, currency: Currency) -> Result<Amounts, MoneyError> {
    let minor = |amount: souk_journal::money::Amount| amount.minor(currency);
    Ok([minor(line.amount)?, minor(line.partner)?, minor(line.platform)?, minor(line.tax)?])
}

fn of_return(line: &PartnerLineReturned<'_>, currency: Currency) -> Result<Amounts, MoneyError> {
    let minor = |amount: souk_journal::money::Amount| amount.minor(currency).map(|of| -of);
    Ok([minor(line.amount)?, minor(line.partner)?, minor(line.platform)?, minor(line.tax)?])
}

/// Seller and partner of some lines, and when they are due.
type Sides = (MerchantId, MerchantId, Date);

/// Dr MerchantPayable of the seller; Cr MerchantPayable of the partner, Commission and OutputVat.
fn line(
    entry: &mut EntryBuilder<'_, '_>,
    (seller, partner, due_on): Sides,
    kinds: Kinds,
    category: Option<&str>,
    [amount, earned, platform, tax]: Amounts,
) {
    let (commission, tax_kind, earned_kind) = kinds;
    entry.dims(DimsOf { category, ..DimsOf::default() });
    entry.merchant(seller);
    entry.credit_due(Account::MerchantPayable, commission, due_on, -amount);
    entry.merchant(partner);
    entry.credit_due(Account::MerchantPayable, earned_kind, due_on, earned);
    // The platform's part comes from the seller's sale.
    entry.merchant(seller);
    entry.credit(Account::Commission, commission, platform);
    entry.credit(Account::OutputVat, tax_kind, tax);
}

/// The entry of a charge.
pub(in crate::order) fn charged<'a>(
    of: &'a PartnerCommissionCharged<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for charge in &of.lines {
        let sides = (of.merchant, of.partner, of.due_on);
        let amounts = of_charge(charge, of.currency)?;
        line(&mut entry, sides, charged_kinds(of.kind), charge.category, amounts);
    }
    Ok(entry.balanced()?)
}

/// The reverse.
pub(in crate::order) fn returned<'a>(
    of: &'a PartnerCommissionReturned<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for back in &of.lines {
        let sides = (of.merchant, of.partner, of.due_on);
        let amounts = of_return(back, of.currency)?;
        line(&mut entry, sides, returned_kinds(of.kind), back.category, amounts);
    }
    Ok(entry.balanced()?)
}
