//! The JSON Schema of every answer, from its type; committed as `fixtures/schemas/*.schema.json`.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::account::MerchantAccount;
use crate::balances::BalancesReport;
use crate::close_summary::CloseSummary;
use crate::control::ControlTotals;
use crate::early_payout::EarlyPayout;
use crate::every_statement::StatementsExported;
use crate::objections::ObjectionsReport;
use crate::order_life::OrderLife;
use crate::payouts::PayoutsReport;
use crate::recognised::Recognised;
use crate::replay::ReplayReport;
use crate::revenue::RevenueReport;
use crate::revenue::as_reported::AsReported;
use crate::statement::Statement;
use crate::statement::compare::StatementComparison;
use crate::statement::verified::StatementsVerified;
use crate::tariff::diff::TariffDiff;
use crate::tariff::explain::Explained;
use crate::tariff::show::TariffShown;
use crate::tariff::simulate::Simulation;
use crate::taxes::TaxesReport;
use crate::trial_balance::TrialBalanceReport;

/// Every answer by the command that gives it.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("merchant", schema::<MerchantAccount>()),
        ("balances", schema::<BalancesReport>()),
        ("close", schema::<CloseSummary>()),
        ("control-totals", schema::<ControlTotals>()),
        ("early-payout", schema::<EarlyPayout>()),
        ("export-statements", schema::<StatementsExported>()),
        ("objections", schema::<ObjectionsReport>()),
        ("order", schema::<OrderLife>()),
        ("payouts", schema::<PayoutsReport>()),
        ("replay", schema::<ReplayReport>()),
        ("revenue", schema::<RevenueReport>()),
        ("revenue-as-reported", schema::<AsReported>()),
        ("statement", schema::<Statement>()),
        ("statement-compare", schema::<StatementComparison>()),
        ("statement-verify", schema::<StatementsVerified>()),
        ("statements", schema::<Vec<Statement>>()),
        ("tariff-diff", schema::<TariffDiff>()),
        ("tariff-explain", schema::<Explained>()),
        ("tariff-show", schema::<TariffShown>()),
        ("tariff-simulate", schema::<Simulation>()),
        ("taxes", schema::<TaxesReport>()),
        ("tick", schema::<Recognised>()),
        ("trial-balance", schema::<TrialBalanceReport>()),
    ]
}

/// As the answer is written: what is always there is required, even where it may be null.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
