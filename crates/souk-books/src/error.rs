//! Why a question has no answer: a stable code, the text, and what to choose instead.

use souk_domain::event::Undecodable;
use souk_domain::posting::PostingError;
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, TariffId};
use souk_journal::money::Currency;
use souk_projector::{ProjectorError, SaveError};
use souk_store::StoreError;

use crate::bridge::day;

/// A question that has no answer; nothing is ever written here.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// No such merchant.
    #[error("there is no merchant {merchant}{}", did_you_mean(.nearest))]
    UnknownMerchant {
        /// As asked.
        merchant: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// No such order.
    #[error("there is no order {order}{}", did_you_mean(.nearest))]
    UnknownOrder {
        /// As asked.
        order: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// No such tariff.
    #[error("there is no tariff {tariff}{}", did_you_mean(.nearest))]
    UnknownTariff {
        /// As asked.
        tariff: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// The tariff has no such version.
    #[error("tariff {tariff} has no {asked}")]
    UnknownTariffVersion {
        /// The tariff.
        tariff: TariffId,
        /// As asked.
        asked: String,
        /// Those there are, with their first days.
        known: Vec<(u32, Date)>,
    },
    /// The merchant has no such cycle.
    #[error("merchant {merchant} has no cycle {cycle}")]
    UnknownCycle {
        /// The merchant.
        merchant: MerchantId,
        /// As asked.
        cycle: String,
        /// Closed cycles, latest first.
        known: Vec<String>,
    },
    /// Nothing is in the cycle, and the books do not reach it.
    #[error("{cycle} of merchant {merchant} has not begun: this cycle begins on {}", day(*.from))]
    CycleNotBegun {
        /// The merchant.
        merchant: MerchantId,
        /// The cycle.
        cycle: String,
        /// Its first day.
        from: Date,
    },
    /// The merchant never had anything in this currency.
    #[error("merchant {merchant} has nothing in {currency}, but in {}", listed(.known))]
    UnknownCurrency {
        /// The merchant.
        merchant: MerchantId,
        /// As asked.
        currency: Currency,
        /// Those there are.
        known: Vec<Currency>,
    },
    /// Several statements fit.
    #[error(
        "merchant {merchant} has statements in {} for {cycle}",
        listed(.currencies)
    )]
    AmbiguousStatement {
        /// The merchant.
        merchant: MerchantId,
        /// The cycle; `its latest cycles` when none was named.
        cycle: String,
        /// The currencies.
        currencies: Vec<Currency>,
        /// A command per statement.
        commands: Vec<String>,
    },
    /// No cycle of the merchant was closed yet.
    #[error(
        "merchant {merchant} has no statement yet{}",
        .next.as_ref().map_or_else(String::new, |cycle| format!("; cycle {cycle} is running"))
    )]
    NoStatementYet {
        /// The merchant.
        merchant: MerchantId,
        /// The cycle in which its first item falls due.
        next: Option<String>,
    },
    /// No closed statement to compare with.
    #[error("there is no closed statement to compare {number} with")]
    NothingToCompare {
        /// The statement.
        number: String,
    },
    /// A range that ends before it begins.
    #[error("the range ends on {to}, before it begins on {from}")]
    RangeReversed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Revenue is divided by something else.
    #[error("revenue is divided by month and line, not by {given:?}")]
    UnknownDivision {
        /// As asked.
        given: String,
    },
    /// The lines fetched from the log do not give the recorded figures.
    #[error(
        "statement {number}: {what} is recorded as {recorded}, its lines give {computed}; verify the log"
    )]
    StatementDiffers {
        /// The statement.
        number: String,
        /// Which figure.
        what: &'static str,
        /// As recorded.
        recorded: String,
        /// As computed.
        computed: String,
    },
    /// The log does not have what a read model refers to.
    #[error("entry {entry} is not what the read models refer to: {what}; verify the log")]
    EntryDiffers {
        /// The entry.
        entry: u64,
        /// What was expected.
        what: String,
    },
    /// A recorded event cannot be read.
    #[error("entry {entry} cannot be read: {source}")]
    Undecodable {
        /// The entry.
        entry: u64,
        /// Why.
        source: Undecodable,
    },
    /// A recorded event cannot be posted.
    #[error("entry {entry} cannot be posted: {source}")]
    Posting {
        /// The entry.
        entry: u64,
        /// Why.
        source: PostingError,
    },
    /// The metadata of a record cannot be read.
    #[error("metadata of entry {entry} cannot be read: {source}")]
    Metadata {
        /// The entry.
        entry: u64,
        /// Why.
        source: serde_json::Error,
    },
    /// The read models could not be brought up to date.
    #[error(transparent)]
    Projector(#[from] ProjectorError),
    /// Snapshots could not be written.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An answer cannot be written as JSON: a bug.
    #[error("an answer cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What an error means for the one who asked; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// Asked for something that is not there, or for several things at once.
    Usage,
    /// A check found a difference.
    Check,
    /// The log is damaged or was written by a newer edition.
    Damaged,
    /// The store cannot be asked.
    OutOfReach,
    /// A bug.
    Bug,
}

