//! The memory of answers that clients have not taken yet: bounded for all reads together.
//!
//! Every read may hold [`FLOOR`] bytes. What it holds beyond comes out of the budget of all; the less of that is
//! left, the less is read in one go. If there is no room for a large event, the read waits without it, and reads of
//! clients that have taken nothing for long give up what they hold and end.

use crate::budget::{Budget, Charge};
use crate::core::Core;
use crate::fault;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};
use tonic::Status;
use tonic::codegen::Bytes;

/// Bytes that every read may hold.
pub(super) const FLOOR: usize = 8 << 10;
/// Bytes read in one go while there is room.
const MOST: usize = 256 << 10;
/// A read takes at most one such part of what is left.
const SHARE: usize = 64;
/// Bytes handed to the connection at once: a frame of HTTP/2.
const PIECE: usize = 16 << 10;
/// Reads that are reading at the same moment. Fewer than there are threads, so that appends always find one.
const TURNS: usize = 8;
/// So many of them may cost much.
const COSTLY_TURNS: usize = 2;

/// What all reads share.
pub(crate) struct Room {
    budget: Budget,
    reads: Budget,
    turns: Semaphore,
    costly_turns: Semaphore,
    patience: Duration,
    kept: Mutex<Registry>,
}

#[derive(Default)]
struct Registry {
    next: u64,
    kept: HashMap<u64, Arc<Mutex<Kept>>>,
}

/// What is kept for one client.
struct Kept {
    bytes: Vec<u8>,
    /// Where the next piece begins.
    at: usize,
    charge: Charge,
    taken: Instant,
    is_lost: bool,
}

/// One read's place.
pub(super) struct Place {
    core: Arc<Core>,
    number: u64,
    kept: Arc<Mutex<Kept>>,
    _read: Charge,
}

/// What there is to hand on.
pub(super) enum Piece {
    Some(Bytes),
    None,
    /// It was given up, because the client had not taken it for long.
    Lost,
}

impl Room {
    /// Room for so many bytes and so many reads; a client may leave what it was sent for so long.
    pub(crate) fn new(bytes: usize, reads: usize, patience: Duration) -> Room {
        Room {
            budget: Budget::new(bytes),
            reads: Budget::new(reads),
            turns: Semaphore::new(TURNS),
            costly_turns: Semaphore::new(COSTLY_TURNS),
            patience,
            kept: Mutex::default(),
        }
    }

    /// How many bytes to read in one go now.
    pub(super) fn share(&self) -> usize {
        (self.budget.free() / SHARE).clamp(FLOOR, MOST)
    }

    pub(super) fn charge(&self) -> Charge {
        self.budget.charge(FLOOR)
    }

    /// Waits until it is this read's turn to read, first come, first served.
    pub(super) async fn turn(&self, is_costly: bool) -> [Option<SemaphorePermit<'_>>; 2] {
        // They are never closed.
        let costly = if is_costly { self.costly_turns.acquire().await.ok() } else { None };
        [costly, self.turns.acquire().await.ok()]
    }

    /// Waits for room for so many bytes.
    ///
    /// # Errors
    /// Resource exhausted if it takes too long.
    pub(super) async fn wait(&self, bytes: usize) -> Result<Charge, Status> {
        let waiting = self.budget.wait(bytes, FLOOR);
        tokio::pin!(waiting);
        // Who has just taken something now will have left it for long enough after one wait.
        for _ in 0..2 {
            self.give_up();
            if let Ok(charge) = tokio::time::timeout(self.patience, &mut waiting).await {
                return Ok(charge);
            }
        }
        self.give_up();
        match tokio::time::timeout(Duration::ZERO, waiting).await {
            Ok(charge) => Ok(charge),
            Err(_) => Err(fault::no_room_for_reads(bytes, self.budget.total())),
        }
    }

    /// Gives up what clients have not taken for long.
    fn give_up(&self) {
        let registry = self.lock();
        for kept in registry.kept.values() {
            let mut kept = lock(kept);
            if !kept.charge.is_free() && kept.taken.elapsed() >= self.patience {
                kept.is_lost = true;
                kept.clear();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    fn clear(&mut self) {
        self.bytes = Vec::new();
        self.at = 0;
        // Less is always granted.
        let _ = self.charge.set(0);
    }
}

impl Place {
    /// Takes a place.
    ///
    /// # Errors
    /// Resource exhausted if there is none left.
    pub(super) fn take(core: &Arc<Core>) -> Result<Place, Status> {
        let room = &core.room;
        let read = room.reads.one().ok_or_else(|| fault::too_many_reads(room.reads.total()))?;
        let (charge, taken) = (room.charge(), Instant::now());
        let kept = Kept { bytes: Vec::new(), at: 0, charge, taken, is_lost: false };
        let kept = Arc::new(Mutex::new(kept));
        let mut registry = room.lock();
        let number = registry.next;
        registry.next += 1;
        registry.kept.insert(number, Arc::clone(&kept));
        drop(registry);
        Ok(Place { core: Arc::clone(core), number, kept, _read: read })
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.kept).bytes.is_empty()
    }

    /// Keeps what was read.
    pub(super) fn keep(&self, bytes: Vec<u8>, charge: Charge) {
        let mut kept = lock(&self.kept);
        (kept.bytes, kept.at, kept.charge, kept.taken) = (bytes, 0, charge, Instant::now());
    }

    /// What to hand on next.
    pub(super) fn piece(&self) -> Piece {
        let mut kept = lock(&self.kept);
        if kept.is_lost {
            return Piece::Lost;
        }
        kept.taken = Instant::now();
        if kept.at == 0 && kept.bytes.len() <= PIECE {
            let bytes = std::mem::take(&mut kept.bytes);
            kept.clear();
            return if bytes.is_empty() { Piece::None } else { Piece::Some(bytes.into()) };
        }
        // Copied, so that the connection does not hold on to the whole.
        let end = kept.at.saturating_add(PIECE).min(kept.bytes.len());
        let piece = Bytes::copy_from_slice(kept.bytes.get(kept.at..end).unwrap_or_default());
        kept.at = end;
        if end == kept.bytes.len() {
            kept.clear();
        }
        Piece::Some(piece)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.core.room.lock().kept.remove(&self.number);
    }
}
