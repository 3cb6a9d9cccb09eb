//! Payees (`payee-<merchant>~<currency>`): where a merchant's payouts go. The details are in a vault; the log has a
//! commitment to them and their last four characters.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
