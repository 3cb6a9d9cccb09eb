//! `tariff-explain`: why an order was charged what it was, so that a person can compute it again; and what another tariff
//! would have charged for it.
//!
//! Reading order: [`contract`], `build`, `arithmetic`, `under`.

mod arithmetic;
mod build;
pub mod contract;
mod under;

pub use contract::{
    Condition, Explained, ExplainedFee, ExplainedLine, Step, UnderAnother, UnderLine, Why,
};
