//! Merchants (`merchant-<id>`): who is enrolled, on which terms they are settled, and how their accounts end.

mod closing;
pub mod commands;
pub mod decide;
pub mod events;
pub mod payouts;
pub mod posting;
pub mod refusal;
pub mod state;
