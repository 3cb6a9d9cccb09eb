//! The booking month of an entry: a fold of the log's order.
//!
//! An entry books into the month of its accounting date while that month is open. Once the month
//! was closed it books into the first open month, and concerns the month it came too late for.
//! Months close in order, so a close also shuts every month before it.

use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;

/// The month in which an amount is booked, and the one it concerns; each as its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Booking {
    pub(crate) booked: Date,
    pub(crate) concerns: Date,
}

/// Which months are closed so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Calendar {
    /// First day of the last closed month.
    closed_through: Option<Date>,
}

impl Calendar {
    /// Closes a month for all entries from here on.
    pub(crate) fn close(&mut self, month: Date) {
        self.closed_through = self.closed_through.max(Some(month.first_of_month()));
    }

    /// The months of an accounting date, as of now.
    pub(crate) fn booking(self, effective_on: Date) -> Booking {
        let concerns = effective_on.first_of_month();
        let booked = match self.closed_through {
            Some(closed) if concerns <= closed => closed.first_of_next_month(),
            Some(_) | None => concerns,
        };
        Booking { booked, concerns }
    }
}
