//! Invoices of the fees of an order, and the red-letter invoices (红字发票) that reduce them: facts, no money.
//!
//! Once a fee is invoiced, the output tax on what comes back of it may only be reduced when a red-letter invoice is issued.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::{Amount, Currency};

use crate::tariff::events::FeeKind;

/// A fee of an order stands on an invoice, less what had come back of it until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeInvoiced {
    /// To whom.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// Number of the invoice, which may have fees of many orders.
    pub invoice: Id,
    /// Currency.
    pub currency: Currency,
    /// The fee, without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// A red-letter invoice was issued for everything that had come back of an invoiced fee since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedLetterIssued {
    /// To whom.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// Number of the invoice that it reduces.
    pub invoice: Id,
    /// Its own number.
    pub red_letter: Id,
    /// Currency.
    pub currency: Currency,
    /// What of the fee came back, without tax.
    pub amount: Amount,
    /// The tax on it.
    pub tax: Amount,
}
