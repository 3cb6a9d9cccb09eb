//! A CSV file with a header: exact line numbers, checked field counts, checked UTF-8.
//!
//! The `csv` crate splits the fields; its line numbers lag behind on CRLF and after blank lines,
//! so line ends are normalised before it and the line of a row is counted back from its end.

use crate::bad_row::{BadRow, quoted};
use csv::ByteRecord;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that cannot be read as a table at all, as against a row of it ([`BadRow`]).
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It does not open or does not read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its first line is missing, is not text, or names a column twice or not at all.
    #[error("{0}")]
    Header(BadRow),
}

/// A row that was read: its line, and what is wrong with its shape if anything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRead {
    /// The line on which it begins, 1-based.
    pub line: u64,
    /// A wrong number of fields, or a field that is not UTF-8.
    pub problem: Option<Problem>,
}

/// What is wrong with one field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's index in the row, 0-based.
    pub index: usize,
    /// What is wrong, as in [`BadRow::what`].
    pub what: String,
}

/// An open CSV file, positioned behind its header.
pub struct TextTable {
    name: Arc<str>,
    path: PathBuf,
    header: Vec<Arc<str>>,
    rows: csv::Reader<LineEnds<Box<dyn Read>>>,
}

impl TextTable {
    /// Opens a file and reads its header. A byte order mark is skipped.
    ///
    /// # Errors
    /// The file does not open, is empty, or its header is not UTF-8 or repeats a column.
    pub fn open(path: &Path, delimiter: u8) -> Result<Self, TableError> {
        let io = |source| TableError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        Self::read(Box::new(file), path, delimiter)
    }

    /// As [`TextTable::open`] from any source of bytes; `path` only names it.
    ///
    /// # Errors
    /// The source does not read, is empty, or its header is not UTF-8 or repeats a column.
    pub fn read(source: Box<dyn Read>, path: &Path, delimiter: u8) -> Result<Self, TableError> {
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(1 << 16)
            .from_reader(LineEnds::new(source));
        let name: Arc<str> = path.display().to_string().into();
        let mut table = Self { name, path: path.to_owned(), header: Vec::new(), rows };
        let mut first = ByteRecord::new();
        let Some(read) = table.next_row(&mut first)? else {
            return Err(table.bad_header(
                1,
                0,
                "the file is empty; a header line is needed".into(),
            ));
        };
        for (index, field) in first.iter().enumerate() {
            let name = std::str::from_utf8(field).map(str::trim).map_err(|_| {
                let what = format!("column name {} is not UTF-8", quoted(field));
                table.bad_header(read.line, index, what)
            })?;
            if !name.is_empty() && table.header.iter().any(|known| **known == *name) {
                let what = format!("column {name:?} stands in the header twice");
                return Err(table.bad_header(read.line, index, what));
            }
            table.header.push(name.into());
        }
        Ok(table)
    }

    fn bad_header(&self, line: u64, index: usize, what: String) -> TableError {
        TableError::Header(BadRow { column_name: None, ..self.bad_row(line, index, what) })
    }

    /// The file as messages name it.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The names of the columns, trimmed, in order.
    #[must_use]
    pub fn header(&self) -> &[Arc<str>] {
        &self.header
    }

    /// The index of a column, 0-based, or `None` if the header does not name it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| **known == *name)
    }

    /// The index of a column that must be there.
    ///
    /// # Errors
    /// The header does not name it.
    pub fn require(&self, name: &str) -> Result<usize, TableError> {
        self.column(name).ok_or_else(|| {
            let known = self.header.join(", ");
            let what = format!("column {name:?} is not in the header, which has: {known}");
            self.bad_header(1, 0, what)
        })
    }

    /// Reads the next row into `record`; `None` at the end. Blank lines are passed over.
    ///
    /// # Errors
    /// The file does not read. A row of the wrong shape is no error: see [`RowRead::problem`].
    pub fn next_row(&mut self, record: &mut ByteRecord) -> Result<Option<RowRead>, TableError> {
        let start = self.rows.position().line();
        let more = self
            .rows
            .read_byte_record(record)
            .map_err(|e| TableError::Io { path: self.path.clone(), source: e.into() })?;
        if !more {
            return Ok(None);
        }
        let inside = record.as_slice().iter().filter(|&&b| b == b'\n').count();
        let end = self.rows.position().line();
        let line = end.saturating_sub(1).saturating_sub(u64::try_from(inside).unwrap_or(0));
        Ok(Some(RowRead { line: line.max(start), problem: self.shape_problem(record) }))
    }

    fn shape_problem(&self, record: &ByteRecord) -> Option<Problem> {
        let (found, wanted) = (record.len(), self.header.len());
        if std::str::from_utf8(record.as_slice()).is_err() {
            let (index, field) =
                record.iter().enumerate().find(|(_, f)| std::str::from_utf8(f).is_err())?;
            return Some(Problem { index, what: format!("{} is not UTF-8", quoted(field)) });
        }
        // While the header itself is read there is nothing to compare with.
        (wanted != 0 && found != wanted).then(|| Problem {
            index: found.min(wanted),
            what: format!("the row has {found} fields, the header {wanted}"),
        })
    }

    /// A [`BadRow`] of this file; `index` is the field's, 0-based.
    #[must_use]
    pub fn bad_row(&self, line: u64, index: usize, what: String) -> BadRow {
        BadRow {
            file: self.name.clone(),
            line,
            column: u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1),
            column_name: self.header.get(index).cloned(),
            what,
        }
    }
}

