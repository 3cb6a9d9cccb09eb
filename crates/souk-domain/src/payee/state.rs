//! What a merchant's payees remember: each with where it stands, the newest last.

use souk_journal::dates::Date;
use souk_journal::ids::Id;

use super::events::Means;

/// Where a payee stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Waits for a second person.
    Proposed,
    /// Approved; payouts go there from this day on.
    Approved(Date),
    /// Not used any more.
    Withdrawn,
}

/// A payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// Its opaque id.
    pub payee: Id,
    /// How it is paid.
    pub means: Means,
    /// SHA-256 over salt and details, 64 hexadecimal digits.
    pub commitment: Box<str>,
    /// The last four characters of its account.
    pub tail: Box<str>,
    /// Who proposed it.
    pub proposed_by: Box<str>,
    /// Who approved it.
    pub approved_by: Option<Box<str>>,
    /// The payee it follows.
    pub follows: Option<Id>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a merchant's payouts may go on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayeeToday {
    /// No payee was ever proposed.
    None,
    /// To this one.
    InForce(Id, Means),
    /// Nowhere: this one waits for a second person.
    Proposed(Id),
    /// Nowhere until this one has cooled.
    Cooling(Id, Date),
    /// Nowhere: all were withdrawn.
    Withdrawn,
}

impl PayeeToday {
    /// Why payouts wait, if they do.
    pub fn waits(self) -> Option<String> {
        match self {
            Self::InForce(..) => None,
            Self::None => Some("no payee is known".to_owned()),
            Self::Proposed(payee) => {
                Some(format!("payee {payee} waits for the approval of a second person"))
            }
            Self::Cooling(payee, until) => {
                Some(format!("payee {payee} was changed and is in force from {until} on"))
            }
            Self::Withdrawn => Some("the payee was withdrawn".to_owned()),
        }
    }
}

/// A merchant's payees in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PayeeState {
    /// All of them, the newest last.
    pub payees: Vec<Payee>,
}

impl PayeeState {
    /// A payee.
    pub fn get(&self, payee: Id) -> Option<&Payee> {
        self.payees.iter().find(|of| of.payee == payee)
    }

    /// The newest one that is approved and not withdrawn, whether it still cools or not.
    pub fn latest_approved(&self) -> Option<&Payee> {
        let approved = |of: &&Payee| matches!(of.standing, Standing::Approved(_));
        self.payees.iter().rev().find(approved)
    }

    /// Where payouts may go on a day. A change that waits or cools holds them: nobody knows yet which one is right.
    pub fn on(&self, today: Date) -> PayeeToday {
        if let Some(of) = self.payees.iter().rev().find(|of| of.standing == Standing::Proposed) {
            return PayeeToday::Proposed(of.payee);
        }
        match self.latest_approved().map(|of| (of.payee, of.means, &of.standing)) {
            Some((payee, _, Standing::Approved(from))) if *from > today => {
                PayeeToday::Cooling(payee, *from)
            }
            Some((payee, means, _)) => PayeeToday::InForce(payee, means),
            None if self.payees.is_empty() => PayeeToday::None,
            None => PayeeToday::Withdrawn,
        }
    }
}
