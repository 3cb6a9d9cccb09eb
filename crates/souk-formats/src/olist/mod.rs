//! The Olist data set of real marketplace orders, streamed in order of time in bounded memory.
//!
//! Five CSV files of one directory are read; the customers, being personal, are not. Items and
//! payments are in no useful order, so everything is sorted by order id, joined, and sorted back
//! into the order of the orders' file, which is that of the purchase ([`crate::spill`]).
//!
//! An order is given whole or not at all: a defect in its row, or in any item or payment of it,
//! drops it and is reported. All defects are known once [`OlistReader::open`] returns, before the
//! first order is given, so a strict import can refuse with nothing written.

mod clock;
mod difference;
mod join;
mod lookup;
mod model;
mod read;
mod row;
mod wire;

pub use clock::OlistClock;
pub use difference::{Difference, DifferenceClass, classify};
pub use lookup::OlistSeller;
pub use model::{OlistDates, OlistItem, OlistMethod, OlistOrder, OlistPayment, OlistStatus};

use crate::bad_row::BadRows;
use crate::spill::Sorted;
use crate::text_table::TableError;
use std::io;
use std::path::Path;

/// The orders: id, state and times; derived, its dates partly imputed.
pub const ORDERS_FILE: &str = "orders_derived.csv";
/// The order lines.
pub const ITEMS_FILE: &str = "olist_order_items_dataset.csv";
/// The payments.
pub const PAYMENTS_FILE: &str = "olist_order_payments_dataset.csv";
/// The products, read for their category.
pub const PRODUCTS_FILE: &str = "olist_products_dataset.csv";
/// The sellers.
pub const SELLERS_FILE: &str = "olist_sellers_dataset.csv";

/// The data set cannot be read at all, as against a row of it ([`crate::BadRow`]).
#[derive(Debug, thiserror::Error)]
pub enum OlistError {
    /// A file is missing, does not read, or lacks a column.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The temporary directory for sorting cannot be written or read back.
    #[error("sorting the orders in a temporary directory: {0}")]
    Spill(#[from] io::Error),
}

/// The data set, read, joined and ready to be given order by order, as an iterator.
pub struct OlistReader {
    sorted: Sorted,
    categories: lookup::Categories,
    sellers: Vec<OlistSeller>,
    bad: BadRows,
    orders: u64,
    dropped: u64,
    spilled: u64,
}

impl OlistReader {
    /// Reads and joins the files of a directory.
    ///
    /// `memory_bytes` bounds the buffers of sorting; what does not fit goes to a temporary
    /// directory. Beside it stand the table of product categories and the list of sellers, held in
    /// memory (about 4 MB for the whole data set), and at most [`BadRows::KEPT`] bad rows.
    ///
    /// # Errors
    /// A file or column is missing, a file does not read, or the temporary directory does not.
    pub fn open(dir: &Path, memory_bytes: usize) -> Result<Self, OlistError> {
        let mut bad = BadRows::default();
        let lookups = lookup::Lookups::read(dir, &mut bad)?;
        let rows = read::sort_rows(dir, &lookups, memory_bytes / 2, &mut bad)?;
        let joined = join::join(rows, memory_bytes / 2, &mut bad)?;
        Ok(Self {
            sorted: joined.sorted,
            categories: lookups.categories,
            sellers: lookups.sellers,
            bad,
            orders: joined.orders,
            dropped: joined.dropped,
            spilled: joined.spilled,
        })
    }

    /// The sellers, in the order of their file.
    #[must_use]
    pub fn sellers(&self) -> &[OlistSeller] {
        &self.sellers
    }

    /// Every defect of the files, complete from the start: shapes first, file by file, then what
    /// the join found (duplicates, rows of unknown orders).
    #[must_use]
    pub fn bad_rows(&self) -> &BadRows {
        &self.bad
    }

    /// How many orders the iterator gives in all.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.orders
    }

    /// How many orders were dropped because a row of theirs is bad.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many times a buffer went to the temporary directory; 0 while all fits in memory.
    #[must_use]
    pub fn spilled(&self) -> u64 {
        self.spilled
    }
}

impl Iterator for OlistReader {
    /// An order, or the failure to read the temporary directory back.
    type Item = Result<OlistOrder, OlistError>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = match self.sorted.next_record() {
            Ok(None) => return None,
            Ok(Some((_, payload))) => row::order(payload, &self.categories),
            Err(error) => Err(error),
        };
        Some(order.map_err(OlistError::Spill))
    }
}
