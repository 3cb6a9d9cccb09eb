//! Opening balances as a CSV file: the trial balance of the books before going live, one row per balance.
//!
//! Lines that begin with `#` are remarks. Every fault is said with file, line and column; a file with any, or whose
//! debits and credits differ in a currency, gives nothing.

mod commands;
mod row;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use csv::ByteRecord;
use souk_domain::event_id::sha256;
use souk_domain::opening::events::OpeningAccount;
use souk_domain::service_kind::ServiceKind;
use souk_journal::dates::Date;
use souk_journal::ids::{MembershipId, MerchantId};
use souk_journal::money::{Amount, Currency, minor_text};
use souk_journal::statement_lines::hex;

use crate::bad_row::{BadRow, BadRows};
use crate::text_table::{TableError, TextTable};

/// A sample file, with what each column means.
pub const TEMPLATE: &str = include_str!("opening_csv/template.csv");

/// What a row is a balance of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// An account whose balances are brought forward as they are.
    Plain {
        /// The account.
        account: OpeningAccount,
        /// Whose; none: the platform's own.
        merchant: Option<MerchantId>,
        /// Of an open item: when it falls due.
        due_on: Option<Date>,
        /// What it is kept by.
        reference: Option<String>,
    },
    /// A merchant's deposit.
    Deposit(MerchantId),
    /// A merchant's advertising wallet.
    Wallet(MerchantId),
    /// A tranche of a merchant's reserve, and when it is released.
    Reserve(MerchantId, Date),
    /// What a merchant owes.
    Debt(MerchantId),
    /// What is not expected of it.
    Allowance(MerchantId),
    /// A merchant's running term: what is not earned of it yet.
    Term {
        /// The merchant.
        merchant: MerchantId,
        /// The term.
        membership: MembershipId,
        /// What was sold.
        service: ServiceKind,
        /// The first day that is not earned yet.
        from: Date,
        /// The last day.
        to: Date,
    },
}

/// A balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// Of what.
    pub of: Of,
    /// The currency.
    pub currency: Currency,
    /// The amount, > 0, at the scale of the currency.
    pub amount: Amount,
    /// Whether it is a debit balance.
    pub is_debit: bool,
}

/// A file without faults, whose balances sum to zero in every currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningFile {
    /// Its name, without directories.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its balances, in the order of the file.
    pub rows: Vec<Row>,
    /// Σ debits = Σ credits, by currency.
    pub totals: Vec<(Currency, i128)>,
}

/// Reads the bytes of a file. `as_of` is the day at whose end the balances stand.
///
/// # Errors
/// Every fault in the order of the file; at the end the currencies that do not sum to zero.
pub fn read(path: &Path, bytes: &[u8], as_of: Date) -> Result<OpeningFile, BadRows> {
    let mut bad = BadRows::default();
    let rows = match table(path, bytes, as_of, &mut bad) {
        Ok(rows) => rows,
        Err(TableError::Header(row)) => {
            bad.push(row);
            return Err(bad);
        }
        Err(error @ TableError::Io { .. }) => {
            bad.push(whole(path, error.to_string()));
            return Err(bad);
        }
    };
    let mut sides: BTreeMap<&str, (Currency, i128, i128)> = BTreeMap::new();
    for row in &rows {
        let side = sides.entry(row.currency.code()).or_insert((row.currency, 0, 0));
        // The row was read at the scale of its currency.
        let minor = i128::from(row.amount.minor(row.currency).unwrap_or_default());
        if row.is_debit { side.1 += minor } else { side.2 += minor }
    }
    // With a bad row the sums say nothing.
    if bad.is_empty() {
        over_provided(path, &rows, &mut bad);
        if rows.is_empty() {
            bad.push(whole(path, "there is no balance in it".to_owned()));
        }
        for (currency, debits, credits) in sides.values() {
            if debits != credits {
                let text = |minor: i128| minor_text(minor, *currency);
                let (by, debits, credits) = (debits - credits, text(*debits), text(*credits));
                let side = if by > 0 { "debits exceed credits" } else { "credits exceed debits" };
                let what = format!(
                    "{currency} does not sum to zero: debits {debits}, credits {credits}; {side} by {}",
                    text(by.abs())
                );
                bad.push(whole(path, what));
            }
        }
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    let name = path.file_name().map_or_else(String::new, |of| of.to_string_lossy().into_owned());
    let totals = sides.into_values().map(|(currency, debits, _)| (currency, debits)).collect();
    Ok(OpeningFile { name, sha256: hex(&sha256(bytes)), rows, totals })
}

/// More is provided for than a merchant owes.
fn over_provided(path: &Path, rows: &[Row], bad: &mut BadRows) {
    for row in rows {
        let Of::Allowance(merchant) = row.of else { continue };
        let debt = |of: &&Row| of.of == Of::Debt(merchant) && of.currency == row.currency;
        let debt = rows.iter().find(debt).map_or(Amount::ZERO, |of| of.amount);
        if row.amount > debt {
            let what = format!("an allowance of {} exceeds the debt of {debt}", row.amount);
            bad.push(BadRow { line: row.line, column: 1, ..whole(path, what) });
        }
    }
}

/// A fault of the whole file.
fn whole(path: &Path, what: String) -> BadRow {
    BadRow { file: path.display().to_string().into(), line: 0, column: 0, column_name: None, what }
}

fn table(
    path: &Path,
    bytes: &[u8],
    as_of: Date,
    bad: &mut BadRows,
) -> Result<Vec<Row>, TableError> {
    let mut table = TextTable::read(Box::new(Cursor::new(blanked(bytes))), path, b',')?;
    let columns = row::Columns::of(&table)?;
    let (mut rows, mut seen) = (Vec::new(), row::Seen::default());
    let mut record = ByteRecord::new();
    while let Some(read) = table.next_row(&mut record)? {
        if record.iter().all(|field| field.iter().all(u8::is_ascii_whitespace)) {
            continue;
        }
        if let Some(problem) = read.problem {
            bad.push(table.bad_row(read.line, problem.index, problem.what));
            continue;
        }
        let mut fault = |index: usize, what: String| {
            bad.push(table.bad_row(read.line, index, what));
        };
        if let Some(row) = columns.read(&record, read.line, as_of, &mut seen, &mut fault) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The same lines, remarks as empty ones, so that line numbers stay.
fn blanked(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.first() == Some(&b'#') { kept.push(b'\n') } else { kept.extend_from_slice(line) }
    }
    kept
}

#[cfg(test)]
mod tests;
