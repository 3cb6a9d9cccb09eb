//! The lines that say what was acknowledged: `order-0000012 revisions 0..2 entries 17..19`.

use std::fmt;
use std::path::Path;

use souk_store::Appended;

use crate::fail::{Exit, Failure};

/// An append that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ack {
    /// The stream.
    pub(crate) stream: String,
    /// First and last revision.
    pub(crate) revisions: (u64, u64),
    /// First and last entry.
    pub(crate) entries: (u64, u64),
}

impl Ack {
    /// What the store answered for an append to a stream; this store always knows the entries.
    pub(crate) fn of(stream: &str, appended: &Appended) -> Ack {
        Ack {
            stream: stream.to_owned(),
            revisions: (appended.first_revision, appended.last_revision),
            entries: (
                appended.first_entry.unwrap_or_default(),
                appended.last_entry.unwrap_or_default(),
            ),
        }
    }

    fn parse(line: &str) -> Option<Ack> {
        let mut words = line.split(' ');
        let stream = words.next()?.to_owned();
        let mut range = |name: &str| {
            let (first, last) =
                words.next().filter(|word| *word == name).and(words.next())?.split_once("..")?;
            Some((first.parse().ok()?, last.parse().ok()?))
        };
        let (revisions, entries) = (range("revisions")?, range("entries")?);
        words.next().is_none().then_some(Ack { stream, revisions, entries })
    }
}

impl fmt::Display for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ack { stream, revisions, entries } = self;
        write!(
            f,
            "{stream} revisions {}..{} entries {}..{}",
            revisions.0, revisions.1, entries.0, entries.1
        )
    }
}

/// Reads a file of such lines. A last line without its end was cut by the fault and counts for nothing.
pub(crate) fn read(path: &Path) -> Result<Vec<Ack>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = (1..).zip(whole.lines().filter(|line| !line.is_empty()));
    let acks = lines.map(|(number, line)| {
        Ack::parse(line).ok_or_else(|| {
            let message = format!(
                "{}, line {number}: not a line of `souk store drill write`",
                path.display()
            );
            Failure::new(Exit::BadInput, "BadAcks", message)
                .with("  a line is: STREAM revisions FIRST..LAST entries FIRST..LAST")
        })
    });
    acks.collect()
}
