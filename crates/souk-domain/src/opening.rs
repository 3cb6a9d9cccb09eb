//! Opening balances (`opening-<merchant>`, and `opening-platform~main` for the platform's own): what a marketplace that
//! goes live mid-life brings forward from its books before.
//!
//! A balance whose bound a stream guards (deposit, wallet, reserve, debt, term) is brought forward by an event of that
//! stream, so that the stream's own events carry all its guard needs. Everything is posted against `OpeningBalances`,
//! which must return to zero.

pub mod commands;
pub mod decide;
pub mod events;
pub mod guarded;
pub mod posting;
pub mod state;
