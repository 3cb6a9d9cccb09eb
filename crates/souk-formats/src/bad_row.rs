//! A row that could not be read, with the place to look at, and a bounded list of such rows.

use std::fmt;
use std::sync::Arc;

/// One defect in a file from outside: where it stands and what is wrong with it.
///
/// Prints as `march.csv:1182:7  amount "1.234,5" is not a decimal with a dot   (column total_paid)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadRow {
    /// The file as it was named to us.
    pub file: Arc<str>,
    /// The line of the file on which the row begins, 1-based, the header included.
    pub line: u64,
    /// The field within the row, 1-based; 0 where the whole row is meant.
    pub column: u64,
    /// The name of that field in the file's header, where it helps to find it.
    pub column_name: Option<Arc<str>>,
    /// What is wrong, as a sentence without a full stop, quoting the text that was found.
    pub what: String,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}  {}", self.file, self.line, self.column, self.what)?;
        match &self.column_name {
            Some(name) => write!(f, "   (column {name})"),
            None => Ok(()),
        }
    }
}

/// Bad rows in bounded memory: the first [`BadRows::KEPT`] of them in full, and the count of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BadRows {
    kept: Vec<BadRow>,
    total: u64,
}

impl BadRows {
    /// How many bad rows are kept in full; later ones are only counted.
    pub const KEPT: usize = 1_000;

    /// Adds one; it is dropped, though counted, once [`BadRows::KEPT`] are held.
    pub fn push(&mut self, row: BadRow) {
        self.total += 1;
        if self.kept.len() < Self::KEPT {
            self.kept.push(row);
        }
    }

    /// The rows that were kept, in the order in which they were found.
    #[must_use]
    pub fn kept(&self) -> &[BadRow] {
        &self.kept
    }

    /// How many were found in all, kept or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// Text quoted for a message: control characters escaped, cut after 60 characters.
#[must_use]
pub(crate) fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64) -> BadRow {
        BadRow {
            file: "march.csv".into(),
            line,
            column: 7,
            column_name: Some("total_paid".into()),
            what: format!("amount {} is not a decimal with a dot", quoted(b"1.234,5")),
        }
    }

    #[test]
    fn a_bad_row_prints_file_line_and_field_before_what_is_wrong() {
        let expected = "march.csv:1182:7  amount \"1.234,5\" is not a decimal with a dot   \
                        (column total_paid)";
        assert_eq!(row(1182).to_string(), expected);
    }

    #[test]
    fn bad_rows_keep_the_first_thousand_and_count_all() {
        let mut rows = BadRows::default();
        assert!(rows.is_empty());
        for line in 0..2_500 {
            rows.push(row(line));
        }
        assert_eq!((rows.kept().len(), rows.total()), (1_000, 2_500));
        assert_eq!(rows.kept()[999].line, 999);
    }

    #[test]
    fn quoted_text_is_cut_and_escaped() {
        assert_eq!(quoted(b"a\tb\xff"), "\"a\\tb\u{fffd}\"");
        assert_eq!(quoted(&[b'x'; 99]).chars().count(), 63);
    }
}
