//! Rows sorted by order id become whole orders, sorted back into the order of their file.

use super::OlistError;
use super::read::{Place, RowKind, SortedRows};
use super::wire::{Reader, damaged, pick};
use crate::bad_row::BadRows;
use crate::spill::{Sorted, Sorter};
use std::io;

/// The outcome: the orders in file order, and how many.
pub(super) struct Joined {
    pub(super) sorted: Sorted,
    pub(super) orders: u64,
    pub(super) dropped: u64,
    pub(super) spilled: u64,
}

/// The rows of one order while they come by. Its buffers are used again for the next.
#[derive(Default)]
struct Group {
    id: Vec<u8>,
    /// The order's row, empty until it came.
    order: Vec<u8>,
    /// Whether a row of the orders' file names this order, even a defective one.
    known: bool,
    /// Whether a row of it is defective.
    bad: bool,
    items: Parts,
    payments: Parts,
}

/// The items, or the payments, of an order.
#[derive(Default)]
struct Parts {
    count: u32,
    bytes: Vec<u8>,
    /// Their lines, for the case that the order is unknown.
    lines: Vec<u64>,
    last: Option<u32>,
}

impl Parts {
    fn clear(&mut self) {
        self.count = 0;
        self.bytes.clear();
        self.lines.clear();
        self.last = None;
    }

    /// Adds a row; `false` if its number was there already. Rows come in order of their number.
    fn add(&mut self, number: u32, line: u64, row: &[u8]) -> bool {
        let fresh = self.last != Some(number);
        self.last = Some(number);
        self.count += 1;
        self.bytes.extend_from_slice(row);
        self.lines.push(line);
        fresh
    }
}

/// A sorted key taken apart.
struct Key<'a> {
    id: &'a [u8],
    kind: RowKind,
    number: u32,
}

impl<'a> Key<'a> {
    fn read(key: &'a [u8]) -> io::Result<Self> {
        let (rest, number) = key.split_last_chunk::<4>().ok_or_else(damaged)?;
        let (id, &[_, kind]) = rest.split_last_chunk::<2>().ok_or_else(damaged)?;
        Ok(Self { id, kind: pick(&RowKind::ALL, kind)?, number: u32::from_be_bytes(*number) })
    }
}

/// What the join needs besides the group at hand.
struct Output<'a> {
    sorter: Sorter,
    payload: Vec<u8>,
    orders: u64,
    dropped: u64,
    items: Place,
    payments: Place,
    bad: &'a mut BadRows,
}

/// Joins the rows to orders, reports duplicates and rows of unknown orders.
pub(super) fn join(
    rows: SortedRows,
    memory_bytes: usize,
    bad: &mut BadRows,
) -> Result<Joined, OlistError> {
    let SortedRows { mut sorted, spilled, orders, items, payments } = rows;
    let sorter = Sorter::new(memory_bytes);
    let mut out =
        Output { sorter, payload: Vec::new(), orders: 0, dropped: 0, items, payments, bad };
    let mut group = Group::default();
    while let Some((key, row)) = sorted.next_record()? {
        let key = Key::read(key)?;
        if key.id != group.id {
            out.finish(&mut group)?;
            group.id.extend_from_slice(key.id);
        }
        let line = Reader(row).u64()?;
        match key.kind {
            RowKind::Order if group.order.is_empty() => {
                group.known = true;
                group.order.extend_from_slice(row);
            }
            RowKind::Order => {
                group.bad = true;
                let first = Reader(&group.order).u64()?;
                report_duplicate(out.bad, &orders, line, "order", key.id, Some(first));
            }
            RowKind::BadOrder => (group.known, group.bad) = (true, true),
            RowKind::BadPart => group.bad = true,
            RowKind::Item => {
                if !group.items.add(key.number, line, row) {
                    group.bad = true;
                    let what = format!("item {} of order", key.number);
                    report_duplicate(out.bad, &out.items, line, &what, key.id, None);
                }
            }
            RowKind::Payment => {
                if !group.payments.add(key.number, line, row) {
                    group.bad = true;
                    let what = format!("payment {} of order", key.number);
                    report_duplicate(out.bad, &out.payments, line, &what, key.id, None);
                }
            }
        }
    }
    out.finish(&mut group)?;
    let spilled = spilled + out.sorter.spilled();
    let (orders, dropped) = (out.orders, out.dropped);
    Ok(Joined { sorted: out.sorter.finish()?, orders, dropped, spilled })
}

fn report_duplicate(
    bad: &mut BadRows,
    place: &Place,
    line: u64,
    what: &str,
    id: &[u8],
    first: Option<u64>,
) {
    let id = String::from_utf8_lossy(id);
    let first = first.map(|line| format!(", first in line {line}")).unwrap_or_default();
    let what = format!("{what} {id} stands here twice{first}");
    bad.push(place.table.bad_row(line, place.number, what));
}

impl Output<'_> {
    /// Hands the order on, whole, or drops it, and empties the group.
    fn finish(&mut self, group: &mut Group) -> Result<(), OlistError> {
        if !group.known {
            let id = String::from_utf8_lossy(&group.id);
            for (parts, place) in [(&group.items, &self.items), (&group.payments, &self.payments)] {
                for &line in &parts.lines {
                    let what = format!("order {id} is not among the orders");
                    self.bad.push(place.table.bad_row(line, place.order, what));
                }
            }
        } else if group.bad {
            self.dropped += 1;
        } else {
            self.orders += 1;
            let line = Reader(&group.order).u64()?;
            self.payload.clear();
            self.payload.push(u8::try_from(group.id.len()).map_err(|_| damaged())?);
            self.payload.extend_from_slice(&group.id);
            self.payload.extend_from_slice(&group.order);
            for parts in [&group.items, &group.payments] {
                self.payload.extend_from_slice(&parts.count.to_le_bytes());
                self.payload.extend_from_slice(&parts.bytes);
            }
            self.sorter.push(&line.to_be_bytes(), &self.payload)?;
        }
        group.id.clear();
        group.order.clear();
        (group.known, group.bad) = (false, false);
        group.items.clear();
        group.payments.clear();
        Ok(())
    }
}
