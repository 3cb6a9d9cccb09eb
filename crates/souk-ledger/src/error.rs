//! Why a command has no events: a refusal, the store, or a bug.

use souk_domain::decider::Refusal;
use souk_domain::event::Undecodable;
use souk_domain::posting::PostingError;
use souk_journal::dates::Micros;
use souk_journal::ids::RunId;
use souk_store::{AppendError, StoreError};

use crate::raw_pass::Disagreement;

/// What went wrong; nothing was written by the command, or, where it is a whole close run, what it says.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The business says no.
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    /// The same key came with another request.
    #[error("key {key} was used for another request on {stream}; a new request needs a new key")]
    KeyReusedWithAnotherBody {
        /// The key, or the command id.
        key: String,
        /// The stream.
        stream: String,
    },
    /// A fact of the future.
    #[error("{at} is in the future; the ledger's clock says {now}")]
    OccursInFuture {
        /// When it is said to have happened.
        at: Micros,
        /// The ledger's clock.
        now: Micros,
    },
    /// An event does not fit its record.
    #[error("the order is too large: an event of {bytes} bytes does not fit a record of {limit}")]
    OrderTooLarge {
        /// Bytes of the record.
        bytes: usize,
        /// Most bytes of a record.
        limit: usize,
    },
    /// No ledger here.
    #[error("there is no ledger here; `souk init` creates one")]
    NoLedger,
    /// Others kept writing to the stream.
    #[error(
        "{stream} was written by others at the same time (tried {tries} times); repeat the same command: it adds what is \
         missing and nothing twice"
    )]
    TooManyConflicts {
        /// The stream.
        stream: String,
        /// Tries.
        tries: u32,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store refused an append for another reason than its revision.
    #[error(transparent)]
    Append(AppendError),
    /// A bug: a new event cannot be read back or posted.
    #[error("bug: new event {event_type} on {stream} is refused before it is written: {cause}")]
    Bug {
        /// The stream.
        stream: String,
        /// The event.
        event_type: &'static str,
        /// What is wrong with it.
        cause: BugCause,
    },
    /// A recorded event cannot be read.
    #[error("{stream}@{revision} cannot be read: {cause}")]
    Damaged {
        /// The stream.
        stream: String,
        /// The revision.
        revision: u64,
        /// What is wrong with it.
        cause: BugCause,
    },
    /// The read side cannot answer a claim.
    #[error("{0}")]
    ReadSide(String),
    /// Closings that the events do not give; those merchants are not paid, the others of the run are closed.
    #[error("{} in run {run} disagree with the events, and the run is not finished", counted(.closings.len()))]
    ClosingsDisagree {
        /// The run, which goes on once the books agree.
        run: RunId,
        /// What disagrees.
        closings: Vec<Disagreement>,
    },
}

fn counted(closings: usize) -> String {
    if closings == 1 { "1 closing".to_owned() } else { format!("{closings} closings") }
}

/// What makes an event unusable.
#[derive(Debug, thiserror::Error)]
pub enum BugCause {
    /// Encoding or metadata.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Decoding.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    /// Posting.
    #[error(transparent)]
    Posting(#[from] PostingError),
    /// Folding.
    #[error(transparent)]
    Amount(#[from] souk_journal::money::MoneyError),
    /// Somebody else's event where entry 0 should be.
    #[error(
        "it is the first entry here and of the type {event_type}, where a ledger has ledger-created; this is no \
         ledger, and none can be created behind it: choose another directory or another ledger= in the address"
    )]
    NotALedger {
        /// Its type.
        event_type: String,
    },
    /// Metadata that is not what this ledger writes.
    #[error("{0}")]
    Metadata(String),
}

impl LedgerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::KeyReusedWithAnotherBody { .. } => "KeyReusedWithAnotherBody",
            Self::OccursInFuture { .. } => "OccursInFuture",
            Self::OrderTooLarge { .. } => "OrderTooLarge",
            Self::NoLedger => "NoLedger",
            Self::TooManyConflicts { .. } => "TooManyConflicts",
            Self::Store(_) => "StoreFailed",
            Self::Append(_) => "AppendRefused",
            Self::Bug { .. } => "Bug",
            Self::Damaged { .. } => "DamagedEvent",
            Self::ReadSide(_) => "ReadSideFailed",
            Self::ClosingsDisagree { .. } => "ClosingsDisagree",
        }
    }

    /// Whether a rule said no (as opposed to a failure of the machine or a bug).
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::KeyReusedWithAnotherBody { .. }
            | Self::OccursInFuture { .. }
            | Self::OrderTooLarge { .. } => true,
            Self::NoLedger
            | Self::TooManyConflicts { .. }
            | Self::Store(_)
            | Self::Append(_)
            | Self::Bug { .. }
            | Self::Damaged { .. }
            | Self::ReadSide(_)
            | Self::ClosingsDisagree { .. } => false,
        }
    }
}

macro_rules! refusals {
    ($($refusal:ty),* $(,)?) => {$(
        impl From<$refusal> for LedgerError {
            fn from(refusal: $refusal) -> Self {
                Self::Refused(Box::new(refusal))
            }
        }
    )*};
}

refusals!(
    souk_domain::advertising::refusal::AdvertisingRefusal,
    souk_domain::bankfile::decide::BankFileRefusal,
    souk_domain::book::decide::BookRefusal,
    souk_domain::closerun::decide::CloseRunRefusal,
    souk_domain::deposit::decide::DepositRefusal,
    souk_domain::fxposition::decide::FxPositionRefusal,
    souk_domain::fxrate::decide::FxRateRefusal,
    souk_domain::ledger::decide::LedgerRefusal,
    souk_domain::membership::refusal::MembershipRefusal,
    souk_domain::merchant::refusal::MerchantRefusal,
    souk_domain::opening::decide::OpeningRefusal,
    souk_domain::order::refusal::OrderRefusal,
    souk_domain::payee::decide::PayeeRefusal,
    souk_domain::payout::decide::PayoutRefusal,
    souk_domain::payoutfile::decide::PayoutFileRefusal,
    souk_domain::schema::decide::SchemaRefusal,
    souk_domain::service::refusal::ServiceRefusal,
    souk_domain::settlement::debts::decide::DebtRefusal,
    souk_domain::settlement::decide::SettlementRefusal,
    souk_domain::settlement::objections::refusal::ObjectionRefusal,
    souk_domain::tariff::decide::TariffRefusal,
    souk_domain::tax::decide::TaxRefusal,
    crate::close_run::CloseRefusal,
);
