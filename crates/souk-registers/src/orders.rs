//! Orders: in which state each is, and what is known of it without adding amounts.

mod rows;
mod status;

use souk_domain::event::LedgerEvent;
use souk_domain::order::events::OrderEvent;
use souk_journal::account::DifferenceClass;
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, OrderId};
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

pub use status::OrderStatus;

use crate::similar::similar;
use rows::Rows;

/// What is known of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFacts {
    /// The order.
    pub order: OrderId,
    /// Its state.
    pub status: OrderStatus,
    /// Currency of every amount of it.
    pub currency: Currency,
    /// Date in the platform's zone.
    pub placed_on: Date,
    /// Number of lines.
    pub lines: u32,
    /// Merchants, in the order of their first line.
    pub merchants: Vec<MerchantId>,
    /// How many of the merchants have completed their part.
    pub completed: u32,
    /// Payments recorded.
    pub payments: u32,
    /// Refunds issued.
    pub refunds: u32,
    /// Why paid and owed differ, if a difference was booked.
    pub difference: Option<DifferenceClass>,
    /// Its first entry.
    pub first_entry: u64,
    /// Its last entry.
    pub last_entry: u64,
}

/// All orders.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    rows: Rows,
}

impl Orders {
    /// No order is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// An order by its id; nothing if the text is no id or no such order was placed.
    pub fn find(&self, order: &str) -> Option<OrderFacts> {
        self.rows.find(OrderId::new(order).ok()?)
    }

    /// Every order, in the order in which they were placed.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = OrderFacts> {
        self.rows.iter()
    }

    /// Up to `limit` orders that a mistyped or shortened id may mean, closest first. Looks at a
    /// million orders at most, the latest ones.
    pub fn similar(&self, text: &str, limit: usize) -> Vec<&str> {
        similar(text, self.rows.ids_latest_first(), limit)
    }

    /// How many orders are in each state; every state is there.
    pub fn by_status(&self) -> [(OrderStatus, u64); OrderStatus::ALL.len()] {
        let counts = self.rows.count_statuses();
        OrderStatus::ALL.map(|status| (status, counts[status as usize]))
    }

    /// How many orders have a booked difference of each class; every class is there. An order
    /// without a booked difference is in none.
    pub fn by_difference(&self) -> [(DifferenceClass, u64); DifferenceClass::ALL.len()] {
        let counts = self.rows.count_differences();
        DifferenceClass::ALL.map(|class| (class, counts[class as usize]))
    }
}

impl Register for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            let LedgerEvent::Order(event) = recorded.event else { continue };
            if let OrderEvent::Placed(of) = event {
                self.rows.place(recorded.id(), recorded.entry, of);
            } else if let Some(row) = self.rows.touch(recorded.id(), recorded.entry) {
                row.fold(event);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        self.rows.save()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.rows = Rows::load(bytes)?;
        Ok(())
    }
}
