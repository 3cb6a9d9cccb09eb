//! The table of orders: one row of under a hundred bytes each, found by id.
//!
//! Ids stand in the rows alone; the hash table holds row numbers. Merchants are numbered in order of
//! appearance, and the lists of all orders are one array.

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use serde::{Deserialize, Serialize};
use souk_domain::order::events::{OrderEvent, OrderPlaced};
use souk_journal::account::DifferenceClass;
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, OrderId};
use souk_journal::money::Currency;
use std::hash::BuildHasher;

use super::{OrderFacts, OrderStatus};

/// What is known of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    order: OrderId,
    currency: Currency,
    placed_on: Date,
    cancelled: bool,
    difference: Option<DifferenceClass>,
    lines: u16,
    /// Merchants are `members[first_member..][..merchants]`.
    first_member: u32,
    merchants: u16,
    completed: u16,
    payments: u16,
    refunds: u16,
    first_entry: u64,
    last_entry: u64,
}

impl Row {
    /// Folds an event other than the placing.
    pub(super) fn fold(&mut self, event: &OrderEvent<'_>) {
        match event {
            OrderEvent::Paid(_) => self.payments = self.payments.saturating_add(1),
            OrderEvent::Completed(_) => self.completed = self.completed.saturating_add(1),
            OrderEvent::RefundIssued(_) => self.refunds = self.refunds.saturating_add(1),
            OrderEvent::DifferenceBooked(of) => self.difference = Some(of.class),
            OrderEvent::Cancelled(_) => self.cancelled = true,
            OrderEvent::Placed(_)
            | OrderEvent::Attributed(_)
            | OrderEvent::RefundAdvanced(_)
            | OrderEvent::AdvanceRecovered(_)
            | OrderEvent::AdvanceBorne(_)
            | OrderEvent::ClaimPaid(_)
            | OrderEvent::ClaimCollected(_)
            | OrderEvent::SupplierPartRemitted(_)
            | OrderEvent::PartnerCommissionCharged(_)
            | OrderEvent::PartnerCommissionReturned(_)
            | OrderEvent::ChannelFeeIncurred(_)
            | OrderEvent::ChannelFeeReturned(_)
            | OrderEvent::Shipped(_)
            | OrderEvent::CommissionCharged(_)
            | OrderEvent::FeeCharged(_)
            | OrderEvent::RefundPaid(_)
            | OrderEvent::RefundFailed(_)
            | OrderEvent::FeeReturned(_)
            | OrderEvent::TaxAssessed(_)
            | OrderEvent::TaxCollected(_)
            | OrderEvent::TaxRefunded(_)
            | OrderEvent::TaxWithheld(_)
            | OrderEvent::WithholdingReturned(_)
            | OrderEvent::FeeInvoiced(_)
            | OrderEvent::HoldPlaced(_)
            | OrderEvent::HoldReleased(_)
            | OrderEvent::RedLetterIssued(_) => {}
        }
    }

    fn status(&self) -> OrderStatus {
        if self.cancelled {
            OrderStatus::Cancelled
        } else if self.refunds > 0 {
            OrderStatus::RefundIssued
        } else if self.completed > 0 && self.completed >= self.merchants {
            OrderStatus::Completed
        } else if self.completed > 0 {
            OrderStatus::PartlyCompleted
        } else if self.payments > 0 {
            OrderStatus::Paid
        } else {
            OrderStatus::Placed
        }
    }
}

