//! A statement in the forms that other marketplaces made known, whose amounts foot to the payout too.
//!
//! One model: every line has a [`Slot`], and what was kept or carried are rows of their own, so that the amounts of a
//! statement's rows sum to its payout. Each form only names slots.
//!
//! Reading order: `slot`, `settlement_v2`, `settlement_zh`.

mod settlement_v2;
mod settlement_zh;
mod slot;
#[cfg(test)]
mod tests;

use souk_journal::line_kind::LineKind;

use super::contract::Statement;
use crate::figure::Figure;

pub use settlement_v2::settlement_v2;
pub use settlement_zh::settlement_zh;

/// A table of texts: column names, and rows with as many cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns, in order.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// What stands on a statement beside its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Opening,
    Withheld,
    Released,
    Carried,
    Debt,
}

impl Beside {
    /// Its name in Chinese.
    fn label_zh(self) -> &'static str {
        match self {
            Self::Opening => LineKind::Carried.label_zh(),
            Self::Withheld => LineKind::ReserveWithheld.label_zh(),
            Self::Released => LineKind::ReserveReleased.label_zh(),
            Self::Carried => "结转下期",
            Self::Debt => LineKind::DebtRecognised.label_zh(),
        }
    }
}

/// What is added to the lines so that they sum to the payout; nothing that is zero.
fn beside(of: &Statement) -> Vec<(Beside, Figure)> {
    let less = |figure: Figure| Figure::new(-figure.minor, figure.currency);
    let all = [
        (Beside::Opening, of.opening),
        (Beside::Withheld, less(of.reserve_withheld)),
        (Beside::Released, of.reserve_released),
        (Beside::Carried, less(of.carried)),
        (Beside::Debt, of.debt),
    ];
    all.into_iter().filter(|(_, figure)| !figure.is_zero()).collect()
}
