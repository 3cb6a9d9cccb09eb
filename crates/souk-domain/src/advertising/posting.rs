//! Which accounts advertising touches. Credit is memorandum: its pairs stand beside the money and never mix with it.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;
use souk_journal::names::Names;

use super::events::{
    AdCharged, AdvertisingEvent, CreditExpired, CreditGranted, PaidThrough, WalletRefundPaid,
    WalletRefunded, WalletToppedUp,
};
use crate::posting::PostingError;
use crate::settled_from::debit;

/// The entry of an event.
pub(crate) fn post<'a>(
    event: &'a AdvertisingEvent<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    match event {
        AdvertisingEvent::BroughtForward(of) => crate::opening::posting::wallet(of, names),
        AdvertisingEvent::TermsAgreed(_) => Ok(Postings::default()),
        AdvertisingEvent::ToppedUp(of) => topped_up(of, names),
        AdvertisingEvent::CreditGranted(of) => granted(of, names),
        AdvertisingEvent::CreditExpired(of) => expired(of, names),
        AdvertisingEvent::Charged(of) => charged(of, names),
        AdvertisingEvent::Refunded(of) => refunded(of, names),
        AdvertisingEvent::RefundPaid(of) => refund_paid(of, names),
    }
}

/// Dr PspClearing, BankClearing or MerchantPayable, Cr AdWallet.
fn topped_up<'a>(
    of: &'a WalletToppedUp<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let kind = LineKind::AdWalletTopUp;
    let mut entry = EntryBuilder::new(names, of.currency);
    debit(&mut entry, of.merchant, &of.settled_from, of.currency, (kind, kind))?;
    entry.merchant(of.merchant);
    entry.credit(Account::AdWallet, kind, of.amount.minor(of.currency)?);
    Ok(entry.balanced()?)
}

/// Memorandum: Dr AdCreditContra, Cr AdCredit.
fn granted<'a>(of: &'a CreditGranted<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::AdCreditContra, LineKind::AdCreditGranted, amount);
    entry.credit(Account::AdCredit, LineKind::AdCreditGranted, amount);
    Ok(entry.balanced()?)
}

/// Memorandum: Dr AdCredit, Cr AdCreditContra.
fn expired<'a>(of: &'a CreditExpired, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant);
    entry.debit(Account::AdCredit, LineKind::AdCreditExpired, amount);
    entry.credit(Account::AdCreditContra, LineKind::AdCreditExpired, amount);
    Ok(entry.balanced()?)
}

/// Dr AdWallet and, in overdraft, MerchantPayable, Cr Advertising and OutputVat. Memorandum, for free credit and bonus:
/// Dr AdCredit, Cr AdCreditContra.
fn charged<'a>(of: &'a AdCharged<'a>, names: &mut Names) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount| amount.minor(of.currency);
    let kinds = (LineKind::Advertising, LineKind::AdvertisingTax);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.dims(of.segment.dims());
    entry.reference(RefKind::Campaign, of.campaign.as_str());
    debit(&mut entry, of.merchant, &of.settled_from, of.currency, kinds)?;
    entry.merchant(of.merchant);
    entry.credit(Account::Advertising, kinds.0, minor(of.net)?);
    entry.credit(Account::OutputVat, kinds.1, minor(of.tax)?);
    let credit = minor(of.free_credit)? + minor(of.bonus)?;
    entry.debit(Account::AdCredit, LineKind::AdCreditSpent, credit);
    entry.credit(Account::AdCreditContra, LineKind::AdCreditSpent, credit);
    Ok(entry.balanced()?)
}

/// Dr AdWallet, Cr RefundsInTransit per refund. Memorandum, for the bonus that lapses: Dr AdCredit, Cr AdCreditContra.
fn refunded<'a>(
    of: &'a WalletRefunded<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let lapsed = of.bonus_lapsed.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Refund, of.refund.as_str());
    entry.debit(Account::AdWallet, LineKind::AdWalletRefund, amount);
    entry.credit(Account::RefundsInTransit, LineKind::AdWalletRefund, amount);
    entry.debit(Account::AdCredit, LineKind::AdCreditLapsed, lapsed);
    entry.credit(Account::AdCreditContra, LineKind::AdCreditLapsed, lapsed);
    Ok(entry.balanced()?)
}

/// Dr RefundsInTransit, Cr PspClearing or BankClearing.
fn refund_paid<'a>(
    of: &'a WalletRefundPaid<'a>,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let amount = of.amount.minor(of.currency)?;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.merchant(of.merchant).reference(RefKind::Refund, of.refund.as_str());
    entry.debit(Account::RefundsInTransit, LineKind::RefundPaid, amount);
    let (account, kind) = match of.through {
        PaidThrough::Provider => (Account::PspClearing, RefKind::Payment),
        PaidThrough::Bank => (Account::BankClearing, RefKind::Transfer),
    };
    entry.no_merchant().reference(kind, &of.reference);
    entry.credit(account, LineKind::RefundPaid, amount);
    Ok(entry.balanced()?)
}
