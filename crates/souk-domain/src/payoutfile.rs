//! Files of payouts (`payoutfile-<account>`): which files went out of one account of the platform, in order.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
