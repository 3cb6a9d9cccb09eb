//! The time, in the units of the protocol.

use crate::proto::shared::Timestamp;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Units of 100 ns in a second.
pub(crate) const TICKS_PER_SECOND: u64 = 10_000_000;

fn since_epoch() -> Duration {
    // A clock before 1970 is no clock.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Now, in 100 ns since 1970.
pub(crate) fn ticks() -> u64 {
    u64::try_from(since_epoch().as_nanos() / 100).unwrap_or(u64::MAX)
}

/// Now.
pub(crate) fn timestamp() -> Timestamp {
    let now = since_epoch();
    Timestamp {
        seconds: i64::try_from(now.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(now.subsec_nanos()).unwrap_or(0),
    }
}
