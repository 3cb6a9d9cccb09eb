//! The log of a drill, read from entry 0: every event is the one that was invented for its place, every append whole.

use std::collections::HashMap;

use souk_store::{EventStore, NewRecord, Page, Record};

use super::invent::{Script, Span};
use crate::fail::{Exit, Failure};

/// Bytes of a page of the log.
const PAGE_BYTES: usize = 1 << 20;

/// Where every event is.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// The entry of each revision, by stream.
    pub(crate) streams: HashMap<String, Vec<u64>>,
    /// The last revision of every append, by stream and first revision.
    pub(crate) appends: HashMap<(String, u64), u64>,
    /// Entries.
    pub(crate) entries: u64,
}

/// What does not hold; the drill ends with the first of them.
pub(crate) fn differs(what: impl Into<String>) -> Failure {
    Failure::new(Exit::Difference, "DrillDiffers", what)
        .with("  keep the directory as it is; the store on this disk did not keep what it promised")
}

/// Whether a record is to the byte the one invented for its place.
pub(crate) fn is_as_invented(script: Script, record: &Record<'_>, span: Span) -> bool {
    let event = script.event(record.stream, record.revision, span);
    let invented = NewRecord {
        stream: record.stream,
        revision: record.revision,
        event_id: event.event_id,
        event_type: &event.event_type,
        metadata: &event.metadata,
        data: &event.data,
    };
    invented.encode().is_ok_and(|bytes| bytes == record.bytes)
}

/// Reads the log.
pub(crate) fn read(store: &dyn EventStore, script: Script) -> Result<Log, Failure> {
    let (mut log, mut page) = (Log::default(), Page::new());
    let mut open = None;
    loop {
        store.read_all_into(log.entries, PAGE_BYTES, &mut page)?;
        if page.is_empty() {
            break;
        }
        for record in page.records() {
            open = log.add(script, &record?, open)?;
        }
    }
    if let Some((stream, span)) = open {
        let Span { first, count } = span;
        return Err(differs(format!(
            "{stream}, revision {first}: the log ends inside an append of {count} events"
        )));
    }
    let head = store.head()?;
    if head != log.entries {
        return Err(differs(format!("{} entries can be read and the head is {head}", log.entries)));
    }
    Ok(log)
}

impl Log {
    /// Takes the next record; `open` is the append that it must continue, and what is returned the one that is open
    /// after it.
    fn add(
        &mut self,
        script: Script,
        record: &Record<'_>,
        open: Option<(String, Span)>,
    ) -> Result<Option<(String, Span)>, Failure> {
        let Record { entry, stream, revision, .. } = *record;
        let at = format!("entry {entry}, {stream} revision {revision}");
        if entry != self.entries {
            return Err(differs(format!("{at}: entry {} should follow", self.entries)));
        }
        let known = self.streams.entry(stream.to_owned()).or_default();
        let next = known.len() as u64;
        if revision != next {
            return Err(differs(format!("{at}: revision {next} of the stream should follow")));
        }
        let span = match open {
            Some((begun, span)) if begun == stream => span,
            Some((begun, Span { first, count })) => {
                return Err(differs(format!(
                    "{at}: stands inside the append of {count} events to {begun} from revision {first} on"
                )));
            }
            None => script.span(stream, revision).ok_or_else(|| {
                differs(format!("{at}: the stream was complete before this event"))
            })?,
        };
        if !is_as_invented(script, record, span) {
            return Err(differs(format!("{at}: the event is not the one that was written")));
        }
        known.push(entry);
        self.entries += 1;
        if revision < span.last() {
            return Ok(Some((stream.to_owned(), span)));
        }
        self.appends.insert((stream.to_owned(), span.first), span.last());
        Ok(None)
    }
}
