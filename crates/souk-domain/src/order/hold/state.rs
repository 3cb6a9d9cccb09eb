//! What an order remembers of its holds, in minor units of the currency of the settlement.

use souk_journal::dates::Date;
use souk_journal::ids::{Id, LineId, MerchantId};
use souk_journal::money::MoneyError;

use crate::order::events::{HoldPlaced, HoldReleased};
use crate::order::state::{Line, Placed};

/// A hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The hold.
    pub hold: Id,
    /// Whose money.
    pub merchant: MerchantId,
    /// Of which line.
    pub line: LineId,
    /// Why.
    pub reason: Id,
    /// When it fell due.
    pub due_on: Date,
    /// What is held now.
    pub held: i64,
}

impl Line {
    /// What the merchant has of the line's sale, before fees: goods with what someone else funded, and shipping, less
    /// what went back.
    pub(super) fn brought(&self) -> i64 {
        let own = (
            self.cash() + self.subsidy + self.shipping,
            self.refunded_goods + self.subsidy_returned + self.refunded_shipping,
        );
        let (sold, back) = self.settled.map_or(own, |of| {
            let sold = of.cash + of.subsidy + of.shipping;
            (sold, of.refunded_goods + of.subsidy_returned + of.refunded_shipping)
        });
        sold - back
    }
}

impl Placed {
    /// What is held of a line.
    pub fn held_of(&self, line: LineId) -> i64 {
        self.holds.iter().filter(|hold| hold.line == line).map(|hold| hold.held).sum()
    }
}

/// Folds a hold.
pub(in crate::order) fn placed(order: &mut Placed, of: &HoldPlaced<'_>) -> Result<(), MoneyError> {
    let held = of.amount.minor(of.currency)?;
    let (hold, merchant, line) = (of.hold, of.merchant, of.line);
    order.holds.push(Hold { hold, merchant, line, reason: of.reason, due_on: of.due_on, held });
    Ok(())
}

/// Folds what was let go.
pub(in crate::order) fn released(
    order: &mut Placed,
    of: &HoldReleased<'_>,
) -> Result<(), MoneyError> {
    let amount = of.amount.minor(of.currency)?;
    for hold in order.holds.iter_mut().filter(|known| known.hold == of.hold) {
        hold.held -= amount;
    }
    Ok(())
}
