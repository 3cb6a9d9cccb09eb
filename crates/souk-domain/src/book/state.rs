//! What a book remembers: its next month.

use souk_journal::dates::Date;

use crate::business_time::Zone;

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BookState {
    /// Not opened.
    #[default]
    Absent,
    /// Open.
    Open {
        /// First day of the first month that is not closed.
        next: Date,
        /// Zone of its dates.
        zone: Zone,
    },
}
