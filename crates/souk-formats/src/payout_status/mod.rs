//! What a bank says of payouts: pain.002 and camt.054 of ISO 20022, or a CSV. Every defect has a file, a line and a column.
//!
//! Nothing is known here of the ledger: whether a payout exists, and whether a status contradicts another, is asked there.

mod camt054;
mod cells;
mod pain002;
pub mod reasons;
mod rows;
mod tree;

use std::path::Path;
use std::sync::Arc;

use rust_decimal::Decimal;
use souk_domain::payout::verdict::{Said, Told};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, NotAnId};

use crate::bad_row::BadRow;
use crate::text_table::TableError;

/// The largest file that is read.
const LARGEST: u64 = 256 << 20;

/// What became of a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// The bank accepted it and has not paid it, by its status.
    Accepted(String),
    /// Paid.
    Paid,
    /// Refused or cancelled: it never left.
    Failed,
    /// It came back.
    Returned,
}

impl Reported {
    /// What payouts call it.
    pub fn said(&self) -> Said {
        match self {
            Self::Accepted(_) => Said::Accepted,
            Self::Paid => Said::Paid,
            Self::Failed => Said::Failed,
            Self::Returned => Said::Returned,
        }
    }
}

/// Whom a status is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A payout, by the id in EndToEndId.
    Payout(String),
    /// Every payout of a file, by its id in MsgId.
    File(String),
}

/// One status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its line.
    pub line: u64,
    /// Its column.
    pub column: u64,
    /// Whom it is about.
    pub about: About,
    /// What the bank says.
    pub reported: Reported,
    /// The reason's code.
    pub reason: Option<String>,
    /// The bank's reference.
    pub reference: Option<String>,
    /// The amount, where one is said.
    pub amount: Option<(Option<String>, Decimal)>,
    /// The currency, where it is said without an amount.
    pub currency: Option<String>,
    /// The day on which it happened, where it is said.
    pub on: Option<Date>,
}

impl Status {
    /// What it tells of each payout that it is about.
    ///
    /// # Errors
    /// Its reference cannot be recorded.
    pub fn told(&self) -> Result<Told, NotAnId> {
        let reference = self.reference.as_deref().map(Id::new).transpose()?;
        Ok(Told { said: self.reported.said(), reference, on: self.on })
    }
}

/// A file of statuses.
#[derive(Debug)]
pub struct StatusFile {
    /// Its name, for messages.
    pub name: Arc<str>,
    /// Its form: `pain.002`, `camt.054` or `csv`.
    pub form: &'static str,
    /// What was understood.
    pub statuses: Vec<Status>,
    /// What was not.
    pub bad: Vec<BadRow>,
}

impl StatusFile {
    /// Reads a file; its form is seen from what it begins with.
    ///
    /// # Errors
    /// It does not open or read, or is no file of statuses.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        let io = |source| TableError::Io { path: path.to_owned(), source };
        let length = path.metadata().map_err(io)?.len();
        if length > LARGEST {
            let what = format!("the file has {length} bytes; at most {LARGEST} are read");
            return Err(io(std::io::Error::other(what)));
        }
        let bytes = std::fs::read(path).map_err(io)?;
        Self::read(path, &bytes)
    }

    /// The same, from bytes.
    ///
    /// # Errors
    /// It is no file of statuses.
    pub fn read(path: &Path, bytes: &[u8]) -> Result<Self, TableError> {
        let name: Arc<str> = path.display().to_string().into();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if first != Some(&b'<') {
            return rows::read(path, bytes);
        }
        let bad = |line, column, what| {
            let (file, column_name) = (Arc::clone(&name), None);
            TableError::Header(BadRow { file, line, column, column_name, what })
        };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let place = tree::place(bytes, error.valid_up_to());
            bad(place.0, place.1, "the file is not UTF-8".to_owned())
        })?;
        let root = tree::parse(text).map_err(|(at, what)| {
            let (line, column) = tree::place(bytes, at);
            bad(line, column, what)
        })?;
        let mut file = Self { name: Arc::clone(&name), form: "", statuses: vec![], bad: vec![] };
        // A document is one message; what stands beside it would be passed over.
        if let [_, second, ..] = &root.children[..] {
            let (line, column) = tree::place(bytes, second.at);
            let what = format!("{} stands beside another message; a file has one", second.name);
            return Err(bad(line, column, what));
        }
        if let Some(report) = root.child("CstmrPmtStsRpt") {
            file.form = "pain.002";
            pain002::read(report, bytes, &mut file);
        } else if let Some(report) = root.child("BkToCstmrDbtCdtNtfctn") {
            file.form = "camt.054";
            camt054::read(report, bytes, &mut file);
        } else {
            let (line, column) = tree::place(bytes, root.at);
            let what =
                "this is neither pain.002 (CstmrPmtStsRpt) nor camt.054 (BkToCstmrDbtCdtNtfctn)";
            return Err(bad(line, column, what.to_owned()));
        }
        Ok(file)
    }

    fn say(&mut self, (line, column): (u64, u64), what: String) {
        let (file, column_name) = (Arc::clone(&self.name), None);
        self.bad.push(BadRow { file, line, column, column_name, what });
    }
}

#[cfg(test)]
mod tests;
