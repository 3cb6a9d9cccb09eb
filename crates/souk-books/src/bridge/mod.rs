//! The bridge from sales to payout: how what a merchant sold became what it was paid.
//!
//! Gross first, every deduction its own row, signs as the merchant's balance sees them. The order of
//! rows is fixed, so that two statements compare line by line; rows with nothing are left out except
//! opening, reserves and carried. One model for the terminal, pages, PDF and spreadsheets.
//!
//! Reading order: [`model`], `said`, `build`, `notes`, `kept`, `sentences`, `reserves`, `taxes`, `dates`, `bars`, [`text`], `width`.

mod bars;
mod build;
mod dates;
mod kept;
pub mod model;
mod notes;
mod reserves;
mod said;
mod sentences;
mod taxes;
pub mod text;
mod width;

pub use crate::statement::ReserveMove;
pub use bars::{Bar, bars};
pub use dates::{day, day_zh, period, period_zh};
pub use model::{Bridge, BridgeBlock, BridgeRow, Check, Status, TaxRow};
pub use said::{Language, Said};
pub use text::{check_line, render_text, render_text_in};
pub use width::width;
