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

/// What a returned fee had been charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReturnedOf {
    /// An order: its fee came back with a refund.
    Order,
    /// A charge of a merchant's services.
    Service,
    /// A term that was cancelled, or gave way to a dearer one.
    Term,
    /// A line of a statement that was corrected.
    Correction,
}

/// Tax on a fee that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The entry.
    pub entry: u64,
    /// What had been charged.
    pub of: ReturnedOf,
    /// The order, the charge or the term; of a correction the order, empty where its line is of none.
    pub subject: Box<str>,
    /// To whom; none where a buyer holds the term.
    pub merchant: Option<MerchantId>,
    /// Its kind: `commission.tax_returned`, `correction`.
    pub kind: LineKind,
    /// The currency.
    pub currency: Currency,
    /// Accounting date.
    pub effective_on: Date,
    /// Minor units; below zero where a correction took tax.
    pub amount: i128,
}

impl PlatformTaxes {
    /// Adds one entry.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>, names: &Names) {
        for posting in entry.postings.iter().filter(|of| ACCOUNTS.contains(&of.account)) {
            self.post(entry, posting);
            let back = posting.kind.component() == Some("tax_returned")
                || posting.kind == LineKind::Correction;
            if let Some(of) = returned_of(entry.kind)
                && posting.account == Account::OutputVat
                && back
            {
                self.returned((entry, posting), of, names);
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

    fn returned(
        &mut self,
        (entry, posting): (&JournalEntry<'_>, &Posting),
        of: ReturnedOf,
        names: &Names,
    ) {
        let subject = match of {
            ReturnedOf::Order => entry.reference(RefKind::Order),
            ReturnedOf::Service | ReturnedOf::Term => entry.reference(RefKind::Term),
            ReturnedOf::Correction => Some(entry.reference(RefKind::Order).unwrap_or_default()),
        };
        let Some(subject) = subject else { return };
        // The tax's own line says the merchant where an entry is of several.
        let mut postings = std::iter::once(posting).chain(&entry.postings);
        let merchant = postings.find_map(|of| names.merchant(of.merchant));
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
            of,
            subject: subject.into(),
            merchant,
            kind,
            currency,
            effective_on: entry.effective_on,
            amount,
        });
    }
}

/// What an entry gives a fee's tax back of, if it does.
fn returned_of(kind: EntryKind) -> Option<ReturnedOf> {
    if kind == EntryKind::FeeReturned || kind == EntryKind::PartnerCommissionReturned {
        Some(ReturnedOf::Order)
    } else if kind == EntryKind::ServiceFeeReturned {
        Some(ReturnedOf::Service)
    } else if kind == EntryKind::MembershipCancelled || kind == EntryKind::MembershipUpgraded {
        Some(ReturnedOf::Term)
    } else if kind == EntryKind::CorrectionBooked {
        Some(ReturnedOf::Correction)
    } else {
        None
    }
}
