//! Why an objection, an answer, a correction or a confirmation is not taken.

use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, MoneyError};

use crate::approvals::ApprovalFault;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectionRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// None, or too many.
    #[error("{0} days are not 1 to 366")]
    DaysOutOfRange(u16),
    /// No such closed cycle.
    #[error("merchant {merchant} has no statement of {cycle} in this currency")]
    UnknownStatement {
        /// The merchant.
        merchant: MerchantId,
        /// The cycle asked for.
        cycle: CycleId,
    },
    /// The time is over.
    #[error("statement {number} could be objected to until {raise_by} ({time_zone})")]
    ObjectionTooLate {
        /// The statement.
        number: String,
        /// The last day.
        raise_by: Date,
        /// Its zone.
        time_zone: String,
    },
    /// The merchant has said that it is right.
    #[error("statement {0} is confirmed")]
    StatementIsConfirmed(String),
    /// Something is said against it.
    #[error("objection {0} to the statement is not answered")]
    ObjectionIsOpen(Id),
    /// Raised already.
    #[error("objection {0} is raised already")]
    ObjectionRaisedAlready(Id),
    /// To no line, or to too many.
    #[error("an objection is to 1 to 250 lines with up to 20 pieces of evidence; this is to {0}")]
    ObjectionTooLarge(usize),
    /// Not a line of the statement.
    #[error("entry {entry} posting {posting} is no line of statement {number}")]
    LineNotOnStatement {
        /// The entry.
        entry: u64,
        /// The posting.
        posting: u16,
        /// The statement.
        number: String,
    },
    /// Twice.
    #[error("entry {0} posting {1} is objected to already")]
    LineObjectedAlready(u64, u16),
    /// Not SHA-256.
    #[error("{0:?} is not a SHA-256 digest of 64 hexadecimal digits")]
    NotADigest(String),
    /// No such objection.
    #[error("there is no objection {0}")]
    UnknownObjection(Id),
    /// Answered already.
    #[error("objection {0} is answered already")]
    ObjectionAnsweredAlready(Id),
    /// Upheld without a correction, or rejected with one.
    #[error("what is upheld, in whole or in part, has corrections; what is rejected has none")]
    OutcomeAndCorrectionsDiffer,
    /// Not a line of the objection.
    #[error("entry {0} posting {1} is no line of the objection")]
    LineNotObjectedTo(u64, u16),
    /// Not an item of the merchant.
    #[error("entry {0} posting {1} is no line of the merchant's")]
    UnknownStatementLine(u64, u16),
    /// Booked already.
    #[error("correction {0} is booked already")]
    CorrectionBookedAlready(Id),
    /// Of nothing.
    #[error("a correction is of more or less than nothing")]
    NothingToCorrect,
    /// More than takes the line back.
    #[error("a correction of {asked} exceeds the {left} that is left of the line")]
    CorrectionExceedsLine {
        /// Asked for.
        asked: Amount,
        /// The line with its corrections so far.
        left: Amount,
    },
    /// A line that something else takes back.
    #[error(
        "a line of {} is not corrected: a sale is taken back by a refund, a hold is released, money that moved moves back by what moved it", .0.text()
    )]
    LineNotCorrectable(LineKind),
    /// A part that works against the correction.
    #[error(
        "an account gives {0}, against the sign of the correction; each account gives a part of it"
    )]
    CorrectionPartOpposite(Amount),
    /// The accounts do not sum to it.
    #[error("the accounts give {named}, the correction is {asked}")]
    CorrectionDiffers {
        /// Their sum.
        named: String,
        /// The correction.
        asked: Amount,
    },
    /// An account whose balance something else guards.
    #[error(
        "a correction is not booked on {0:?}; revenue, other income, expense and OutputVat are"
    )]
    CannotCorrectAgainst(String),
    /// A day that is past.
    #[error("{0} is past; a correction falls due today or later")]
    CorrectionDueInPast(Date),
    /// Two persons must approve.
    #[error(transparent)]
    ApprovalMissing(ApprovalFault),
}

refusal_codes!(ObjectionRefusal {
    UnknownCurrency,
    UnknownMerchant,
    UnusableAmount,
    UnusableLabel,
    DaysOutOfRange,
    UnknownStatement,
    ObjectionTooLate,
    StatementIsConfirmed,
    ObjectionIsOpen,
    ObjectionRaisedAlready,
    ObjectionTooLarge,
    LineNotOnStatement,
    LineObjectedAlready,
    NotADigest,
    UnknownObjection,
    ObjectionAnsweredAlready,
    OutcomeAndCorrectionsDiffer,
    LineNotObjectedTo,
    UnknownStatementLine,
    CorrectionBookedAlready,
    NothingToCorrect,
    CorrectionExceedsLine,
    LineNotCorrectable,
    CorrectionPartOpposite,
    CorrectionDiffers,
    CannotCorrectAgainst,
    CorrectionDueInPast,
    ApprovalMissing,
});
