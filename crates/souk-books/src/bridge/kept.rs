//! What stands beside opening, reserves, payout and carried: where they come from and go to.

use souk_domain::event::LedgerEvent;
use souk_domain::event_id::payout_id;
use souk_domain::merchant::events::ReserveBase;
use souk_domain::payout::events::PayoutEvent;
use souk_domain::settlement::events::{
    ReleaseReason, Released, ReleasedAtLast, SettlementEvent, Withheld,
};
use souk_journal::dates::Date;
use souk_journal::ids::CycleId;
use souk_journal::money::{Amount, Currency};
use uuid::Uuid;

use super::dates::day;
use super::notes::joined;
use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;
use crate::figure::Figure;
use crate::statement::Statement;

/// What the close recorded about the reserve.
#[derive(Debug, Default)]
pub(crate) struct Reserve {
    withheld: Option<Withheld>,
    released: Vec<Part>,
    /// Minor units: withheld to fill the reserve without a date, and released from it.
    fixed: (i64, i64),
    /// Minor units: withheld to fill the deposit, and released from it to cover the balance.
    pub(crate) deposit: (i64, i64),
    /// When the payout is due.
    pay_on: Option<Date>,
}

/// A part of the reserve that was released.
#[derive(Debug)]
struct Part {
    cycle: CycleId,
    /// Why it came before its date, if it did.
    early: Option<&'static str>,
}

impl Part {
    fn of(of: &Released) -> Self {
        let early = match of.reason {
            ReleaseReason::Matured => None,
            ReleaseReason::Recovery => Some("early, to cover this cycle"),
        };
        Self { cycle: of.cycle, early }
    }

    fn at_last(of: &ReleasedAtLast) -> Self {
        Self { cycle: of.cycle, early: Some("the account ends") }
    }
}

impl Books {
    /// The reserve of a closed statement; nothing before the close.
    pub(crate) fn reserve(&self, statement: &Statement) -> Result<Reserve, BooksError> {
        let Some(entry) = statement.facts.closing_entry else { return Ok(Reserve::default()) };
        Fetcher::new(self.store.as_ref()).entry(entry, |fetched| match fetched.event {
            LedgerEvent::Settlement(SettlementEvent::CycleClosed(of)) => {
                let released = of.released.iter().map(Part::of).collect();
                let minor = |amount: Amount| amount.minor(of.currency).unwrap_or(0);
                let fixed = (minor(of.fixed_reserve_withheld), minor(of.fixed_reserve_released));
                let deposit = (minor(of.deposit_topped_up), minor(of.deposit_used));
                Ok(Reserve { withheld: of.withheld, released, fixed, deposit, pay_on: of.pay_on })
            }
            LedgerEvent::Settlement(SettlementEvent::AccountSettled(of)) => {
                let released = of.released.iter().map(Part::at_last).collect();
                let fixed = (0, of.fixed_reserve_released.minor(of.currency).unwrap_or(0));
                let (withheld, deposit, pay_on) = (None, (0, 0), of.pay_on);
                Ok(Reserve { withheld, released, fixed, deposit, pay_on })
            }
            LedgerEvent::Settlement(
                SettlementEvent::BroughtForward(_)
                | SettlementEvent::DebtRecognised(_)
                | SettlementEvent::DebtCollected(_)
                | SettlementEvent::AllowanceSet(_)
                | SettlementEvent::DebtWrittenOff(_)
                | SettlementEvent::ObjectionTermsAgreed(_)
                | SettlementEvent::ObjectionRaised(_)
                | SettlementEvent::ObjectionAnswered(_)
                | SettlementEvent::CorrectionBooked(_)
                | SettlementEvent::StatementConfirmed(_),
            )
            | LedgerEvent::Ledger(_)
            | LedgerEvent::Schema(_)
            | LedgerEvent::Merchant(_)
            | LedgerEvent::Tariff(_)
            | LedgerEvent::Order(_)
            | LedgerEvent::Payout(_)
            | LedgerEvent::Payee(_)
            | LedgerEvent::PayoutFile(_)
            | LedgerEvent::Advertising(_)
            | LedgerEvent::Deposit(_)
            | LedgerEvent::Membership(_)
            | LedgerEvent::Service(_)
            | LedgerEvent::Tax(_)
            | LedgerEvent::Opening(_)
            | LedgerEvent::CloseRun(_)
            | LedgerEvent::FxRate(_)
            | LedgerEvent::FxPosition(_)
            | LedgerEvent::Book(_) => {
                Err(BooksError::EntryDiffers { entry, what: "it closed no cycle".to_owned() })
            }
        })
    }

    /// `carried from S-1007-2026W09-CNY (below the minimum of 100.00)`.
    pub(crate) fn opening_note(&self, statement: &Statement) -> Option<String> {
        if statement.opening.is_zero() {
            return None;
        }
        let closed = self.closed(statement.merchant, statement.currency);
        let previous = closed.iter().rev().find(|of| of.cut_off <= statement.from)?;
        let why = if previous.carried < 0 {
            "a negative balance after refunds".to_owned()
        } else {
            self.minimum_note(statement, previous.to)
        };
        Some(format!("carried from {} ({why})", previous.number))
    }

    fn minimum_note(&self, statement: &Statement, on: Date) -> String {
        let terms = self.models().merchants.terms_on(statement.merchant, on);
        let least = terms.map_or(0, |terms| terms.minimum_payout(statement.currency));
        format!("below the minimum of {}", Figure::new(least, statement.currency).grouped())
    }

