//! Orders (`order-<id>`): the life of one order's money, from payment through escrow to the
//! merchants and, perhaps, back.
//!
//! The stream guards every return of the buyer's money (per line and per payment) and that a
//! merchant's part completes once. Refund algebra: what is returned of a fee, a subsidy or a
//! channel fee is a rounded share of the *cumulative* refund, each event the difference from the
//! last, so any sequence of partial refunds sums exactly to the charge.

pub mod advance;
pub mod charge;
pub mod claim;
pub mod commands;
mod complete;
pub mod conversion;
mod converted;
pub mod corrected;
pub mod decide;
pub mod events;
pub mod hold;
pub mod partner;
pub mod pay;
pub mod place;
pub mod posting;
mod red_letter;
pub mod refund;
pub mod refusal;
pub mod state;
mod tax;
mod withholding;
