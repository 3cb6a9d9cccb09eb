//! The reserve that a close moved, move by move: what one statement withholds, a later one releases.

use super::said::Said;
use crate::books::Books;
use crate::figure::Figure;
use crate::statement::{ReserveMove, Statement};

impl Books {
    /// What was withheld, then what was released, in the order of the close's event; last what has no date.
    pub(crate) fn reserve_moves(&self, of: &Statement) -> Vec<ReserveMove> {
        let reserve = &of.facts.reserve;
        let figure = |minor: i64| Figure::new(minor, of.currency);
        let withheld = reserve.withheld.and_then(|part| {
            let minor = part.amount.minor(of.currency).ok()?;
            Some(ReserveMove {
                withheld_in: Some(of.number.clone()),
                amount: figure(-minor),
                release_on: Some(part.release_on),
                note: self.share_note(reserve, of.currency),
            })
        });
        let released = reserve.released.iter().filter_map(|part| {
            let minor = part.amount.minor(of.currency).ok()?;
            Some(ReserveMove {
                withheld_in: Some(self.withheld_in(of, part.cycle)),
                amount: figure(minor),
                release_on: part.release_on,
                note: part.early.map(|(en, zh)| Said::new(en, zh)),
            })
        });
        // The reserve without a date is one heap: what leaves it came from no one statement.
        let undated = [(-reserve.fixed.0, Some(of.number.clone())), (reserve.fixed.1, None)];
        let undated = undated.into_iter().filter(|(minor, _)| *minor != 0).map(|(minor, from)| {
            let note = Said::new("of the reserve without a date", "无限期预留金");
            ReserveMove {
                withheld_in: from,
                amount: figure(minor),
                release_on: None,
                note: Some(note),
            }
        });
        withheld.into_iter().chain(released).chain(undated).collect()
    }
}
