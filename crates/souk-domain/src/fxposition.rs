//! Positions in currencies that are not the platform's (`fxposition-<currency>`).
//!
//! Completions and refunds that convert leave a currency with the platform and owe another to the merchant; until provider
//! or bank have exchanged it, the platform bears the rate. The stream guards that each conversion is counted in it once,
//! that an exchange is recorded once, and that every gain and loss is realised once: what it holds and what that cost stand
//! in its own events.

pub mod commands;
pub mod decide;
pub mod events;
pub mod position;
pub mod posting;
pub mod state;
