//! What goes into a file of payouts, and what stays out of it with the reason.

use std::collections::BTreeSet;

use souk_domain::approvals::{TWO, approved};
use souk_domain::calendar::working_days::{WorkingDays, YearNotKnown};
use souk_domain::payee::events::Means;
use souk_domain::payee::state::PayeeToday;
use souk_domain::payout::decide::waits_for;
use souk_domain::payoutfile::events::Format;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::Currency;

use super::{PayoutRow, PayoutStanding};
use crate::books::Books;
use crate::figure::Figure;

/// A file that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its form, which says how payees are paid.
    pub format: Format,
    /// The currency of its payouts.
    pub currency: Currency,
    /// When it is issued; dates are read in each merchant's zone.
    pub at: Micros,
    /// The platform's date then, for merchants without terms.
    pub platform: Date,
    /// Who issues it.
    pub by: &'a str,
}

/// A payout that goes into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The payout.
    pub row: PayoutRow,
    /// Where it goes.
    pub payee: Id,
}

/// A payout that is due and stays out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The payout.
    pub row: PayoutRow,
    /// Why.
    pub reason: String,
}

/// That a bank does not pay on a day, by the calendar that terms of payees name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOff {
    /// The calendar.
    pub calendar: WorkingDays,
    /// The next working day, or why none is known.
    pub next: Result<Date, YearNotKnown>,
    /// One of the merchants whose terms name it.
    pub merchant: MerchantId,
    /// How many they are.
    pub merchants: usize,
}

/// What goes into a file, by merchant and cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// In it.
    pub chosen: Vec<Chosen>,
    /// Not in it.
    pub left_out: Vec<LeftOut>,
}

impl Selection {
    /// The sum of what is in the file.
    pub fn total(&self, currency: Currency) -> Figure {
        Figure::new(self.chosen.iter().map(|of| of.row.amount.minor).sum::<i128>(), currency)
    }
}

impl Books {
    /// What goes into a file at the entry at which the books stand.
    pub fn payout_selection(&self, wanted: &Wanted<'_>) -> Selection {
        let mut selection = Selection { chosen: Vec::new(), left_out: Vec::new() };
        for row in self.payout_rows(wanted.platform) {
            let due = [PayoutStanding::Due, PayoutStanding::Held].contains(&row.standing);
            if !due || row.currency != wanted.currency {
                continue;
            }
            match self.goes(&row, wanted) {
                Ok(payee) => selection.chosen.push(Chosen { row, payee }),
                Err(reason) => selection.left_out.push(LeftOut { row, reason }),
            }
        }
        selection
    }

    /// The calendars of the payees' terms by which a day is no working day, or is not known to be one.
    pub fn days_off(&self, chosen: &[Chosen], day: Date) -> Vec<DayOff> {
        let merchants: BTreeSet<MerchantId> = chosen.iter().map(|of| of.row.merchant).collect();
        let mut found: Vec<DayOff> = Vec::new();
        for merchant in merchants {
            let known = self.models().merchants.get(merchant);
            let terms = known.and_then(|of| of.state.terms_on(day)?.payout);
            let Some(calendar) = terms.and_then(|of| of.calendar) else { continue };
            if calendar.works(day) == Ok(true) {
                continue;
            }
            match found.iter_mut().find(|of| of.calendar == calendar) {
                Some(of) => of.merchants += 1,
                None => {
                    let next = calendar.on_or_after(day);
                    found.push(DayOff { calendar, next, merchant, merchants: 1 });
                }
            }
        }
        found
    }

    /// To which payee it goes, or why not.
    fn goes(&self, row: &PayoutRow, wanted: &Wanted<'_>) -> Result<Id, String> {
        let (merchant, currency) = (row.merchant, row.currency);
        let known = self.models().payouts.get(&row.payout);
        if let Some(of) = known.filter(|of| of.held) {
            return Err(format!("held: {}", of.reason.as_deref().unwrap_or_default()));
        }
        let today = self.merchant_date(merchant, wanted);
        let payees = self.models().payees.get(merchant, currency);
        let payee = payees.map_or(PayeeToday::None, |of| of.on(today));
        let (payee, means) = match payee {
            PayeeToday::InForce(payee, means) => (payee, means),
            PayeeToday::None
            | PayeeToday::Proposed(_)
            | PayeeToday::Cooling(..)
            | PayeeToday::Withdrawn => return Err(payee.waits().unwrap_or_default()),
        };
        if let Some(doubt) = self.doubt(payee, known) {
            return Err(doubt);
        }
        let pays = match wanted.format {
            Format::Pain001 | Format::BankCsv => Means::Bank,
            Format::WechatBatch => Means::Wechat,
            Format::AlipayBatch => Means::Alipay,
        };
        if means != pays {
            return Err(format!(
                "payee {payee} is paid by {}, not in a {} file",
                means.name(),
                wanted.format.name()
            ));
        }
        let terms = self.models().merchants.get(merchant);
        let limit = terms.and_then(|of| of.state.approval_above_on(currency, today));
        if let Some(limit) = limit.filter(|limit| row.amount.minor > i128::from(*limit)) {
            let approvals = known.into_iter().flat_map(|of| &of.approved_by);
            let mut persons: Vec<_> = approvals.map(|name| name.as_ref().into()).collect();
            persons.push(wanted.by.into());
            approved(&persons, TWO).map_err(|_| {
                let limit = Figure::new(limit, currency).grouped();
                let waits = waits_for(known.map_or(&[][..], |of| &of.approved_by));
                format!("above {limit}: {}", waits.unwrap_or_default())
            })?;
        }
        Ok(payee)
    }

    fn merchant_date(&self, merchant: MerchantId, wanted: &Wanted<'_>) -> Date {
        let known = self.models().merchants.get(merchant);
        known.map_or(wanted.platform, |of| of.state.date(wanted.at, wanted.platform))
    }
}
