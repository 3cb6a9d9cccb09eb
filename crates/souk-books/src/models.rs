//! The read models behind every answer: seven projections of money, and the registers of facts.

use merchant_balances::MerchantBalances;
use merchant_holds::MerchantHolds;
use merchant_statements::MerchantStatements;
use platform_revenue::PlatformRevenue;
use platform_taxes::PlatformTaxes;
use settlement_cycles::SettlementCycles;
use souk_journal::projection::Projection;
use souk_projector::{ReadModels, Register};
use souk_registers::{
    AdCredits, FeeInvoices, LedgerRegister, Memberships, Merchants, Objections, Orders, Payees,
    Payouts, Tariffs,
};
use trial_balance::TrialBalance;

/// All read models; the projector keeps them at one entry number.
#[derive(Debug, Default)]
pub struct Models {
    /// What was debited and credited on every account.
    pub trial_balance: TrialBalance,
    /// What merchants have, by state.
    pub balances: MerchantBalances,
    /// Open items and closed cycles, each closed cycle computed again.
    pub cycles: SettlementCycles,
    /// Closed statements and where their lines are.
    pub statements: MerchantStatements,
    /// Revenue by month and line.
    pub revenue: PlatformRevenue,
    /// Taxes that the platform owes.
    pub taxes: PlatformTaxes,
    /// What of merchants is on hold.
    pub holds: MerchantHolds,
    /// Orders and their states.
    pub orders: Orders,
    /// Merchants and their terms.
    pub merchants: Merchants,
    /// Tariffs and their versions.
    pub tariffs: Tariffs,
    /// Terms that were sold.
    pub memberships: Memberships,
    /// Invoices of fees and their red letters.
    pub fee_invoices: FeeInvoices,
    /// Payees of merchants.
    pub payees: Payees,
    /// Payouts and their files.
    pub payouts: Payouts,
    /// Advertising credit that expires.
    pub ad_credits: AdCredits,
    /// Objections to statements.
    pub objections: Objections,
    /// The ledger: its identity, close runs and books.
    pub ledger: LedgerRegister,
}

impl Models {
    /// Read models that hold nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every projection, in the order in which the projector feeds them.
    pub fn all_projections(&self) -> [&dyn Projection; 7] {
        [
            &self.trial_balance,
            &self.balances,
            &self.cycles,
            &self.statements,
            &self.revenue,
            &self.taxes,
            &self.holds,
        ]
    }
}

impl ReadModels for Models {
    fn projections(&mut self) -> Vec<&mut dyn Projection> {
        vec![
            &mut self.trial_balance,
            &mut self.balances,
            &mut self.cycles,
            &mut self.statements,
            &mut self.revenue,
            &mut self.taxes,
            &mut self.holds,
        ]
    }

    fn registers(&mut self) -> Vec<&mut dyn Register> {
        vec![
            &mut self.orders,
            &mut self.merchants,
            &mut self.tariffs,
            &mut self.memberships,
            &mut self.fee_invoices,
            &mut self.payees,
            &mut self.payouts,
            &mut self.ad_credits,
            &mut self.objections,
            &mut self.ledger,
        ]
    }
}
