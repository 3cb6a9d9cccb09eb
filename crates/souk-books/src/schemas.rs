//! The JSON Schema of every answer, from its type; committed as `fixtures/schemas/*.schema.json`.

use schemars::{Schema, schema_for};

use crate::balances::BalancesReport;
use crate::close_summary::CloseSummary;
use crate::control::ControlTotals;
use crate::order_life::OrderLife;
use crate::replay::ReplayReport;
use crate::revenue::RevenueReport;
use crate::statement::Statement;
use crate::trial_balance::TrialBalanceReport;

/// Every answer by the command that gives it.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("balances", schema_for!(BalancesReport)),
        ("close", schema_for!(CloseSummary)),
        ("control-totals", schema_for!(ControlTotals)),
        ("order", schema_for!(OrderLife)),
        ("replay", schema_for!(ReplayReport)),
        ("revenue", schema_for!(RevenueReport)),
        ("statement", schema_for!(Statement)),
        ("statements", schema_for!(Vec<Statement>)),
        ("trial-balance", schema_for!(TrialBalanceReport)),
    ]
}
