//! The demonstration day by day: facts are recorded, cycles close every day that one ends, payouts are
//! instructed and confirmed, months of the book close.

use std::borrow::Cow;

use souk_books::books::Books;
use souk_domain::book::commands::{BookCommand, CloseMonth, OpenBook};
use souk_domain::order::commands::OrderCommand;
use souk_domain::payout::commands::{
    ConfirmPayout, InstructPayout, OfCycle, PayoutCommand, ReturnPayout,
};
use souk_formats::tariff_file::TariffFile;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{BookId, Id};
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Account, Ledger};
use souk_ledger::request::Request;

use super::beside::Charge;
use super::market::{Shop, enrolment};
use super::orders::{Fact, id};
use super::{payees, script};
use crate::fail::{Exit, Failure};
use crate::import::enrol::publish;
use crate::intake::Intake;

/// What happens on one day of the demonstration, besides the facts of orders.
pub(crate) struct Days<'l> {
    /// The ledger.
    pub(crate) ledger: &'l mut Ledger,
    /// Its books, which answer the closes.
    pub(crate) books: Books,
    /// The first day.
    pub(crate) first: Date,
    /// Payouts to instruct or confirm, with the day.
    payouts: Vec<(usize, PayoutCommand<'static>)>,
    /// What is charged beside orders, with the day.
    charges: Vec<Charge>,
}

impl<'l> Days<'l> {
    /// Before the first day.
    pub(crate) fn new(ledger: &'l mut Ledger, books: Books, first: Date) -> Self {
        Self { ledger, books, first, payouts: Vec::new(), charges: Vec::new() }
    }

    /// With what is charged beside orders.
    pub(crate) fn with(self, charges: Vec<Charge>) -> Self {
        Self { charges, ..self }
    }

    /// Noon of a day, at which its facts happen; recording is an hour later.
    fn at(&self, day: usize, minutes: i64) -> Micros {
        let noon = self.ledger.identity().zone.start_of(self.first.plus_days(day as i32));
        Micros(noon.0 + (12 * 60 + minutes) * 60_000_000)
    }

    /// Tariffs, merchants and the book, before the first order.
    pub(crate) fn open(&mut self, tariffs: &[TariffFile], shops: &[Shop]) -> Result<(), Failure> {
        let at = self.at(0, -11 * 60);
        self.ledger.set_clock(Clock::Pinned(self.at(0, 0)));
        let (first, zone) = (self.first, self.ledger.identity().time_zone.to_string());
        let mut intake = Intake::new(self.ledger);
        for file in tariffs {
            // The second version is announced in the middle of the demonstration.
            if file.publish.announced_on < first {
                publish(&mut intake, file)?;
            }
        }
        for (number, shop) in shops.iter().enumerate() {
            for command in enrolment(shop, number, first)? {
                submit(&mut intake, &command, &format!("{command:?}"), at)?;
            }
            for command in payees::agreed(shop)? {
                submit(&mut intake, &command, &format!("{command:?}"), at)?;
            }
        }
        let book = id(BookId::new("main"))?;
        let open = OpenBook { book, first_month: first, time_zone: Cow::Owned(zone) };
        submit(&mut intake, &Command::Book(BookCommand::Open(open)), "book", at)?;
        intake.drain()?;
        Ok(())
    }

    /// The facts of all days with the clock at the end, and nothing else; the number of events.
    pub(crate) fn facts(&mut self, days: Vec<Vec<Fact>>) -> Result<u64, Failure> {
        self.ledger.set_clock(Clock::Pinned(self.at(days.len(), 60)));
        let noon: Vec<Micros> = (0..days.len()).map(|day| self.at(day, 0)).collect();
        let mut intake = Intake::new(self.ledger);
        for (happened, _, command) in days.into_iter().flatten() {
            let at = noon.get(happened).copied().unwrap_or_default();
            order(&mut intake, command, at)?;
        }
        intake.drain()?;
        Ok(intake.events)
    }

