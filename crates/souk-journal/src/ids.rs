//! Identifiers: opaque names of merchants, orders, payments and the like.
//!
//! `[A-Za-z0-9._:-]{1,40}`, kept inline, so an event copies them without allocating. They never
//! hold a person's name: personal data stays out of the log.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::FromText;

/// The longest identifier, in bytes.
pub const MAX_ID: usize = 40;

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an identifier (1 to 40 of A-Z a-z 0-9 . _ : -)")]
pub struct NotAnId(pub String);

/// Any identifier, kept inline; the typed ones below wrap it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    bytes: [u8; MAX_ID],
    len: u8,
}

/// Only what is used is hashed: ids are keys on the hot path of a replay.
impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.bytes[..usize::from(self.len)]);
    }
}

impl Id {
    /// Checks and copies.
    ///
    /// # Errors
    /// [`NotAnId`] when it is empty, too long or has another character.
    pub fn new(text: &str) -> Result<Self, NotAnId> {
        let source = text.as_bytes();
        if source.is_empty() || source.len() > MAX_ID || !source.iter().all(|byte| allowed(*byte)) {
            return Err(NotAnId(text.chars().take(60).collect()));
        }
        let mut bytes = [0; MAX_ID];
        bytes[..source.len()].copy_from_slice(source);
        Ok(Self { bytes, len: source.len() as u8 })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }
}

/// Characters that may stand in an identifier.
const ALLOWED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-');
        byte += 1;
    }
    table
};

fn allowed(byte: u8) -> bool {
    ALLOWED[usize::from(byte)]
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Self::new(text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::<Self>::new("an identifier"))
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,40}$"})
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(transparent)]
        pub struct $name(pub Id);

        impl $name {
            /// Checks and copies.
            ///
            /// # Errors
            /// [`NotAnId`] when the text is not an identifier.
            pub fn new(text: &str) -> Result<Self, NotAnId> {
                Id::new(text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::new(text)
            }
        }
    )*};
}

ids! {
    /// A merchant (seller, partner, or the platform as seller).
    MerchantId
    /// A buyer's order.
    OrderId
    /// A line of an order, unique within it.
    LineId
    /// A payment of an order, unique within it.
    PaymentId
    /// A refund of an order, unique within it.
    RefundId
    /// A tariff.
    TariffId
    /// A rule of a tariff version.
    RuleId
    /// A settlement cycle, such as `2026-W10`.
    CycleId
    /// A close run.
    RunId
    /// A payout: 32 hexadecimal digits.
    PayoutId
    /// A book of the platform.
    BookId
    /// A term that was sold: a membership, or a year of another service.
    MembershipId
    /// A provider's or a bank's exchange of one currency into another, unique per currency.
    ExchangeId
    /// Whom tax is owed to, such as `US-CA`.
    JurisdictionId
    /// A service fee or a penalty, unique per merchant and currency.
    ChargeId
}