impl BooksError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownMerchant { .. } => "UnknownMerchant",
            Self::UnknownOrder { .. } => "UnknownOrder",
            Self::UnknownTariff { .. } => "UnknownTariff",
            Self::UnknownTariffVersion { .. } => "UnknownTariffVersion",
            Self::UnknownCycle { .. } => "UnknownCycle",
            Self::CycleNotBegun { .. } => "CycleNotBegun",
            Self::UnknownCurrency { .. } => "UnknownCurrency",
            Self::AmbiguousStatement { .. } => "AmbiguousStatement",
            Self::NoStatementYet { .. } => "NoStatementYet",
            Self::NothingToCompare { .. } => "NothingToCompare",
            Self::RangeReversed { .. } => "RangeReversed",
            Self::UnknownDivision { .. } => "UnknownDivision",
            Self::StatementDiffers { .. } => "StatementDiffers",
            Self::EntryDiffers { .. } => "EntryDiffers",
            Self::Undecodable { .. } => "Undecodable",
            Self::Posting { .. } => "Unpostable",
            Self::Metadata { .. } => "UnreadableMetadata",
            Self::Projector(ProjectorError::Mismatch { .. }) => "FigureDiffers",
            Self::Projector(_) => "ReadSideStopped",
            Self::Save(_) => "SnapshotNotWritten",
            Self::Store(_) => "StoreUnavailable",
            Self::Json(_) => "UnwritableAnswer",
        }
    }

    /// What it means for the one who asked.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::UnknownMerchant { .. }
            | Self::UnknownOrder { .. }
            | Self::UnknownTariff { .. }
            | Self::UnknownTariffVersion { .. }
            | Self::UnknownCycle { .. }
            | Self::CycleNotBegun { .. }
            | Self::UnknownCurrency { .. }
            | Self::AmbiguousStatement { .. }
            | Self::NoStatementYet { .. }
            | Self::NothingToCompare { .. }
            | Self::RangeReversed { .. }
            | Self::UnknownDivision { .. } => ErrorClass::Usage,
            Self::StatementDiffers { .. } => ErrorClass::Check,
            Self::EntryDiffers { .. }
            | Self::Undecodable { .. }
            | Self::Posting { .. }
            | Self::Metadata { .. } => ErrorClass::Damaged,
            Self::Projector(error) => of_projector(error),
            Self::Save(SaveError::Io { .. }) => ErrorClass::OutOfReach,
            Self::Save(SaveError::Mismatch(error)) => of_projector(error),
            Self::Store(error) => of_store(error),
            Self::Save(SaveError::Unwritable { .. }) | Self::Json(_) => ErrorClass::Bug,
        }
    }

    /// What may be asked instead, one per line: commands, or known names.
    pub fn choices(&self) -> Vec<String> {
        match self {
            Self::AmbiguousStatement { commands, .. } => commands.clone(),
            Self::UnknownCycle { merchant, known, .. } => known
                .iter()
                .take(MOST_CHOICES)
                .map(|cycle| format!("souk statement {merchant} {cycle}"))
                .collect(),
            Self::UnknownCurrency { merchant, known, .. } => known
                .iter()
                .map(|currency| format!("souk statement {merchant} --currency {currency}"))
                .collect(),
            Self::NoStatementYet { merchant, next: Some(cycle) } => {
                vec![format!("souk statement {merchant} {cycle}")]
            }
            Self::UnknownTariffVersion { tariff, known, .. } => known
                .iter()
                .rev()
                .take(MOST_CHOICES)
                .map(|(version, from)| format!("{tariff}@{version}, in force from {from}"))
                .collect(),
            Self::NoStatementYet { next: None, .. }
            | Self::CycleNotBegun { .. }
            | Self::UnknownMerchant { .. }
            | Self::UnknownOrder { .. }
            | Self::UnknownTariff { .. }
            | Self::NothingToCompare { .. }
            | Self::RangeReversed { .. }
            | Self::UnknownDivision { .. }
            | Self::StatementDiffers { .. }
            | Self::EntryDiffers { .. }
            | Self::Undecodable { .. }
            | Self::Posting { .. }
            | Self::Metadata { .. }
            | Self::Projector(_)
            | Self::Save(_)
            | Self::Store(_)
            | Self::Json(_) => Vec::new(),
        }
    }
}

fn of_projector(error: &ProjectorError) -> ErrorClass {
    match error {
        ProjectorError::Store(error) => of_store(error),
        ProjectorError::Mismatch { .. } => ErrorClass::Check,
        ProjectorError::NotDense { .. }
        | ProjectorError::Metadata { .. }
        | ProjectorError::Undecodable { .. }
        | ProjectorError::Posting { .. } => ErrorClass::Damaged,
        ProjectorError::Beyond { .. } => ErrorClass::Usage,
        ProjectorError::Counts { .. }
        | ProjectorError::HalfLoaded { .. }
        | ProjectorError::DecoderEnded => ErrorClass::Bug,
    }
}

fn of_store(error: &StoreError) -> ErrorClass {
    match error {
        StoreError::Corrupt { .. }
        | StoreError::DerivedDamaged { .. }
        | StoreError::NoWatermark { .. }
        | StoreError::BadRecord { .. } => ErrorClass::Damaged,
        StoreError::OtherKind { .. } => ErrorClass::Usage,
        StoreError::Unavailable { .. }
        | StoreError::Locked { .. }
        | StoreError::DiskFull { .. }
        | StoreError::Fatal { .. }
        | StoreError::Io { .. } => ErrorClass::OutOfReach,
    }
}

/// More choices than this are not listed.
const MOST_CHOICES: usize = 5;

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

/// `CNY`, `CNY and USD`, `CNY, EUR and USD`.
fn listed(currencies: &[Currency]) -> String {
    let codes: Vec<&str> = currencies.iter().map(|of| of.code()).collect();
    match codes.split_last() {
        None => "no currency".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
