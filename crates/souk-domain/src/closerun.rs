//! Close runs (`closerun-<id>`): one cut-off, one claim point N, pinned before any cycle closes.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
