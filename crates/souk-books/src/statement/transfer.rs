//! How the payout of a statement went: what became known after the close had frozen the rest.

use merchant_statements::Statement as Recorded;
use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::event_id::payout_id;
use souk_domain::payee::events::Means;
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId};
use souk_registers::PayoutStatus;
use uuid::Uuid;

use crate::books::Books;
use crate::payouts::PayoutStanding;

/// The payout of a statement, as known at the entry of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Transfer {
    /// Its id: 32 hexadecimal digits, as in the bank's file.
    pub payout: String,
    /// Where it stands; a payout whose payee waits is due.
    pub standing: PayoutStanding,
    /// The day since which it stands there: of a paid one, the day on which it was paid. Null where nothing happened yet.
    pub since: Option<Date>,
    /// The bank's reference.
    pub bank_reference: Option<Id>,
    /// How the payee is paid.
    pub means: Option<Means>,
    /// The last four characters of the payee's account; null where the platform pays without payees, and before the
    /// payout is instructed.
    pub payee_tail: Option<String>,
    /// Why it is held, failed or came back.
    pub reason: Option<String>,
}

impl Transfer {
    /// The day on which it was paid.
    pub fn paid_on(&self) -> Option<Date> {
        self.since.filter(|_| self.standing == PayoutStanding::Paid)
    }
}

impl Books {
    /// How the payout of a closed cycle went; none where nothing is paid.
    pub(super) fn transfer(&self, merchant: MerchantId, of: &Recorded) -> Option<Transfer> {
        if of.payout == 0 {
            return None;
        }
        let ledger = self.models().ledger.identity().map_or("", |of| of.ledger.as_str());
        let ledger = Uuid::parse_str(ledger).unwrap_or_default();
        let payout = payout_id(ledger, merchant.as_str(), of.currency.code(), &of.cycle);
        let known = self.models().payouts.get(&payout);
        let standing = match known.map(|of| of.status) {
            None | Some(PayoutStatus::Due) if known.is_some_and(|of| of.held) => {
                PayoutStanding::Held
            }
            None | Some(PayoutStatus::Due) => PayoutStanding::Due,
            Some(PayoutStatus::Instructed) => PayoutStanding::Instructed,
            Some(PayoutStatus::Accepted) => PayoutStanding::InTransit,
            Some(PayoutStatus::Paid) => PayoutStanding::Paid,
            Some(PayoutStatus::Failed) => PayoutStanding::Failed,
            Some(PayoutStatus::Returned) => PayoutStanding::Returned,
        };
        let payees = self.models().payees.get(merchant, of.currency);
        let payee = known.and_then(|of| payees?.get(of.payee?));
        Some(Transfer {
            payout,
            standing,
            since: known.map(|of| of.since),
            bank_reference: known.and_then(|of| of.bank_reference),
            means: payee.map(|of| of.means),
            payee_tail: payee.map(|of| of.tail.to_string()),
            reason: known.and_then(|of| of.reason.as_deref().map(str::to_owned)),
        })
    }
}
