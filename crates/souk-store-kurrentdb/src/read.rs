//! Reading streams and the whole log into pages.

use crate::connection::Failure;
use crate::inner::Inner;
use crate::log::Found;
use crate::wire::{Event, Met, original};
use kurrentdb::{Error, Position, ReadEvent, ReadStreamOptions, StreamPosition};
use souk_store::{Direction, Page, STREAM_PAGE_BYTES, StoreError};

/// The entry number of a record that was read without asking for it: one no entry has, and a page can count on from.
const NO_ENTRY: u64 = u64::MAX - 1;
/// Events of the log asked for at once, at most.
const PAGE_EVENTS: usize = 8_192;
/// Bytes a record is taken to have when a page is asked for: a page too small is filled by the next call, one too
/// large is read in vain.
const RECORD_BYTES: usize = 512;

/// Some events of a stream, and its last revision if the server said so.
struct Part {
    met: Vec<Met>,
    last: Option<u64>,
}

impl Inner {
    /// The last revision of a stream.
    pub(crate) async fn revision(&self, stream: &str) -> Result<Option<u64>, StoreError> {
        self.log().check()?;
        let part = self.part(stream, u64::MAX, Direction::Backwards, 1).await?;
        Ok(part.met.iter().find_map(|met| match met {
            Met::Record(event) => Some(event.place().1),
            Met::Metadata { .. }
            | Met::Tombstone { .. }
            | Met::NoRecord { .. }
            | Met::Foreign { .. } => None,
        }))
    }

