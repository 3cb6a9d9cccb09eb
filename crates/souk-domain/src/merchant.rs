//! Merchants (`merchant-<id>`): who is enrolled, and on which terms they are settled.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
