//! What is shown: statements by merchant, currency and cycle, and the lines that are still open.

use souk_journal::entry::EntryNumber;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::{MerchantNo, Names};

use crate::MerchantStatements;
use crate::state::File;
use crate::statement::{OpenLine, Statement};

/// Lines of a currency counted twice, minor units: from closes, and from items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTotal {
    /// The currency of the sums.
    pub currency: Currency,
    /// Σ lines that closes recorded.
    pub recorded_lines: i128,
    /// Σ of the items that the statements refer to.
    pub referred_lines: i128,
}

impl MerchantStatements {
    /// The latest closed statement.
    pub fn latest(&self, merchant: MerchantNo, currency: Currency) -> Option<&Statement> {
        self.all(merchant, currency).last()
    }

    /// The closed statement of a cycle.
    pub fn by_cycle(
        &self,
        merchant: MerchantNo,
        currency: Currency,
        cycle: &str,
    ) -> Option<&Statement> {
        self.all(merchant, currency).iter().rev().find(|statement| &*statement.cycle == cycle)
    }

    /// Closed statements in closing order.
    pub fn all(&self, merchant: MerchantNo, currency: Currency) -> &[Statement] {
        self.file(merchant, currency).map_or(&[], |file| &file.statements)
    }

    /// Lines in entry order that no close has claimed, a carried balance among them.
    pub fn open(&self, merchant: MerchantNo, currency: Currency) -> &[OpenLine] {
        self.file(merchant, currency).map_or(&[], |file| &file.open)
    }

    /// Currencies in which a merchant has statements or open lines, by code.
    pub fn currencies(&self, merchant: MerchantNo) -> Vec<Currency> {
        let files = self.files.get(merchant.0 as usize);
        let mut codes: Vec<Currency> = files.into_iter().flatten().map(|of| of.currency).collect();
        codes.sort_by_key(|currency| currency.code());
        codes
    }

    /// Every closed statement: by merchant, then currency, then in closing order.
    pub fn iter<'s>(
        &'s self,
        names: &Names,
    ) -> impl Iterator<Item = (MerchantId, &'s Statement)> + use<'s> {
        let merchants = (0..).map(MerchantNo).zip(&self.files);
        let mut files: Vec<(MerchantId, &File)> = merchants
            .filter_map(|(number, files)| names.merchant(number).zip(Some(files)))
            .flat_map(|(merchant, files)| files.iter().map(move |file| (merchant, file)))
            .collect();
        files.sort_by_key(|(merchant, file)| (*merchant, file.currency.code()));
        let of_file = |(merchant, file): (MerchantId, &'s File)| {
            file.statements.iter().map(move |statement| (merchant, statement))
        };
        files.into_iter().flat_map(of_file)
    }

    /// Recorded against referred lines, by currency code.
    pub fn control_totals(&self) -> Vec<ControlTotal> {
        let mut totals: Vec<ControlTotal> = Vec::new();
        for statement in self.files.iter().flatten().flat_map(|file| &file.statements) {
            let currency = statement.currency;
            let recorded_lines = i128::from(statement.lines);
            let referred_lines = statement.subtotals().map(|total| i128::from(total.amount)).sum();
            match totals.iter_mut().find(|total| total.currency == currency) {
                Some(total) => {
                    total.recorded_lines += recorded_lines;
                    total.referred_lines += referred_lines;
                }
                None => totals.push(ControlTotal { currency, recorded_lines, referred_lines }),
            }
        }
        totals.sort_by_key(|total| total.currency.code());
        totals
    }

    /// The last entry folded.
    pub fn last_entry(&self) -> Option<EntryNumber> {
        self.last_entry
    }

    fn file(&self, merchant: MerchantNo, currency: Currency) -> Option<&File> {
        let files = self.files.get(merchant.0 as usize)?;
        files.iter().find(|file| file.currency == currency)
    }
}
