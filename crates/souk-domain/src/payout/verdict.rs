//! What a bank's status is to a payout before anything is written: news, known already, or a contradiction.
//!
//! A whole file of statuses is judged by it first, each status after those before it; the payout's own stream decides
//! again when the event is written. That both say the same is tested for every standing and status.

use super::state::PayoutState;

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not instructed, held or not.
    Due,
    /// Instructed.
    Instructed,
    /// Accepted by the bank.
    Accepted,
    /// Paid.
    Paid,
    /// Never left.
    Failed,
    /// Came back.
    Returned,
}

/// What a bank says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It accepted the payout.
    Accepted,
    /// It paid.
    Paid,
    /// The payout never left.
    Failed,
    /// It came back.
    Returned,
}

impl PayoutState {
    /// Where the payout stands.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Due(_) => Standing::Due,
            Self::Instructed(_) => Standing::Instructed,
            Self::Accepted(_) => Standing::Accepted,
            Self::Paid(_) => Standing::Paid,
            Self::Failed(_) => Standing::Failed,
            Self::Returned(_) => Standing::Returned,
        }
    }
}

/// Where a payout stands after a status; nothing when it is known already.
///
/// # Errors
/// Why it cannot be, to be said behind the payout's name.
pub fn verdict(stands: Standing, said: Said) -> Result<Option<Standing>, &'static str> {
    use Standing as At;
    match (said, stands) {
        (_, At::Due) => Err("was not instructed"),
        (Said::Accepted, At::Instructed) => Ok(Some(At::Accepted)),
        (Said::Accepted, At::Accepted | At::Paid | At::Returned) => Ok(None),
        (Said::Accepted, At::Failed) => Err("has failed already; it cannot be accepted now"),
        (Said::Paid, At::Instructed | At::Accepted) => Ok(Some(At::Paid)),
        (Said::Paid, At::Paid | At::Returned) => Ok(None),
        (Said::Paid, At::Failed) => Err("has failed already; it cannot be paid now"),
        (Said::Failed, At::Instructed | At::Accepted) => Ok(Some(At::Failed)),
        (Said::Failed, At::Failed) => Ok(None),
        (Said::Failed, At::Paid | At::Returned) => {
            Err("is paid already; one that came back is returned, not failed")
        }
        (Said::Returned, At::Paid) => Ok(Some(At::Returned)),
        (Said::Returned, At::Returned) => Ok(None),
        (Said::Returned, At::Instructed | At::Accepted) => {
            Err("is not paid yet; record first that it was, or that it failed")
        }
        (Said::Returned, At::Failed) => Err("has failed already; it cannot come back"),
    }
}

#[cfg(test)]
mod tests;
