//! What can be asked of an account's files of payouts.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency};

use super::events::Format;

/// Issues a file over what the read side selected and rendered. None of `souk apply`: its figures come from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuePayoutFile<'a> {
    /// The account of the platform that pays.
    pub account: Id,
    /// The file's id: the next of the account.
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
    /// SHA-256 of the file's bytes.
    pub digest: Cow<'a, str>,
    /// SHA-256 over salt and details of the paying account in the vault.
    pub commitment: Cow<'a, str>,
    /// Who issues it.
    pub by: Cow<'a, str>,
}

/// Withdraws a file that was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPayoutFile<'a> {
    /// The account.
    pub account: Id,
    /// The file.
    pub file: Id,
    /// Who withdraws it.
    #[serde(borrow)]
    pub by: Cow<'a, str>,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// A command to an account's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutFileCommand<'a> {
    /// Issue.
    Issue(Box<IssuePayoutFile<'a>>),
    /// Withdraw.
    Withdraw(WithdrawPayoutFile<'a>),
}

impl PayoutFileCommand<'_> {
    /// The account.
    pub fn account(&self) -> Id {
        match self {
            Self::Issue(of) => of.account,
            Self::Withdraw(of) => of.account,
        }
    }
}
