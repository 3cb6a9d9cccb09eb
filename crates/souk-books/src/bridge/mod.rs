//! The bridge from sales to payout: how what a merchant sold became what it was paid.
//!
//! Gross first, every deduction its own row, signs as the merchant's balance sees them. The order of
//! rows is fixed, so that two statements compare line by line; rows with nothing are left out except
//! opening, reserves and carried. One model for the terminal, pages, PDF and spreadsheets.
//!
//! Reading order: [`model`], `build`, `notes`, `kept`, `dates`, [`text`], `width`.

mod build;
mod dates;
mod kept;
pub mod model;
mod notes;
pub mod text;
mod width;

pub use dates::{day, period};
pub use model::{Bridge, BridgeBlock, BridgeRow, Check, Status};
pub use text::render_text;
pub use width::width;
