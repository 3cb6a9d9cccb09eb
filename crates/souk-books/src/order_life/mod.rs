//! `order`: the life of one order's money, in time order.
//!
//! Reading order: [`contract`], `words`, `build`, `open`.

mod build;
pub mod contract;
mod open;
mod words;

pub use contract::{Claimed, Escrow, OrderFact, OrderLife, PostingLine, StillOpen};
