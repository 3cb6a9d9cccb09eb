//! Every event of the ledger: one enum over the contexts, and the codec.
//!
//! Decoding dispatches on (category, type, version) to the concrete struct, borrowed from the
//! record; an older version goes through [`crate::upcast`] first.

use souk_journal::entry_kind::EntryKind;

use crate::advertising::events::AdvertisingEvent;
use crate::bankfile::events::BankFileEvent;
use crate::book::events::BookEvent;
use crate::closerun::events::CloseRunEvent;
use crate::deposit::events::DepositEvent;
use crate::fxposition::events::FxPositionEvent;
use crate::fxrate::events::FxRateEvent;
use crate::ledger::events::LedgerMainEvent;
use crate::membership::events::MembershipEvent;
use crate::merchant::events::MerchantEvent;
use crate::opening::events::OpeningEvent;
use crate::order::events::OrderEvent;
use crate::payee::events::PayeeEvent;
use crate::payout::events::PayoutEvent;
use crate::payoutfile::events::PayoutFileEvent;
use crate::schema::events::SchemaEvent;
use crate::service::events::ServiceEvent;
use crate::settlement::events::SettlementEvent;
use crate::tariff::events::TariffEvent;
use crate::tax::events::TaxEvent;
use crate::upcast::{Upcast, upcast};

/// The JSON Schema of one (type, version).
#[derive(Debug, Clone)]
pub struct EventSchema {
    /// The type.
    pub kind: EntryKind,
    /// The version.
    pub version: u32,
    /// The schema.
    pub schema: schemars::Schema,
}

impl EventSchema {
    /// The schema as text, in one line; its bytes are what `schema-registered` records.
    pub fn text(&self) -> String {
        self.schema.as_value().to_string()
    }
}

/// An event that cannot be read: a bug or a damaged record. Reading stops there.
#[derive(Debug, thiserror::Error)]
pub enum Undecodable {
    /// No such event in this edition of Souk.
    #[error(
        "there is no event {event_type} v{version} in streams {category}-…; a newer Souk wrote it, or the record is damaged"
    )]
    UnknownEvent {
        /// Category of the stream.
        category: String,
        /// The type.
        event_type: String,
        /// The version.
        version: u32,
    },
    /// The payload does not fit its schema.
    #[error("payload of {kind} v{version} does not fit its schema: {source}")]
    Payload {
        /// The type.
        kind: EntryKind,
        /// The version.
        version: u32,
        /// What was found, with line and column.
        source: serde_json::Error,
    },
}

macro_rules! contexts {
    ($($category:literal $variant:ident($event:ty);)*) => {
        /// Any event of the ledger.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum LedgerEvent<'a> {
            $(#[doc = concat!("In streams `", $category, "-…`.")] $variant($event),)*
        }

        impl<'a> LedgerEvent<'a> {
            /// The type.
            pub fn kind(&self) -> EntryKind {
                match self { $(Self::$variant(event) => event.kind(),)* }
            }

            /// The version in which it is written.
            pub fn version(&self) -> u32 {
                match self { $(Self::$variant(event) => event.version(),)* }
            }

            /// The payload as JSON.
            ///
            /// # Errors
            /// What `serde_json` found; a bug.
            pub fn payload(&self) -> Result<Vec<u8>, serde_json::Error> {
                match self { $(Self::$variant(event) => event.payload(),)* }
            }

            /// Reads a payload of a current version.
            fn decode_current(
                kind: EntryKind,
                version: u32,
                data: &'a str,
            ) -> Option<Result<Self, serde_json::Error>> {
                match kind.category() {
                    $($category => <$event>::decode(kind, version, data)
                        .map(|event| event.map(Self::$variant)),)*
                    _ => None,
                }
            }

            /// JSON Schema of every (type, version), by category.
            pub fn schemas() -> Vec<EventSchema> {
                let mut schemas = Vec::new();
                $(schemas.extend(<$event>::schemas());)*
                schemas
            }
        }

        $(impl<'a> From<$event> for LedgerEvent<'a> {
            fn from(event: $event) -> Self {
                Self::$variant(event)
            }
        })*
    };
}

contexts! {
    "ledger" Ledger(LedgerMainEvent<'a>);
    "schema" Schema(SchemaEvent<'a>);
    "merchant" Merchant(MerchantEvent<'a>);
    "tariff" Tariff(TariffEvent<'a>);
    "order" Order(OrderEvent<'a>);
    "settlement" Settlement(SettlementEvent<'a>);
    "payout" Payout(PayoutEvent<'a>);
    "payee" Payee(PayeeEvent<'a>);
    "payoutfile" PayoutFile(PayoutFileEvent<'a>);
    "advertising" Advertising(AdvertisingEvent<'a>);
    "deposit" Deposit(DepositEvent<'a>);
    "membership" Membership(MembershipEvent<'a>);
    "service" Service(ServiceEvent<'a>);
    "tax" Tax(TaxEvent<'a>);
    "opening" Opening(OpeningEvent<'a>);
    "closerun" CloseRun(CloseRunEvent);
    "bankfile" BankFile(BankFileEvent);
    "book" Book(BookEvent<'a>);
    "fxrate" FxRate(FxRateEvent<'a>);
    "fxposition" FxPosition(FxPositionEvent);
}

impl<'a> LedgerEvent<'a> {
    /// The event that this one corrects, `stream@revision`, for the metadata of its record.
    pub fn corrects(&self) -> Option<&str> {
        match self {
            Self::Settlement(SettlementEvent::CorrectionBooked(of)) => Some(&of.line.event),
            Self::Settlement(_)
            | Self::Ledger(_)
            | Self::Schema(_)
            | Self::Merchant(_)
            | Self::Tariff(_)
            | Self::Order(_)
            | Self::Payout(_)
            | Self::Payee(_)
            | Self::PayoutFile(_)
            | Self::Advertising(_)
            | Self::Deposit(_)
            | Self::Membership(_)
            | Self::Service(_)
            | Self::Tax(_)
            | Self::Opening(_)
            | Self::CloseRun(_)
            | Self::BankFile(_)
            | Self::Book(_)
            | Self::FxRate(_)
            | Self::FxPosition(_) => None,
        }
    }

    /// Reads an event of any version that was ever written.
    ///
    /// # Errors
    /// [`Undecodable`].
    pub fn decode(
        category: &str,
        event_type: &str,
        version: u32,
        data: &'a [u8],
    ) -> Result<Self, Undecodable> {
        let unknown = || Undecodable::UnknownEvent {
            category: category.to_owned(),
            event_type: event_type.to_owned(),
            version,
        };
        let kind = EntryKind::find(category, event_type).ok_or_else(unknown)?;
        let payload = |source| Undecodable::Payload { kind, version, source };
        // Checked once here, so that the parser need not check every string on its own.
        let data = std::str::from_utf8(data)
            .map_err(|error| payload(<serde_json::Error as serde::de::Error>::custom(error)))?;
        let read_as = match upcast(kind, version) {
            Upcast::Current => version,
            Upcast::Extended { to } => to,
        };
        Self::decode_current(kind, read_as, data).ok_or_else(unknown)?.map_err(payload)
    }
}
