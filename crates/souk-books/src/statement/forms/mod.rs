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

use souk_journal::dates::Date;
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
    ToppedUp,
    Released,
    Used,
    Carried,
    Debt,
}

impl Beside {
    /// Its name in Chinese.
    fn label_zh(self) -> &'static str {
        match self {
            Self::Opening => LineKind::Carried.label_zh(),
            Self::Withheld => LineKind::ReserveWithheld.label_zh(),
            Self::ToppedUp => LineKind::DepositToppedUp.label_zh(),
            Self::Released => LineKind::ReserveReleased.label_zh(),
            Self::Used => LineKind::DepositUsed.label_zh(),
            Self::Carried => "结转下期",
            Self::Debt => LineKind::DebtRecognised.label_zh(),
        }
    }
}

/// An amount beside the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Extra {
    what: Beside,
    amount: Figure,
    /// Of reserve, the statement that withheld it.
    withheld_in: Option<String>,
    /// Of reserve, the date of its release.
    release_on: Option<Date>,
}

/// What is added to the lines so that they sum to the payout; nothing that is zero. Reserve stands part by part with its
/// release date; what a side has beyond its parts is a row too, so that nothing is left out.
fn beside(of: &Statement) -> Vec<Extra> {
    let plain = |what: Beside, minor: i128| Extra {
        what,
        amount: Figure::new(minor, of.currency),
        withheld_in: None,
        release_on: None,
    };
    let mut all = vec![plain(Beside::Opening, of.opening.minor)];
    let topped_up = plain(Beside::ToppedUp, -of.deposit_topped_up.minor);
    let used = plain(Beside::Used, of.deposit_used.minor);
    let sides = [
        (Beside::Withheld, true, -of.reserve_withheld.minor, topped_up),
        (Beside::Released, false, of.reserve_released.minor, used),
    ];
    for (what, is_out, whole, deposit) in sides {
        let moves = of.reserves.iter().filter(|part| (part.amount.minor < 0) == is_out);
        let parts: Vec<Extra> = moves
            .map(|part| Extra {
                withheld_in: part.withheld_in.clone(),
                release_on: part.release_on,
                ..plain(what, part.amount.minor)
            })
            .collect();
        let rest = whole - parts.iter().map(|part| part.amount.minor).sum::<i128>();
        all.extend(parts);
        all.push(plain(what, rest));
        all.push(deposit);
    }
    all.push(plain(Beside::Carried, -of.carried.minor));
    all.push(plain(Beside::Debt, of.debt.minor));
    all.retain(|extra| !extra.amount.is_zero());
    all
}
