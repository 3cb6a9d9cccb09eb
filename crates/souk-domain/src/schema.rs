//! Schemas (`schema-main`): the log carries the JSON Schema of every event it holds, so that it decodes
//! from itself in ten years.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
