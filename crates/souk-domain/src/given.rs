//! Test support: given what happened, when something is asked, then events or a refusal.
//!
//! [`Given`] collects a history, [`Given::when`] turns it into a [`Then`], and only a `Then` can be
//! asserted. Every event goes through its stored bytes and back before it is folded or posted.

mod books;
mod market;
mod orders;

use souk_journal::dates::{Date, Micros};
use souk_journal::entry_kind::EntryKind;

pub(crate) use books::Books;
pub(crate) use market::{Market, fee, rule};
pub(crate) use orders::{
    advance, amount, bear, brought_by, cancel, channel_fee, complete, confirm, differ, everything,
    everything_and, fail, gift_back, hold, invoice_fee, line, pay, place, place_in_usd, recover,
    red_letter, refund, refund_to, release, returning_channel_fee, ship, tax, tax_of, taxed,
    voucher,
};

use crate::advertising::decide::Advertising;
use crate::bankfile::decide::BankFile;
use crate::book::decide::Book;
use crate::closerun::decide::CloseRun;
use crate::decider::{Decider, Refusal as _};
use crate::deposit::decide::Deposit;
use crate::event::LedgerEvent;
use crate::fxposition::decide::FxPosition;
use crate::fxrate::decide::FxRate;
use crate::ledger::decide::LedgerMain;
use crate::membership::decide::Membership;
use crate::merchant::decide::Merchant;
use crate::opening::decide::Opening;
use crate::opening::guarded::{OpeningDeposit, OpeningSettlement, OpeningTerm, OpeningWallet};
use crate::order::decide::Order;
use crate::payee::decide::Payees;
use crate::payout::decide::Payout;
use crate::payoutfile::decide::PayoutFiles;
use crate::schema::decide::SchemaMain;
use crate::service::decide::Service;
use crate::settlement::debts::decide::Debt;
use crate::settlement::decide::Settlement;
use crate::settlement::objections::decide::Objecting;
use crate::tariff::decide::Tariff;
use crate::tax::decide::Tax;

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) kind: EntryKind,
    pub(crate) version: u32,
    pub(crate) effective_on: Date,
    pub(crate) payload: String,
}

impl Stored {
    fn of(event: &LedgerEvent<'_>, effective_on: Date) -> Self {
        let payload = String::from_utf8(event.payload().unwrap()).unwrap();
        Self { kind: event.kind(), version: event.version(), effective_on, payload }
    }

    pub(crate) fn event(&self) -> LedgerEvent<'_> {
        let (category, text) = (self.kind.category(), self.kind.text());
        LedgerEvent::decode(category, text, self.version, self.payload.as_bytes()).unwrap()
    }
}

