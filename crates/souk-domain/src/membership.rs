//! Terms that were sold (`membership-<id>`): a membership, or a year of another service, to a merchant or a buyer.
//!
//! The price is deferred without its tax and earned by the days that passed, in bookings that are differences of a
//! cumulative figure. A term ends, is cancelled (what is unused goes back, or is forfeited) or is upgraded (what is
//! unused pays for a part of the new one); or it renews itself, as agreed, perhaps at a lower plan.

pub mod commands;
pub mod decide;
pub mod events;
mod invoice;
pub mod posting;
pub mod refusal;
pub mod renewal;
pub mod state;
