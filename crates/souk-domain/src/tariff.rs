//! Tariffs (`tariff-<name>`): fees as data, in versions with effective dates that never overlap.

pub mod assess;
pub mod checks;
pub mod commands;
pub mod decide;
pub mod events;
pub mod freight;
mod parts;
pub mod period;
pub mod posting;
pub mod returns;
pub mod state;
