//! Rates of exchange (`fxrate-<pair>~<year>`, such as `fxrate-USD.CNY~2026`): one rate per day, which holds until the next
//! day that has one. Conversions keep the rate they were made at; a correction changes what is converted later, and nothing
//! that was converted.

pub mod commands;
pub mod decide;
pub mod events;
pub mod exchange_rate;
pub mod pair;
pub mod posting;
pub mod quote;
pub mod state;
