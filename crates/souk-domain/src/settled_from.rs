//! Where the money of a charge comes from that is not part of an order: posting manual, rule 6.
//!
//! Ads, memberships, penalties and service fees may be borne by a prepaid wallet, the merchant's payable, its deposit,
//! a payment at the provider or a transfer at the bank, in any mix. The event says how much of the fee and how much of
//! its tax each bears, so that posting only routes.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryBuilder, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::largest_remainder;

use crate::refusal_codes;

/// Who bears a charge.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The prepaid advertising wallet.
    Wallet,
    /// What is owed to the merchant: a line of its next statement.
    Payable,
    /// The merchant's deposit.
    Deposit,
    /// A payment at the payment provider, named by its reference.
    Provider,
    /// A transfer at the bank, named by its reference.
    Bank,
}

impl Source {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Payable => "payable",
            Self::Deposit => "deposit",
            Self::Provider => "provider",
            Self::Bank => "bank",
        }
    }
}

/// A source as a command names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeFrom<'a> {
    /// Who bears it.
    pub source: Source,
    /// How much, tax included, > 0; absent: what the others leave.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// From the payable: not due before this day.
    #[serde(default)]
    pub due_on: Option<Date>,
    /// The payment at the provider, or the transfer at the bank.
    #[serde(borrow, default)]
    pub reference: Option<Cow<'a, str>>,
}

/// What a source bears of a charge, as the event records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettledFrom<'a> {
    /// Who bears it.
    pub source: Source,
    /// Of the charge without tax.
    pub net: Amount,
    /// Of its tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// From the payable: when the line falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The payment at the provider, or the transfer at the bank.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Cow<'a, str>>,
}

/// Why a charge cannot be taken from the sources named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceRefusal {
    /// The sources do not sum to the charge.
    #[error("the sources bear {named}, but {charged} is charged, tax included")]
    SourcesDiffer {
        /// Their sum.
        named: Amount,
        /// Fee and tax.
        charged: Amount,
    },
    /// Twice the same source.
    #[error("{0} stands twice among the sources")]
    SourceTwice(&'static str),
    /// Nothing or less.
    #[error("{0} bears {1}, which is not more than nothing")]
    SourceBearsNothing(&'static str, Amount),
    /// A payment or a transfer without a name, or a name where there is none.
    #[error("{0} needs a reference when it is the provider or the bank, and has none otherwise")]
    SourceReference(&'static str),
    /// A due date that nothing falls due on, or one before the charge.
    #[error("{0} has a due date: only the payable may, and not before the charge")]
    SourceDueDate(&'static str),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
}

refusal_codes!(SourceRefusal {
    SourcesDiffer,
    SourceTwice,
    SourceBearsNothing,
    SourceReference,
    SourceDueDate,
    UnusableAmount,
});

/// Splits a charge of `net` and `tax` minor units over the sources named; none named is the payable. The tax is split by
/// what each bears in all, by largest remainder, the earlier source first.
///
/// # Errors
/// [`SourceRefusal`].
pub fn settle<'a>(
    (net, tax): (i64, i64),
    from: &[TakeFrom<'a>],
    charged_on: Date,
    currency: Currency,
) -> Result<Vec<SettledFrom<'a>>, SourceRefusal> {
    let gross = net + tax;
    let amount = |minor| Amount::from_minor(minor, currency);
    if from.is_empty() {
        let due_on = Some(charged_on);
        let (source, net, tax) = (Source::Payable, amount(net), amount(tax));
        return Ok(vec![SettledFrom { source, net, tax, due_on, reference: None }]);
    }
    let mut bears = Vec::with_capacity(from.len());
    for (index, of) in from.iter().enumerate() {
        checked(of, &from[..index], charged_on)?;
        let named = of.amount.map(|of| of.minor(currency)).transpose();
        bears.push(named.map_err(SourceRefusal::UnusableAmount)?);
    }
    let named: i64 = bears.iter().flatten().sum();
    let open = bears.iter().filter(|of| of.is_none()).count();
    if open > 1 || (open == 0 && named != gross) {
        let (named, charged) = (amount(named), amount(gross));
        return Err(SourceRefusal::SourcesDiffer { named, charged });
    }
    let bears: Vec<i64> = bears.into_iter().map(|of| of.unwrap_or(gross - named)).collect();
    let taxes = largest_remainder(tax, &bears);
    let mut settled = Vec::with_capacity(from.len());
    for ((of, gross), tax) in from.iter().zip(bears).zip(taxes) {
        if gross <= 0 {
            return Err(SourceRefusal::SourceBearsNothing(of.source.name(), amount(gross)));
        }
        let due_on = (of.source == Source::Payable).then(|| of.due_on.unwrap_or(charged_on));
        settled.push(SettledFrom {
            source: of.source,
            net: amount(gross - tax),
            tax: amount(tax),
            due_on,
            reference: of.reference.clone(),
        });
    }
    Ok(settled)
}

fn checked(of: &TakeFrom<'_>, before: &[TakeFrom<'_>], on: Date) -> Result<(), SourceRefusal> {
    let name = of.source.name();
    let named_by_reference = matches!(of.source, Source::Provider | Source::Bank);
    if of.reference.is_some() != named_by_reference {
        return Err(SourceRefusal::SourceReference(name));
    }
    if before.iter().any(|other| other.source == of.source && other.reference == of.reference) {
        return Err(SourceRefusal::SourceTwice(name));
    }
    if of.due_on.is_some_and(|due| of.source != Source::Payable || due < on) {
        return Err(SourceRefusal::SourceDueDate(name));
    }
    Ok(())
}

/// What a source bears is debited: Dr AdWallet, MerchantDeposit, PspClearing or BankClearing in one sum; Dr
/// MerchantPayable as two lines of the statement, the fee and its tax (rule 3). A buyer is no merchant and pays outside.
///
/// # Errors
/// When an amount does not fit the currency.
pub(crate) fn debit<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    merchant: impl Into<Option<MerchantId>>,
    from: &'a [SettledFrom<'a>],
    currency: Currency,
    (kind, tax_kind): (LineKind, LineKind),
) -> Result<(), MoneyError> {
    let merchant = merchant.into();
    let referred = entry.referred();
    for of in from {
        let (net, tax) = (of.net.minor(currency)?, of.tax.minor(currency)?);
        let reference = of.reference.as_deref().unwrap_or_default();
        match merchant {
            Some(merchant) => entry.merchant(merchant),
            None => entry.no_merchant(),
        };
        match (of.source, of.due_on) {
            (Source::Payable, Some(due_on)) => {
                entry.credit_due(Account::MerchantPayable, kind, due_on, -net);
                entry.credit_due(Account::MerchantPayable, tax_kind, due_on, -tax);
            }
            // An open item has a due date: `settle` gives every payable one.
            (Source::Payable, None) => {
                entry.debit(Account::MerchantPayable, kind, net);
                entry.debit(Account::MerchantPayable, tax_kind, tax);
            }
            (Source::Wallet, _) => {
                entry.debit(Account::AdWallet, kind, net + tax);
            }
            (Source::Deposit, _) => {
                entry.debit(Account::MerchantDeposit, kind, net + tax);
            }
            (Source::Provider, _) => {
                entry.no_merchant().reference(RefKind::Payment, reference);
                entry.debit(Account::PspClearing, kind, net + tax);
            }
            (Source::Bank, _) => {
                entry.no_merchant().reference(RefKind::Transfer, reference);
                entry.debit(Account::BankClearing, kind, net + tax);
            }
        }
        // A payment or a transfer is that source's alone.
        entry.refer_to(referred);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
