//! How a command ends when it does not end well: a code, a sentence, what to do, an exit code.

use std::fmt::Write as _;
use std::io::Write as _;
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

    /// A file or a directory that cannot be written.
    pub(crate) fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Self {
        let message = format!("{} cannot be written: {error}", path.display());
        Self::new(Exit::OutOfReach, "OutputNotWritable", message)
    }

    /// Prints to stderr and gives the exit code.
    pub(crate) fn end(&self, global: &Global) -> ExitCode {
        self.print(global.format() == Format::Json)
    }

    /// Prints to stderr, as problem+json where JSON is asked for, and gives the exit code. A reader
    /// that went away is no error.
    pub(crate) fn print(&self, json: bool) -> ExitCode {
        let mut text = String::new();
        if json {
            let problem = serde_json::json!({
                "type": format!("/help/errors/{}", self.code),
                "title": self.code,
                "detail": self.message,
                "errors": self.details,
                "exit": self.exit as u8,
            });
            let _ = writeln!(text, "{problem}");
        } else {
            for detail in self.details.iter().filter(|line| !line.starts_with("  ")) {
                let _ = writeln!(text, "{detail}");
            }
            let (message, code, exit) = (&self.message, &self.code, self.exit as u8);
            let _ = writeln!(text, "error: {message}   [{code}, exit {exit}]");
            for detail in self.details.iter().filter(|line| line.starts_with("  ")) {
                let _ = writeln!(text, "{detail}");
            }
        }
        let _ = std::io::stderr().write_all(text.as_bytes());
        ExitCode::from(self.exit as u8)
    }
}

/// `1 line`, `2 lines`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What clap says about the command line, as one of ours: a stable code, JSON where it is asked for.
pub(crate) fn usage(error: &clap::Error) -> Failure {
    use clap::error::ErrorKind;
    #[expect(clippy::wildcard_enum_match_arm, reason = "clap may add kinds")]
    let code = match error.kind() {
        ErrorKind::UnknownArgument => "UnknownFlag",
        ErrorKind::InvalidSubcommand => "UnknownVerb",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "InvalidValue",
        ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => "MissingArgument",
        ErrorKind::ArgumentConflict => "ConflictingArguments",
        _ => "WrongUsage",
    };
    let text = error.to_string();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let mut failure = Failure::new(Exit::Usage, code, message);
    failure.details = lines.map(|line| format!("  {}", line.trim())).collect();
    failure
}

/// Bad rows of a file, as one failure that lists them all.
pub(crate) fn bad_rows(rows: &[BadRow], total: u64, of: u64) -> Failure {
    let message = format!("{total} of {of} rows refused, 0 written");
    let mut failure = Failure::new(Exit::BadInput, "BadRows", message);
    failure.details.extend(rows.iter().map(ToString::to_string));
    let mut lines: Vec<_> = rows.iter().map(|row| (&row.file, row.line)).collect();
    lines.dedup();
    if (lines.len() as u64) < total {
        failure.details.push(format!("… {} more", total - lines.len() as u64));
    }
    failure
}

/// The same, where every fault is shown, and several may stand in one line.
pub(crate) fn all_bad_rows(rows: &[BadRow], of: u64) -> Failure {
    let message = format!("{} of {of} rows refused, 0 written", rows.len());
    let mut failure = Failure::new(Exit::BadInput, "BadRows", message);
    failure.details.extend(rows.iter().map(ToString::to_string));
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
            LedgerError::ClosingsDisagree { .. } => Exit::Difference,
        };
        let failure = Self::new(exit, error.code(), error.to_string());
        let LedgerError::ClosingsDisagree { closings, .. } = &error else { return failure };
        let listed = closings.iter().fold(failure, |of, closing| of.with(format!("  {closing}")));
        listed.with(
            "  the other merchants of the run are closed; find the difference with souk replay, rebuild the projections, and close through the same day again",
        )
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
        StoreError::OtherKind { .. } => (Exit::Usage, "OtherKind"),
        StoreError::DerivedDamaged { .. } => (Exit::Damaged, "DamagedIndex"),
        StoreError::NoWatermark { .. } => (Exit::Damaged, "DamagedWatermark"),
        StoreError::Corrupt { .. } | StoreError::BadRecord { .. } => (Exit::Damaged, "DamagedLog"),
    };
    let failure = Failure::new(exit, code, error.to_string());
    match error {
        StoreError::Io { .. } => {
            failure.with("  look after the disk, or the permissions of the path, then try again")
        }
        StoreError::Locked { .. }
        | StoreError::Unavailable { .. }
        | StoreError::DiskFull { .. }
        | StoreError::Fatal { .. }
        | StoreError::Corrupt { .. }
        | StoreError::DerivedDamaged { .. }
        | StoreError::NoWatermark { .. }
        | StoreError::OtherKind { .. }
        | StoreError::BadRecord { .. } => failure,
    }
}
