//! Invoices of fees beside orders, and the red-letter invoices (红字发票) of what comes back of them: one rule for services
//! and for terms. Orders have theirs in [`crate::order`], by merchant and fee.
//!
//! The stream of the charge knows what of it came back, so it guards that a red letter is for exactly that.

use souk_journal::ids::Id;
use souk_journal::money::{Amount, Currency, MoneyError};

use crate::refusal_codes;

/// A charge that stands on an invoice; amounts without tax and of tax, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoiced {
    /// Number of the invoice.
    pub invoice: Id,
    /// What came back of the charge, before the invoice too.
    pub came_back: (i64, i64),
    /// What of that needs no red letter any more: the invoice is less by it, or it has one.
    pub settled: (i64, i64),
    /// Its red letters.
    pub red_letters: Vec<Id>,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedLetterRefusal {
    /// Invoiced already.
    #[error("it stands on invoice {0} already")]
    FeeInvoicedAlready(Id),
    /// On no invoice.
    #[error("it stands on no invoice, so nothing needs a red letter")]
    FeeNotInvoiced,
    /// Nothing came back.
    #[error("nothing came back of it since its invoice or its last red letter")]
    NothingForRedLetter,
    /// Recorded already.
    #[error("red letter {0} is recorded already")]
    RedLetterRecordedAlready(Id),
    /// Another amount.
    #[error("the red letter has tax of {asked}, and {pending} are pending")]
    RedLetterDiffers {
        /// Asked for.
        asked: Amount,
        /// Pending.
        pending: Amount,
    },
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
}

refusal_codes!(RedLetterRefusal {
    FeeInvoicedAlready,
    FeeNotInvoiced,
    NothingForRedLetter,
    RedLetterRecordedAlready,
    RedLetterDiffers,
    UnusableAmount,
});

impl Invoiced {
    /// On an invoice that is less by what had come back.
    pub fn new(invoice: Id, came_back: (i64, i64)) -> Self {
        Self { invoice, came_back, settled: came_back, red_letters: Vec::new() }
    }

    /// More came back.
    pub fn add(&mut self, net: i64, tax: i64) {
        self.came_back = (self.came_back.0 + net, self.came_back.1 + tax);
    }

    /// A red letter was issued for everything that was pending.
    pub fn settle(&mut self, red_letter: Id) {
        self.settled = self.came_back;
        self.red_letters.push(red_letter);
    }

    /// What waits for a red letter.
    pub fn pending(&self) -> (i64, i64) {
        (self.came_back.0 - self.settled.0, self.came_back.1 - self.settled.1)
    }
}

/// What a red letter is for: everything pending of the first invoice that has something pending.
///
/// # Errors
/// [`RedLetterRefusal`].
pub fn red_letter<'s>(
    invoices: impl Iterator<Item = &'s Invoiced> + Clone,
    (number, asked): (Id, Option<Amount>),
    currency: Currency,
) -> Result<(Id, Amount, Amount), RedLetterRefusal> {
    if invoices.clone().next().is_none() {
        return Err(RedLetterRefusal::FeeNotInvoiced);
    }
    if invoices.clone().any(|of| of.red_letters.contains(&number)) {
        return Err(RedLetterRefusal::RedLetterRecordedAlready(number));
    }
    let mut pending = invoices.filter(|of| of.pending() != (0, 0));
    let known = pending.next().ok_or(RedLetterRefusal::NothingForRedLetter)?;
    let (net, tax) = known.pending();
    let pending = Amount::from_minor(tax, currency);
    if let Some(asked) = asked {
        let asked = asked.at_scale(currency).map_err(RedLetterRefusal::UnusableAmount)?;
        if asked != pending {
            return Err(RedLetterRefusal::RedLetterDiffers { asked, pending });
        }
    }
    Ok((known.invoice, Amount::from_minor(net, currency), pending))
}
