//! A CSV file of rates of exchange: `pair,date,rate,source`, one row per pair and day. Every defect of every row is found.

use std::collections::HashMap;
use std::path::Path;

use csv::ByteRecord;
use souk_domain::fxrate::commands::RecordRate;
use souk_domain::fxrate::pair::Pair;
use souk_journal::dates::Date;

use crate::bad_row::BadRow;
use crate::text_table::{TableError, TextTable};

/// The columns, in any order; others are not looked at.
const COLUMNS: [&str; 4] = ["pair", "date", "rate", "source"];

/// A file of rates that was read.
pub struct RatesFile {
    /// The line of each good row, and what it says.
    pub rates: Vec<(u64, RecordRate<'static>)>,
    /// Every defect.
    pub bad: Vec<BadRow>,
    /// How many rows the file has, without its header.
    pub rows: u64,
    table: TextTable,
    columns: [usize; 4],
}

impl std::fmt::Debug for RatesFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RatesFile").field("rates", &self.rates).finish_non_exhaustive()
    }
}

impl RatesFile {
    /// Opens and reads a whole file. No bad row stops it.
    ///
    /// # Errors
    /// The file does not open or read, or its header lacks a column.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        Self::collect(TextTable::open(path, b',')?)
    }

    fn collect(table: TextTable) -> Result<Self, TableError> {
        let mut columns = [0; 4];
        for (column, name) in columns.iter_mut().zip(COLUMNS) {
            *column = table.require(name)?;
        }
        let mut file = Self { rates: Vec::new(), bad: Vec::new(), rows: 0, table, columns };
        let mut seen: HashMap<(Pair, Date), u64> = HashMap::new();
        let mut record = ByteRecord::new();
        while let Some(row) = file.table.next_row(&mut record)? {
            file.rows += 1;
            if let Some(problem) = row.problem {
                file.bad.push(file.table.bad_row(row.line, problem.index, problem.what));
                continue;
            }
            file.row(row.line, &record, &mut seen);
        }
        Ok(file)
    }

    /// A defect of a row, at one of the columns by their place in `pair,date,rate,source`.
    pub fn bad_row(&self, line: u64, column: usize, what: String) -> BadRow {
        self.table.bad_row(line, self.columns[column], what)
    }

    fn row(&mut self, line: u64, record: &ByteRecord, seen: &mut HashMap<(Pair, Date), u64>) {
        let cell = |index: usize| {
            let cell = record.get(self.columns[index]).unwrap_or_default();
            String::from_utf8_lossy(cell).trim().to_owned()
        };
        let mut bad = Vec::new();
        let mut say = |index: usize, what: String| bad.push(self.bad_row(line, index, what));
        let pair = cell(0).parse::<Pair>().map_err(|error| say(0, error.to_string()));
        let on = cell(1).parse::<Date>().map_err(|error| say(1, error.to_string()));
        let rate = cell(2).parse().map_err(
            |error: souk_domain::fxrate::exchange_rate::NotAnExchangeRate| {
                say(2, error.to_string());
            },
        );
        let source = cell(3);
        if !souk_domain::ledger::decide::is_label(&source) {
            say(3, "the source is 1 to 100 characters without quotes or backslashes".to_owned());
        }
        if let (Ok(pair), Ok(on)) = (pair, on)
            && let Some(earlier) = seen.insert((pair, on), line)
        {
            say(1, format!("{pair} of {on} stands on line {earlier} already"));
        }
        if let (Ok(pair), Ok(on), Ok(rate), true) = (pair, on, rate, bad.is_empty()) {
            self.rates.push((line, RecordRate { pair, on, rate, source: source.into() }));
        }
        self.bad.extend(bad);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> RatesFile {
        let source = Box::new(text.as_bytes());
        let table = TextTable::read(source, Path::new("rates.csv"), b',').unwrap();
        RatesFile::collect(table).unwrap()
    }

    #[test]
    fn rows_are_rates() {
        let file = read(
            "date,pair,source,rate\n2026-03-02,USD.CNY,SAFE,7.1000\n2026-03-02,JPY.CNY,SAFE,0.0481\n",
        );
        assert!(file.bad.is_empty(), "{:?}", file.bad);
        let said: Vec<_> =
            file.rates.iter().map(|(line, of)| format!("{line} {} {}", of.pair, of.rate)).collect();
        assert_eq!(said, ["2 USD.CNY 7.1", "3 JPY.CNY 0.0481"]);
    }

    #[test]
    fn every_defect_of_every_row_is_found_at_its_column() {
        let file = read(
            "pair,date,rate,source\nUSDCNY,2026-02-30,0,\nUSD.CNY,2026-03-02,7.1,SAFE\nUSD.CNY,2026-03-02,7.2,SAFE\n",
        );
        let said: Vec<String> = file.bad.iter().map(ToString::to_string).collect();
        let places: Vec<&str> = said.iter().filter_map(|row| row.split("  ").next()).collect();
        let expected =
            ["rates.csv:2:1", "rates.csv:2:2", "rates.csv:2:3", "rates.csv:2:4", "rates.csv:4:2"];
        assert_eq!(places, expected, "{said:#?}");
        assert!(said[4].contains("stands on line 3 already"), "{}", said[4]);
        assert_eq!((file.rates.len(), file.rows), (1, 3));
    }

    #[test]
    fn a_missing_column_is_said() {
        let table = TextTable::read(Box::new("pair,rate\n".as_bytes()), Path::new("r.csv"), b',');
        assert!(RatesFile::collect(table.unwrap()).is_err());
    }
}
