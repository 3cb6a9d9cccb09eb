//! Invoices of fees, and the red letters that reduce them: when each was recorded, and its number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_domain::order::events::OrderEvent;
use souk_domain::tariff::events::FeeKind;
use souk_journal::ids::{Id, MerchantId};
use souk_projector::{Recorded, Register};

/// An invoice of a merchant's fee on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeInvoice {
    /// Its number.
    pub invoice: Id,
    /// The entry that recorded it.
    pub entry: u64,
    /// Its red letters, with the entries that recorded them.
    pub red_letters: Vec<(Id, u64)>,
}

impl FeeInvoice {
    /// The red letter that is for what came back at an entry: the first one after it.
    pub fn red_letter_of(&self, entry: u64) -> Option<Id> {
        self.red_letters.iter().find(|(_, at)| *at > entry).map(|(red_letter, _)| *red_letter)
    }
}

/// Order, merchant, fee.
type Key = (Box<str>, MerchantId, FeeKind);

/// All invoices of fees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeeInvoices {
    invoices: BTreeMap<Key, FeeInvoice>,
}

impl FeeInvoices {
    /// No invoice is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The invoice on which a merchant's fee on an order stands.
    pub fn get(&self, order: &str, merchant: MerchantId, fee: FeeKind) -> Option<&FeeInvoice> {
        self.invoices.get(&(order.into(), merchant, fee))
    }
}

impl Register for FeeInvoices {
    fn name(&self) -> &'static str {
        "fee-invoices"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            let entry = recorded.entry;
            if let LedgerEvent::Order(OrderEvent::FeeInvoiced(of)) = recorded.event {
                let key = (recorded.id().into(), of.merchant, of.fee);
                let invoice = FeeInvoice { invoice: of.invoice, entry, red_letters: Vec::new() };
                self.invoices.entry(key).or_insert(invoice);
            }
            if let LedgerEvent::Order(OrderEvent::RedLetterIssued(of)) = recorded.event {
                let key = (recorded.id().into(), of.merchant, of.fee);
                if let Some(known) = self.invoices.get_mut(&key) {
                    known.red_letters.push((of.red_letter, entry));
                }
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        let all: Vec<(&Key, &FeeInvoice)> = self.invoices.iter().collect();
        postcard::to_stdvec(&all).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let all: Vec<(Key, FeeInvoice)> =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        self.invoices = all.into_iter().collect();
        Ok(())
    }
}
