//! The fold: open lines per merchant and currency, which a close turns into a statement.

use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::entry::{Control, CycleClosed, EntryNumber, JournalEntry};
use souk_journal::money::Currency;
use souk_journal::names::MerchantNo;

use crate::MerchantStatements;
use crate::statement::{OpenLine, Statement};

/// One merchant in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) currency: Currency,
    /// In entry order.
    pub(crate) open: Vec<OpenLine>,
    /// In closing order.
    pub(crate) statements: Vec<Statement>,
}

impl File {
    fn close(&mut self, entry: EntryNumber, closed: &CycleClosed<'_>) {
        let (before, limit) = (closed.claims_before(), closed.entry_limit);
        let matured = |line: &mut OpenLine| line.due_on < before && line.entry <= limit;
        let claimed: Vec<OpenLine> = self.open.extract_if(.., matured).collect();
        self.statements.push(Statement::of(entry, closed, &claimed));
    }
}

impl MerchantStatements {
    /// Adds one entry. A close takes its lines out first: the entry's own carried item is open.
    pub(crate) fn fold(&mut self, entry: &JournalEntry<'_>) {
        self.last_entry = Some(entry.entry);
        if let Control::CycleClosed(closed) = &entry.control {
            self.file_mut(closed.merchant, closed.currency).close(entry.entry, closed);
        }
        for (index, posting) in entry.postings.iter().enumerate() {
            if posting.account == Account::MerchantPayable
                && let Some(due_on) = posting.due_on
                // An event of 64 KiB cannot have more postings than this counts.
                && let Ok(index) = u16::try_from(index)
            {
                let (kind, amount) = (posting.kind, -posting.amount);
                let line = OpenLine { entry: entry.entry, posting: index, kind, due_on, amount };
                self.file_mut(posting.merchant, posting.currency).open.push(line);
            }
        }
    }

    fn file_mut(&mut self, merchant: MerchantNo, currency: Currency) -> &mut File {
        let number = merchant.0 as usize;
        if number >= self.files.len() {
            self.files.resize_with(number + 1, Vec::new);
        }
        let files = &mut self.files[number];
        let known = files.iter().position(|file| file.currency == currency);
        let index = known.unwrap_or_else(|| {
            files.push(File { currency, open: Vec::new(), statements: Vec::new() });
            files.len() - 1
        });
        &mut files[index]
    }
}