/// A refusal: its code and its text.
#[derive(Debug)]
pub(crate) struct Refused(&'static str, String);

/// A decider whose events can be stored.
pub(crate) trait Stream: Decider {
    fn ask(
        state: &Self::State,
        command: &Self::Command<'_>,
        context: &Self::Context<'_>,
        at: Micros,
    ) -> Result<Vec<Stored>, Refused>;

    fn fold(state: &mut Self::State, event: &LedgerEvent<'_>);
}

macro_rules! streams {
    ($($decider:ident $variant:ident;)*) => {$(
        impl Stream for $decider {
            fn ask(
                state: &Self::State,
                command: &Self::Command<'_>,
                context: &Self::Context<'_>,
                at: Micros,
            ) -> Result<Vec<Stored>, Refused> {
                let decision = Self::decide(state, command, context, at)
                    .map_err(|refusal| Refused(refusal.code(), refusal.to_string()))?;
                let on = decision.effective_on;
                Ok(decision.events.into_iter().map(|event| Stored::of(&event.into(), on)).collect())
            }

            fn fold(state: &mut Self::State, event: &LedgerEvent<'_>) {
                let LedgerEvent::$variant(event) = event else {
                    panic!("{} does not belong to this stream", event.kind());
                };
                Self::evolve(state, event).unwrap();
            }
        }
    )*};
}

streams! {
    LedgerMain Ledger;
    SchemaMain Schema;
    Merchant Merchant;
    Tariff Tariff;
    Order Order;
    Settlement Settlement;
    Debt Settlement;
    Objecting Settlement;
    Payout Payout;
    Payees Payee;
    PayoutFiles PayoutFile;
    Advertising Advertising;
    Deposit Deposit;
    Membership Membership;
    Service Service;
    Tax Tax;
    Opening Opening;
    OpeningDeposit Deposit;
    OpeningWallet Advertising;
    OpeningSettlement Settlement;
    OpeningTerm Membership;
    CloseRun CloseRun;
    Book Book;
    BankFile BankFile;
    FxRate FxRate;
    FxPosition FxPosition;
}

/// What has happened so far, and in which circumstances the next command arrives.
pub(crate) struct Given<'c, D: Stream> {
    state: D::State,
    context: D::Context<'c>,
    at: Micros,
    history: Vec<Stored>,
}

/// Nothing has happened yet; it is noon in Shanghai on Monday 2 March 2026.
pub(crate) fn given<D: Stream>(context: D::Context<'_>) -> Given<'_, D> {
    let at = "2026-03-02T04:00:00.000000Z".parse().unwrap();
    Given { state: D::State::default(), context, at, history: Vec::new() }
}

impl<'c, D: Stream> Given<'c, D> {
    /// From here on it is this instant.
    pub(crate) fn at(mut self, at: &str) -> Self {
        self.at = at.parse().unwrap();
        self
    }

    /// From here on this holds in other streams.
    pub(crate) fn under(mut self, context: D::Context<'c>) -> Self {
        self.context = context;
        self
    }

    /// This command was accepted.
    pub(crate) fn after(mut self, command: D::Command<'_>) -> Self {
        self.attempt(&command).unwrap_or_else(|refused| panic!("refused: {refused:?}"));
        self
    }

    /// Folds what the command gives; refused, nothing changes.
    pub(crate) fn attempt(&mut self, command: &D::Command<'_>) -> Result<(), Refused> {
        for stored in D::ask(&self.state, command, &self.context, self.at)? {
            D::fold(&mut self.state, &stored.event());
            self.history.push(stored);
        }
        Ok(())
    }

    /// The same stream under another decider of it.
    pub(crate) fn turned<E: Stream<State = D::State>>(
        self,
        context: E::Context<'_>,
    ) -> Given<'_, E> {
        Given { state: self.state, context, at: self.at, history: self.history }
    }

    pub(crate) fn state(&self) -> &D::State {
        &self.state
    }

    /// The books over everything so far.
    pub(crate) fn books(&self) -> Books {
        Books::of(&self.history)
    }

    /// The command arrives.
    pub(crate) fn when(self, command: D::Command<'_>) -> Then {
        let outcome = D::ask(&self.state, &command, &self.context, self.at);
        Then { history: self.history, outcome }
    }
}

/// What came of the command.
pub(crate) struct Then {
    history: Vec<Stored>,
    outcome: Result<Vec<Stored>, Refused>,
}

impl Then {
    fn events(&self) -> &[Stored] {
        self.outcome.as_ref().unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    /// It is refused with this code.
    #[track_caller]
    pub(crate) fn refused(self, code: &str) {
        match self.outcome {
            Ok(events) => panic!("not refused: {events:#?}"),
            Err(Refused(found, text)) => assert_eq!(found, code, "{text}"),
        }
    }

    /// Exactly these types of events happen.
    #[track_caller]
    pub(crate) fn happens(self, types: &[&str]) -> Self {
        let found: Vec<&str> = self.events().iter().map(|event| event.kind.text()).collect();
        assert_eq!(found, types);
        self
    }

    /// The first event of a type has this text in its payload.
    #[track_caller]
    pub(crate) fn says(self, event_type: &str, text: &str) -> Self {
        let event = self.events().iter().find(|event| event.kind.text() == event_type);
        let event = event.unwrap_or_else(|| panic!("no {event_type} in {:#?}", self.events()));
        assert!(event.payload.contains(text), "{text} is not in {}", event.payload);
        self
    }

    /// The events have this accounting date.
    #[track_caller]
    pub(crate) fn effective_on(self, date: &str) -> Self {
        assert!(self.events().iter().all(|event| event.effective_on.to_string() == date));
        self
    }

    /// The events post exactly these lines, such as `Dr PspClearing 120.00`, in this order.
    #[track_caller]
    pub(crate) fn posts(self, lines: &[&str]) -> Self {
        assert_eq!(Books::of(self.events()).lines(), lines);
        self
    }

    /// The events make exactly these items of merchants, such as `1007 commission -8.00 due …`.
    #[track_caller]
    pub(crate) fn items(self, items: &[&str]) -> Self {
        assert_eq!(Books::of(self.events()).items(), items);
        self
    }

    /// With the history, the account stands at this balance, debit positive.
    #[track_caller]
    pub(crate) fn leaves(self, account: &str, balance: &str) -> Self {
        let all: Vec<Stored> = self.history.iter().chain(self.events()).cloned().collect();
        assert_eq!(Books::of(&all).balance(account), balance, "{account}");
        self
    }
}
