//! What a bank's status is to a payout before anything is written: news, known already, or a contradiction.
//!
//! A whole file of statuses is judged by it first, each status after those before it; the payout's own stream decides
//! again when the event is written. That both say the same is tested for every standing and status.

use souk_journal::dates::Date;
use souk_journal::ids::Id;

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

/// One status of a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it says.
    pub said: Said,
    /// Its reference, where it says one.
    pub reference: Option<Id>,
    /// The day on which it happened, where it says one.
    pub on: Option<Date>,
}

/// How a payout was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// The day.
    pub on: Date,
    /// The bank's reference, where it said one.
    pub reference: Option<Id>,
}

/// What is recorded of a payout, or will be once the statuses before are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Where it stands.
    pub stands: Standing,
    /// The day since which it stands there.
    pub on: Date,
    /// How it was paid, if it was.
    pub paid: Option<Payment>,
}

/// Why a status cannot be, to be said behind the payout's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// Nobody asked the bank for it.
    #[error("was not instructed")]
    NotInstructed,
    /// It never left.
    #[error("has failed already; it cannot {0}")]
    FailedBefore(&'static str),
    /// It left.
    #[error("is paid already; one that came back is returned, not failed")]
    PaidNotFailed,
    /// It did not arrive anywhere that it could come back from.
    #[error("is not paid yet; record first that it was, or that it failed")]
    NotPaidYet,
    /// The same was said before, otherwise.
    #[error("is recorded as {recorded}; the file says {said}")]
    Differs {
        /// What the ledger has.
        recorded: String,
        /// What the file has.
        said: String,
    },
}

/// What is recorded once a status is; nothing when it is known already: the same status, reference and day are recorded,
/// or the file leaves reference or day out. What happens without a day happens today.
///
/// # Errors
/// It cannot be, or was said otherwise before.
pub fn verdict(known: &Known, told: &Told, today: Date) -> Result<Option<Known>, Contradiction> {
    use Standing as At;
    let on = told.on.unwrap_or(today);
    let turns = |stands| Ok(Some(Known { stands, on, paid: known.paid }));
    let agrees = |agrees: bool| if agrees { Ok(None) } else { Err(differs(known, told)) };
    let same_day = |on: Date| told.on.is_none_or(|of| of == on);
    match (told.said, known.stands) {
        (_, At::Due) => Err(Contradiction::NotInstructed),
        (Said::Accepted, At::Instructed) => turns(At::Accepted),
        // A bank accepts in steps, of which the first is recorded.
        (Said::Accepted, At::Accepted) => Ok(None),
        // What was paid had been accepted, but not later.
        (Said::Accepted, At::Paid | At::Returned) => {
            agrees(known.paid.is_none_or(|paid| told.on.is_none_or(|of| of <= paid.on)))
        }
        (Said::Accepted, At::Failed) => Err(Contradiction::FailedBefore("be accepted now")),
        (Said::Paid, At::Instructed | At::Accepted) => {
            let paid = Some(Payment { on, reference: told.reference });
            Ok(Some(Known { stands: At::Paid, on, paid }))
        }
        // A second notice of the day may bring the reference that the first one left out, as a camt.054 after a pain.002 does.
        (Said::Paid, At::Paid) => {
            let unnamed = known.paid.is_some_and(|paid| paid.reference.is_none());
            let reference = told.reference.filter(|_| !unnamed || told.on.is_none());
            agrees(is_that_payment(known, &Told { reference, ..*told }))
        }
        // Only what names the payment that came back is known; else it says that the money went out once more.
        (Said::Paid, At::Returned) => {
            let named = told.reference.is_some() || told.on.is_some();
            agrees(named && is_that_payment(known, told))
        }
        (Said::Paid, At::Failed) => Err(Contradiction::FailedBefore("be paid now")),
        (Said::Failed, At::Instructed | At::Accepted) => turns(At::Failed),
        (Said::Failed, At::Failed) | (Said::Returned, At::Returned) => agrees(same_day(known.on)),
        (Said::Failed, At::Paid | At::Returned) => Err(Contradiction::PaidNotFailed),
        (Said::Returned, At::Paid) => turns(At::Returned),
        (Said::Returned, At::Instructed | At::Accepted) => Err(Contradiction::NotPaidYet),
        (Said::Returned, At::Failed) => Err(Contradiction::FailedBefore("come back")),
    }
}

/// Whether what is told of a payment is what is recorded of it; a reference that is not recorded is another one here.
fn is_that_payment(known: &Known, told: &Told) -> bool {
    let Some(paid) = known.paid else { return false };
    told.on.is_none_or(|on| on == paid.on)
        && told.reference.is_none_or(|reference| Some(reference) == paid.reference)
}

fn differs(known: &Known, told: &Told) -> Contradiction {
    let mut recorded = match known.stands {
        Standing::Due => "due".to_owned(),
        Standing::Instructed => format!("instructed on {}", known.on),
        Standing::Accepted => format!("accepted on {}", known.on),
        Standing::Paid | Standing::Returned => String::new(),
        Standing::Failed => format!("failed on {}", known.on),
    };
    if let Some(paid) = known.paid {
        let under =
            paid.reference.map_or("without a reference".to_owned(), |of| format!("under {of}"));
        recorded = format!("paid on {} {under}", paid.on);
    }
    if known.stands == Standing::Returned {
        let and = if recorded.is_empty() { "" } else { " and " };
        recorded = format!("{recorded}{and}returned on {}", known.on);
    }
    let mut said = match told.said {
        Said::Accepted => "accepted",
        Said::Paid => "paid",
        Said::Failed => "failed",
        Said::Returned => "returned",
    }
    .to_owned();
    if let Some(on) = told.on {
        said = format!("{said} on {on}");
    }
    if let (Said::Paid, Some(reference)) = (told.said, told.reference) {
        said = format!("{said} under {reference}");
    }
    Contradiction::Differs { recorded, said }
}

#[cfg(test)]
mod tests;
