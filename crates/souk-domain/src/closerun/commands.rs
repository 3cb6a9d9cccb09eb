//! What can be asked of a close run.

use souk_journal::dates::Date;

/// A command to a close run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseRunCommand {
    /// Pins the claim point.
    Start {
        /// Last day of the cycles to close.
        through: Date,
        /// The claim point.
        entry: u64,
    },
    /// Ends the run.
    Finish {
        /// Cycles closed.
        cycles: u64,
    },
}