    /// A page of a stream. Without `numbered` its records have no entry numbers.
    pub(crate) async fn stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
        numbered: bool,
    ) -> Result<Page, StoreError> {
        self.log().check()?;
        let mut part = self.part(stream, from, direction, limit).await?;
        if part.met.is_empty() && limit > 0 {
            part = self.nothing(stream, from, direction, limit, part).await?;
        }
        let mut page = Page::new();
        let mut at = 0;
        // The revision that must come next, and the highest one read.
        let mut due = (direction == Direction::Forwards).then_some(from);
        let mut highest = None;
        for met in &part.met {
            let event = self.record_of(met)?;
            let revision = event.place().1;
            self.check_due(event, due.unwrap_or(revision.min(from)))?;
            due = match direction {
                Direction::Forwards => Some(revision + 1),
                Direction::Backwards => revision.checked_sub(1),
            };
            let entry = if numbered { self.entry_at(event).await? } else { NO_ENTRY };
            at = page.push_copy(entry, at, &event.record);
            highest = highest.max(Some(revision));
        }
        let last = match part.last {
            Some(last) => highest.max(Some(last)),
            None => highest.max(self.revision(stream).await?),
        };
        let next = match direction {
            Direction::Forwards => due.filter(|next| Some(*next) <= last),
            Direction::Backwards => due,
        };
        page.set_stream(last, next);
        Ok(page)
    }

    /// Fills a page with the log from `from` on.
    pub(crate) async fn all(
        &self,
        from: u64,
        max_bytes: usize,
        mut page: Page,
    ) -> Result<Page, StoreError> {
        page.clear(from);
        self.log().check()?;
        if from >= self.log().count() && from >= self.catch_up().await? {
            return Ok(page);
        }
        let mut after = self.fill(from).await?;
        let mut next = from;
        let mut at = 0;
        let count = (max_bytes / RECORD_BYTES).clamp(1, PAGE_EVENTS);
        while page.is_empty() {
            let batch = self.events_after(after, count, max_bytes.max(1)).await?;
            self.take_from(next, &batch.met).await?;
            for met in &batch.met {
                after = Some(met.position());
                let Met::Record(event) = met else { continue };
                if at > 0 && at + event.record.len() > max_bytes {
                    break;
                }
                at = page.push_copy(next, at, &event.record);
                next += 1;
            }
            if batch.at_end && page.is_empty() {
                let mut log = self.log();
                let what = "the server's log ends before an entry that it had".to_owned();
                let error = log.damage("", Position::end(), from, what);
                return Err(log.halt(error));
            }
        }
        Ok(page)
    }

    /// Makes sure that a part is rightly empty: a stream that was truncated looks as if it ended early.
    async fn nothing(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
        empty: Part,
    ) -> Result<Part, StoreError> {
        let last = match empty.last {
            Some(last) => Some(last),
            None => self.revision(stream).await?,
        };
        let due = match direction {
            Direction::Forwards => Some(from) <= last,
            Direction::Backwards => last.is_some(),
        };
        if !due {
            return Ok(Part { met: Vec::new(), last });
        }
        // The events may have come after the first look, but not after the second.
        let again = self.part(stream, from, direction, limit).await?;
        if !again.met.is_empty() {
            return Ok(again);
        }
        let events = last.map_or(0, |last| last.saturating_add(1));
        let what =
            format!("it had {events} events and nothing can be read from revision {from} on");
        let mut log = self.log();
        let error = log.damage(stream, Position::end(), log.count(), what);
        Err(log.halt(error))
    }

    /// The number of an entry.
    async fn entry_at(&self, event: &Event) -> Result<u64, StoreError> {
        // On some servers a stream shows an event a moment before the log does.
        let mut backoff = self.connection.backoff();
        let mut caught_up = false;
        loop {
            let found = self.log().find(event.position);
            match found {
                Found::Entry(entry) => return Ok(entry),
                Found::ReadOn { entry, after } => self.fill_once(entry, after).await?,
                Found::Beyond if !caught_up || backoff.wait().await => {
                    self.catch_up().await?;
                    caught_up = true;
                }
                Found::Beyond | Found::Nowhere => {
                    let what = "the server's log does not have an event that its stream has";
                    return Err(self.halt_at(event, what.to_owned()));
                }
            }
        }
    }

    /// Events of a stream as the server has them.
    async fn part(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Part, StoreError> {
        // The server counts revisions up to the largest i64.
        let (position, beyond) = match i64::try_from(from) {
            Ok(_) => (StreamPosition::Position(from), false),
            Err(_) => (StreamPosition::End, direction == Direction::Forwards),
        };
        if limit == 0 || beyond {
            return Ok(Part { met: Vec::new(), last: None });
        }
        let name = self.namespace.on_server(stream);
        let options =
            ReadStreamOptions::default().requires_leader(true).max_count(limit).position(position);
        let options = match direction {
            Direction::Forwards => options.forwards(),
            Direction::Backwards => options.backwards(),
        };
        let read = self.connection.call(|client| {
            let (name, options) = (&name, &options);
            async move {
                let mut part = Part { met: Vec::new(), last: None };
                let mut bytes = 0;
                let mut events = client.read_stream(name.as_str(), options).await?;
                while let Some(one) = events.next_read_event().await? {
                    match one {
                        ReadEvent::Event(event) => {
                            let Some(event) = original(&event) else { continue };
                            let met = Met::new(&self.namespace, event);
                            if let Met::Record(event) = &met {
                                bytes += event.record.len();
                                if bytes > STREAM_PAGE_BYTES && !part.met.is_empty() {
                                    return Ok(part);
                                }
                            }
                            part.met.push(met);
                        }
                        ReadEvent::LastStreamPosition(last) => part.last = Some(last),
                        ReadEvent::FirstStreamPosition(_) | ReadEvent::LastAllStreamPosition(_) => {
                        }
                    }
                }
                Ok(part)
            }
        });
        match read.await {
            Ok(part) => Ok(part),
            Err(Failure::Refused(Error::ResourceNotFound)) => {
                Ok(Part { met: Vec::new(), last: None })
            }
            Err(Failure::Refused(Error::ResourceDeleted)) => {
                let mut log = self.log();
                let what = "it was deleted for ever".to_owned();
                let error = log.damage(stream, Position::end(), log.count(), what);
                Err(log.halt(error))
            }
            Err(failure) => {
                Err(self.connection.unavailable(format_args!("read the stream {name}"), &failure))
            }
        }
    }

    fn record_of<'m>(&self, met: &'m Met) -> Result<&'m Event, StoreError> {
        let (stream, what) = match met {
            Met::Record(event) => return Ok(event),
            Met::NoRecord { stream, source, .. } => {
                (&**stream, format!("an event in it is no record: {source}"))
            }
            Met::Tombstone { stream, .. } => (&**stream, "it was deleted for ever".to_owned()),
            Met::Metadata { stream, .. } => (&**stream, "it holds metadata".to_owned()),
            Met::Foreign { .. } => ("", "another stream was read than asked for".to_owned()),
        };
        let mut log = self.log();
        let error = log.damage(stream, met.position(), log.count(), what);
        Err(log.halt(error))
    }

    /// Checks that no event was left out.
    fn check_due(&self, event: &Event, due: u64) -> Result<(), StoreError> {
        let revision = event.place().1;
        if revision == due {
            return Ok(());
        }
        let what = format!(
            "revision {revision} was read where {due} should be; events of the stream are missing, so restore \
             the server from a backup and remove any metadata that truncates the stream"
        );
        Err(self.halt_at(event, what))
    }

    fn halt_at(&self, event: &Event, what: String) -> StoreError {
        let mut log = self.log();
        let error = log.damage(event.place().0, event.position, log.count(), what);
        log.halt(error)
    }
}
