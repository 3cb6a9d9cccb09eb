//! The thread that indexes sealed segments on disk, behind the writer and off its path.
//!
//! Each sealed segment gets a run; eight neighbouring runs of one size become one, up to 64 segments. What is on disk
//! therefore follows from the segments alone, whenever the thread got to them.

use crate::read::Shared;
use crate::run::{self, Run};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Runs that become one.
const MERGE: usize = 8;
/// Segments of the largest run: some ten million events, 60 MiB of memory while it is made.
const LARGEST: usize = MERGE * MERGE;

/// How the writer tells the thread that there is something to do.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    state: Mutex<Rung>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Rung {
    work: bool,
    closing: bool,
}

impl Bell {
    /// A segment was sealed.
    pub(crate) fn ring(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).work = true;
        self.rung.notify_all();
    }

    /// The store closes: what is sealed is indexed, then the thread ends.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closing = true;
        self.rung.notify_all();
    }

    /// Waits for work; `false` if there is none and the store closes.
    fn wait(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.work && !state.closing {
            state = self.rung.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::take(&mut state.work)
    }
}

/// Starts the thread, which begins with what is sealed already.
pub(crate) fn start(shared: Arc<Shared>, bell: Arc<Bell>) -> std::io::Result<JoinHandle<()>> {
    bell.ring();
    let work = move || {
        while bell.wait() {
            // A failure, such as a full disk, leaves the index in memory; the next segment tries again.
            while index_one(&shared) || merge_some(&shared) {}
        }
    };
    thread::Builder::new().name("souk-log-index".into()).spawn(work)
}

/// Indexes the oldest sealed segment; whether there was one and it could be done.
fn index_one(shared: &Shared) -> bool {
    let (fresh, used) = {
        let index = shared.index();
        (index.unindexed().map(Arc::clone), index.filter_bytes())
    };
    let opened =
        fresh.and_then(|fresh| run::index_segment(&shared.dir, shared.store_id, &fresh, used));
    let Some(opened) = opened else { return false };
    shared.index_mut().push_run(opened);
    true
}

/// Merges the first runs that can be; whether there were any and it could be done.
fn merge_some(shared: &Shared) -> bool {
    let runs = Arc::clone(&shared.index().runs);
    let Some(at) = mergeable(&runs) else { return false };
    let parts = &runs[at..at + MERGE];
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let (dir, store_id) = (&shared.dir, shared.store_id);
    if run::merge(dir, store_id, parts).is_err() {
        return false;
    }
    let kept: Vec<_> = [&runs[..at], &runs[at + MERGE..]].concat();
    let used = kept.iter().map(|run| run.filter_bytes()).sum();
    let merged = run::open_one(dir, store_id, first.first_entry, last.next_entry, used);
    let Some(merged) = merged else { return false };
    let gone: Vec<PathBuf> = parts.iter().map(|run| run.path.clone()).collect();
    let mut all = runs[..at].to_vec();
    all.push(Arc::new(merged));
    all.extend_from_slice(&runs[at + MERGE..]);
    shared.index_mut().replace_runs(all);
    for path in gone {
        // Whoever has it open reads on.
        let _ = std::fs::remove_file(path);
    }
    true
}

/// Where enough runs of one size follow each other.
fn mergeable(runs: &[Arc<Run>]) -> Option<usize> {
    runs.windows(MERGE).position(|window| {
        let size = window[0].segments.len();
        size * MERGE <= LARGEST && window.iter().all(|run| run.segments.len() == size)
    })
}