    /// `5 % of 10,643.41, released 7 Jun 2026`.
    pub(crate) fn withheld_note(&self, reserve: &Reserve, currency: Currency) -> Option<String> {
        let fixed = (reserve.fixed.0 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.0, currency);
            format!("{} kept without a date", amount.grouped())
        });
        let Some(of) = reserve.withheld else { return fixed };
        let base = of.base_amount.minor(currency).map(|minor| Figure::new(minor, currency)).ok()?;
        let what = match of.base {
            ReserveBase::GrossSales => " in sales",
            ReserveBase::NetLines => "",
        };
        let (rate, base, on) = (of.rate.percent(), base.grouped(), day(of.release_on));
        let share = format!("{rate} of {base}{what}, released {on}");
        Some(fixed.map_or(share.clone(), |fixed| format!("{share}; {fixed}")))
    }

    /// `withheld in S-1007-2025W49-CNY`, with `early` what covered a negative balance.
    pub(crate) fn released_note(&self, reserve: &Reserve, statement: &Statement) -> Option<String> {
        let closed = self.closed(statement.merchant, statement.currency);
        let texts: Vec<String> = reserve
            .released
            .iter()
            .map(|of| {
                let from = closed.iter().find(|known| *known.cycle == *of.cycle.as_str());
                let from = from.map_or(of.cycle.as_str(), |known| &known.number);
                match of.early {
                    None => from.to_owned(),
                    Some(why) => format!("{from} ({why})"),
                }
            })
            .collect();
        let fixed = (reserve.fixed.1 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.1, statement.currency);
            format!("{} of what was kept without a date", amount.grouped())
        });
        let tranches = (!texts.is_empty()).then(|| format!("withheld in {}", joined(&texts)));
        let notes: Vec<String> = tranches.into_iter().chain(fixed).collect();
        (!notes.is_empty()).then(|| notes.join("; "))
    }

    /// How the payout went, or why there is none.
    pub(crate) fn payout_note(
        &self,
        statement: &Statement,
        reserve: &Reserve,
    ) -> Result<Option<String>, BooksError> {
        if !statement.frozen {
            return Ok(statement.is_so_far().then(|| "decided when the cycle closes".to_owned()));
        }
        if statement.payout.is_zero() {
            let closing = statement.closing.minor;
            if statement.debt.minor != 0 {
                let debt = Figure::new(statement.debt.minor.abs(), statement.currency);
                return Ok(Some(if statement.debt.minor > 0 {
                    format!(
                        "nothing to pay: {} is owed to the platform from now on",
                        debt.grouped()
                    )
                } else {
                    format!("nothing to pay: {} was kept for a debt", debt.grouped())
                }));
            }
            return Ok(Some(if closing < 0 {
                "nothing to pay: the balance is negative and is carried".to_owned()
            } else if closing == 0 {
                "nothing to pay".to_owned()
            } else {
                format!("{}, carried", self.minimum_note(statement, statement.to))
            }));
        }
        let Ok(ledger) = Uuid::parse_str(self.ledger_identity()) else { return Ok(None) };
        let (merchant, currency) = (statement.merchant.as_str(), statement.currency.code());
        let payout = payout_id(ledger, merchant, currency, &statement.cycle);
        let mut note = self.payout_day(statement, reserve).map_or_else(
            || "not yet instructed".to_owned(),
            |day| format!("{day}, not yet instructed"),
        );
        Fetcher::new(self.store.as_ref()).stream(&format!("payout-{payout}"), |fetched| {
            let on = day(fetched.metadata.effective_on);
            if fetched.entry.entry > self.entry() {
                return Ok(());
            }
            if let LedgerEvent::Payout(event) = fetched.event {
                note = match event {
                    PayoutEvent::Instructed(_) => format!("instructed {on}"),
                    PayoutEvent::Paid(of) => match of.bank_reference {
                        Some(reference) => format!("paid {on}, bank reference {reference}"),
                        None => format!("paid {on}"),
                    },
                    PayoutEvent::Failed(of) => format!("failed {on}: {}", of.reason),
                    PayoutEvent::Returned(of) => format!("returned {on}: {}", of.reason),
                    PayoutEvent::Accepted(_) => format!("accepted by the bank {on}"),
                    PayoutEvent::Held(of) => format!("held {on}: {}", of.reason),
                    PayoutEvent::Approved(_) => std::mem::take(&mut note),
                    PayoutEvent::Released(_) | PayoutEvent::Recalled(_) => {
                        "not yet instructed".to_owned()
                    }
                };
            }
            Ok(())
        })?;
        Ok(Some(note))
    }

    /// `payout on 12 Mar 2026`, or why no day is known; nothing where none is agreed.
    fn payout_day(&self, statement: &Statement, reserve: &Reserve) -> Option<String> {
        if let Some(on) = reserve.pay_on {
            return Some(format!("payout on {}", day(on)));
        }
        let terms = self.models().merchants.terms_on(statement.merchant, statement.to);
        let not_known = terms?.payout?.of(statement.to).err()?;
        Some(format!("no payout day: {not_known}"))
    }

    fn ledger_identity(&self) -> &str {
        self.models().ledger.identity().map_or("", |identity| identity.ledger.as_str())
    }
}
