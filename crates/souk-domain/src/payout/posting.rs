//! Which accounts a payout touches.

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::names::Names;

use super::events::{PayoutEvent, PayoutFacts};
use crate::posting::PostingError;

/// Instructed: PayoutsDue → PayoutsInTransit, recalled: back. Paid: → BankClearing. Failed or returned: a new item.
pub(crate) fn post<'a>(
    event: &'a PayoutEvent<'a>,
    payout: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (facts, from, to, kind, due_on) = match event {
        PayoutEvent::Instructed(of) => {
            let (from, to) = (Account::PayoutsDue, Account::PayoutsInTransit);
            (&of.payout, from, to, LineKind::PayoutInstructed, None)
        }
        PayoutEvent::Paid(of) => {
            let (from, to) = (Account::PayoutsInTransit, Account::BankClearing);
            (&of.payout, from, to, LineKind::PayoutPaid, None)
        }
        PayoutEvent::Failed(of) => {
            let (from, to) = (Account::PayoutsInTransit, Account::MerchantPayable);
            (&of.payout, from, to, LineKind::PayoutFailed, Some(of.due_on))
        }
        PayoutEvent::Returned(of) => {
            let (from, to) = (Account::BankClearing, Account::MerchantPayable);
            (&of.payout, from, to, LineKind::PayoutReturned, Some(of.due_on))
        }
        // The same kind, whose movement it takes back: it stands on no statement.
        PayoutEvent::Recalled(of) => {
            let (from, to) = (Account::PayoutsInTransit, Account::PayoutsDue);
            (&of.payout, from, to, LineKind::PayoutInstructed, None)
        }
        PayoutEvent::Approved(_)
        | PayoutEvent::Held(_)
        | PayoutEvent::Released(_)
        | PayoutEvent::Accepted(_) => return Ok(Postings::default()),
    };
    let PayoutFacts { merchant, currency, amount, cycle } = facts;
    let amount = amount.minor(*currency)?;
    let mut entry = EntryBuilder::new(names, *currency);
    entry.reference(RefKind::Cycle, cycle.as_str());
    entry.reference(RefKind::Payout, payout);
    // The bank's side clears per payout; the merchant's side is kept per merchant.
    let keyed_by_merchant = |account| account != Account::BankClearing;
    if keyed_by_merchant(from) {
        entry.merchant(*merchant);
    }
    entry.debit(from, kind, amount);
    if keyed_by_merchant(to) {
        entry.merchant(*merchant);
    } else {
        entry.no_merchant();
    }
    match due_on {
        Some(due_on) => entry.credit_due(to, kind, due_on, amount),
        None => entry.credit(to, kind, amount),
    };
    Ok(entry.balanced()?)
}
