//! What can be brought forward, as the file of opening balances says it. Only the creation of a ledger does: the whole
//! must sum to zero, which no single command can know.

use souk_journal::dates::Date;
use souk_journal::ids::{MembershipId, MerchantId};
use souk_journal::money::{Amount, Currency};

use super::events::{Balance, OpeningAccount, Origin};
use crate::service_kind::ServiceKind;

/// One account of those whose balances are brought forward as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningBalances<'a> {
    /// The account.
    pub account: OpeningAccount,
    /// Currency.
    pub currency: Currency,
    /// The balances.
    pub balances: Vec<Balance<'a>>,
}

/// Brings the items of a merchant forward, or the platform's own balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordOpening<'a> {
    /// Whose; none: the platform's own.
    pub merchant: Option<MerchantId>,
    /// By account and currency.
    pub accounts: Vec<OpeningBalances<'a>>,
    /// Where they come from.
    pub origin: Origin<'a>,
}

/// Brings a sum of a merchant forward: a deposit, or a wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringSum<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// Brings reserve and debt of a merchant forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringSettlement<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// Amounts of reserve with the dates on which they are released.
    pub reserve: Vec<(Amount, Date)>,
    /// What the merchant owes, ≥ 0.
    pub debt: Amount,
    /// What is not expected of it, ≥ 0.
    pub allowance: Amount,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// Brings a running term forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BringTerm<'a> {
    /// The term.
    pub membership: MembershipId,
    /// The merchant that holds it.
    pub merchant: MerchantId,
    /// What was sold.
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The first day that is not earned yet.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Deferred, without tax, > 0.
    pub deferred: Amount,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// A command of the file of opening balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpeningCommand<'a> {
    /// Items of a merchant, or the platform's balances.
    Record(RecordOpening<'a>),
    /// A deposit.
    Deposit(BringSum<'a>),
    /// A wallet.
    Wallet(BringSum<'a>),
    /// Reserve and debt.
    Settlement(BringSettlement<'a>),
    /// A term.
    Term(BringTerm<'a>),
}

impl OpeningCommand<'_> {
    /// The stream that it is for.
    pub fn stream(&self) -> String {
        match self {
            Self::Record(of) => match of.merchant {
                Some(merchant) => format!("opening-{merchant}"),
                None => "opening-platform~main".to_owned(),
            },
            Self::Deposit(of) => format!("deposit-{}~{}", of.merchant, of.currency),
            Self::Wallet(of) => format!("advertising-{}~{}", of.merchant, of.currency),
            Self::Settlement(of) => format!("settlement-{}~{}", of.merchant, of.currency),
            Self::Term(of) => format!("membership-{}", of.membership),
        }
    }
}