/// All rows; what is not saved is rebuilt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// Merchants of all orders, as numbers.
    members: Vec<u32>,
    merchants: Vec<MerchantId>,
    #[serde(skip)]
    numbers: HashMap<MerchantId, u32>,
    #[serde(skip)]
    by_id: HashTable<u32>,
    #[serde(skip)]
    hasher: DefaultHashBuilder,
    /// The row touched last: the events of one command follow each other.
    #[serde(skip)]
    latest: u32,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn row_of(&self, order: &OrderId) -> Option<u32> {
        let is_it = |row: &&u32| self.rows.get(**row as usize).is_some_and(|of| of.order == *order);
        let hash = self.hasher.hash_one(order.as_str());
        self.by_id.find(hash, |row| is_it(&row)).copied()
    }

    /// Adds an order; a second placing changes nothing.
    pub(super) fn place(&mut self, id: &str, entry: u64, of: &OrderPlaced<'_>) {
        let Ok(order) = OrderId::new(id) else { return };
        let (Ok(number), Ok(first_member)) =
            (u32::try_from(self.rows.len()), u32::try_from(self.members.len()))
        else {
            return;
        };
        if self.row_of(&order).is_some() {
            return;
        }
        for line in &of.lines {
            let merchant = self.merchant_number(line.merchant);
            if !self.members[first_member as usize..].contains(&merchant) {
                self.members.push(merchant);
            }
        }
        self.rows.push(Row {
            order,
            currency: of.currency,
            placed_on: of.placed_on,
            cancelled: false,
            difference: None,
            lines: small(of.lines.len()),
            first_member,
            merchants: small(self.members.len() - first_member as usize),
            completed: 0,
            payments: 0,
            refunds: 0,
            first_entry: entry,
            last_entry: entry,
        });
        self.index(number);
        self.latest = number;
    }

    fn index(&mut self, number: u32) {
        let (rows, hasher) = (&self.rows, &self.hasher);
        let hash = |row: &u32| {
            rows.get(*row as usize).map_or(0, |row| hasher.hash_one(row.order.as_str()))
        };
        self.by_id.insert_unique(hash(&number), number, hash);
    }

    fn merchant_number(&mut self, merchant: MerchantId) -> u32 {
        let merchants = &mut self.merchants;
        *self.numbers.entry(merchant).or_insert_with(|| {
            merchants.push(merchant);
            merchants.len() as u32 - 1
        })
    }

    /// The row of an order, with its last entry set.
    pub(super) fn touch(&mut self, id: &str, entry: u64) -> Option<&mut Row> {
        let is_latest =
            self.rows.get(self.latest as usize).is_some_and(|row| row.order.as_str() == id);
        if !is_latest {
            self.latest = self.row_of(&OrderId::new(id).ok()?)?;
        }
        let row = self.rows.get_mut(self.latest as usize)?;
        row.last_entry = entry;
        Some(row)
    }

    pub(super) fn find(&self, order: OrderId) -> Option<OrderFacts> {
        let row = self.row_of(&order)?;
        self.rows.get(row as usize).map(|row| self.facts(row))
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = OrderFacts> {
        self.rows.iter().map(|row| self.facts(row))
    }

    pub(super) fn ids_latest_first(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().rev().map(|row| row.order.as_str())
    }

    pub(super) fn count_statuses(&self) -> [u64; OrderStatus::ALL.len()] {
        let mut counts = [0; OrderStatus::ALL.len()];
        for row in &self.rows {
            counts[row.status() as usize] += 1;
        }
        counts
    }

    pub(super) fn count_differences(&self) -> [u64; DifferenceClass::ALL.len()] {
        let mut counts = [0; DifferenceClass::ALL.len()];
        for class in self.rows.iter().filter_map(|row| row.difference) {
            counts[class as usize] += 1;
        }
        counts
    }

    fn facts(&self, row: &Row) -> OrderFacts {
        let first = row.first_member as usize;
        let members = self.members.get(first..first + usize::from(row.merchants));
        let merchant = |number: &u32| self.merchants.get(*number as usize).copied();
        OrderFacts {
            order: row.order,
            status: row.status(),
            currency: row.currency,
            placed_on: row.placed_on,
            lines: row.lines.into(),
            merchants: members.unwrap_or_default().iter().filter_map(merchant).collect(),
            completed: row.completed.into(),
            payments: row.payments.into(),
            refunds: row.refunds.into(),
            difference: row.difference,
            first_entry: row.first_entry,
            last_entry: row.last_entry,
        }
    }

    pub(super) fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    pub(super) fn load(bytes: &[u8]) -> Result<Self, String> {
        let mut rows: Self = postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        rows.numbers = rows.merchants.iter().copied().zip(0..).collect();
        let count = u32::try_from(rows.rows.len()).map_err(|error| error.to_string())?;
        rows.by_id = HashTable::with_capacity(rows.rows.len());
        (0..count).for_each(|number| rows.index(number));
        Ok(rows)
    }
}

/// A count that an order cannot exceed: it has at most 250 lines.
fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
