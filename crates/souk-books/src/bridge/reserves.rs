//! The reserve that a close moved, move by move: what one statement withholds, a later one releases.

use super::kept::Reserve;
use super::model::ReserveMove;
use super::said::Said;
use crate::books::Books;
use crate::figure::Figure;
use crate::statement::Statement;

impl Books {
    /// What was withheld, then what was released, in the order of the close's event.
    pub(crate) fn reserve_moves(&self, reserve: &Reserve, of: &Statement) -> Vec<ReserveMove> {
        let figure = |minor: i64| Figure::new(minor, of.currency);
        let withheld = reserve.withheld.and_then(|part| {
            let minor = part.amount.minor(of.currency).ok()?;
            Some(ReserveMove {
                withheld_in: of.number.clone(),
                amount: figure(-minor),
                release_on: Some(part.release_on),
                note: self.withheld_note(reserve, of.currency),
            })
        });
        let released = reserve.released.iter().filter_map(|part| {
            let minor = part.amount.minor(of.currency).ok()?;
            Some(ReserveMove {
                withheld_in: self.withheld_in(of, part.cycle),
                amount: figure(minor),
                release_on: part.release_on,
                note: part.early.map(|(en, zh)| Said::new(en, zh)),
            })
        });
        withheld.into_iter().chain(released).collect()
    }
}
