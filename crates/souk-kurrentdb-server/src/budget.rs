//! What all calls share and there is only so much of: bytes of memory, connections, reads.

use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So much of something, for all calls together.
#[derive(Clone)]
pub(crate) struct Budget {
    free: Arc<Semaphore>,
    total: usize,
}

/// What one call has of a budget, given back when this is dropped.
pub(crate) struct Charge {
    budget: Budget,
    held: usize,
    /// So much is not counted.
    allowance: usize,
}

impl Budget {
    pub(crate) fn new(total: usize) -> Budget {
        let total = total.min(Semaphore::MAX_PERMITS);
        Budget { free: Arc::new(Semaphore::new(total)), total }
    }

    pub(crate) fn total(&self) -> usize {
        self.total
    }

    pub(crate) fn free(&self) -> usize {
        self.free.available_permits()
    }

    /// Nothing so far; the first `allowance` of what it becomes is not counted.
    pub(crate) fn charge(&self, allowance: usize) -> Charge {
        Charge { budget: self.clone(), held: 0, allowance }
    }

    /// One, if there is one left.
    pub(crate) fn one(&self) -> Option<Charge> {
        let mut charge = self.charge(0);
        charge.set(1).then_some(charge)
    }

    /// Waits for so much, first come, first served. More than there is altogether is all there is.
    pub(crate) async fn wait(&self, amount: usize, allowance: usize) -> Charge {
        let counted = amount.saturating_sub(allowance).min(self.total);
        let wanted = u32::try_from(counted).unwrap_or(u32::MAX);
        let mut charge = self.charge(allowance);
        // The semaphore is never closed.
        if let Ok(permit) = self.free.acquire_many(wanted).await {
            permit.forget();
            charge.held = wanted as usize;
        }
        charge
    }
}

impl Charge {
    /// Whether nothing counts.
    pub(crate) fn is_free(&self) -> bool {
        self.held == 0
    }

    /// Makes it so much altogether; `false`, and as it was, if there is too little left. More than there is
    /// altogether is refused too.
    pub(crate) fn set(&mut self, amount: usize) -> bool {
        let counted = amount.saturating_sub(self.allowance);
        if let Some(less) = self.held.checked_sub(counted) {
            self.budget.free.add_permits(less);
        } else {
            let more = counted.saturating_sub(self.held);
            let Ok(more) = u32::try_from(more) else { return false };
            let Ok(permit) = self.budget.free.try_acquire_many(more) else { return false };
            permit.forget();
        }
        self.held = counted;
        true
    }

    /// The same for what has to be possible: more than there is altogether is all there is.
    pub(crate) fn set_at_most_all(&mut self, amount: usize) -> bool {
        self.set(amount.min(self.budget.total.saturating_add(self.allowance)))
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.free.add_permits(self.held);
    }
}

impl fmt::Debug for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Charge").field(&self.held).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back() {
        let budget = Budget::new(10);
        let mut first = budget.charge(2);
        assert!(first.set(2) && first.is_free() && first.set(9));
        let mut second = budget.charge(0);
        assert!(!second.set(4) && second.is_free() && second.set(3));
        assert_eq!(budget.free(), 0);
        assert!(budget.one().is_none());
        assert!(first.set(3) && !second.set(10));
        drop((first, second));
        assert_eq!(budget.free(), 10);
        assert!(!budget.charge(0).set(11) && budget.charge(0).set_at_most_all(11));
        assert_eq!(budget.free(), 10);
    }
}
