//! How the adapter behaves; the defaults suit a ledger.

use std::time::Duration;

/// How a [`crate::KurrentStore`] behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Batches that are being appended at a time, each with one append on its way; at least 1.
    pub in_flight: usize,
    /// Record bytes of batches not yet written before `append` blocks.
    pub queue_bytes: usize,
    /// How long one call may take before it is given up and repeated.
    pub call: Duration,
    /// How long a call is repeated while the server is out of reach. After that the caller is told.
    pub deadline: Duration,
    /// How long the first connection of all is tried while the server refuses it: it may be starting. What waiting
    /// cannot mend is told at once.
    pub first: Duration,
    /// How often the end of the log is asked for when the server pushes nothing: an upper bound for what a follower
    /// lags if its push subscription is broken without saying so.
    pub heartbeat: Duration,
    /// Entries between two anchors of a new ledger, 1 or more; one that has anchors keeps its own.
    pub anchor_interval: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            in_flight: 16,
            queue_bytes: 64 << 20,
            call: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
            first: Duration::from_secs(5),
            heartbeat: Duration::from_secs(1),
            anchor_interval: 65_536,
        }
    }
}
