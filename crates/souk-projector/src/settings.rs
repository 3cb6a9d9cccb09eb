//! Sizes of the pass over the log. They change its speed and never its result.

use std::thread;

/// How the log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Bytes of a page.
    pub page_bytes: usize,
    /// Pages that are read ahead together.
    pub pages: usize,
    /// Events that are decoded, posted and folded at a time.
    pub batch: usize,
    /// Threads that decode beside the one that folds; 0 does everything on one.
    pub helpers: usize,
}

/// More helpers than this wait for the folding thread.
const MAX_HELPERS: usize = 3;

impl Default for Settings {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            page_bytes: 1 << 20,
            pages: 4,
            batch: 256,
            helpers: cores.saturating_sub(1).min(MAX_HELPERS),
        }
    }
}
