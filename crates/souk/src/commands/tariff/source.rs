//! A version of a tariff as the command line names it: a file, or `NAME@VERSION` of the ledger.

use std::path::Path;

use souk_books::tariff::Candidate;

use crate::cli::Global;
use crate::commands::reading::Reading;
use crate::fail::{Exit, Failure};
use crate::place::read_tariff;

/// What a text names. A file that is there is a file, whatever its name.
pub(super) enum Source<'t> {
    /// A file.
    File(&'t Path),
    /// A version of the ledger.
    Version { tariff: &'t str, number: u32 },
}

impl<'t> Source<'t> {
    /// Reads a name.
    pub(super) fn of(text: &'t str) -> Self {
        let path = Path::new(text);
        let version = text.rsplit_once('@').and_then(|(tariff, number)| {
            let number = number.strip_prefix('v').unwrap_or(number).parse().ok()?;
            Some(Self::Version { tariff, number })
        });
        if path.exists() { Self::File(path) } else { version.unwrap_or(Self::File(path)) }
    }

    /// Whether the ledger is asked.
    pub(super) fn is_of_ledger(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::Version { .. } => true,
        }
    }

    /// The version, ready to be compared and charged under.
    pub(super) fn candidate(&self, reading: Option<&Reading>) -> Result<Candidate, Failure> {
        match (self, reading) {
            (Self::File(path), _) => file(path),
            (Self::Version { tariff, number }, Some(reading)) => {
                Ok(reading.books.candidate(tariff, *number)?)
            }
            (Self::Version { tariff, number }, None) => {
                let message = format!("{tariff}@{number} is of a ledger, and none is open");
                Err(Failure::new(Exit::Bug, "Bug", message))
            }
        }
    }
}

fn file(path: &Path) -> Result<Candidate, Failure> {
    let file = read_tariff(path)?;
    Candidate::of_file(&path.display().to_string(), &file.publish)
        .map_err(|error| Failure::new(Exit::BadInput, "BadTariffFile", error.to_string()))
}

/// Opens the ledger, if one of the names asks for it.
pub(super) fn reading(
    global: &Global,
    sources: &[&Source<'_>],
) -> Result<Option<Reading>, Failure> {
    let needed = sources.iter().any(|of| of.is_of_ledger());
    needed.then(|| Reading::open(global)).transpose()
}
