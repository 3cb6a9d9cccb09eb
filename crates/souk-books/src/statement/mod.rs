//! `statement`: what a merchant was paid for a cycle, and the lines that make it up.
//!
//! Lines are fetched from the log by entry number, and the recorded digest and sums are computed
//! again from what was fetched: a statement that does not follow from its lines is an error.
//!
//! Reading order: [`contract`], `choose`, `cycles`, `lines`, `charges`, `conversion`, `order_facts`, `reserve`, `transfer`,
//! `build`, [`compare`], [`verified`], [`forms`].

mod build;
mod charges;
mod choose;
pub mod compare;
pub mod contract;
mod conversion;
mod cycles;
pub mod forms;
mod lines;
mod order_facts;
pub(crate) mod reserve;
mod transfer;
pub mod verified;

pub use contract::{Facts, ReserveMove, Statement, StatementLine, StatementSubtotal, TariffRef};
pub use conversion::LineConversion;
pub use transfer::Transfer;
