//! Where a payout stands.

use super::events::PayoutFacts;

/// A payout; each state names what can follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutState {
    /// Not instructed: who approved it, and why it is held, if it is.
    Due(Prepared),
    /// With the bank: accepted, paid or failed.
    Instructed(PayoutFacts),
    /// The bank accepted it: paid or failed.
    Accepted(PayoutFacts),
    /// Paid: may be returned.
    Paid(PayoutFacts),
    /// Never left. Final: the money is an item again.
    Failed(PayoutFacts),
    /// Came back. Final: the money is an item again.
    Returned(PayoutFacts),
}

impl Default for PayoutState {
    fn default() -> Self {
        Self::Due(Prepared::default())
    }
}

/// What was said of a payout before it is instructed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prepared {
    /// Who approved it.
    pub approved_by: Vec<Box<str>>,
    /// Why it is held.
    pub held: Option<Box<str>>,
}
