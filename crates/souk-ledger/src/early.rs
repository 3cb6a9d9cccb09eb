//! Early payouts on the write side: what falls due is read from the books, what was paid early before is in the stream.

use souk_domain::service::commands::{AdvancePayout, DueDay, ServiceCommand};
use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::open_items::OpenItem;

use crate::close_run::AccountSource;
use crate::command::Command;
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger};
use crate::request::{Outcome, Request};

/// What falls due on each day: of days that are to come without what was paid early for them.
pub fn due_by_day(items: &[OpenItem], today: Date, currency: Currency) -> Vec<DueDay> {
    let mut days: Vec<(Date, i64)> = Vec::new();
    for item in items {
        if item.due_on > today && item.kind == LineKind::PayoutAdvanced {
            continue;
        }
        match days.iter_mut().find(|(on, _)| *on == item.due_on) {
            Some((_, sum)) => *sum += item.amount,
            None => days.push((item.due_on, item.amount)),
        }
    }
    days.sort_unstable();
    let day = |(on, sum)| DueDay { on, amount: Amount::from_minor(sum, currency) };
    days.into_iter().map(day).collect()
}

impl Ledger {
    /// Pays a merchant early over what the books say falls due; `of.due` and `of.entry` are filled here.
    ///
    /// # Errors
    /// A refusal, such as `EarlyPayoutExceedsDue`, or a failure; nothing is written then.
    pub fn advance_payout(
        &mut self,
        mut of: AdvancePayout<'_>,
        (merchant, currency): Account,
        request: &Request<'_>,
        claims: &mut dyn AccountSource,
    ) -> Result<Outcome, LedgerError> {
        claims.catch_up(&self.store)?;
        let (today, _) = self.date_at(merchant, request.at)?;
        of.due = claims.due_by_day((merchant, currency), today);
        of.entry = claims.last_entry();
        self.execute(&Command::Service(ServiceCommand::AdvancePayout(of)), request)
    }
}
