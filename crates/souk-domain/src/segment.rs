//! What revenue is split by beyond category and rule: the region of the order and the tier of the merchant.
//!
//! A decision freezes both into its events, so that a later tier or a corrected region never moves revenue that was
//! earned before. What gives back goes to the segment of what it gives back of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::names::DimsOf;

/// The segment of an event, as it was when it was decided; events from before it was recorded have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment<'a> {
    /// Region of the order.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub region: Option<&'a str>,
    /// Tier of the merchant, by its terms.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<&'a str>,
}

impl<'a> Segment<'a> {
    /// Of a merchant alone, on no order.
    pub fn of_tier(tier: Option<&'a str>) -> Self {
        Self { region: None, tier }
    }

    /// Nothing is known of it, so nothing is written.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The dimensions of its postings, before others are added.
    pub(crate) fn dims(self) -> DimsOf<'a> {
        DimsOf { region: self.region, tier: self.tier, ..DimsOf::default() }
    }
}

/// A segment as a stream remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptSegment {
    /// Region of the order.
    pub region: Option<Box<str>>,
    /// Tier of the merchant.
    pub tier: Option<Box<str>>,
}

impl KeptSegment {
    /// As the next event of the stream writes it.
    pub fn segment(&self) -> Segment<'_> {
        Segment { region: self.region.as_deref(), tier: self.tier.as_deref() }
    }
}

impl From<Segment<'_>> for KeptSegment {
    fn from(of: Segment<'_>) -> Self {
        Self { region: of.region.map(Into::into), tier: of.tier.map(Into::into) }
    }
}
