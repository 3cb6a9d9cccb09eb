//! What an early payout paid, and on which days it comes back out of the payable.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::event::LedgerEvent;
use souk_domain::service::events::{PayoutAdvanced, ServiceEvent};
use souk_journal::dates::Date;
use souk_journal::ids::{ChargeId, MerchantId};
use souk_journal::money::{Amount, Currency};

use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;

/// An early payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EarlyPayout {
    /// The merchant.
    pub merchant: MerchantId,
    /// Its name.
    pub payout: ChargeId,
    /// Currency of the amounts.
    pub currency: Currency,
    /// What was paid by the transfer.
    pub paid: Amount,
    /// The fee, without tax.
    pub fee: Amount,
    /// Tax on it.
    pub tax: Amount,
    /// The transfer.
    pub transfer: String,
    /// What comes back out of the payable, by day.
    pub days: Vec<EarlyDay>,
}

/// A day of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EarlyDay {
    /// The day on which the items fall due.
    pub due_on: Date,
    /// What was paid early for them.
    pub paid_early: Amount,
    /// Fee and tax, where the day bears them.
    pub fee_and_tax: Amount,
}

impl EarlyPayout {
    fn of(of: &PayoutAdvanced<'_>) -> Self {
        let paid: Decimal = of.days.iter().map(|day| day.amount.decimal()).sum();
        let amount = |sum: Decimal| {
            let amount = Amount::from(sum);
            amount.at_scale(of.currency).unwrap_or(amount)
        };
        let day = |due_on, paid_early| EarlyDay {
            due_on,
            paid_early,
            fee_and_tax: if due_on == of.fee_due_on {
                amount(of.fee.decimal() + of.tax.decimal())
            } else {
                amount(Decimal::ZERO)
            },
        };
        Self {
            merchant: of.merchant,
            payout: of.payout,
            currency: of.currency,
            paid: amount(paid),
            fee: of.fee,
            tax: amount(of.tax.decimal()),
            transfer: of.transfer.to_string(),
            days: of.days.iter().map(|of| day(of.due_on, of.amount)).collect(),
        }
    }
}

impl Books {
    /// The early payout that a stream has at a revision, if it has one there.
    ///
    /// # Errors
    /// What the store says, or an event that cannot be read.
    pub fn early_payout(
        &self,
        stream: &str,
        revision: u64,
    ) -> Result<Option<EarlyPayout>, BooksError> {
        let mut found = None;
        Fetcher::new(self.store.as_ref()).stream(stream, |fetched| {
            if let LedgerEvent::Service(ServiceEvent::PayoutAdvanced(of)) = fetched.event
                && fetched.entry.source.revision == revision
            {
                found = Some(EarlyPayout::of(of));
            }
            Ok(())
        })?;
        Ok(found)
    }
}
