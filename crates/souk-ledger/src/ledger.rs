//! The ledger: commands in, events out.
//!
//! [`Ledger::execute`] carries out one command and returns when it is durable. Bulk ingest stages
//! many with [`Ledger::stage`] on speculative state and hands them over together with
//! [`Ledger::flush`]; as the only writer it cannot conflict, and a failed sync is fatal.

use std::sync::Arc;

use souk_domain::advertising::state::AdvertisingState;
use souk_domain::bankfile::state::BankFileState;
use souk_domain::book::state::BookState;
use souk_domain::business_time::Zone;
use souk_domain::closerun::state::CloseRunState;
use souk_domain::decider::Decider;
use souk_domain::deposit::state::DepositState;
use souk_domain::fxposition::state::FxPositionState;
use souk_domain::fxrate::pair::Pair;
use souk_domain::fxrate::state::FxRateState;
use souk_domain::ledger::events::Demonstration;
use souk_domain::ledger::state::LedgerState;
use souk_domain::membership::state::MembershipState;
use souk_domain::merchant::decide::{Merchant, MerchantCommand, MerchantContext};
use souk_domain::merchant::state::MerchantState;
use souk_domain::opening::state::OpeningState;
use souk_domain::order::state::OrderState;
use souk_domain::payee::state::PayeeState;
use souk_domain::payout::state::PayoutState;
use souk_domain::payoutfile::state::PayoutFileState;
use souk_domain::service::state::ServiceState;
use souk_domain::settlement::state::SettlementState;
use souk_domain::tariff::decide::{Tariff, TariffContext};
use souk_domain::tariff::state::TariffState;
use souk_domain::tax::state::TaxState;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{
    BookId, Id, JurisdictionId, MembershipId, MerchantId, OrderId, RunId, TariffId,
};
use souk_journal::money::Currency;
use souk_store::{AppendError, AppendResults, EventStore, Ticket};
use uuid::Uuid;

use crate::beside::service_account;
use crate::cache::{Cache, Look};
use crate::clock::Clock;
use crate::command::Command;
use crate::error::LedgerError;
use crate::loaded::Loaded;
use crate::prepaid;
use crate::request::{Outcome, Request};
use crate::taxes;
use crate::writer::{Writer, encode};

/// Orders kept in memory between commands.
const ORDERS: usize = 20_000;
/// Other streams kept in memory, per category.
const OTHERS: usize = 200_000;
/// Tries of a command against other writers.
const TRIES: u32 = 8;

/// A merchant's settlement in one currency.
pub type Account = (MerchantId, Currency);

/// Identity of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its UUID.
    pub ledger: Uuid,
    /// The platform's name.
    pub platform: Box<str>,
    /// The platform's currency.
    pub currency: Currency,
    /// Name of the platform's zone.
    pub time_zone: Box<str>,
    /// The zone.
    pub zone: Zone,
    /// Language of documents.
    pub language: Box<str>,
    /// Set for a demonstration.
    pub demonstration: Option<Demonstration>,
}

/// Whether others write to the same store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    /// This one alone, by a lock.
    Sole,
    /// Others too: cached streams are checked against their revision.
    Several,
}

