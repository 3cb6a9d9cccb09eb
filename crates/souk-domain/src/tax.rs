//! Taxes of a jurisdiction (`tax-<jurisdiction>~<currency>`): what the platform pays to it, and the tax within its own
//! costs that it sets off.
//!
//! What is collected, withheld and charged arises in the streams of orders and merchants, so this stream cannot say how
//! much is owed: `souk taxes` does. It guards what its own events carry: a transfer is recorded once, an invoice is
//! claimed once, and no more input tax is set off than was claimed.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
