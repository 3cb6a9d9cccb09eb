//! The states of an order.

use serde::{Deserialize, Serialize};

/// The state of an order, as its events say without adding amounts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum OrderStatus {
    /// Placed, and no payment recorded.
    #[default]
    Placed,
    /// At least one payment recorded, and no merchant has completed.
    Paid,
    /// Some of its merchants have completed.
    PartlyCompleted,
    /// Every merchant has completed.
    Completed,
    /// A refund was issued, of all or of a part: how much is an amount, so a projection says it.
    RefundIssued,
    /// Cancelled before any merchant completed; whether refunds were issued is counted apart.
    Cancelled,
}

impl OrderStatus {
    /// Every state, in the order of an order's life.
    pub const ALL: [Self; 6] = [
        Self::Placed,
        Self::Paid,
        Self::PartlyCompleted,
        Self::Completed,
        Self::RefundIssued,
        Self::Cancelled,
    ];

    /// The snake-case name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::PartlyCompleted => "partly_completed",
            Self::Completed => "completed",
            Self::RefundIssued => "refund_issued",
            Self::Cancelled => "cancelled",
        }
    }
}
