//! How a command ends when it does not end well: a code, a sentence, what to do, an exit code.

use std::process::ExitCode;

use souk_formats::BadRow;
use souk_ledger::error::LedgerError;
use souk_store::StoreError;

use crate::cli::{Format, Global};

/// Exit codes, as in the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// A rule said no; nothing was written.
    Refused = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A check found a difference.
    Difference = 3,
    /// An input file is bad.
    BadInput = 4,
    /// The ledger is in use or out of reach.
    OutOfReach = 5,
    /// The log is damaged.
    Damaged = 6,
    /// A bug.
    Bug = 70,
}

/// The end of a command that did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// The stable code.
    pub(crate) code: String,
    /// What happened, and where.
    pub(crate) message: String,
    /// More lines: bad rows, choices, what to do.
    pub(crate) details: Vec<String>,
}

impl Failure {
    /// A failure with a stable code.
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self { exit, code: code.to_owned(), message: message.into(), details: Vec::new() }
    }

    /// The same, with one more line.
    pub(crate) fn with(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// A file that cannot be read or written.
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        let message = format!("{}: {error}", path.display());
        Self::new(Exit::BadInput, "FileNotReadable", message)
    }

    /// Prints to stderr and gives the exit code.
    pub(crate) fn end(&self, global: &Global) -> ExitCode {
        if global.format() == Format::Json {
            let problem = serde_json::json!({
                "type": format!("/help/errors/{}", self.code),
                "title": self.code,
                "detail": self.message,
                "errors": self.details,
                "exit": self.exit as u8,
            });
            eprintln!("{problem}");
        } else {
            for detail in self.details.iter().filter(|line| !line.starts_with("  ")) {
                eprintln!("{detail}");
            }
            eprintln!("error: {}   [{}, exit {}]", self.message, self.code, self.exit as u8);
            for detail in self.details.iter().filter(|line| line.starts_with("  ")) {
                eprintln!("{detail}");
            }
        }
        ExitCode::from(self.exit as u8)
    }
}

/// Bad rows of a file, as one failure that lists them all.
pub(crate) fn bad_rows(rows: &[BadRow], total: u64, of: u64) -> Failure {
    let message = format!("{total} of {of} rows refused, 0 written");
    let mut failure = Failure::new(Exit::BadInput, "BadRows", message);
    failure.details.extend(rows.iter().map(ToString::to_string));
    if (rows.len() as u64) < total {
        failure.details.push(format!("… {} more", total - rows.len() as u64));
    }
    failure
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let exit = match &error {
            LedgerError::Refused(_)
            | LedgerError::KeyReusedWithAnotherBody { .. }
            | LedgerError::OccursInFuture { .. }
            | LedgerError::OrderTooLarge { .. } => Exit::Refused,
            LedgerError::NoLedger => Exit::OutOfReach,
            LedgerError::TooManyConflicts { .. } | LedgerError::Append(_) => Exit::OutOfReach,
            LedgerError::Store(error) => return store(error),
            LedgerError::Bug { .. } => Exit::Bug,
            LedgerError::Damaged { .. } | LedgerError::ReadSide(_) => Exit::Damaged,
        };
        Self::new(exit, error.code(), error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        store(&error)
    }
}

fn store(error: &StoreError) -> Failure {
    let (exit, code) = match error {
        StoreError::Locked { .. } => (Exit::OutOfReach, "LedgerInUse"),
        StoreError::Unavailable { .. } => (Exit::OutOfReach, "StoreUnavailable"),
        StoreError::DiskFull { .. } => (Exit::OutOfReach, "DiskFull"),
        StoreError::Fatal { .. } => (Exit::OutOfReach, "WriterStopped"),
        StoreError::Io { .. } => (Exit::OutOfReach, "StoreOutOfReach"),
        StoreError::Corrupt { .. } | StoreError::BadRecord { .. } => (Exit::Damaged, "DamagedLog"),
    };
    Failure::new(exit, code, error.to_string())
}
