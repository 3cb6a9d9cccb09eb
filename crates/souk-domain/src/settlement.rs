//! Settlement (`settlement-<merchant>~<currency>`): cycles close once, claim every matured item once, and carry what they do not pay; an account that ends is settled whole, and what is owed after that is a debt.

pub mod close;
pub mod commands;
pub mod debts;
pub mod decide;
pub mod events;
mod last;
pub mod objections;
pub mod posting;
pub mod state;
