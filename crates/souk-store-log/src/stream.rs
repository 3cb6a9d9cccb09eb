//! Reading one stream: its frames from the index, near ones in one go, each verified and held against the stream.

use crate::format::{CHECKSUM, FRAME_HEADER, FrameHeader, RECORD_PREFIX, u16_at};
use crate::fresh::FrameAt;
use crate::key::key;
use crate::lookup::Found;
use crate::read::Shared;
use crate::recover::corrupt;
use crate::scan::verify;
use souk_store::{Direction, Page, Record, STREAM_PAGE_BYTES, StoreError};

/// Frames of a stream this close together, in bytes, are read in one go.
const NEAR: u64 = 4096;
/// Revisions looked for at a time.
const MAX_REVISIONS: u64 = 1 << 16;

/// A record in the page's buffer.
#[derive(Clone, Copy)]
struct Span {
    entry: u64,
    revision: u64,
    start: usize,
    len: usize,
}

impl Shared {
    /// See `EventStore::read_stream`.
    pub(crate) fn read_stream(
        &self,
        stream: &str,
        from: u64,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let mut page = Page::new();
        let limit = (limit as u64).min(MAX_REVISIONS);
        let range = |last: u64| range(from, last, direction, limit);
        let Some(mut found) = self.look_up(key(stream.as_bytes()), &range)? else {
            return Ok(page);
        };
        if found.low > found.high {
            let more = match direction {
                Direction::Forwards => from <= found.last,
                Direction::Backwards => true,
            };
            page.set_stream(Some(found.last), more.then_some(from));
            return Ok(page);
        }
        shorten(&mut found.frames, direction);
        let places = self.load(&found.frames, &mut page)?;
        let mut spans = Vec::with_capacity(found.frames.len());
        for (frame, at) in found.frames.iter().zip(places) {
            self.open(frame, at, stream, &found, page.buffered(), &mut spans)?;
        }
        let next = push(&mut page, &spans, direction, found.last);
        page.set_stream(Some(found.last), next);
        Ok(page)
    }

    /// Reads frames into the page's buffer; returns where each is.
    fn load(&self, frames: &[FrameAt], page: &mut Page) -> Result<Vec<usize>, StoreError> {
        let mut places = Vec::with_capacity(frames.len());
        let mut filled = 0;
        for chunk in frames.chunk_by(is_near) {
            let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
            let begin = first.offset as usize - CHECKSUM;
            let end = last.offset as usize + last.len as usize;
            let buffer = page.buffer(filled + end - begin);
            let bytes = &mut buffer[filled..filled + end - begin];
            self.fetch(first.segment, begin as u64, first.first_entry, bytes)?;
            places.extend(chunk.iter().map(|frame| filled + frame.offset as usize - begin));
            filled += end - begin;
        }
        Ok(places)
    }

    /// Verifies a frame in the buffer and adds the records wanted of it.
    fn open(
        &self,
        frame: &FrameAt,
        at: usize,
        stream: &str,
        wanted: &Found,
        buffer: &[u8],
        spans: &mut Vec<Span>,
    ) -> Result<(), StoreError> {
        let bad =
            |what| corrupt(&self.path(frame.segment), frame.offset.into(), frame.first_entry, what);
        let bytes = buffer.get(at - CHECKSUM..at + frame.len as usize).unwrap_or_default();
        if verify(bytes, crate::format::u32_at(bytes, 0)).is_none() {
            return Err(bad("the checksum of a frame does not match"));
        }
        let other = "a frame is not the one the index of streams expects";
        let header = FrameHeader::parse(&bytes[CHECKSUM..]).filter(|header| {
            header.first_entry == frame.first_entry && header.frame_len() == frame.len as usize
        });
        let header = header.ok_or_else(|| bad(other))?;
        let mut start = at + FRAME_HEADER;
        for place in 0..u64::from(header.records) {
            let len = usize::from(u16_at(buffer, start).ok_or_else(|| bad(other))?);
            start += RECORD_PREFIX;
            let revision = frame.first_revision + place;
            if (wanted.low..=wanted.high).contains(&revision) {
                let record = buffer.get(start..start + len).and_then(Record::peek);
                if record != Some((stream.as_bytes(), revision)) {
                    return Err(bad("a record is not the one the index of streams expects"));
                }
                // No revision twice and none left out: pieces of the index fit together.
                if spans.last().is_some_and(|before: &Span| before.revision + 1 != revision) {
                    return Err(bad("a revision of the stream is missing before this frame"));
                }
                spans.push(Span { entry: frame.first_entry + place, revision, start, len });
            }
            start += len;
        }
        Ok(())
    }
}

/// The revisions wanted, `low..=high`, of a stream whose last one is `last`; none if `low > high`.
fn range(from: u64, last: u64, direction: Direction, limit: u64) -> (u64, u64) {
    match direction {
        _ if limit == 0 => (1, 0),
        Direction::Forwards => (from, last.min(from.saturating_add(limit - 1))),
        Direction::Backwards => {
            let high = from.min(last);
            ((high + 1).saturating_sub(limit), high)
        }
    }
}

/// Whether two frames are read in one go.
fn is_near(before: &FrameAt, after: &FrameAt) -> bool {
    let end = u64::from(before.offset) + u64::from(before.len);
    before.segment == after.segment && u64::from(after.offset) <= end + NEAR
}

/// Leaves out frames beyond what a page holds, at the end that is read last.
fn shorten(frames: &mut Vec<FrameAt>, direction: Direction) {
    let mut bytes = 0;
    let mut fits = |frame: &FrameAt| {
        let fits = bytes < STREAM_PAGE_BYTES;
        bytes += frame.len as usize;
        fits
    };
    match direction {
        Direction::Forwards => {
            let fitting = frames.iter().take_while(|frame| fits(frame)).count();
            frames.truncate(fitting);
        }
        Direction::Backwards => {
            let fitting = frames.iter().rev().take_while(|frame| fits(frame)).count();
            frames.drain(..frames.len() - fitting);
        }
    }
}

/// Adds records to the page until it is full; returns the revision to read on from.
fn push(page: &mut Page, spans: &[Span], direction: Direction, last: u64) -> Option<u64> {
    let mut bytes = 0;
    let mut add = |span: &&Span| {
        let fits = bytes == 0 || bytes + span.len <= STREAM_PAGE_BYTES;
        bytes += span.len;
        fits && page.push_span(span.entry, span.start, span.len)
    };
    match direction {
        Direction::Forwards => {
            let added = spans.iter().take_while(|span| add(span)).last();
            added.map(|span| span.revision + 1).filter(|next| *next <= last)
        }
        Direction::Backwards => {
            let added = spans.iter().rev().take_while(|span| add(span)).last();
            added.and_then(|span| span.revision.checked_sub(1))
        }
    }
}