/// The write side of one ledger.
pub struct Ledger {
    pub(crate) store: Arc<dyn EventStore>,
    pub(crate) identity: Identity,
    pub(crate) writer: Writer,
    /// Whether others write too.
    pub(crate) look: Look,
    pub(crate) orders: Cache<OrderId, OrderState>,
    pub(crate) merchants: Cache<MerchantId, MerchantState>,
    pub(crate) tariffs: Cache<TariffId, TariffState>,
    pub(crate) rates: Cache<(Pair, i32), FxRateState>,
    pub(crate) positions: Cache<Currency, FxPositionState>,
    pub(crate) settlements: Cache<Account, SettlementState>,
    pub(crate) payouts: Cache<Id, PayoutState>,
    pub(crate) payees: Cache<Account, PayeeState>,
    pub(crate) payout_files: Cache<Id, PayoutFileState>,
    pub(crate) advertising: Cache<Account, AdvertisingState>,
    pub(crate) deposits: Cache<Account, DepositState>,
    pub(crate) memberships: Cache<MembershipId, MembershipState>,
    pub(crate) services: Cache<Account, ServiceState>,
    pub(crate) taxes: Cache<(JurisdictionId, Currency), TaxState>,
    /// The platform's own stand under no merchant.
    pub(crate) openings: Cache<Option<MerchantId>, OpeningState>,
    pub(crate) runs: Cache<RunId, CloseRunState>,
    pub(crate) bank_files: Cache<(Id, Id), BankFileState>,
    pub(crate) books: Cache<BookId, BookState>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger in a store. Schemas that it lacks, because its creation was broken off or an older edition made
    /// it, are registered first.
    ///
    /// # Errors
    /// [`LedgerError::NoLedger`] when the store has no entry 0, or what the store says.
    pub fn open(
        store: Arc<dyn EventStore>,
        clock: Clock,
        writers: Writers,
    ) -> Result<Self, LedgerError> {
        let identity = identity(store.as_ref())?;
        let recorded_at = crate::create::last_recorded(store.as_ref())?;
        let clock = identity.demonstration.map_or(clock, |demo| Clock::Pinned(demo.clock));
        let mut writer = Writer::new(identity.ledger, clock, recorded_at);
        crate::create::complete(store.as_ref(), &mut writer)?;
        Ok(Self {
            writer,
            store,
            identity,
            look: match writers {
                Writers::Sole => Look::Never,
                Writers::Several => Look::Once { round: 0 },
            },
            orders: Cache::new(ORDERS),
            merchants: Cache::new(OTHERS),
            tariffs: Cache::new(OTHERS),
            rates: Cache::new(OTHERS),
            positions: Cache::new(ORDERS),
            settlements: Cache::new(OTHERS),
            payouts: Cache::new(ORDERS),
            payees: Cache::new(ORDERS),
            payout_files: Cache::new(ORDERS),
            advertising: Cache::new(ORDERS),
            deposits: Cache::new(ORDERS),
            memberships: Cache::new(ORDERS),
            services: Cache::new(ORDERS),
            taxes: Cache::new(ORDERS),
            openings: Cache::new(ORDERS),
            runs: Cache::new(ORDERS),
            bank_files: Cache::new(ORDERS),
            books: Cache::new(ORDERS),
        })
    }

