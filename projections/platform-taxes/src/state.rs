//! The fold: a posting on a tax account is what arose, what came back, or what was remitted for a month.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{JournalEntry, Posting, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::names::Names;

use crate::PlatformTaxes;

/// The accounts that this projection is of.
pub(crate) const ACCOUNTS: [Account; 4] =
    [Account::OutputVat, Account::InputVat, Account::CollectedTax, Account::WithholdingTax];

/// One account of one jurisdiction in one month, in minor units: positive is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) account: Account,
    pub(crate) jurisdiction: Option<Box<str>>,
    pub(crate) currency: Currency,
    pub(crate) month: Date,
    pub(crate) arisen: i128,
    pub(crate) returned: i128,
    pub(crate) remitted: i128,
}

/// Tax on a fee of an order that came back with a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The entry.
    pub entry: u64,
    /// The order.
    pub order: Box<str>,
    /// To whom.
    pub merchant: MerchantId,
    /// Its kind: `commission.tax_returned`.
    pub kind: LineKind,
    /// The currency.
    pub currency: Currency,
    /// Accounting date.
    pub effective_on: Date,
    /// Minor units, ≥ 0.
    pub amount: i128,
}

impl PlatformTaxes {
    /// Adds one entry.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        for posting in entry.postings.iter().filter(|of| ACCOUNTS.contains(&of.account)) {
            self.post(entry, posting);
            if posting.account == Account::OutputVat && entry.kind == EntryKind::FeeReturned {
                self.returned(entry, posting, names);
            }
        }
    }

    fn post(&mut self, entry: &JournalEntry<'_>, posting: &Posting) {
        let remitted = entry.kind == EntryKind::TaxRemitted;
        // What is paid counts for the month that it is for, not for the day on which it is paid.
        let period =
            entry.reference(RefKind::Period).and_then(|of| format!("{of}-01").parse().ok());
        let month =
            period.filter(|_| remitted).unwrap_or_else(|| entry.effective_on.first_of_month());
        let of = entry.reference_of(posting).filter(|of| of.kind == RefKind::Jurisdiction);
        let jurisdiction = of.map(|of| of.value);
        let known = self.rows.iter().rposition(|row| {
            (row.account, row.currency, row.month) == (posting.account, posting.currency, month)
                && row.jurisdiction.as_deref() == jurisdiction
        });
        let index = known.unwrap_or_else(|| {
            let (account, currency) = (posting.account, posting.currency);
            let jurisdiction = jurisdiction.map(Into::into);
            let (arisen, returned, remitted) = (0, 0, 0);
            let sums = Sums { account, jurisdiction, currency, month, arisen, returned, remitted };
            self.rows.push(sums);
            self.rows.len() - 1
        });
        let owed = -i128::from(posting.amount);
        let arises = (owed > 0) != (posting.account == Account::InputVat);
        let row = &mut self.rows[index];
        if remitted {
            row.remitted += owed;
        } else if arises {
            row.arisen += owed;
        } else {
            row.returned += owed;
        }
    }

    fn returned(&mut self, entry: &JournalEntry<'_>, posting: &Posting, names: &Names) {
        let order = entry.reference(RefKind::Order);
        let (Some(order), Some(merchant)) = (order, names.merchant(posting.merchant)) else {
            return;
        };
        let (kind, currency) = (posting.kind, posting.currency);
        let amount = i128::from(posting.amount);
        // The lines of one entry are one return of one fee.
        if let Some(last) = self.returned.last_mut()
            && (last.entry, last.kind) == (entry.entry, kind)
        {
            last.amount += amount;
            return;
        }
        self.returned.push(Returned {
            entry: entry.entry,
            order: order.into(),
            merchant,
            kind,
            currency,
            effective_on: entry.effective_on,
            amount,
        });
    }
}
