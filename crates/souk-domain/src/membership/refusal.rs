//! Why a term is not sold, recognised, cancelled or upgraded.

use souk_journal::dates::Date;
use souk_journal::ids::{MembershipId, MerchantId};
use souk_journal::money::{Amount, MoneyError};

use crate::red_letters::RedLetterRefusal;
use crate::refusal_codes;
use crate::settled_from::SourceRefusal;
use crate::tariff::period::PeriodRefusal;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MembershipRefusal {
    /// Sold already.
    #[error("{0} is sold already")]
    MembershipChargedAlready(MembershipId),
    /// Not sold.
    #[error("there is no term {0}")]
    UnknownMembership(MembershipId),
    /// Cancelled.
    #[error("{0} is cancelled")]
    MembershipIsCancelled(MembershipId),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// A text that cannot be stored.
    #[error("{0:?} must be 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// Nothing, or less.
    #[error("{0} is charged, which is not more than nothing")]
    NothingCharged(Amount),
    /// Ends before it begins.
    #[error("the term ends on {to}, before it begins on {from}")]
    TermReversed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A buyer has no payable.
    #[error("a buyer pays at the provider or the bank; it has no payable, wallet or deposit here")]
    BuyerPaysOutside,
    /// Wallets and deposits have streams of their own.
    #[error("the {0} is guarded by its own stream; let the payable bear it")]
    SourceGuardedElsewhere(&'static str),
    /// The sources.
    #[error(transparent)]
    Source(SourceRefusal),
    /// The price of the tariff.
    #[error(transparent)]
    Period(PeriodRefusal),
    /// Its invoice, and red letters.
    #[error(transparent)]
    RedLetter(RedLetterRefusal),
    /// The first day is still to come.
    #[error("the term begins on {0}")]
    TermNotBegun(Date),
    /// The last day has passed.
    #[error("the term ended on {0}; nothing of it is unused")]
    TermEnded(Date),
    /// Recognised through this day, or a later one.
    #[error("revenue is recognised through {0} already")]
    RecognisedAlready(Date),
    /// The day runs on.
    #[error("{0} has not ended: a day is earned when it is over")]
    DayNotEnded(Date),
    /// A day of the future.
    #[error("{0} is still to come")]
    DayStillToCome(Date),
    /// Not dearer.
    #[error(
        "the new plan costs {gross} and {credit} of the old one is unused: an upgrade costs more, in price and in tax; a lower plan begins with the next period: agree-renewal"
    )]
    NotAnUpgrade {
        /// The new price.
        gross: Amount,
        /// The unused rest, tax included.
        credit: Amount,
    },
    /// No months, or too many.
    #[error("a period has 1 to 120 months, not {0}")]
    UnusablePeriod(u16),
    /// The periods have names of their own.
    #[error("the name {0} is too long to be followed by the number of a period")]
    NameTooLongToRenew(MembershipId),
    /// Nothing to end.
    #[error("{0} does not renew itself")]
    RenewalNotAgreed(MembershipId),
    /// Nothing waits to be paid.
    #[error("no refund of {0} waits to be paid")]
    NoRefundOpen(MembershipId),
}

refusal_codes!(MembershipRefusal via Source, Period, RedLetter {
    MembershipChargedAlready,
    UnknownMembership,
    MembershipIsCancelled,
    UnknownMerchant,
    UnknownCurrency,
    UnusableAmount,
    UnusableLabel,
    NothingCharged,
    TermReversed,
    BuyerPaysOutside,
    SourceGuardedElsewhere,
    TermNotBegun,
    TermEnded,
    RecognisedAlready,
    DayNotEnded,
    DayStillToCome,
    NotAnUpgrade,
    UnusablePeriod,
    NameTooLongToRenew,
    RenewalNotAgreed,
    NoRefundOpen,
});
