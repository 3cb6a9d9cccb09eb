//! The column of bars: each row begins where the row before it ended, so that the eye goes from sales to payout.

use serde::Serialize;
use souk_journal::line_kind::LineKind;

use super::model::Bridge;

/// A bar from left to right, in thousandths of the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Whether it goes down.
    pub is_minus: bool,
}

/// A bar per row of the bridge; results, and what follows the payout, begin at zero.
pub fn bars(bridge: &Bridge) -> Vec<Bar> {
    let mut spans: Vec<(i128, i128)> = Vec::new();
    let mut reached = 0;
    for of in bridge.blocks.iter().flat_map(|block| &block.rows) {
        let amount = of.amount.minor;
        let is_after = of.kind == Some(LineKind::Carried)
            && of.address.as_deref().is_some_and(|at| at.ends_with("/carried"));
        if of.is_result || is_after {
            spans.push((0, amount));
            reached = amount;
        } else {
            spans.push((reached, reached + amount));
            reached += amount;
        }
    }
    let ends = || spans.iter().flat_map(|(from, to)| [*from, *to]);
    let (least, most) = (ends().min().unwrap_or(0).min(0), ends().max().unwrap_or(0).max(0));
    let width = (most - least).max(1);
    let place = |at: i128| u32::try_from((at - least) * 1000 / width).unwrap_or_default();
    let bar = |(from, to): &(i128, i128)| Bar {
        from: place(*from.min(to)),
        to: place(*from.max(to)),
        is_minus: to < from,
    };
    spans.iter().map(bar).collect()
}

/// Characters of a bar on a terminal.
pub(super) const COLUMNS: u32 = 16;

/// The bar in characters: full going up, shaded going down, at least one where there is an amount.
pub(super) fn drawn(bar: Bar, is_nothing: bool) -> String {
    if is_nothing {
        return String::new();
    }
    let place = |at: u32| (at * COLUMNS + 500) / 1000;
    let from = place(bar.from).min(COLUMNS - 1);
    let to = place(bar.to).max(from + 1);
    let fill = if bar.is_minus { "▒" } else { "█" };
    format!("{}{}", " ".repeat(from as usize), fill.repeat((to - from) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_vanishes_and_never_leaves_its_column() {
        let of = |from, to, is_minus| drawn(Bar { from, to, is_minus }, false);
        assert_eq!(of(0, 1000, false), "█".repeat(16));
        assert_eq!(of(1000, 1000, true), format!("{}▒", " ".repeat(15)));
        assert_eq!(of(500, 501, true), format!("{}▒", " ".repeat(8)));
        assert_eq!(drawn(Bar { from: 0, to: 0, is_minus: false }, true), "");
    }
}
