//! What of an order has not ended: balances of the accounts that must return to zero.

use std::collections::BTreeMap;

use souk_journal::account::Account;
use souk_journal::entry::{JournalEntry, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use super::contract::{Escrow, StillOpen};
use crate::figure::Figure;

/// What a balance is kept for: account, merchant, payment or refund, currency.
type Key = (Account, Option<MerchantId>, Option<String>, Currency);

/// Balances of one order, credit positive, in minor units.
#[derive(Debug, Default)]
pub(super) struct Balances(BTreeMap<Key, i128>);

impl Balances {
    /// Adds an entry of the order.
    pub(super) fn add(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        for posting in &entry.postings {
            let reference = entry.reference_of(posting).filter(|of| of.kind != RefKind::Order);
            let reference = reference.map(|of| of.value.to_owned());
            let merchant = names.merchant(posting.merchant);
            let key = (posting.account, merchant, reference, posting.currency);
            *self.0.entry(key).or_default() -= i128::from(posting.amount);
        }
    }

    /// The buyer's money that is still held.
    pub(super) fn escrow(&self) -> Vec<Escrow> {
        let held = self
            .0
            .iter()
            .filter(|((account, ..), sum)| *account == Account::OrderEscrow && **sum != 0);
        held.map(|((_, merchant, _, currency), sum)| Escrow {
            merchant: *merchant,
            amount: Figure::new(*sum, *currency),
        })
        .collect()
    }

    /// What else has not ended, escrow and payable items excepted.
    pub(super) fn open(&self) -> Vec<StillOpen> {
        let open = self.0.iter().filter(|(_, sum)| **sum != 0);
        open.filter_map(|((account, merchant, reference, currency), sum)| {
            let what = waiting_for(*account)?;
            Some(StillOpen {
                what: what.to_owned(),
                account: account.to_string(),
                merchant: *merchant,
                reference: reference.clone(),
                amount: Figure::new(*sum, *currency),
                due_on: None,
            })
        })
        .collect()
    }
}

/// What ends a balance on an account that must return to zero.
fn waiting_for(account: Account) -> Option<&'static str> {
    if account == Account::PspClearing {
        Some("not yet confirmed by the payment provider")
    } else if account == Account::RefundsInTransit {
        Some("refund has not reached the buyer yet")
    } else if account == Account::RefundAdvances {
        Some("paid ahead: neither recovered nor borne yet")
    } else if account == Account::InsurerReceivable {
        Some("the insurer has not paid the claim yet")
    } else if account == Account::SupplierPayable {
        Some("the supplier has not been paid yet")
    } else if let Account::OrderDifferences(_) = account {
        Some("difference of payment and order is not resolved")
    } else {
        None
    }
}
