//! An orders file under its map: all its rows, all its bad rows, its totals and its orders.

use super::cells::Cells;
use super::facts::{CsvOrder, Fact, InterpretedRow, Totals};
use super::field::Field;
use super::interpret::Counters;
use super::map::{Layout, MapError, OrdersMap, RowKind};
use crate::bad_row::BadRow;
use crate::short_id::ShortId;
use crate::text_table::{TableError, TextTable};
use csv::ByteRecord;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The file cannot be read under the map at all, as against a row of it ([`BadRow`]).
#[derive(Debug, thiserror::Error)]
pub enum OrdersFileError {
    /// It does not open or read, or its header is unusable.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The map names a column that the file lacks.
    #[error(transparent)]
    Map(#[from] MapError),
}

/// A file that was read. Everything is in memory.
pub struct OrdersFile {
    /// What the rows say, in file order; a row may say several things. Rows of orders that have a
    /// bad row elsewhere are here too.
    pub rows: Vec<InterpretedRow>,
    /// Every row that cannot be used, in file order, all mistakes of each.
    pub bad: Vec<BadRow>,
    /// Totals of `rows` by currency.
    pub totals: BTreeMap<ShortId, Totals>,
    /// How many rows the file has, without its header, and how many of them are bad.
    pub counts: (u64, u64),
    bad_orders: HashSet<ShortId>,
    name: Arc<str>,
    header: Vec<Arc<str>>,
    layout: Layout,
}

/// What must be unique within an order: the kind of fact and its id.
type Unique = (ShortId, u8, Option<ShortId>);

impl OrdersFile {
    /// Opens and reads a whole file. No bad row stops it.
    ///
    /// # Errors
    /// The file does not open or read, its header is unusable or lacks a column of the map.
    pub fn open(path: &Path, map: &OrdersMap) -> Result<Self, OrdersFileError> {
        Self::collect(TextTable::open(path, map.delimiter())?, map)
    }

    /// As [`OrdersFile::open`] from any source of bytes; `path` only names it.
    ///
    /// # Errors
    /// As [`OrdersFile::open`].
    pub fn read(
        source: Box<dyn Read>,
        path: &Path,
        map: &OrdersMap,
    ) -> Result<Self, OrdersFileError> {
        Self::collect(TextTable::read(source, path, map.delimiter())?, map)
    }

    fn collect(mut table: TextTable, map: &OrdersMap) -> Result<Self, OrdersFileError> {
        let mut file = Self {
            rows: Vec::new(),
            bad: Vec::new(),
            totals: BTreeMap::new(),
            counts: (0, 0),
            bad_orders: HashSet::new(),
            name: table.name().clone(),
            header: table.header().to_vec(),
            layout: map.bind(&table)?,
        };
        let mut seen = Seen::default();
        let mut record = ByteRecord::new();
        while let Some(read) = table.next_row(&mut record)? {
            let mut cells =
                Cells { map, layout: &file.layout, record: &record, problems: Vec::new() };
            let order = cells.order();
            let mut facts = Vec::new();
            if let Some(problem) = read.problem {
                cells.problems = vec![problem];
            } else if let Some(kind) = cells.kind() {
                if kind == RowKind::Ignore {
                    cells.problems.clear();
                } else {
                    facts = seen.row(&mut cells, kind, order, read.line);
                }
            }
            let problems = cells.problems;
            file.counts.0 += 1;
            file.counts.1 += u64::from(!problems.is_empty());
            if !problems.is_empty() {
                file.bad_orders.extend(order);
                let bad = problems.into_iter().map(|p| table.bad_row(read.line, p.index, p.what));
                file.bad.extend(bad);
                continue;
            }
            for row in facts {
                file.totals.entry(row.currency).or_default().add(&row.fact);
                file.rows.push(row);
            }
        }
        Ok(file)
    }