    /// Who this ledger is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.writer.clock()
    }

    /// Sets the clock: a scenario or a demonstration lets it move.
    pub fn set_clock(&mut self, clock: Clock) {
        self.writer.set_clock(clock);
    }

    /// A merchant's state.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn merchant(&mut self, id: MerchantId) -> Result<&MerchantState, LedgerError> {
        let store = Arc::clone(&self.store);
        let stream = format!("merchant-{id}");
        Ok(&self.merchants.load(id, &stream, store.as_ref(), self.look)?.state)
    }

    /// A tariff's state.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn tariff(&mut self, id: TariffId) -> Result<&TariffState, LedgerError> {
        let store = Arc::clone(&self.store);
        let stream = format!("tariff-{id}");
        Ok(&self.tariffs.load(id, &stream, store.as_ref(), self.look)?.state)
    }

    /// A settlement's state.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn settlement(&mut self, of: Account) -> Result<&SettlementState, LedgerError> {
        let store = Arc::clone(&self.store);
        let stream = settlement_stream(of);
        Ok(&self.settlements.load(of, &stream, store.as_ref(), self.look)?.state)
    }

    /// An order's state.
    ///
    /// # Errors
    /// The store's, or an event that cannot be read.
    pub fn order(&mut self, id: OrderId) -> Result<&OrderState, LedgerError> {
        let store = Arc::clone(&self.store);
        let stream = format!("order-{id}");
        Ok(&self.orders.load(id, &stream, store.as_ref(), self.look)?.state)
    }

    /// Carries out one command; its events are durable when this returns.
    ///
    /// # Errors
    /// A refusal or a failure; nothing is written then.
    pub fn execute(
        &mut self,
        command: &Command<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        for _ in 0..TRIES {
            let mut outcome = self.stage(command, request)?;
            if outcome.replayed {
                return Ok(outcome);
            }
            let results = self.flush().wait();
            match results.into_iter().next_back() {
                Some(Ok(appended)) => {
                    outcome.first_entry = appended.first_entry;
                    outcome.last_entry = appended.last_entry;
                    self.settle();
                    return Ok(outcome);
                }
                Some(Err(AppendError::WrongExpectedRevision { .. })) => {
                    self.forget(command);
                    self.settle();
                }
                Some(Err(AppendError::Store(error))) => return Err(error.into()),
                Some(Err(error)) => {
                    self.forget(command);
                    return Err(LedgerError::Append(error));
                }
                None => return Err(LedgerError::NoLedger),
            }
        }
        Err(LedgerError::TooManyConflicts { stream: self.stream_of(command), tries: TRIES })
    }

    /// Stages one command on speculative state.
    ///
    /// # Errors
    /// A refusal or a failure; nothing is staged then.
    pub fn stage(
        &mut self,
        command: &Command<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let result = match command {
            Command::Order(of) => self.stage_order(of, request),
            Command::Merchant(of) => self.stage_merchant(of, request),
            Command::Tariff(of) => {
                let stream = format!("tariff-{}", of.tariff);
                let context = TariffContext { today: self.identity.zone.date(request.at) };
                let store = Arc::clone(&self.store);
                let loaded = self.tariffs.load(of.tariff, &stream, store.as_ref(), self.look)?;
                self.writer.stage(loaded, &stream, request, |state| {
                    encode(Tariff::decide(state, of, &context, request.at))
                })
            }
            Command::Payout(of) => self.stage_payout(of, request),
            Command::Payee(of) => self.stage_payee(of, request),
            Command::PayoutFile(of) => self.stage_payout_file(of, request),
            Command::Advertising(of) => self.stage_advertising(of, request),
            Command::Deposit(of) => self.stage_deposit(of, request),
            Command::Membership(of) => self.stage_membership(of, request),
            Command::Service(of) => self.stage_service(of, request),
            Command::Tax(of) => self.stage_tax(of, request),
            Command::Debt(of) => self.stage_debt(of, request),
            Command::Objection(of) => self.stage_objection(of, request),
            Command::Opening(of) => self.stage_opening(of, request),
            Command::FxRate(of) => self.stage_fxrate(of, request),
            Command::FxPosition(of) => self.stage_fxposition(of, request),
            Command::BankFile(of) => self.stage_bank_file(of, request),
            Command::Book(of) => self.stage_book(of, request),
        };
        // Only a bug leaves a stream folded in part.
        if let Err(LedgerError::Bug { .. } | LedgerError::OrderTooLarge { .. }) = &result {
            self.forget(command);
        }
        result
    }

    /// Whether others may write to the same store.
    pub fn is_shared(&self) -> bool {
        self.look != Look::Never
    }

    /// Number of staged appends.
    pub fn staged(&self) -> usize {
        self.writer.staged()
    }

    /// Hands everything staged to the store; durable once the ticket resolves.
    pub fn flush(&mut self) -> Ticket {
        self.store.append(self.writer.take_staged())
    }

    /// Call when nothing is in flight: lets caches shrink.
    pub fn settle(&mut self) {
        if let Look::Once { round } = &mut self.look {
            *round += 1;
        }
        self.orders.turn();
        self.merchants.turn();
        self.tariffs.turn();
        self.rates.turn();
        self.positions.turn();
        self.settlements.turn();
        self.payouts.turn();
        self.payees.turn();
        self.payout_files.turn();
        self.advertising.turn();
        self.deposits.turn();
        self.memberships.turn();
        self.services.turn();
        self.taxes.turn();
        self.openings.turn();
        self.runs.turn();
        self.books.turn();
    }

    fn stage_merchant(
        &mut self,
        command: &MerchantCommand<'_>,
        request: &Request<'_>,
    ) -> Result<Outcome, LedgerError> {
        let store = Arc::clone(&self.store);
        let merchant = command.merchant();
        let tariff = match command {
            MerchantCommand::AgreeTerms(of) => Some(of.tariff),
            MerchantCommand::Enrol(_)
            | MerchantCommand::RecordVolume(_)
            | MerchantCommand::AgreeSettlementCurrency(_)
            | MerchantCommand::AgreeWithholding(_)
            | MerchantCommand::AgreePayoutTerms(_)
            | MerchantCommand::AnnounceClosing(_)
            | MerchantCommand::WithdrawClosing(_)
            | MerchantCommand::Close(_) => None,
        };
        let mut tariff_known = false;
        if let Some(tariff) = tariff {
            let name = format!("tariff-{tariff}");
            let loaded = self.tariffs.load(tariff, &name, store.as_ref(), self.look)?;
            tariff_known = !loaded.state.versions.is_empty();
        }
        let today = self.identity.zone.date(request.at);
        let context = MerchantContext { today, tariff_known };
        let stream = format!("merchant-{merchant}");
        let loaded = self.merchants.load(merchant, &stream, store.as_ref(), self.look)?;
        self.writer.stage(loaded, &stream, request, |state| {
            encode(Merchant::decide(state, command, &context, request.at))
        })
    }

    /// The date where the merchant is settled, or the platform's while it has no terms; and whether it is enrolled.
    pub(crate) fn date_at(
        &mut self,
        merchant: MerchantId,
        at: Micros,
    ) -> Result<(Date, bool), LedgerError> {
        let platform = self.identity.zone.date(at);
        let merchant = self.merchant(merchant)?;
        let zone = merchant.terms.last().map(|terms| &terms.zone);
        Ok((zone.map_or(platform, |zone| zone.date(at)), merchant.kind.is_some()))
    }

    /// The tier of a merchant by its terms in force on a day, for an event to freeze.
    pub(crate) fn tier_on(
        &mut self,
        merchant: MerchantId,
        day: Date,
    ) -> Result<Option<Box<str>>, LedgerError> {
        Ok(self.merchant(merchant)?.terms_on(day).and_then(|terms| terms.tier.clone()))
    }

    fn stream_of(&self, command: &Command<'_>) -> String {
        match command {
            Command::Order(of) => format!("order-{}", of.order()),
            Command::Merchant(of) => format!("merchant-{}", of.merchant()),
            Command::Tariff(of) => format!("tariff-{}", of.tariff),
            Command::Payout(of) => format!("payout-{}", self.payout_of(of.of())),
            Command::Payee(of) => prepaid::stream("payee", of.of()),
            Command::PayoutFile(of) => format!("payoutfile-{}", of.account()),
            Command::Advertising(of) => prepaid::stream("advertising", of.of()),
            Command::Deposit(of) => prepaid::stream("deposit", of.of()),
            Command::Membership(of) => format!("membership-{}", of.membership()),
            Command::Service(of) => prepaid::stream("service", of.of()),
            Command::Tax(of) => taxes::stream(of),
            Command::Debt(of) => prepaid::stream("settlement", of.of()),
            Command::Objection(of) => prepaid::stream("settlement", of.of()),
            Command::Opening(of) => of.stream(),
            Command::FxRate(of) => {
                let (pair, year) = of.of();
                pair.stream(year)
            }
            Command::FxPosition(of) => crate::fx::position_stream(of.currency()),
            Command::BankFile(of) => of.stream(),
            Command::Book(of) => format!("book-{}", of.book()),
        }
    }

    /// Forgets the stream of a command, so that the next try reads it anew.
    fn forget(&mut self, command: &Command<'_>) {
        match command {
            Command::Order(of) => self.orders.forget(of.order()),
            Command::Merchant(of) => self.merchants.forget(of.merchant()),
            Command::Tariff(of) => self.tariffs.forget(of.tariff),
            Command::Payout(of) => {
                let id = self.payout_of(of.of());
                self.payouts.forget(id);
            }
            Command::Payee(of) => {
                if let Some(key) = prepaid::key(of.of()) {
                    self.payees.forget(key);
                }
            }
            Command::PayoutFile(of) => self.payout_files.forget(of.account()),
            Command::Advertising(of) => {
                if let Some(key) = prepaid::key(of.of()) {
                    self.advertising.forget(key);
                }
            }
            Command::Deposit(of) => {
                if let Some(key) = prepaid::key(of.of()) {
                    self.deposits.forget(key);
                }
            }
            Command::Opening(of) => self.forget_opening(of),
            Command::Objection(of) => {
                if let Some(key) = prepaid::key(of.of()) {
                    self.settlements.forget(key);
                }
            }
            Command::Debt(of) => {
                if let Some(key) = prepaid::key(of.of()) {
                    self.settlements.forget(key);
                }
            }
            Command::Membership(of) => self.memberships.forget(of.membership()),
            Command::Service(of) => {
                // One whose currency cannot be read was not loaded.
                if let Ok(account) = service_account(of) {
                    self.services.forget(account);
                }
            }
            Command::Tax(of) => {
                if let Some(key) = taxes::key(of) {
                    self.taxes.forget(key);
                }
            }
            Command::FxRate(of) => self.rates.forget(of.of()),
            Command::FxPosition(of) => {
                // One whose currency cannot be read was not loaded.
                if let Ok(currency) = Currency::from_code(of.currency()) {
                    self.positions.forget(currency);
                }
            }
            Command::BankFile(of) => self.bank_files.forget(of.of()),
            Command::Book(of) => self.books.forget(of.book()),
        }
    }
}

