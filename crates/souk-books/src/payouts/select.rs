//! What goes into a file of payouts, and what stays out of it with the reason.

use souk_domain::approvals::{TWO, approved};
use souk_domain::payee::events::Means;
use souk_domain::payee::state::PayeeToday;
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
                format!("above {limit}: a second person has to approve it")
            })?;
        }
        Ok(payee)
    }

    fn merchant_date(&self, merchant: MerchantId, wanted: &Wanted<'_>) -> Date {
        let known = self.models().merchants.get(merchant);
        known.map_or(wanted.platform, |of| of.state.date(wanted.at, wanted.platform))
    }
}
