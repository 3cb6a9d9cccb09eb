//! Advertising (`advertising-<merchant>~<currency>`): a prepaid wallet that never falls below zero, credit beside it, and
//! what campaigns cost at billing grain.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod refusal;
pub mod share;
pub mod state;
