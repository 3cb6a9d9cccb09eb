//! Deposits (`deposit-<merchant>~<currency>`): what a merchant leaves with the platform as security, never below zero.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
