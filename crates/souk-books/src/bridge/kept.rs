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

use super::dates::{day, day_zh};
use super::said::{Said, joined};
use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;
use crate::figure::Figure;
use crate::statement::Statement;

/// What the close recorded about the reserve.
#[derive(Debug, Default)]
pub(crate) struct Reserve {
    pub(super) withheld: Option<Withheld>,
    pub(super) released: Vec<Part>,
    /// Minor units: withheld to fill the reserve without a date, and released from it.
    fixed: (i64, i64),
    /// Minor units: withheld to fill the deposit, and released from it to cover the balance.
    pub(crate) deposit: (i64, i64),
    /// When the payout is due.
    pay_on: Option<Date>,
}

/// A part of the reserve that was released.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) cycle: CycleId,
    pub(super) amount: Amount,
    pub(super) release_on: Option<Date>,
    /// Why it came before its date, if it did.
    pub(super) early: Option<(&'static str, &'static str)>,
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
    /// The reserve of a closed statement; nothing before the close.
    pub(crate) fn reserve(&self, statement: &Statement) -> Result<Reserve, BooksError> {
        let Some(entry) = statement.facts.closing_entry else { return Ok(Reserve::default()) };
        Fetcher::new(self.store.as_ref()).entry(entry, |fetched| match fetched.event {
            LedgerEvent::Settlement(SettlementEvent::CycleClosed(of)) => {
                let released = of.released.iter().map(Part::of).collect();
                let minor = |amount: Amount| whole(entry, amount, of.currency);
                let fixed = (minor(of.fixed_reserve_withheld)?, minor(of.fixed_reserve_released)?);
                let deposit = (minor(of.deposit_topped_up)?, minor(of.deposit_used)?);
                Ok(Reserve { withheld: of.withheld, released, fixed, deposit, pay_on: of.pay_on })
            }
            LedgerEvent::Settlement(SettlementEvent::AccountSettled(of)) => {
                let released = of.released.iter().map(Part::at_last).collect();
                let fixed = (0, whole(entry, of.fixed_reserve_released, of.currency)?);
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
            | LedgerEvent::BankFile(_)
            | LedgerEvent::FxRate(_)
            | LedgerEvent::FxPosition(_)
            | LedgerEvent::Book(_) => {
                Err(BooksError::EntryDiffers { entry, what: "it closed no cycle".to_owned() })
            }
        })
    }

    /// `carried from S-1007-2026W09-CNY (below the minimum of 100.00)`.
    pub(crate) fn opening_note(&self, statement: &Statement) -> Option<Said> {
        if statement.opening.is_zero() {
            return None;
        }
        let closed = self.closed(statement.merchant, statement.currency);
        let previous = closed.iter().rev().find(|of| of.cut_off <= statement.from)?;
        let why = if previous.carried < 0 {
            Said::new("a negative balance after refunds", "退款后余额为负")
        } else {
            self.minimum_note(statement, previous.to)
        };
        let (number, Said { en, zh }) = (&previous.number, why);
        Some(Said::new(
            format!("carried from {number} ({en})"),
            format!("自 {number} 结转（{zh}）"),
        ))
    }

    fn minimum_note(&self, statement: &Statement, on: Date) -> Said {
        let terms = self.models().merchants.terms_on(statement.merchant, on);
        let least = terms.map_or(0, |terms| terms.minimum_payout(statement.currency));
        let least = Figure::new(least, statement.currency).grouped();
        Said::new(format!("below the minimum of {least}"), format!("未达最低打款额 {least}"))
    }

    /// `5 % of 10,643.41, released 7 Jun 2026`.
    pub(crate) fn withheld_note(&self, reserve: &Reserve, currency: Currency) -> Option<Said> {
        let fixed = (reserve.fixed.0 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.0, currency).grouped();
            Said::new(format!("{amount} kept without a date"), format!("{amount} 无限期预留"))
        });
        let Some(of) = reserve.withheld else { return fixed };
        let base = of.base_amount.minor(currency).map(|minor| Figure::new(minor, currency)).ok()?;
        let (what, what_zh) = match of.base {
            ReserveBase::GrossSales => (" in sales", "销售额 "),
            ReserveBase::NetLines => ("", ""),
        };
        let (rate, base, on) = (of.rate.percent(), base.grouped(), of.release_on);
        let share = Said::new(
            format!("{rate} of {base}{what}, released {}", day(on)),
            format!("{what_zh}{base} 的 {rate}，{}释放", day_zh(on)),
        );
        let all: Vec<Said> = std::iter::once(share).chain(fixed).collect();
        Said::listed(&all)
    }

    /// `withheld in S-1007-2025W49-CNY`, with `early` what covered a negative balance.
    pub(crate) fn released_note(&self, reserve: &Reserve, statement: &Statement) -> Option<Said> {
        let texts: Vec<(String, String)> = reserve
            .released
            .iter()
            .map(|of| {
                let from = self.withheld_in(statement, of.cycle);
                match of.early {
                    None => (from.clone(), from),
                    Some((why, why_zh)) => {
                        (format!("{from} ({why})"), format!("{from}（{why_zh}）"))
                    }
                }
            })
            .collect();
        let (en, zh): (Vec<String>, Vec<String>) = texts.into_iter().unzip();
        let tranches = (!en.is_empty()).then(|| {
            let (en, zh) = (joined(&en).en, joined(&zh).zh);
            Said::new(format!("withheld in {en}"), format!("冻结于 {zh}"))
        });
        let fixed = (reserve.fixed.1 > 0).then(|| {
            let amount = Figure::new(reserve.fixed.1, statement.currency).grouped();
            let en = format!("{amount} of what was kept without a date");
            Said::new(en, format!("{amount} 出自无限期预留"))
        });
        let all: Vec<Said> = tranches.into_iter().chain(fixed).collect();
        Said::listed(&all)
    }

    /// The number of the statement of a cycle that withheld reserve; of one before going live, the cycle.
    pub(super) fn withheld_in(&self, statement: &Statement, cycle: CycleId) -> String {
        let closed = self.closed(statement.merchant, statement.currency);
        let from = closed.iter().find(|known| *known.cycle == *cycle.as_str());
        from.map_or_else(|| cycle.to_string(), |known| known.number.to_string())
    }

    /// How the payout went, or why there is none; with the day on which it was paid.
    pub(crate) fn payout_note(
        &self,
        statement: &Statement,
        reserve: &Reserve,
    ) -> Result<(Option<Date>, Option<Said>), BooksError> {
        if !statement.frozen {
            let said = || Said::new("decided when the cycle closes", "结账时确定");
            return Ok((None, statement.is_so_far().then(said)));
        }
        if statement.payout.is_zero() {
            return Ok((None, Some(self.no_payout(statement))));
        }
        let Ok(ledger) = Uuid::parse_str(self.ledger_identity()) else { return Ok((None, None)) };
        let (merchant, currency) = (statement.merchant.as_str(), statement.currency.code());
        let payout = payout_id(ledger, merchant, currency, &statement.cycle);
        let waits = || {
            let due = self.payout_day(statement, reserve).into_iter();
            let all: Vec<Said> =
                due.chain([Said::new("not yet instructed", "尚未提交银行")]).collect();
            Said::listed(&all)
        };
        let (mut paid, mut note) = (None, waits());
        Fetcher::new(self.store.as_ref()).stream(&format!("payout-{payout}"), |fetched| {
            let on = fetched.metadata.effective_on;
            if fetched.entry.entry > self.entry() {
                return Ok(());
            }
            if let LedgerEvent::Payout(event) = fetched.event {
                let (en, zh) = (day(on), day_zh(on));
                (paid, note) = match event {
                    PayoutEvent::Instructed(_) => {
                        let said = (format!("instructed {en}"), format!("{zh}提交银行"));
                        (None, Some(Said::new(said.0, said.1)))
                    }
                    PayoutEvent::Paid(of) => (
                        Some(on),
                        of.bank_reference.as_ref().map(|reference| {
                            let zh = format!("银行流水号 {reference}");
                            Said::new(format!("bank reference {reference}"), zh)
                        }),
                    ),
                    PayoutEvent::Failed(of) => {
                        let (en, zh) = (format!("failed {en}: "), format!("{zh}打款失败："));
                        (None, Some(Said::new(en + &of.reason, zh + &of.reason)))
                    }
                    PayoutEvent::Returned(of) => {
                        let (en, zh) = (format!("returned {en}: "), format!("{zh}被银行退回："));
                        (None, Some(Said::new(en + &of.reason, zh + &of.reason)))
                    }
                    PayoutEvent::Accepted(_) => {
                        let said =
                            (format!("accepted by the bank {en}"), format!("{zh}银行已受理"));
                        (None, Some(Said::new(said.0, said.1)))
                    }
                    PayoutEvent::Held(of) => {
                        let (en, zh) = (format!("held {en}: "), format!("{zh}暂缓打款："));
                        (None, Some(Said::new(en + &of.reason, zh + &of.reason)))
                    }
                    PayoutEvent::Approved(_) => (paid, note.take()),
                    PayoutEvent::Released(_) | PayoutEvent::Recalled(_) => (None, waits()),
                };
            }
            Ok(())
        })?;
        Ok((paid, note))
    }

    /// Why a closed cycle pays nothing.
    fn no_payout(&self, statement: &Statement) -> Said {
        let (closing, debt) = (statement.closing.minor, statement.debt.minor);
        let size = Figure::new(debt.abs(), statement.currency).grouped();
        if debt > 0 {
            Said::new(
                format!("nothing to pay: {size} is owed to the platform from now on"),
                format!("无打款：自此欠平台 {size}"),
            )
        } else if debt < 0 {
            Said::new(
                format!("nothing to pay: {size} was kept for a debt"),
                format!("无打款：{size} 用于抵扣欠款"),
            )
        } else if closing < 0 {
            Said::new(
                "nothing to pay: the balance is negative and is carried",
                "无打款：余额为负，结转下期",
            )
        } else if closing == 0 {
            Said::new("nothing to pay", "无打款")
        } else {
            let Said { en, zh } = self.minimum_note(statement, statement.to);
            Said::new(format!("{en}, carried"), format!("{zh}，结转下期"))
        }
    }

    /// `payout on 12 Mar 2026`, or why no day is known; nothing where none is agreed.
    fn payout_day(&self, statement: &Statement, reserve: &Reserve) -> Option<Said> {
        if let Some(on) = reserve.pay_on {
            let zh = format!("{}打款", day_zh(on));
            return Some(Said::new(format!("payout on {}", day(on)), zh));
        }
        let terms = self.models().merchants.terms_on(statement.merchant, statement.to);
        let not_known = terms?.payout?.of(statement.to).err()?;
        Some(Said::new(format!("no payout day: {not_known}"), format!("无打款日：{not_known}")))
    }

    fn ledger_identity(&self) -> &str {
        self.models().ledger.identity().map_or("", |identity| identity.ledger.as_str())
    }
}
