//! The arithmetic of a position: what is added to it is carried at its cost, what leaves it realises a gain or a loss.

use souk_journal::split::returned;

/// So much of a currency, and what it is carried at in the platform's; both negative when it is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Minor units of the currency.
    pub amount: i64,
    /// Minor units of the platform's currency.
    pub cost: i64,
}

impl Position {
    /// Adds an amount at its cost (both negative when it leaves) and says what that gains; a loss is negative.
    ///
    /// What goes against the position closes it in part or as a whole, at the average of its cost, rounded half up; what
    /// is beyond it opens a position the other way, at its own cost. Nothing of a currency costs nothing: what is left of
    /// the cost when a position closes is gain or loss. So the cost after is the cost before, plus what was added, plus the
    /// gain, and all gains of a position that came to nothing sum to what was received less what was given.
    pub fn add(&mut self, by: Self) -> i64 {
        let against = i128::from(self.amount) * i128::from(by.amount) < 0;
        let gain = if !against {
            0
        } else if by.amount.abs() <= self.amount.abs() {
            -(returned(self.cost, by.amount.abs(), self.amount.abs()) + by.cost)
        } else {
            -(self.cost + returned(by.cost, self.amount.abs(), by.amount.abs()))
        };
        self.amount += by.amount;
        self.cost += by.cost + gain;
        if self.amount == 0 {
            let rest = std::mem::take(&mut self.cost);
            return gain - rest;
        }
        gain
    }
}

#[cfg(test)]
mod tests;
