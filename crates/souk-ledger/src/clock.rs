//! The ledger's clock: the system's, or one that stands still for a demonstration or a test.

use std::time::{SystemTime, UNIX_EPOCH};

use souk_journal::dates::Micros;

/// Where the time of recording comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Stands still.
    Pinned(Micros),
}

impl Clock {
    /// The time now.
    pub fn now(self) -> Micros {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Pinned(at) => at,
        }
    }
}
