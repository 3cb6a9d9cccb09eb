//! A statement that was printed as CSV or JSON, read back: what the file says, field by field, as text.
//!
//! Nothing is normalised: what is verified is what stands in the file. Every field is checked for its form while it is
//! read, so no field can hold the TAB or the line end that part fields under the digest.
//!
//! Reading order: `form`, `json`, `csv`, `check`.

mod check;
mod csv;
mod form;
mod json;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::bad_row::BadRow;

pub use check::{Checked, check, compare, misplaced};

/// What becomes known of a statement's payout after the close: a file says it as of its day.
const AFTER_THE_CLOSE: [&str; 3] = ["paid_on", "bank_reference", "payee_tail"];

/// Whether a field may differ from the ledger's: a file that was printed before the payout went, or before it came back, is
/// no other statement. The same for a statement's file and for an export of all.
#[must_use]
pub fn is_of_another_day(name: &str, file: &str, ledger: &str) -> bool {
    (file.is_empty() || ledger.is_empty()) && AFTER_THE_CLOSE.contains(&name)
}

/// Named values; null and empty are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// The value of a field; none where the file has no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Every field, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    fn push(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.push((name, value.into()));
    }

    /// The text of a field that every file has.
    fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}

/// One statement as a file says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What stands above and below the lines.
    pub head: Fields,
    /// The lines.
    pub lines: Vec<Fields>,
    /// Sums per kind, where the file has them.
    pub subtotals: Vec<Fields>,
    /// Where the file contradicts itself: rows of one statement with different heads.
    pub at_odds: Vec<String>,
}

impl Said {
    /// Its number.
    #[must_use]
    pub fn number(&self) -> &str {
        self.head.text("number")
    }
}

/// Reads the statements of a file: JSON when it begins with `{` or `[`, otherwise CSV. A byte order mark is skipped.
///
/// # Errors
/// The first place that cannot be read; a file without any statement.
pub fn read(name: &Path, bytes: &[u8]) -> Result<Vec<Said>, BadRow> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let bad = |what: String| {
        let file = name.display().to_string().into();
        BadRow { file, line: 1, column: 1, column_name: None, what }
    };
    if let Some(form) = form_for_people(bytes) {
        return Err(bad(format!(
            "this is {form}; verify takes CSV or JSON: print the statement again with --format csv or json"
        )));
    }
    let all = match first {
        Some(b'{' | b'[') => json::read(name, bytes)?,
        Some(_) | None => csv::read(name, bytes)?,
    };
    if all.is_empty() {
        let what = "there is no statement in it; one without lines is in JSON alone";
        return Err(bad(what.to_owned()));
    }
    Ok(all)
}

/// What a statement for people was printed as, seen from how it begins.
fn form_for_people(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii_start();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Some("a spreadsheet")
    } else if bytes.starts_with(b"%PDF") {
        Some("a PDF")
    } else if text.starts_with(b"<") {
        Some("a page of HTML")
    } else if first.contains(&b'\t') && !first.contains(&b',') {
        Some("a table with tabs (TSV)")
    } else {
        None
    }
}
