//! Where the open items of [`crate::ClosingCycles`] lie.
//!
//! Pure code keeps them in memory ([`InMemory`]). Whoever has a disk puts them there beyond a budget, and the fold, the
//! claims and the checks stay those of this crate.

use souk_journal::open_items::OpenItem;

/// Piles of open items, one per merchant and currency, numbered from 0 without gaps. A pile gives its items back in the
/// order in which they were put there.
///
/// A method that fails cannot say so: an implementation that can fail remembers that it did, and whoever asks for a
/// claim asks it first.
pub trait Piles: Send {
    /// Puts an item on a pile.
    fn push(&mut self, pile: usize, item: &OpenItem);

    /// Shows every item of a pile.
    fn each(&self, pile: usize, see: &mut dyn FnMut(&OpenItem));

    /// Shows every item of a pile, and keeps those for which `keep` says so.
    fn sift(&mut self, pile: usize, keep: &mut dyn FnMut(&OpenItem) -> bool);
}

/// Piles in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InMemory(Vec<Vec<OpenItem>>);

impl Piles for InMemory {
    fn push(&mut self, pile: usize, item: &OpenItem) {
        if pile >= self.0.len() {
            self.0.resize_with(pile + 1, Vec::new);
        }
        self.0[pile].push(item.clone());
    }

    fn each(&self, pile: usize, see: &mut dyn FnMut(&OpenItem)) {
        self.0.get(pile).into_iter().flatten().for_each(see);
    }

    fn sift(&mut self, pile: usize, keep: &mut dyn FnMut(&OpenItem) -> bool) {
        if let Some(items) = self.0.get_mut(pile) {
            items.retain(|item| keep(item));
        }
    }
}
