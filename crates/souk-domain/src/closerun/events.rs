//! What can happen to a close run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

/// A run began: its cut-off and its claim point are fixed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRunStarted {
    /// Last day of the cycles it closes, in each merchant's zone.
    pub through: Date,
    /// Items of entries up to this one are claimed.
    pub entry: u64,
}

/// Every cycle of the run is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRunFinished {
    /// How many cycles it closed.
    pub cycles: u64,
}

event_table! {
    /// Everything that can happen to a close run.
    pub enum CloseRunEvent {
        /// Started.
        Started(CloseRunStarted) = CloseRunStarted v 1,
        /// Finished.
        Finished(CloseRunFinished) = CloseRunFinished v 1,
    }
}
