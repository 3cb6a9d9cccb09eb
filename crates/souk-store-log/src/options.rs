//! What can be chosen when a store is opened, and what opening found.

/// How a log is written. The defaults suit a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// A segment is closed once the next frame would make it larger than this, in bytes. Default 64 MiB, at most
    /// 1 GiB. A frame larger than that has a segment to itself.
    pub segment_bytes: u64,
    /// A group is written and synced once it has this many bytes. Default 4 MiB.
    pub group_bytes: usize,
    /// `append` blocks while batches of this many bytes wait to be written. Default 64 MiB.
    pub queue_bytes: usize,
}

/// The largest segment, in bytes, so that a position in it has 32 bits with room for a last frame.
pub(crate) const MAX_SEGMENT_BYTES: u64 = 1 << 30;

impl Default for Options {
    fn default() -> Options {
        Options { segment_bytes: 64 << 20, group_bytes: 4 << 20, queue_bytes: 64 << 20 }
    }
}

/// What opening a log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Entries that can be read.
    pub entries: u64,
    /// Segments there are.
    pub segments: usize,
    /// Bytes in them that were read and verified on opening. What the index covers is verified when it is read.
    pub bytes: u64,
    /// Entries that the index on disk covers, so that opening did not read them.
    pub indexed: u64,
    /// Bytes at the end that were no whole frame and had never been acknowledged: cut by a writer, left out by a
    /// reader. 0 after a clean close.
    pub truncated_bytes: u64,
    /// The segment they were in and what was wrong with them, for people.
    pub truncated: Option<String>,
}
