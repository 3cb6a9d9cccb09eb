//! Every closed statement of a ledger, one at a time, and what they come to together.
//!
//! One statement is in memory at once. The totals are the check line of a statement over all of them: a balance that one
//! statement carries is the opening of the next, so only the first opening and the last carried balance of a merchant
//! count.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;
use crate::statement::Statement;

/// What was written by `export statements`: its `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementsExported {
    /// `souk-statements/v1`.
    pub form: String,
    /// The ledger.
    pub ledger: String,
    /// The last entry that is reflected.
    pub entry: u64,
    /// The one currency that was exported; every one where it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Merchants with a closed statement.
    pub merchants: u64,
    /// Statements.
    pub statements: u64,
    /// Lines of all of them.
    pub lines: u64,
    /// What they come to, by currency.
    pub totals: Vec<StatementTotals>,
    /// The files beside this one.
    pub files: Vec<ExportedFile>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExportedFile {
    /// Its name.
    pub name: String,
    /// Rows below its header.
    pub rows: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// Statements of one currency: opening + earned + moved − withheld − topped up + released + used = payouts + carried − debts.
///
/// opening + earned + moved is everything that was claimed: all lines. What was paid and came back is in `moved`, so that it
/// is not earned twice, and once more in the payouts; `payouts_returned` says how much of that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementTotals {
    /// Currency of every amount.
    pub currency: Currency,
    /// Statements.
    pub statements: u64,
    /// Lines.
    pub lines: u64,
    /// Openings of the first statement of each merchant.
    pub opening: Figure,
    /// Sum of the lines of what was sold and what was taken.
    pub earned: Figure,
    /// Sum of the lines that only move money: payouts that came back, holds, loans, deposits, debts.
    pub moved: Figure,
    /// Of what moved: payouts that the bank sent back, or that could not be sent.
    pub payouts_returned: Figure,
    /// Reserve withheld by all.
    pub withheld: Figure,
    /// Reserve released by all.
    pub released: Figure,
    /// Withheld by all to fill deposits.
    pub topped_up: Figure,
    /// Used of deposits by all.
    pub used: Figure,
    /// Paid out by all.
    pub payouts: Figure,
    /// What the last statement of each merchant carries.
    pub carried: Figure,
    /// What became a debt, less what was kept for one.
    pub debts: Figure,
}

/// Adds statements up in the order of [`Books::each_statement`].
#[derive(Debug, Default)]
pub struct StatementSums {
    totals: BTreeMap<&'static str, StatementTotals>,
    /// Merchant and currency of the statement before.
    before: Option<(MerchantId, Currency)>,
    merchants: u64,
}

/// Payouts among the lines that the bank sent back, or that could not be sent.
pub fn payouts_returned(of: &Statement) -> Figure {
    of.sum_of(|kind| kind == LineKind::PayoutReturned || kind == LineKind::PayoutFailed)
}

impl StatementTotals {
    fn zero(currency: Currency) -> Self {
        let none = Figure::zero(currency);
        Self {
            currency,
            statements: 0,
            lines: 0,
            opening: none,
            earned: none,
            moved: none,
            payouts_returned: none,
            withheld: none,
            released: none,
            topped_up: none,
            used: none,
            payouts: none,
            carried: none,
            debts: none,
        }
    }

    /// Whether the check line holds.
    pub fn adds_up(&self) -> bool {
        let taken = self.withheld.minor + self.topped_up.minor;
        let given = self.released.minor + self.used.minor;
        let claimed = self.opening.minor + self.earned.minor + self.moved.minor;
        let closing = claimed - taken + given;
        closing == self.payouts.minor + self.carried.minor - self.debts.minor
    }
}

impl StatementSums {
    /// Adds one statement; those of a merchant and currency come together, in closing order.
    pub fn add(&mut self, of: &Statement) {
        let account = (of.merchant, of.currency);
        let is_first = self.before != Some(account);
        if self.before.is_none_or(|(merchant, _)| merchant != of.merchant) {
            self.merchants += 1;
        }
        self.before = Some(account);
        let code = of.currency.code();
        let totals = self.totals.entry(code).or_insert_with(|| StatementTotals::zero(of.currency));
        totals.statements += 1;
        totals.lines += of.lines.len() as u64;
        if is_first {
            totals.opening.minor += of.opening.minor;
        } else {
            // The balance went on into this statement.
            totals.carried.minor -= of.opening.minor;
        }
        totals.earned.minor += of.earned.minor;
        totals.moved.minor += of.moved.minor;
        totals.payouts_returned.minor += payouts_returned(of).minor;
        totals.withheld.minor += of.reserve_withheld.minor;
        totals.released.minor += of.reserve_released.minor;
        totals.topped_up.minor += of.deposit_topped_up.minor;
        totals.used.minor += of.deposit_used.minor;
        totals.payouts.minor += of.payout.minor;
        totals.carried.minor += of.carried.minor;
        totals.debts.minor += of.debt.minor;
    }

    /// Merchants so far.
    pub fn merchants(&self) -> u64 {
        self.merchants
    }

    /// The sums, by currency code.
    pub fn totals(self) -> Vec<StatementTotals> {
        self.totals.into_values().collect()
    }
}

impl Books {
    /// Hands every closed statement over: by merchant, then currency, then in closing order; in one currency where asked.
    ///
    /// # Errors
    /// `StatementDiffers` when the lines of one do not give what was recorded, what the store says, or what `read` says;
    /// nothing is handed over after it.
    pub fn each_statement<E: From<BooksError>>(
        &self,
        currency: Option<Currency>,
        mut read: impl FnMut(&Statement) -> Result<(), E>,
    ) -> Result<(), E> {
        for (merchant, recorded) in self.models().statements.iter(self.names()) {
            if currency.is_none_or(|currency| currency == recorded.currency) {
                read(&self.frozen(merchant, recorded)?)?;
            }
        }
        Ok(())
    }
}
