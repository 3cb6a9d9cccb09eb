//! What a deposit remembers: its balance, and the payments and transfers it has seen.

use std::collections::BTreeSet;

use crate::settled_from::Source;

/// A merchant's deposit in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepositState {
    /// What is deposited, minor units; never below zero.
    pub held: i64,
    /// Payments and transfers that paid it.
    pub paid: BTreeSet<(Source, Box<str>)>,
    /// Transfers that gave it back.
    pub returned: BTreeSet<Box<str>>,
}
