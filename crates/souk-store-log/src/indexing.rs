//! Filling the index of a directory while its log is read.
//!
//! Reading and verifying is one thing, hashing stream ids and taking memory for the index another of about the same
//! length; where there is enough to read, each has a thread of its own.

use crate::format::SEGMENT_HEADER;
use crate::fresh::Seen;
use crate::index::Index;
use crate::recover::Sink;
use crate::run;
use crate::scan::Frame;
use souk_store::StoreError;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Sealed segments that wait in memory for the thread behind the writer. A log that was killed has one or two; where
/// there are more, as when the index was deleted, the rest is indexed while reading, so that memory stays bounded.
const WAITING: usize = 2;
/// Bytes to read from which on a second thread is worth its start.
const BESIDE: u64 = 1 << 20;
/// Frames handed over at a time, and how many times that may wait.
const HANDFUL: usize = 1_000;
const AHEAD: usize = 8;

/// Whose log is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of<'d> {
    pub(crate) dir: &'d Path,
    pub(crate) store_id: [u8; 16],
}

/// Runs `read` with what fills `index` with everything it reads, which is some `bytes`.
///
/// # Errors
/// Those of `read`; `Io` if there can be no thread.
pub(crate) fn fill<R>(
    of: Of<'_>,
    index: &mut Index,
    bytes: u64,
    read: impl FnOnce(&mut dyn Sink) -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    let mut filling = Filling { of, index };
    if bytes < BESIDE {
        return read(&mut filling);
    }
    // The scope ends once everything read is in the index.
    thread::scope(|scope| {
        let (send, receive) = sync_channel::<Read>(AHEAD);
        let fill = move || receive.iter().for_each(|read| filling.take(read));
        let filler = thread::Builder::new().name("souk-log-fill".into()).spawn_scoped(scope, fill);
        filler.map_err(|error| StoreError::io("start a thread for", of.dir, error))?;
        let mut handing = Handing { send, frames: Vec::new(), names: Vec::new() };
        let result = read(&mut handing);
        handing.hand_over();
        result
    })
}

/// What was read.
enum Read {
    Segment {
        first_entry: u64,
        checksum: u32,
        len: u32,
    },
    /// Frames, each with the length of its stream's id, and those ids one after the other.
    Frames(Vec<(Seen, u8)>, Vec<u8>),
}

/// Fills the index.
struct Filling<'d, 'i> {
    of: Of<'d>,
    index: &'i mut Index,
}

impl Filling<'_, '_> {
    fn take(&mut self, read: Read) {
        match read {
            Read::Segment { first_entry, checksum, len } => self.begin(first_entry, checksum, len),
            Read::Frames(frames, names) => self.index.add(|tail| {
                let mut rest = names.as_slice();
                for (seen, len) in frames {
                    let (name, behind) = rest.split_at(len.into());
                    rest = behind;
                    tail.push_seen(name, seen);
                }
            }),
        }
    }
}

impl Sink for Filling<'_, '_> {
    fn begin(&mut self, first_entry: u64, checksum: u32, len: u32) {
        self.index.begin_segment(first_entry, SEGMENT_HEADER as u32, checksum);
        self.index.add(|tail| tail.reserve(len));
        // Where it cannot be done, as in a directory that may only be read, they stay in memory.
        while self.index.waiting() > WAITING
            && let Some(fresh) = self.index.unindexed().map(Arc::clone)
            && let Some(run) =
                run::index_segment(self.of.dir, self.of.store_id, &fresh, self.index.filter_bytes())
        {
            self.index.push_run(run);
        }
    }

    fn frame(&mut self, frame: &Frame<'_>, checksum: u32) {
        let (name, seen) = Seen::of(frame, checksum);
        self.index.add(|tail| tail.push_seen(name, seen));
    }
}

/// Hands what is read to the thread that fills the index.
struct Handing {
    send: SyncSender<Read>,
    frames: Vec<(Seen, u8)>,
    names: Vec<u8>,
}

impl Handing {
    fn hand_over(&mut self) {
        let frames = std::mem::replace(&mut self.frames, Vec::with_capacity(HANDFUL));
        let room = Vec::with_capacity(self.names.len());
        let names = std::mem::replace(&mut self.names, room);
        self.send(Read::Frames(frames, names));
    }

    fn send(&self, read: Read) {
        // The other thread ends before this one only by a panic, which the scope passes on.
        let _ = self.send.send(read);
    }
}

impl Sink for Handing {
    fn begin(&mut self, first_entry: u64, checksum: u32, len: u32) {
        self.hand_over();
        self.send(Read::Segment { first_entry, checksum, len });
    }

    fn frame(&mut self, frame: &Frame<'_>, checksum: u32) {
        let (name, seen) = Seen::of(frame, checksum);
        // The id of a record has at most 250 bytes.
        self.frames.push((seen, u8::try_from(name.len()).unwrap_or(u8::MAX)));
        self.names.extend_from_slice(name);
        if self.frames.len() >= HANDFUL {
            self.hand_over();
        }
    }
}
