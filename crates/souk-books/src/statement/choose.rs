//! Which statement is meant: merchant, cycle and currency, and what to answer when several fit.

use merchant_statements::Statement as Recorded;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;

use super::contract::Statement;
use super::cycles;
use crate::books::Books;
use crate::error::BooksError;

/// Stands for the cycle where none was named.
const LATEST: &str = "its latest cycles";

impl Books {
    /// A merchant's statement of a cycle, or of the latest closed one; in a currency where the
    /// merchant has several.
    ///
    /// A cycle that is not closed gives what a close would find so far; one without items and
    /// without an opening gives zeros.
    ///
    /// # Errors
    /// `UnknownMerchant`, `UnknownCycle`, `CycleNotBegun`, `UnknownCurrency`, `AmbiguousStatement`,
    /// `NoStatementYet`; `StatementDiffers` when the lines do not give what was recorded; or what
    /// the store says.
    pub fn statement(
        &self,
        merchant: &str,
        cycle: Option<&str>,
        currency: Option<Currency>,
    ) -> Result<Statement, BooksError> {
        let merchant = self.find_merchant(merchant)?;
        let currencies = self.currencies(merchant, currency)?;
        match cycle {
            None => self.latest(merchant, &currencies),
            Some(cycle) => self.of_cycle(merchant, cycle, &currencies),
        }
    }

    /// All closed statements of a merchant, by currency, then in closing order; in one currency
    /// where asked.
    ///
    /// # Errors
    /// As [`Books::statement`]; without a closed cycle the list is empty.
    pub fn statements(
        &self,
        merchant: &str,
        currency: Option<Currency>,
    ) -> Result<Vec<Statement>, BooksError> {
        let merchant = self.find_merchant(merchant)?;
        let mut all = Vec::new();
        for currency in self.currencies(merchant, currency)? {
            for recorded in self.closed(merchant, currency) {
                all.push(self.frozen(merchant, recorded)?);
            }
        }
        Ok(all)
    }

    /// Closed statements in closing order; the figures as recorded, without their lines.
    pub(crate) fn closed(&self, merchant: MerchantId, currency: Currency) -> &[Recorded] {
        let of = |number: MerchantNo| self.models().statements.all(number, currency);
        self.number(merchant).map_or(&[], of)
    }

    /// The currencies to look in.
    fn currencies(
        &self,
        merchant: MerchantId,
        asked: Option<Currency>,
    ) -> Result<Vec<Currency>, BooksError> {
        let known = self.number(merchant).map(|number| self.models().statements.currencies(number));
        let known = known.unwrap_or_default();
        match asked {
            None => Ok(known),
            Some(currency) if known.contains(&currency) => Ok(vec![currency]),
            // Of a merchant without any money every currency is zero.
            Some(currency) if known.is_empty() => Ok(vec![currency]),
            Some(currency) => Err(BooksError::UnknownCurrency { merchant, currency, known }),
        }
    }

    fn latest(
        &self,
        merchant: MerchantId,
        currencies: &[Currency],
    ) -> Result<Statement, BooksError> {
        let latest: Vec<&Recorded> =
            currencies.iter().filter_map(|of| self.closed(merchant, *of).last()).collect();
        match latest.as_slice() {
            [one] => self.frozen(merchant, one),
            [] => {
                let next = currencies.iter().filter_map(|of| self.next_cycle(merchant, *of));
                let next = next.min_by_key(|cycle| cycle.from).map(|of| of.id.to_string());
                Err(BooksError::NoStatementYet { merchant, next })
            }
            several => {
                let same = several.iter().all(|of| of.cycle == several[0].cycle);
                let cycle = if same { &several[0].cycle } else { LATEST };
                let choices = several.iter().map(|of| (&*of.cycle, of.currency)).collect();
                Err(ambiguous(merchant, cycle, choices))
            }
        }
    }

    fn of_cycle(
        &self,
        merchant: MerchantId,
        cycle: &str,
        currencies: &[Currency],
    ) -> Result<Statement, BooksError> {
        let in_cycle = |of: &&Recorded| &*of.cycle == cycle;
        let closed: Vec<&Recorded> = currencies
            .iter()
            .filter_map(|of| self.closed(merchant, *of).iter().find(in_cycle))
            .collect();
        match closed.as_slice() {
            [one] => return self.frozen(merchant, one),
            [] => {}
            several => {
                let choices = several.iter().map(|of| (cycle, of.currency)).collect();
                return Err(ambiguous(merchant, cycle, choices));
            }
        }
        let terms = self.models().merchants.get(merchant).map(|of| &of.state);
        let Some(dates) = terms.and_then(|terms| cycles::by_name(terms, cycle)) else {
            let closed = currencies.iter().flat_map(|of| self.closed(merchant, *of));
            let mut known: Vec<String> = closed.map(|of| of.cycle.to_string()).collect();
            known.sort();
            known.dedup();
            known.reverse();
            return Err(BooksError::UnknownCycle { merchant, cycle: cycle.to_owned(), known });
        };
        match currencies {
            [] => match self.platform_currency() {
                Some(currency) => self.so_far(merchant, &dates, currency),
                None => Err(BooksError::NoStatementYet { merchant, next: None }),
            },
            [one] => self.so_far(merchant, &dates, *one),
            several => {
                let choices = several.iter().map(|of| (cycle, *of)).collect();
                Err(ambiguous(merchant, cycle, choices))
            }
        }
    }
}

fn ambiguous(merchant: MerchantId, cycle: &str, choices: Vec<(&str, Currency)>) -> BooksError {
    let command = |(cycle, currency): &(&str, Currency)| {
        format!("souk statement {merchant} {cycle} --currency {currency}")
    };
    BooksError::AmbiguousStatement {
        merchant,
        cycle: cycle.to_owned(),
        commands: choices.iter().map(command).collect(),
        currencies: choices.iter().map(|(_, currency)| *currency).collect(),
    }
}