    /// The orders, by their first row in the file, each whole: an order with a bad row is left out.
    pub fn orders(&self) -> impl Iterator<Item = CsvOrder<'_>> {
        let mut places: HashMap<ShortId, usize> = HashMap::new();
        let mut orders: Vec<CsvOrder<'_>> = Vec::new();
        for row in self.rows.iter().filter(|row| !self.bad_orders.contains(&row.order)) {
            let place = *places.entry(row.order).or_insert_with(|| {
                orders.push(CsvOrder {
                    order: row.order,
                    currency: row.currency,
                    lines: Vec::new(),
                    payments: Vec::new(),
                    completions: Vec::new(),
                    refunds: Vec::new(),
                });
                orders.len() - 1
            });
            let order = &mut orders[place];
            match &row.fact {
                Fact::Line(line) => order.lines.push((row.line, line)),
                Fact::Payment(payment) => order.payments.push((row.line, payment)),
                Fact::Completion(completion) => order.completions.push((row.line, completion)),
                Fact::Refund(refund) => order.refunds.push((row.line, refund)),
            }
        }
        orders.into_iter()
    }

    /// A bad row of this file for a reason found later, such as a merchant nobody knows: it points
    /// at the field's column. `what` is as in [`BadRow::what`].
    #[must_use]
    pub fn bad_row(&self, line: u64, field: Field, what: String) -> BadRow {
        let index = self.layout.columns.get(&field).copied();
        BadRow {
            file: self.name.clone(),
            line,
            column: index.and_then(|i| u64::try_from(i + 1).ok()).unwrap_or(0),
            column_name: index.and_then(|index| self.header.get(index)).cloned(),
            what,
        }
    }
}

/// What the rows so far have fixed for those to come.
#[derive(Default)]
struct Seen {
    counters: Counters,
    currencies: HashMap<ShortId, ShortId>,
    facts: HashMap<Unique, (Fact, u64)>,
}

impl Seen {
    /// The facts of a row that are new. A row of an order line may repeat the payment or the
    /// completion of the row before it; anything else that comes twice is a problem.
    fn row(
        &mut self,
        cells: &mut Cells<'_>,
        kind: RowKind,
        order: Option<ShortId>,
        line: u64,
    ) -> Vec<InterpretedRow> {
        let currency = cells.currency();
        // Without an order the other cells are read all the same, for their mistakes.
        let facts = match order {
            Some(order) => cells.facts(kind, order, &mut self.counters),
            None => ShortId::new(b"-")
                .map(|any| cells.facts(kind, any, &mut Counters::new()))
                .unwrap_or_default(),
        };
        let (Some(order), Some(currency)) = (order, currency) else { return Vec::new() };
        let first = *self.currencies.entry(order).or_insert(currency);
        if first != currency {
            let what = format!("order {order} was in {first} before and is in {currency} here");
            cells.note(Field::Currency, what);
        }
        let mut fresh = Vec::new();
        for fact in facts {
            let (field, code, id) = identity(&fact);
            let before = self.facts.get(&(order, code, id));
            let may_repeat = cells.layout.kind.is_none() && field != Field::Item;
            match before {
                Some((known, _)) if may_repeat && *known == fact => {}
                Some((_, at)) => {
                    let id = id.map(|id| format!(" {id}")).unwrap_or_default();
                    let name = if code == 2 { "completion of merchant" } else { field.key() };
                    let what = format!(
                        "{name}{id} of order {order} stands here twice, first in line {at}"
                    );
                    cells.note(field, what);
                }
                None => {
                    self.facts.insert((order, code, id), (fact.clone(), line));
                    fresh.push(InterpretedRow { line, order, currency, fact });
                }
            }
        }
        fresh
    }
}

impl Cells<'_> {
    fn note(&mut self, field: Field, what: String) {
        let index = self.layout.columns.get(&field).copied().unwrap_or(0);
        self.problems.push(crate::text_table::Problem { index, what });
    }
}

/// What makes a fact the same as another of its order: its field, a code of its kind, its id.
fn identity(fact: &Fact) -> (Field, u8, Option<ShortId>) {
    match fact {
        Fact::Line(line) => (Field::Item, 0, Some(line.item)),
        Fact::Payment(payment) => (Field::Payment, 1, Some(payment.payment)),
        Fact::Completion(completion) => (Field::CompletedAt, 2, completion.merchant),
        Fact::Refund(refund) => (Field::Refund, 3, Some(refund.refund)),
    }
}
