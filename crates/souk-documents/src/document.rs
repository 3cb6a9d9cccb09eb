//! What a document is made of: a statement with its bridge, in a language; and its lines by order.

use std::collections::BTreeMap;

use souk_books::Statement;
use souk_books::bridge::{Bridge, Language};
use souk_books::figure::Figure;
use souk_journal::line_kind::{Block, LineKind};

/// A statement to be rendered.
#[derive(Debug, Clone)]
pub struct Document {
    /// The statement with its lines.
    pub statement: Statement,
    /// Its bridge.
    pub bridge: Bridge,
    /// The language of heads and remarks; labels are in both.
    pub language: Language,
}

/// The lines of one order, or of none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfOrder<'d> {
    /// The order; none for what is of no order.
    pub(crate) order: Option<&'d str>,
    /// Places of its lines in the statement, ascending.
    pub(crate) lines: Vec<usize>,
    /// What was sold.
    pub(crate) sold: Figure,
    /// What was taken, and given back.
    pub(crate) taken: Figure,
    /// What only moved, such as a hold.
    pub(crate) moved: Figure,
}

impl OfOrder<'_> {
    /// What the order brought into the balance in this statement.
    pub(crate) fn total(&self) -> Figure {
        Figure::new(self.sold.minor + self.taken.minor + self.moved.minor, self.sold.currency)
    }
}

/// What a line adds to: what was sold, what was taken, or what only moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Sold,
    Taken,
    Moved,
}

impl Part {
    /// The part of a kind of line.
    pub(crate) fn of(kind: LineKind) -> Self {
        match kind.block() {
            Block::Sold => Self::Sold,
            Block::Taken => Self::Taken,
            Block::Kept | Block::Internal => Self::Moved,
        }
    }
}

impl Document {
    /// The lines by order, in the order of the first line of each; what is of no order comes last.
    pub(crate) fn by_order(&self) -> Vec<OfOrder<'_>> {
        let zero = Figure::zero(self.statement.currency);
        let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut orders: Vec<OfOrder<'_>> = Vec::new();
        for (index, line) in self.statement.lines.iter().enumerate() {
            let order = line.order.as_deref();
            let place = *places.entry(order).or_insert(orders.len());
            if place == orders.len() {
                orders.push(OfOrder {
                    order,
                    lines: Vec::new(),
                    sold: zero,
                    taken: zero,
                    moved: zero,
                });
            }
            if let Some(of) = orders.get_mut(place) {
                of.lines.push(index);
                let sum = match Part::of(line.kind) {
                    Part::Sold => &mut of.sold,
                    Part::Taken => &mut of.taken,
                    Part::Moved => &mut of.moved,
                };
                sum.minor += line.amount.minor;
            }
        }
        // A stable sort: only what is of no order moves.
        orders.sort_by_key(|of| of.order.is_none());
        orders
    }
}
