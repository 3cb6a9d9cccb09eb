//! Books (`book-<book>`): the platform's months close once, at an entry number.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
