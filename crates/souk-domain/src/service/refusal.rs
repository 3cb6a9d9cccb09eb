//! Why a service is not charged or returned, or a penalty not imposed or waived.

use souk_journal::dates::Date;
use souk_journal::ids::{ChargeId, Id, MerchantId};
use souk_journal::money::{Amount, MoneyError};

use crate::red_letters::RedLetterRefusal;
use crate::refusal_codes;
use crate::settled_from::SourceRefusal;
use crate::tariff::freight::FreightRefusal;
use crate::tariff::period::PeriodRefusal;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceRefusal {
    /// Charged already.
    #[error("{0} is charged already")]
    ChargedAlready(ChargeId),
    /// Not charged.
    #[error("there is no charge {0}")]
    UnknownCharge(ChargeId),
    /// A penalty.
    #[error("{0} is a penalty: it is waived, not returned")]
    IsAPenalty(ChargeId),
    /// A service.
    #[error("{0} is a service fee: it is returned, not waived")]
    IsAServiceFee(ChargeId),
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
    /// Sold as a term.
    #[error("a membership is sold as a term, with its days: charge-membership")]
    MembershipIsATerm,
    /// More than the price, or less than nothing.
    #[error("the supplier's part of {part} is not within the price of {price}")]
    SupplierExceedsPrice {
        /// The part.
        part: Amount,
        /// The price.
        price: Amount,
    },
    /// Wallets and deposits have streams of their own.
    #[error("the {0} is guarded by its own stream; let the payable bear it")]
    SourceGuardedElsewhere(&'static str),
    /// The sources.
    #[error(transparent)]
    Source(SourceRefusal),
    /// The price of the tariff.
    #[error(transparent)]
    Period(PeriodRefusal),
    /// The price of a freight table.
    #[error(transparent)]
    Freight(FreightRefusal),
    /// Its invoice, and red letters.
    #[error(transparent)]
    RedLetter(RedLetterRefusal),
    /// Nothing, or nothing is left.
    #[error("{asked} of the {left} left of {charge} would go back, which is not more than nothing")]
    NothingToReturn {
        /// The charge.
        charge: ChargeId,
        /// Asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// More than is left.
    #[error("{asked} exceeds the {left} left of {charge}")]
    ReturnExceedsCharge {
        /// The charge.
        charge: ChargeId,
        /// Asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// Granted already.
    #[error("loan {0} is granted already")]
    LoanGrantedAlready(ChargeId),
    /// Not granted.
    #[error("there is no loan {0}")]
    UnknownLoan(ChargeId),
    /// Nothing left.
    #[error("loan {0} is repaid")]
    LoanRepaidAlready(ChargeId),
    /// More than is left.
    #[error("{asked} exceeds the {left} left of loan {loan}")]
    RepaymentExceedsLoan {
        /// The loan.
        loan: ChargeId,
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// Paid already.
    #[error("early payout {0} is paid already")]
    PayoutAdvancedAlready(ChargeId),
    /// More than falls due later.
    #[error(
        "{asked} is not more than nothing and within the {left} that fall due after today and through {through} and were not paid early"
    )]
    EarlyPayoutExceedsDue {
        /// Asked for.
        asked: Amount,
        /// What may be paid.
        left: Amount,
        /// The last day.
        through: Date,
    },
    /// More days than an event should list.
    #[error("the items fall due on {0} days, and an early payout has at most 120")]
    EarlyPayoutOfTooManyDays(usize),
    /// Both.
    #[error("the fee is an amount or a rate, not both")]
    FeeOrRate,
    /// No day could bear it.
    #[error("a fee of {fee} with its tax does not fit the {part} paid early of its largest day")]
    FeeExceedsEarlyPayout {
        /// With tax.
        fee: Amount,
        /// The largest part.
        part: Amount,
    },
    /// The transfer stands already.
    #[error("transfer {0} to the supplier is recorded already")]
    RemittedAlready(String),
    /// Nothing, or more than is owed.
    #[error("{asked} is not more than nothing and within the {owed} owed to {supplier}")]
    RemittanceNotOwed {
        /// The supplier.
        supplier: Id,
        /// Asked for.
        asked: Amount,
        /// What it is owed.
        owed: Amount,
    },
    /// The buyer has it.
    #[error("the buyer has been paid the penalty {0}; it cannot be waived any more")]
    PenaltyPaidOut(ChargeId),
    /// Nothing waits to be paid.
    #[error("nothing of {0} waits to be paid out")]
    NothingInTransit(ChargeId),
}

refusal_codes!(ServiceRefusal via Source, Period, Freight, RedLetter {
    ChargedAlready,
    UnknownCharge,
    IsAPenalty,
    IsAServiceFee,
    UnknownMerchant,
    UnknownCurrency,
    UnusableAmount,
    UnusableLabel,
    NothingCharged,
    MembershipIsATerm,
    SupplierExceedsPrice,
    SourceGuardedElsewhere,
    NothingToReturn,
    ReturnExceedsCharge,
    PenaltyPaidOut,
    NothingInTransit,
    LoanGrantedAlready,
    UnknownLoan,
    LoanRepaidAlready,
    RepaymentExceedsLoan,
    PayoutAdvancedAlready,
    EarlyPayoutExceedsDue,
    EarlyPayoutOfTooManyDays,
    FeeOrRate,
    FeeExceedsEarlyPayout,
    RemittedAlready,
    RemittanceNotOwed,
});
