//! Where a close run stands.

use souk_journal::dates::Date;

/// A close run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CloseRunState {
    /// Not started.
    #[default]
    Absent,
    /// Closing cycles.
    Running {
        /// Last day.
        through: Date,
        /// Claim point.
        entry: u64,
    },
    /// Done.
    Finished {
        /// Last day.
        through: Date,
        /// Claim point.
        entry: u64,
    },
}
