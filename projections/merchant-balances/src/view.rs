//! What is shown: the states of a merchant's money as of a date, and their sums.

use std::iter::once;

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};

use crate::MerchantBalances;
use crate::figures::Figures;
use crate::state::{Purse, STATES};

/// What one merchant has in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceRow {
    /// The merchant.
    pub merchant: MerchantId,
    /// The currency of the figures.
    pub currency: Currency,
    /// By state, minor units.
    pub figures: Figures,
}

/// What all merchants have in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceTotal {
    /// The currency of the figures.
    pub currency: Currency,
    /// By state, minor units.
    pub figures: Figures,
}

/// The balance that an account of the trial balance must have in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTotal {
    /// The account.
    pub account: Account,
    /// The currency of the balance.
    pub currency: Currency,
    /// Debits − credits in minor units: the negative of what the merchants have there.
    pub balance: i128,
}

impl MerchantBalances {
    /// Every merchant and currency that ever had money here, by merchant, then currency; pending
    /// and payable are divided as of the end of `on`. `names` are those of the same ledger.
    pub fn rows(&self, names: &Names, on: Date) -> Vec<BalanceRow> {
        let mut rows: Vec<BalanceRow> = self
            .of_merchants()
            .filter_map(|(number, purse)| {
                let merchant = names.merchant(number)?;
                let figures = Figures::of(purse, on);
                Some(BalanceRow { merchant, currency: purse.currency, figures })
            })
            .collect();
        rows.sort_by_key(|row| (row.merchant, row.currency.code()));
        rows
    }

    /// One merchant in one currency as of the end of `on`; nothing if it never had any there.
    pub fn figures(&self, merchant: MerchantNo, currency: Currency, on: Date) -> Option<Figures> {
        let purses = self.purses.get(merchant.0 as usize)?;
        let purse = purses.iter().find(|purse| purse.currency == currency)?;
        Some(Figures::of(purse, on))
    }

    /// Sums over merchants as of the end of `on`, by currency code.
    pub fn totals(&self, on: Date) -> Vec<BalanceTotal> {
        let mut totals: Vec<BalanceTotal> = Vec::new();
        for (_, purse) in self.of_merchants() {
            let (currency, figures) = (purse.currency, Figures::of(purse, on));
            match totals.iter_mut().find(|total| total.currency == currency) {
                Some(total) => total.figures += figures,
                None => totals.push(BalanceTotal { currency, figures }),
            }
        }
        totals.sort_by_key(|total| total.currency.code());
        totals
    }

    /// What the trial balance must show per account and currency, by currency code, then account.
    pub fn control_totals(&self) -> Vec<ControlTotal> {
        let of_currency = |BalanceTotal { currency, figures }: BalanceTotal| {
            let items = (Account::MerchantPayable, figures.pending + figures.payable);
            once(items)
                .chain(STATES.into_iter().zip(figures.sums()))
                .map(move |(account, sum)| ControlTotal { account, currency, balance: -sum })
        };
        self.totals(Date::MAX).into_iter().flat_map(of_currency).collect()
    }

    /// The latest accounting date among all entries: the date of a view that names none.
    pub fn last_effective(&self) -> Option<Date> {
        self.last_effective
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.last_entry
    }

    /// Purses of merchants. Money posted for no merchant is left out, so that the control totals
    /// show it as a difference.
    fn of_merchants(&self) -> impl Iterator<Item = (MerchantNo, &Purse)> {
        let merchants = (1..).map(MerchantNo).zip(self.purses.iter().skip(1));
        merchants.flat_map(|(number, purses)| purses.iter().map(move |purse| (number, purse)))
    }
}