    /// One day.
    pub(crate) fn day(
        &mut self,
        day: usize,
        facts: Vec<Fact>,
        tariffs: &[TariffFile],
    ) -> Result<(), Failure> {
        let date = self.first.plus_days(day as i32);
        let ats: Vec<Micros> = facts.iter().map(|(happened, _, _)| self.at(*happened, 0)).collect();
        let noon = self.at(day, 0);
        self.ledger.set_clock(Clock::Pinned(self.at(day, 60)));
        let mut intake = Intake::new(self.ledger);
        for file in tariffs.iter().filter(|file| file.publish.announced_on == date) {
            publish(&mut intake, file)?;
        }
        for ((_, _, command), at) in facts.into_iter().zip(ats) {
            order(&mut intake, command, at)?;
        }
        for (_, name, data) in self.charges.extract_if(.., |of| of.0 == day) {
            let text = data.to_string();
            let command = Command::parse(name, &text)
                .map_err(|error| Failure::new(Exit::Bug, "Bug", format!("{name}: {error}")))?;
            submit(&mut intake, &command, &format!("{name} {text}"), noon)?;
        }
        let due = |of: &(usize, PayoutCommand<'static>)| of.0 == day;
        for (_, payout) in self.payouts.extract_if(.., |of| due(of)) {
            let key = format!("{payout:?}");
            submit(&mut intake, &Command::Payout(payout), &key, noon)?;
        }
        let (_, _, of_month) = date.parts();
        if of_month == 5 && date.first_of_month() > self.first {
            let month = date.first_of_month().plus_days(-1);
            let approved_by = vec![Cow::Borrowed("finance-1"), Cow::Borrowed("finance-2")];
            let close = CloseMonth { book: id(BookId::new("main"))?, month, approved_by };
            intake.drain()?;
            let command = Command::Book(BookCommand::CloseMonth(close));
            submit(&mut intake, &command, &month.to_string(), noon)?;
        }
        intake.drain()?;
        self.close(day, date)
    }

    /// Closes what ended two days before: the last day is over in every zone by then.
    fn close(&mut self, day: usize, date: Date) -> Result<(), Failure> {
        let through = date.plus_days(-2);
        if through < self.first {
            return Ok(());
        }
        let runs = match self.ledger.close_through(through, &mut self.books) {
            Ok(runs) => runs,
            Err(LedgerError::Refused(refusal)) if refusal.code() == "CycleAlreadyClosed" => {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for run in runs {
            for (account, cycle) in run.cycles {
                let payout = self.ledger.settlement(account)?.payouts.get(&cycle).copied();
                if payout.is_some_and(|amount| amount > 0) {
                    self.pay_out(day, account, cycle)?;
                }
            }
        }
        Ok(())
    }

    fn pay_out(
        &mut self,
        day: usize,
        (merchant, currency): Account,
        cycle: souk_journal::ids::CycleId,
    ) -> Result<(), Failure> {
        let of = || OfCycle { merchant, currency: Cow::Borrowed(currency.code()), cycle };
        let payee = Some(payees::payee(merchant)?);
        let instruct = InstructPayout { of: of(), payee, file: None, by: None };
        self.payouts.push((day + 1, PayoutCommand::Instruct(instruct)));
        let reference = format!("BK{:05}-{merchant}", day + 2);
        let bank_reference = Id::new(&reference).ok();
        let confirm = ConfirmPayout { of: of(), bank_reference };
        self.payouts.push((day + 2, PayoutCommand::Confirm(confirm)));
        // The first payout of the eleventh week on comes back to the bank, once.
        if merchant.as_str() == script::RETURNED.to_string() && (68..76).contains(&day) {
            let reason = Cow::Borrowed("account closed");
            self.payouts.push((day + 4, PayoutCommand::Return(ReturnPayout { of: of(), reason })));
        }
        Ok(())
    }
}

fn order(
    intake: &mut Intake<'_>,
    command: OrderCommand<'static>,
    at: Micros,
) -> Result<(), Failure> {
    let key = format!("{command:?}");
    let refund = matches!(command, OrderCommand::Refund(_) | OrderCommand::ConfirmRefund(_));
    match submit(intake, &Command::Order(command), &key, at) {
        // The dice may refund what is not completed for lack of a day, or twice; the rule says no.
        Err(failure) if refund && failure.code.contains("Refund") => Ok(()),
        other => other,
    }
}

fn submit(
    intake: &mut Intake<'_>,
    command: &Command<'_>,
    key: &str,
    at: Micros,
) -> Result<(), Failure> {
    let ledger = intake.ledger().identity().ledger;
    let request = Request::of(ledger, "demo", key, key.as_bytes(), at);
    intake.submit(command, &request)?;
    Ok(())
}
