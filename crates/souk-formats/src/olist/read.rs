//! The three large files, row by row, into one sort by order id.

use super::lookup::Lookups;
use super::model::{OlistDates, OlistMethod, OlistStatus};
use super::row::Fields;
use super::wire::Writer;
use super::{ITEMS_FILE, ORDERS_FILE, OlistError, PAYMENTS_FILE};
use crate::bad_row::BadRows;
use crate::short_id::ShortId;
use crate::spill::{Sorted, Sorter};
use crate::text_table::{Problem, TextTable};
use csv::ByteRecord;
use std::path::Path;

/// What a sorted row is. The values are in its key: an order stands before its items, these before
/// its payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// The order's row.
    Order,
    /// The order's row, defective and reported.
    BadOrder,
    /// An item or payment row of it, defective and reported.
    BadPart,
    /// An item.
    Item,
    /// A payment.
    Payment,
}

impl RowKind {
    pub(super) const ALL: [Self; 5] =
        [Self::Order, Self::BadOrder, Self::BadPart, Self::Item, Self::Payment];

    fn code(self) -> u8 {
        match self {
            Self::Order => 0,
            Self::BadOrder => 1,
            Self::BadPart => 2,
            Self::Item => 3,
            Self::Payment => 4,
        }
    }
}

/// A file the join may have to point at: its table, kept for names, and the columns concerned.
pub(super) struct Place {
    pub(super) table: TextTable,
    /// The order id.
    pub(super) order: usize,
    /// The number of the row within its order; the order id again in the orders' file.
    pub(super) number: usize,
}

/// The rows of the three files sorted by order id, kind and number.
pub(super) struct SortedRows {
    pub(super) sorted: Sorted,
    pub(super) spilled: u64,
    pub(super) orders: Place,
    pub(super) items: Place,
    pub(super) payments: Place,
}

/// The key of a row: order id, a zero byte (in no id), kind, number (big endian).
fn key(id: &ShortId, kind: RowKind, number: u32, key: &mut Vec<u8>) {
    key.clear();
    key.extend_from_slice(id.as_bytes());
    key.extend_from_slice(&[0, kind.code()]);
    key.extend_from_slice(&number.to_be_bytes());
}

/// Reads the three files. A defective row is reported, and marks its order if that can be read.
pub(super) fn sort_rows(
    dir: &Path,
    lookups: &Lookups,
    memory_bytes: usize,
    bad: &mut BadRows,
) -> Result<SortedRows, OlistError> {
    let mut sorter = Sorter::new(memory_bytes);
    let mut orders = open(dir, ORDERS_FILE, "order_id")?;
    let mut items = open(dir, ITEMS_FILE, "order_item_id")?;
    let mut payments = open(dir, PAYMENTS_FILE, "payment_sequential")?;

    let columns = OrderColumns::find(&orders.table)?;
    sort_file(
        &mut orders,
        [RowKind::Order, RowKind::BadOrder],
        &mut sorter,
        bad,
        |fields, out| columns.row(fields, out),
    )?;
    let columns = ItemColumns::find(&items.table)?;
    sort_file(&mut items, [RowKind::Item, RowKind::BadPart], &mut sorter, bad, |fields, out| {
        columns.row(fields, lookups, out)
    })?;
    let columns = PaymentColumns::find(&payments.table)?;
    sort_file(
        &mut payments,
        [RowKind::Payment, RowKind::BadPart],
        &mut sorter,
        bad,
        |fields, out| columns.row(fields, out),
    )?;
    let spilled = sorter.spilled();
    Ok(SortedRows { sorted: sorter.finish()?, spilled, orders, items, payments })
}

fn open(dir: &Path, file: &str, number: &str) -> Result<Place, OlistError> {
    let table = TextTable::open(&dir.join(file), b',')?;
    let (order, number) = (table.require("order_id")?, table.require(number)?);
    Ok(Place { table, order, number })
}

