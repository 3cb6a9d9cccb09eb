//! What a deposit remembers: its balance, and the payments and transfers it has seen.

use std::collections::BTreeSet;

use souk_journal::ids::CycleId;

use crate::settled_from::Source;

/// A merchant's deposit in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepositState {
    /// What is deposited and not set aside, minor units, without what closes topped up; with it never below zero.
    pub held: i64,
    /// What was set aside last: for which cycle, minor units.
    pub set_aside: Option<(CycleId, i64)>,
    /// Payments and transfers that paid it.
    pub paid: BTreeSet<(Source, Box<str>)>,
    /// Transfers that gave it back.
    pub returned: BTreeSet<Box<str>>,
}