/// The stream of a settlement.
pub fn settlement_stream((merchant, currency): Account) -> String {
    format!("settlement-{merchant}~{currency}")
}

/// The first failure among the results of a flush.
///
/// # Errors
/// That failure.
pub fn all_appended(results: AppendResults) -> Result<(), LedgerError> {
    for result in results {
        match result {
            Ok(_) => {}
            Err(AppendError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(LedgerError::Append(error)),
        }
    }
    Ok(())
}

/// Reads entry 0.
///
/// # Errors
/// [`LedgerError::NoLedger`], `Damaged` when another event comes first, or what the store says.
pub fn identity(store: &dyn EventStore) -> Result<Identity, LedgerError> {
    let loaded: Loaded<LedgerState> = Loaded::read(store, crate::create::MAIN)?;
    match loaded.state {
        LedgerState::Absent => {
            crate::create::refuse_foreign(store)?;
            Err(LedgerError::NoLedger)
        }
        LedgerState::Created { ledger, platform, currency, time_zone, language, demonstration } => {
            Ok(Identity {
                ledger: Uuid::parse_str(ledger.as_str()).map_err(|_| LedgerError::NoLedger)?,
                platform,
                currency,
                zone: Zone::named(&time_zone).map_err(|_| LedgerError::NoLedger)?,
                time_zone,
                language,
                demonstration,
            })
        }
    }
}
