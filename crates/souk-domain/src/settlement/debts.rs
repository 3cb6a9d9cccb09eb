//! A merchant's debt in one currency: recognised, provided for, collected, written off; never below zero.
//!
//! It stands in the settlement's stream, because a debt begins where a balance ends: at a close.

pub mod commands;
pub mod decide;
