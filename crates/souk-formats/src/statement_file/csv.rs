//! `souk statement … --format csv`: one row per line, with the head of its statement in each.

use std::io::Cursor;
use std::path::Path;

use csv::ByteRecord;

use super::form::Form;
use super::{Fields, Said};
use crate::bad_row::BadRow;
use crate::text_table::{TableError, TextTable};

/// What a column belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Line,
}

/// A column of the file.
struct Column {
    name: &'static str,
    part: Part,
    form: Form,
    /// Whether it may be empty.
    optional: bool,
    /// Whether the digest, or finding the statement, needs it.
    needed: bool,
}

const fn column(name: &'static str, part: Part, form: Form) -> Column {
    Column { name, part, form, optional: false, needed: true }
}

impl Column {
    const fn or_empty(self) -> Self {
        Self { optional: true, ..self }
    }

    const fn extra(self) -> Self {
        Self { needed: false, ..self }
    }
}

/// Every column that a statement's CSV ever had.
const COLUMNS: &[Column] = &[
    column("number", Part::Head, Form::Plain),
    column("merchant", Part::Head, Form::Id),
    column("cycle", Part::Head, Form::Plain),
    column("from", Part::Head, Form::Date),
    column("to", Part::Head, Form::Date),
    column("entry_limit", Part::Head, Form::Whole).or_empty(),
    column("opening", Part::Head, Form::Decimal),
    column("line_no", Part::Line, Form::Whole),
    column("kind", Part::Line, Form::Plain),
    column("component", Part::Line, Form::Plain).or_empty().extra(),
    column("order", Part::Line, Form::Id).or_empty(),
    column("amount", Part::Line, Form::Decimal),
    column("currency", Part::Head, Form::Currency),
    column("base", Part::Line, Form::Decimal).or_empty().extra(),
    column("rate", Part::Line, Form::Decimal).or_empty().extra(),
    column("tariff", Part::Line, Form::Plain).or_empty().extra(),
    column("version", Part::Line, Form::Whole).or_empty().extra(),
    column("rule", Part::Line, Form::Plain).or_empty().extra(),
    column("effective_on", Part::Line, Form::Date),
    column("due_on", Part::Line, Form::Date),
    column("late", Part::Line, Form::Flag),
    column("corrects", Part::Line, Form::Plain).or_empty(),
    column("entry", Part::Line, Form::Whole),
    column("posting", Part::Line, Form::Whole),
    column("stream", Part::Line, Form::Plain),
    column("revision", Part::Line, Form::Whole).extra(),
    column("address", Part::Line, Form::Plain).extra(),
    column("original_currency", Part::Line, Form::Currency).or_empty().extra(),
    column("original_amount", Part::Line, Form::Decimal).or_empty().extra(),
    column("fx_pair", Part::Line, Form::Plain).or_empty().extra(),
    column("fx_rate", Part::Line, Form::Plain).or_empty().extra(),
    column("fx_rate_on", Part::Line, Form::Date).or_empty().extra(),
    column("computed", Part::Line, Form::Plain).or_empty().extra(),
    column("time_zone", Part::Head, Form::Plain).extra(),
    column("frozen", Part::Head, Form::Flag).extra(),
    column("final", Part::Head, Form::Flag).extra(),
    column("reserve_withheld", Part::Head, Form::Decimal).extra(),
    column("reserve_released", Part::Head, Form::Decimal).extra(),
    column("closing", Part::Head, Form::Decimal).extra(),
    column("payout", Part::Head, Form::Decimal).extra(),
    column("carried", Part::Head, Form::Decimal).extra(),
    column("debt", Part::Head, Form::Decimal).extra(),
    column("digest", Part::Head, Form::Digest).or_empty().extra(),
    column("reserves", Part::Head, Form::Plain).or_empty().extra(),
    column("paid_on", Part::Head, Form::Date).or_empty().extra(),
    column("bank_reference", Part::Head, Form::Id).or_empty().extra(),
    column("payee_tail", Part::Head, Form::Plain).or_empty().extra(),
    column("earned", Part::Head, Form::Decimal).extra(),
    column("moved", Part::Head, Form::Decimal).extra(),
    column("deposit_topped_up", Part::Head, Form::Decimal).extra(),
    column("deposit_used", Part::Head, Form::Decimal).extra(),
    column("reason", Part::Line, Form::Plain).or_empty().extra(),
];

/// Every statement of a file; the first fault of it ends the reading.
pub(super) fn read(name: &Path, bytes: &[u8]) -> Result<Vec<Said>, BadRow> {
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let mut table =
        TextTable::read(source, name, b',').map_err(|error| table_fault(name, error))?;
    for known in COLUMNS.iter().filter(|known| known.needed) {
        table.require(known.name).map_err(|error| table_fault(name, error))?;
    }
    let mut columns = Vec::with_capacity(table.header().len());
    for (index, found) in table.header().iter().enumerate() {
        let known = COLUMNS
            .iter()
            .find(|known| known.name == &**found)
            .ok_or_else(|| table.bad_row(1, index, "it is no column of a statement".to_owned()))?;
        columns.push(known);
    }
    let mut all: Vec<Said> = Vec::new();
    let mut record = ByteRecord::new();
    while let Some(row) = table.next_row(&mut record).map_err(|error| table_fault(name, error))? {
        if let Some(problem) = row.problem {
            return Err(table.bad_row(row.line, problem.index, problem.what));
        }
        let (mut head, mut line) = (Fields::default(), Fields::default());
        for (index, (column, cell)) in columns.iter().zip(&record).enumerate() {
            let text = unescaped(std::str::from_utf8(cell).unwrap_or_default());
            if !(text.is_empty() && column.optional) {
                let fault = |what| table.bad_row(row.line, index, what);
                column.form.check(text).map_err(fault)?;
            }
            match column.part {
                Part::Head => head.push(column.name, text),
                Part::Line => line.push(column.name, text),
            }
        }
        take(&mut all, head, line, row.line);
    }
    Ok(all)
}

/// Adds a row to the statement that it continues, or begins one.
fn take(all: &mut Vec<Said>, head: Fields, line: Fields, row: u64) {
    if let Some(last) = all.last_mut()
        && last.number() == head.text("number")
    {
        let pairs = last.head.iter().zip(head.iter());
        let odd = pairs.filter(|((_, first), (_, here))| first != here);
        let told = odd.map(|((name, first), (_, here))| {
            format!("row {row}, {name}: {here} here and {first} in the first row")
        });
        let told: Vec<String> = told.collect();
        last.at_odds.extend(told);
        last.lines.push(line);
        return;
    }
    all.push(Said { head, lines: vec![line], ..Said::default() });
}

/// A cell as it was before it was kept from being a formula.
fn unescaped(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    rest.unwrap_or(cell)
}

fn table_fault(name: &Path, error: TableError) -> BadRow {
    match error {
        TableError::Header(row) => row,
        TableError::Io { path: _, source } => {
            let file = name.display().to_string().into();
            BadRow { file, line: 1, column: 0, column_name: None, what: source.to_string() }
        }
    }
}
