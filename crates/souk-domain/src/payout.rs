//! Payouts (`payout-<32 hex>`): one instruction per closed cycle, then paid, failed or returned.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod reason;
pub mod state;
pub mod verdict;