/// Turns CRLF and a lone CR into LF and ends the last line if it is not ended.
struct LineEnds<R> {
    inner: R,
    after_cr: bool,
    last: u8,
}

impl<R> LineEnds<R> {
    fn new(inner: R) -> Self {
        Self { inner, after_cr: false, last: b'\n' }
    }
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(buf)?;
            if read == 0 {
                if buf.is_empty() || self.last == b'\n' {
                    return Ok(0);
                }
                self.last = b'\n';
                buf[0] = b'\n';
                return Ok(1);
            }
            let kept = if self.after_cr || buf[..read].contains(&b'\r') {
                self.normalise(&mut buf[..read])
            } else {
                read
            };
            if let Some(&last) = buf[..kept].last() {
                self.last = last;
                return Ok(kept);
            }
        }
    }
}

impl<R> LineEnds<R> {
    /// Rewrites in place and returns how many bytes remain.
    fn normalise(&mut self, buf: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..buf.len() {
            let byte = buf[at];
            let second_half = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            if !second_half {
                buf[kept] = if self.after_cr { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every boundary falls between two reads.
    struct Drip(io::Cursor<Vec<u8>>);
    impl Read for Drip {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let most = buf.len().min(1);
            self.0.read(&mut buf[..most])
        }
    }

    fn table(text: &[u8]) -> Result<TextTable, TableError> {
        let source = Drip(io::Cursor::new(text.to_vec()));
        TextTable::read(Box::new(source), Path::new("t.csv"), b',')
    }

    fn lines(text: &[u8]) -> Vec<(u64, Vec<String>, Option<Problem>)> {
        let mut table = table(text).unwrap();
        let (mut record, mut rows) = (ByteRecord::new(), Vec::new());
        while let Some(read) = table.next_row(&mut record).unwrap() {
            let fields = record.iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect();
            rows.push((read.line, fields, read.problem));
        }
        rows
    }

    #[test]
    fn lines_are_exact_with_any_line_end_and_past_blank_lines_and_quoted_breaks() {
        let text = "a,b\n\n1,2\n3,\"x\ny\"\n\n\n5,6\n7,8";
        let expected: Vec<u64> = vec![3, 4, 8, 9];
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("\u{feff}{}", text.replace('\n', end));
            let rows = lines(text.as_bytes());
            assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), expected, "{end:?}");
            assert_eq!(rows[1].1, ["3", "x\ny"]);
        }
    }

    #[test]
    fn a_row_of_the_wrong_shape_is_told_with_its_field() {
        let rows = lines(b"a,b,c\n1,2\n1,2,3,4\n1,\xff,3\n");
        let problems: Vec<_> = rows.into_iter().filter_map(|r| r.2).collect();
        assert_eq!(problems[0].index, 2);
        assert_eq!(problems[0].what, "the row has 2 fields, the header 3");
        assert_eq!(problems[1].index, 3);
        assert_eq!(
            (problems[2].index, problems[2].what.as_str()),
            (1, "\"\u{fffd}\" is not UTF-8")
        );
    }

    #[test]
    fn a_header_that_is_missing_or_repeats_a_column_is_an_error() {
        let said = |text: &[u8]| table(text).err().unwrap().to_string();
        assert_eq!(said(b""), "t.csv:1:1  the file is empty; a header line is needed");
        assert_eq!(said(b"a,b,a\n"), "t.csv:1:3  column \"a\" stands in the header twice");
        assert_eq!(said(b"a,\xff\n"), "t.csv:1:2  column name \"\u{fffd}\" is not UTF-8");
        let required = table(b"a,b\n").unwrap().require("c").unwrap_err().to_string();
        assert_eq!(required, "t.csv:1:1  column \"c\" is not in the header, which has: a, b");
    }
}
