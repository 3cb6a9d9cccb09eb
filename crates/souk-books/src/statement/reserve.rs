//! What a close recorded about the reserve: what it withheld, and what it released of earlier cycles.

use souk_domain::event::LedgerEvent;
use souk_domain::settlement::events::{
    ReleaseReason, Released, ReleasedAtLast, SettlementEvent, Withheld,
};
use souk_journal::dates::Date;
use souk_journal::ids::CycleId;
use souk_journal::money::{Amount, Currency};

use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;

/// What the close recorded about the reserve.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reserve {
    pub(crate) withheld: Option<Withheld>,
    pub(crate) released: Vec<Part>,
    /// Minor units: withheld to fill the reserve without a date, and released from it.
    pub(crate) fixed: (i64, i64),
    /// When the payout is due.
    pub(crate) pay_on: Option<Date>,
}

/// A part of the reserve that was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) cycle: CycleId,
    pub(crate) amount: Amount,
    pub(crate) release_on: Option<Date>,
    /// Why it came before its date, if it did.
    pub(crate) early: Option<(&'static str, &'static str)>,
}

impl Part {
    fn of(of: &Released) -> Self {
        let early = match of.reason {
            ReleaseReason::Matured => None,
            ReleaseReason::Recovery => Some(("early, to cover this cycle", "提前释放以抵补本期")),
        };
        let (cycle, amount) = (of.cycle, of.amount);
        Self { cycle, amount, release_on: Some(of.release_on), early }
    }

    fn at_last(of: &ReleasedAtLast) -> Self {
        let early = Some(("the account ends", "账户终止"));
        Self { cycle: of.cycle, amount: of.amount, release_on: None, early }
    }
}

/// An amount that an entry says, in minor units: one that its currency cannot have is damage, not nothing.
fn whole(entry: u64, amount: Amount, currency: Currency) -> Result<i64, BooksError> {
    let differs = |error: souk_journal::money::MoneyError| BooksError::EntryDiffers {
        entry,
        what: error.to_string(),
    };
    amount.minor(currency).map_err(differs)
}

impl Books {
    /// The reserve of the statement that an entry closed.
    pub(super) fn reserve(&self, entry: u64) -> Result<Reserve, BooksError> {
        Fetcher::new(self.store.as_ref()).entry(entry, |fetched| {
            let differs =
                || Err(BooksError::EntryDiffers { entry, what: "it closed no cycle".to_owned() });
            let LedgerEvent::Settlement(event) = fetched.event else { return differs() };
            match event {
                SettlementEvent::CycleClosed(of) => {
                    let released = of.released.iter().map(Part::of).collect();
                    let minor = |amount: Amount| whole(entry, amount, of.currency);
                    let fixed =
                        (minor(of.fixed_reserve_withheld)?, minor(of.fixed_reserve_released)?);
                    let (withheld, pay_on) = (of.withheld, of.pay_on);
                    Ok(Reserve { withheld, released, fixed, pay_on })
                }
                SettlementEvent::AccountSettled(of) => {
                    let released = of.released.iter().map(Part::at_last).collect();
                    let fixed = (0, whole(entry, of.fixed_reserve_released, of.currency)?);
                    let (withheld, pay_on) = (None, of.pay_on);
                    Ok(Reserve { withheld, released, fixed, pay_on })
                }
                SettlementEvent::BroughtForward(_)
                | SettlementEvent::DebtRecognised(_)
                | SettlementEvent::DebtCollected(_)
                | SettlementEvent::AllowanceSet(_)
                | SettlementEvent::DebtWrittenOff(_)
                | SettlementEvent::ObjectionTermsAgreed(_)
                | SettlementEvent::ObjectionRaised(_)
                | SettlementEvent::ObjectionAnswered(_)
                | SettlementEvent::CorrectionBooked(_)
                | SettlementEvent::StatementConfirmed(_) => differs(),
            }
        })
    }
}