/// Pushes each row as `good`, or where it is defective reports it and pushes its order as `broken`.
/// `row` writes the row behind its line and gives its number within the order.
fn sort_file(
    place: &mut Place,
    [good, broken]: [RowKind; 2],
    sorter: &mut Sorter,
    bad: &mut BadRows,
    row: impl Fn(Fields<'_>, &mut Writer) -> Result<u32, Problem>,
) -> Result<(), OlistError> {
    let (mut record, mut key_bytes, mut out) = (ByteRecord::new(), Vec::new(), Writer::default());
    while let Some(read) = place.table.next_row(&mut record)? {
        let fields = Fields(&record);
        out.0.clear();
        out.u64(read.line);
        let id = fields.id(place.order, "order");
        let whole = match (read.problem, &id) {
            (Some(problem), _) => Err(problem),
            (None, Err(problem)) => Err(problem.clone()),
            (None, Ok(_)) => row(fields, &mut out),
        };
        let (kind, number) = match whole {
            Ok(number) => (good, number),
            Err(problem) => {
                bad.push(place.table.bad_row(read.line, problem.index, problem.what));
                (broken, 0)
            }
        };
        if let Ok(id) = id {
            key(&id, kind, number, &mut key_bytes);
            sorter.push(&key_bytes, &out.0)?;
        }
    }
    Ok(())
}

struct OrderColumns {
    status: usize,
    purchased: usize,
    approved: usize,
    delivered: usize,
    dates: usize,
}

impl OrderColumns {
    fn find(table: &TextTable) -> Result<Self, OlistError> {
        Ok(Self {
            status: table.require("order_status")?,
            purchased: table.require("purchased_at")?,
            approved: table.require("approved_at")?,
            delivered: table.require("delivered_at")?,
            dates: table.require("dates")?,
        })
    }

    fn row(&self, fields: Fields<'_>, out: &mut Writer) -> Result<u32, Problem> {
        let status = fields.word(self.status, "status", OlistStatus::from_word)?;
        let dates = fields.word(self.dates, "dates", OlistDates::from_word)?;
        out.u8(place_of(OlistStatus::ALL, status));
        out.u8(place_of(OlistDates::ALL, dates));
        out.time(fields.time(self.purchased, "purchased_at")?);
        out.optional_time(fields.optional_time(self.approved, "approved_at")?);
        out.optional_time(fields.optional_time(self.delivered, "delivered_at")?);
        Ok(0)
    }
}

struct ItemColumns {
    number: usize,
    product: usize,
    seller: usize,
    price: usize,
    freight: usize,
}

impl ItemColumns {
    fn find(table: &TextTable) -> Result<Self, OlistError> {
        Ok(Self {
            number: table.require("order_item_id")?,
            product: table.require("product_id")?,
            seller: table.require("seller_id")?,
            price: table.require("price")?,
            freight: table.require("freight_value")?,
        })
    }

    fn row(&self, fields: Fields<'_>, lookups: &Lookups, out: &mut Writer) -> Result<u32, Problem> {
        let number = fields.number(self.number, "item", 1)?;
        let product = fields.id(self.product, "product")?;
        let seller = fields.id(self.seller, "seller")?;
        if !lookups.known_sellers.contains(&seller) {
            let what = format!("seller {seller} is not among the sellers");
            return Err(Problem { index: self.seller, what });
        }
        out.u32(number);
        out.id(&product);
        out.id(&seller);
        out.u32(lookups.categories.of(&product));
        out.i64(fields.cents(self.price, "price")?);
        out.i64(fields.cents(self.freight, "freight")?);
        Ok(number)
    }
}

struct PaymentColumns {
    sequential: usize,
    method: usize,
    instalments: usize,
    value: usize,
}

impl PaymentColumns {
    fn find(table: &TextTable) -> Result<Self, OlistError> {
        Ok(Self {
            sequential: table.require("payment_sequential")?,
            method: table.require("payment_type")?,
            instalments: table.require("payment_installments")?,
            value: table.require("payment_value")?,
        })
    }

    fn row(&self, fields: Fields<'_>, out: &mut Writer) -> Result<u32, Problem> {
        let sequential = fields.number(self.sequential, "payment", 1)?;
        let method = fields.word(self.method, "payment type", OlistMethod::from_word)?;
        out.u32(sequential);
        out.u8(place_of(OlistMethod::ALL, method));
        out.u32(fields.number(self.instalments, "instalments", 0)?);
        out.i64(fields.cents(self.value, "payment value")?);
        Ok(sequential)
    }
}

/// The place of an enum's value in its list, as `wire::pick` reads it.
fn place_of<T: PartialEq>(all: &[T], value: T) -> u8 {
    let place = all.iter().position(|known| *known == value);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}
