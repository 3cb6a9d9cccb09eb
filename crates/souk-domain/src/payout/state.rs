//! Where a payout stands.

use super::events::PayoutFacts;

/// A payout; each state names what can follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PayoutState {
    /// Not instructed.
    #[default]
    Absent,
    /// With the bank: paid or failed.
    Instructed(PayoutFacts),
    /// Paid: may be returned.
    Paid(PayoutFacts),
    /// Never left. Final: the money is an item again.
    Failed(PayoutFacts),
    /// Came back. Final: the money is an item again.
    Returned(PayoutFacts),
}
