//! What can happen to a file of payouts. The payouts themselves say which file they are in.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    /// ISO 20022 pain.001.001.09.
    #[serde(rename = "pain.001.001.09")]
    Pain001,
    /// Rows for a bank's upload.
    #[serde(rename = "bank-csv")]
    BankCsv,
    /// A WeChat Pay transfer batch.
    #[serde(rename = "wechat-batch")]
    WechatBatch,
    /// An Alipay transfer batch.
    #[serde(rename = "alipay-batch")]
    AlipayBatch,
}

impl Format {
    /// Its name, as in the event.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pain001 => "pain.001.001.09",
            Self::BankCsv => "bank-csv",
            Self::WechatBatch => "wechat-batch",
            Self::AlipayBatch => "alipay-batch",
        }
    }
}

/// A file was issued; its payouts are instructed after it, and its bytes follow from it and the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutFileIssued<'a> {
    /// The file's id.
    pub file: Id,
    /// Its form.
    pub format: Format,
    /// Currency of all its payouts.
    pub currency: Currency,
    /// The day on which the bank shall pay.
    pub execute_on: Date,
    /// Payouts that were due at this entry are in it.
    pub through_entry: u64,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub total: Amount,
    /// SHA-256 of the file's bytes, 64 hexadecimal digits.
    #[serde(borrow)]
    pub digest: Cow<'a, str>,
    /// SHA-256 over salt and details of the paying account in the vault.
    #[serde(borrow)]
    pub commitment: Cow<'a, str>,
    /// Who issued it.
    #[serde(borrow)]
    pub issued_by: Cow<'a, str>,
}

/// A file is not handed over: what it had instructed is recalled and due again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutFileWithdrawn<'a> {
    /// The file.
    pub file: Id,
    /// Who withdrew it.
    #[serde(borrow)]
    pub withdrawn_by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

event_table! {
    /// Everything that can happen to an account's files of payouts.
    pub enum PayoutFileEvent<'a> {
        /// Issued (memo).
        Issued(PayoutFileIssued<'a>) = PayoutFileIssued v 1,
        /// Withdrawn (memo).
        Withdrawn(PayoutFileWithdrawn<'a>) = PayoutFileWithdrawn v 1,
    }
}
