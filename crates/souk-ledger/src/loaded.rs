//! A loaded stream: its state, its revision and the commands it has seen.

use smallvec::SmallVec;
use souk_domain::advertising::decide::Advertising;
use souk_domain::advertising::state::AdvertisingState;
use souk_domain::bankfile::decide::BankFile;
use souk_domain::bankfile::state::BankFileState;
use souk_domain::book::decide::Book;
use souk_domain::book::state::BookState;
use souk_domain::closerun::decide::CloseRun;
use souk_domain::closerun::state::CloseRunState;
use souk_domain::decider::Decider;
use souk_domain::deposit::decide::Deposit;
use souk_domain::deposit::state::DepositState;
use souk_domain::event::LedgerEvent;
use souk_domain::fxposition::decide::FxPosition;
use souk_domain::fxposition::state::FxPositionState;
use souk_domain::fxrate::decide::FxRate;
use souk_domain::fxrate::state::FxRateState;
use souk_domain::ledger::decide::LedgerMain;
use souk_domain::ledger::state::LedgerState;
use souk_domain::membership::decide::Membership;
use souk_domain::membership::state::MembershipState;
use souk_domain::merchant::decide::Merchant;
use souk_domain::merchant::state::MerchantState;
use souk_domain::metadata::Metadata;
use souk_domain::opening::decide::Opening;
use souk_domain::opening::state::OpeningState;
use souk_domain::order::decide::Order;
use souk_domain::order::state::OrderState;
use souk_domain::payee::decide::Payees;
use souk_domain::payee::state::PayeeState;
use souk_domain::payout::decide::Payout;
use souk_domain::payout::state::PayoutState;
use souk_domain::payoutfile::decide::PayoutFiles;
use souk_domain::payoutfile::state::PayoutFileState;
use souk_domain::schema::decide::SchemaMain;
use souk_domain::schema::state::SchemaState;
use souk_domain::service::decide::Service;
use souk_domain::service::state::ServiceState;
use souk_domain::settlement::decide::Settlement;
use souk_domain::settlement::state::SettlementState;
use souk_domain::tariff::decide::Tariff;
use souk_domain::tariff::state::TariffState;
use souk_domain::tax::decide::Tax;
use souk_domain::tax::state::TaxState;
use souk_journal::money::MoneyError;
use souk_store::{Direction, EventStore, Record};
use uuid::Uuid;

use crate::error::{BugCause, LedgerError};

/// A state that ledger events fold into; events of other contexts are not in its streams.
pub trait Fold: Default {
    /// Folds one event.
    ///
    /// # Errors
    /// When an amount does not fit its currency.
    fn fold(&mut self, event: &LedgerEvent<'_>) -> Result<(), MoneyError>;
}

macro_rules! folds {
    ($($variant:ident $decider:ty => $state:ty;)*) => {$(
        impl Fold for $state {
            fn fold(&mut self, event: &LedgerEvent<'_>) -> Result<(), MoneyError> {
                if let LedgerEvent::$variant(event) = event {
                    <$decider>::evolve(self, event)?;
                }
                Ok(())
            }
        }
    )*};
}

folds! {
    Ledger LedgerMain => LedgerState;
    Schema SchemaMain => SchemaState;
    Merchant Merchant => MerchantState;
    Tariff Tariff => TariffState;
    Order Order => OrderState;
    Settlement Settlement => SettlementState;
    Payout Payout => PayoutState;
    Payee Payees => PayeeState;
    PayoutFile PayoutFiles => PayoutFileState;
    Advertising Advertising => AdvertisingState;
    Deposit Deposit => DepositState;
    Membership Membership => MembershipState;
    Service Service => ServiceState;
    Tax Tax => TaxState;
    Opening Opening => OpeningState;
    CloseRun CloseRun => CloseRunState;
    Book Book => BookState;
    BankFile BankFile => BankFileState;
    FxRate FxRate => FxRateState;
    FxPosition FxPosition => FxPositionState;
}

/// A command that a stream has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: Uuid,
    /// Digest of the request.
    pub digest: [u8; 32],
    /// Revision of its first event.
    pub first: u64,
    /// Revision of its last event.
    pub last: u64,
}

/// A stream in memory.
#[derive(Debug, Clone, Default)]
pub struct Loaded<S> {
    /// The state.
    pub state: S,
    /// Number of events, which is the next revision.
    pub events: u64,
    /// Commands seen, oldest first.
    pub seen: SmallVec<[Seen; 6]>,
    /// The round in which the store was last asked where the stream stands; see `Cache::load`.
    pub round: Option<u64>,
}

/// Records read at once.
const PAGE: usize = 512;

impl<S: Fold> Loaded<S> {
    /// Reads a stream whole.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn read(store: &dyn EventStore, stream: &str) -> Result<Self, LedgerError> {
        let mut loaded = Self::default();
        loop {
            // Decisions look at revisions only.
            let page =
                store.read_stream_unnumbered(stream, loaded.events, Direction::Forwards, PAGE)?;
            for record in page.records() {
                let record = record?;
                loaded.take(&record).map_err(|cause| LedgerError::Damaged {
                    stream: stream.to_owned(),
                    revision: record.revision,
                    cause,
                })?;
            }
            if page.next_revision().is_none() {
                return Ok(loaded);
            }
        }
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), BugCause> {
        let metadata = Metadata::parse(record.metadata)?;
        let category = record.stream.split_once('-').map_or("", |(category, _)| category);
        let event =
            LedgerEvent::decode(category, record.event_type, metadata.version, record.data)?;
        self.state.fold(&event)?;
        let id = Uuid::parse_str(metadata.command)
            .map_err(|_| BugCause::Metadata(format!("command {:?}", metadata.command)))?;
        let digest = digest(metadata.digest)
            .ok_or_else(|| BugCause::Metadata(format!("digest {:?}", metadata.digest)))?;
        self.saw(id, digest, record.revision);
        self.events = record.revision + 1;
        Ok(())
    }

    /// Notes that a command wrote a revision.
    pub fn saw(&mut self, id: Uuid, digest: [u8; 32], revision: u64) {
        match self.seen.last_mut() {
            Some(seen) if seen.id == id => seen.last = revision,
            Some(_) | None => {
                self.seen.push(Seen { id, digest, first: revision, last: revision });
            }
        }
    }

    /// The command, if the stream has seen it.
    pub fn find(&self, id: Uuid) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.id == id)
    }
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(digest)
}
