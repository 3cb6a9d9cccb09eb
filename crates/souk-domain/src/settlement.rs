//! Settlement (`settlement-<merchant>~<currency>`): cycles close once, claim every matured item once, and carry what they do not pay.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
