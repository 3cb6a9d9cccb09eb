//! `balances`: what each merchant has with the platform, and in which state the money is.

use merchant_balances::Figures;
use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

/// Balances at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BalancesReport {
    /// The last entry it reflects.
    pub entry: u64,
    /// By merchant, then currency.
    pub rows: Vec<BalanceRow>,
    /// The date that divides pending from payable; none while the ledger holds no entry.
    #[serde(skip)]
    pub effective: Option<Date>,
}

/// What a merchant has in one currency; positive is the merchant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BalanceRow {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Not claimed by a close, due after the effective date.
    pub pending: Figure,
    /// Not claimed by a close, due on the effective date or before.
    pub payable: Figure,
    /// Payouts of closed cycles that are not yet instructed.
    pub due: Figure,
    /// On hold.
    pub held: Figure,
    /// Withheld for later refunds.
    pub reserved: Figure,
    /// Deposited.
    pub deposit: Figure,
    /// Prepaid advertising.
    pub ad_wallet: Figure,
    /// Payouts instructed and not yet confirmed.
    pub in_transit: Figure,
    /// Owed by the merchant, as a negative amount.
    pub debt: Figure,
    /// The signed sum of all of them.
    pub total: Figure,
}

impl BalanceRow {
    fn new(merchant: MerchantId, currency: Currency, of: &Figures) -> Self {
        let figure = |minor| Figure::new(minor, currency);
        Self {
            merchant,
            currency,
            pending: figure(of.pending),
            payable: figure(of.payable),
            due: figure(of.due),
            held: figure(of.held),
            reserved: figure(of.reserved),
            deposit: figure(of.deposit),
            ad_wallet: figure(of.ad_wallet),
            in_transit: figure(of.in_transit),
            debt: figure(of.debt),
            total: figure(of.total()),
        }
    }

    /// The states in the order of the columns, each with its name; the total is not among them.
    pub fn states(&self) -> [(&'static str, Figure); 9] {
        [
            ("pending", self.pending),
            ("payable", self.payable),
            ("due", self.due),
            ("held", self.held),
            ("reserved", self.reserved),
            ("deposit", self.deposit),
            ("ad_wallet", self.ad_wallet),
            ("in_transit", self.in_transit),
            ("debt", self.debt),
        ]
    }

    /// The address of a state, or of `total`.
    pub fn address(&self, state: &str) -> String {
        address::balance(self.merchant, self.currency, state)
    }
}

impl Books {
    /// What merchants have as of the end of a date, or of the last effective date; of one merchant
    /// or in one currency where asked.
    ///
    /// # Errors
    /// `UnknownMerchant`, with the nearest known one.
    pub fn balances(
        &self,
        effective: Option<Date>,
        merchant: Option<&str>,
        currency: Option<Currency>,
    ) -> Result<BalancesReport, BooksError> {
        let merchant = merchant.map(|text| self.find_merchant(text)).transpose()?;
        let projection = &self.models().balances;
        let effective = effective.or(projection.last_effective());
        let rows = projection.rows(self.names(), effective.unwrap_or(Date::MAX));
        let wanted = rows.iter().filter(|row| {
            merchant.is_none_or(|of| of == row.merchant)
                && currency.is_none_or(|of| of == row.currency)
        });
        let rows = wanted.map(|row| BalanceRow::new(row.merchant, row.currency, &row.figures));
        Ok(BalancesReport { entry: self.entry(), rows: rows.collect(), effective })
    }
}
