//! `trial-balance`: what was debited and credited on every account.

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::figure::Figure;

/// The trial balance at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrialBalanceReport {
    /// The last entry it reflects.
    pub entry: u64,
    /// Accounts in the chart's order, then merchant, then currency.
    pub rows: Vec<TrialBalanceRow>,
    /// Per currency.
    pub totals: Vec<TrialBalanceTotal>,
}

/// One account, of a merchant where it is kept for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrialBalanceRow {
    /// The account.
    pub account: String,
    /// The merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Sum of debits, ≥ 0.
    pub debits: Figure,
    /// Sum of credits, ≥ 0.
    pub credits: Figure,
    /// Debits − credits.
    pub balance: Figure,
}

/// Both sides in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrialBalanceTotal {
    /// Currency of the amounts.
    pub currency: Currency,
    /// Sum of all debits.
    pub debits: Figure,
    /// Sum of all credits; equal to the debits.
    pub credits: Figure,
}

impl TrialBalanceRow {
    /// The address of the balance.
    pub fn address(&self) -> String {
        address::trial_balance(&self.account, self.merchant, self.currency)
    }
}

impl Books {
    /// The trial balance.
    pub fn trial_balance(&self) -> TrialBalanceReport {
        let projection = &self.models().trial_balance;
        let rows = projection.rows(self.names()).into_iter().map(|row| {
            let figure = |minor| Figure::new(minor, row.currency);
            TrialBalanceRow {
                account: row.account.to_string(),
                merchant: row.merchant,
                currency: row.currency,
                debits: figure(row.debits),
                credits: figure(row.credits),
                balance: figure(row.balance),
            }
        });
        let totals = projection.totals().into_iter().map(|total| TrialBalanceTotal {
            currency: total.currency,
            debits: Figure::new(total.debits, total.currency),
            credits: Figure::new(total.credits, total.currency),
        });
        TrialBalanceReport { entry: self.entry(), rows: rows.collect(), totals: totals.collect() }
    }
}
