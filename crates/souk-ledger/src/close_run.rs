//! Closing cycles: one run per cut-off, oldest first, each with its own claim point.
//!
//! A run pins its claim point N before it closes anything, so a run that was cut off in the middle
//! goes on with the same N and closes the rest as it would have. Both cut-offs and claim points
//! strictly increase, and a run claims the carried items of the one before.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use souk_domain::calendar::Cycle;
use souk_domain::closerun::commands::CloseRunCommand;
use souk_domain::closerun::decide::CloseRun;
use souk_domain::closerun::state::CloseRunState;
use souk_domain::decider::{Decider, Refusal};
use souk_domain::merchant::events::Left;
use souk_domain::service::commands::DueDay;
use souk_domain::settlement::commands::{CloseCycle, DepositAtClose, close_head, statement_number};
use souk_domain::settlement::decide::{Settlement, SettlementContext, SettlementRefusal};
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, MerchantId, RunId};
use souk_journal::statement_lines::{Claim, Head, hex};
use souk_store::{AppendError, EventStore};

use crate::cache::Look;
use crate::error::LedgerError;
use crate::ledger::{Account, Ledger, all_appended, settlement_stream};
use crate::raw_pass::{Disagreement, RawPass};
use crate::request::{Outcome, Request};
use crate::writer::encode;

/// A close run that has been started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub run: RunId,
    /// Last day of its cycles.
    pub through: Date,
    /// Its claim point.
    pub entry: u64,
    /// Whether every cycle of it is closed.
    pub finished: bool,
}

/// What the read side answers for a close.
pub trait ClaimSource {
    /// Reads everything the store has.
    ///
    /// # Errors
    /// What stopped it.
    fn catch_up(&mut self, store: &Arc<dyn EventStore>) -> Result<(), LedgerError>;

    /// The last entry read.
    fn last_entry(&self) -> u64;

    /// Merchants and currencies with open items, or with a closed cycle.
    fn accounts(&self) -> Vec<Account>;

    /// The earliest due date among the open items.
    fn earliest_due(&self, account: Account) -> Option<Date>;

    /// What a close would claim, at or beyond the head's claim point.
    ///
    /// # Errors
    /// The items could not be read.
    fn claim(&self, account: Account, head: &Head) -> Result<Claim, LedgerError>;

    /// The runs there have been, oldest first.
    fn runs(&self) -> Vec<Run>;
}

/// What the read side answers about one account.
pub trait AccountSource: ClaimSource {
    /// What is left in a merchant's account: see [`crate::closing::left_in`].
    fn left(&self, merchant: MerchantId) -> Vec<Left>;

    /// What falls due on each day: see [`crate::early::due_by_day`].
    fn due_by_day(&self, account: Account, today: Date) -> Vec<DueDay>;
}

/// Why no cycle is closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseRefusal {
    /// The day has not ended everywhere.
    #[error(
        "{through} has not ended in {time_zone} (merchant {merchant}); cycles through it can be closed from {from} on"
    )]
    CycleStillOpen {
        /// Asked for.
        through: Date,
        /// A merchant for whom it has not ended.
        merchant: MerchantId,
        /// The merchant's zone.
        time_zone: String,
        /// The day after.
        from: Date,
    },
    /// The day has not ended for the platform.
    #[error(
        "{through} has not ended in {time_zone}; cycles through it can be closed from {from} on"
    )]
    DayStillOpen {
        /// Asked for.
        through: Date,
        /// The platform's zone.
        time_zone: String,
        /// The day after.
        from: Date,
    },
    /// Runs go forward only.
    #[error(
        "cycles through {through} are closed already (run {run} closed through {last}); late items fall into the next cycle"
    )]
    CycleAlreadyClosed {
        /// Asked for.
        through: Date,
        /// The last run.
        run: RunId,
        /// Its last day.
        last: Date,
    },
}

impl Refusal for CloseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CycleStillOpen { .. } | Self::DayStillOpen { .. } => "CycleStillOpen",
            Self::CycleAlreadyClosed { .. } => "CycleAlreadyClosed",
        }
    }
}

/// What one run closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedRun {
    /// The run.
    pub run: Run,
    /// The cycles it closed.
    pub cycles: Vec<(Account, CycleId)>,
}

/// How far a close is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The raw pass reads the log.
    Checking {
        /// Entries read.
        done: u64,
        /// Entries there are.
        of: u64,
    },
    /// A run closes.
    Closing {
        /// The run.
        run: RunId,
        /// Cycles gone through: closed by this run, now or before it was cut off.
        done: usize,
        /// Cycles of the run.
        of: usize,
    },
}

/// Is told how far a close is, once per batch of cycles and page of the log.
pub type Watcher<'w> = dyn FnMut(Progress) + 'w;

/// Appends handed to the store at once during a close.
const BATCH: usize = 2_000;
/// Batches that the store may have before the next is decided: what waits there is bounded too.
const IN_FLIGHT: usize = 4;

/// What accompanies the cycles of a run.
struct Checks<'c, 'w> {
    raw: &'c RawPass,
    disagree: &'c mut Vec<Disagreement>,
    watcher: &'c mut Watcher<'w>,
}

/// The run of a day: a date is an identifier.
fn run_id(through: Date) -> Result<RunId, LedgerError> {
    RunId::new(&through.to_string()).map_err(|error| LedgerError::ReadSide(error.to_string()))
}

impl Ledger {
    /// Closes every cycle whose last day is on or before a date.
    ///
    /// # Errors
    /// `CycleStillOpen` when the day has not ended for some merchant, `CycleAlreadyClosed` when a
    /// run has gone through it already, or what the stores say. Refusals write nothing.
    pub fn close_through(
        &mut self,
        through: Date,
        claims: &mut dyn ClaimSource,
    ) -> Result<Vec<ClosedRun>, LedgerError> {
        self.close_through_watched(through, claims, &mut |_| {})
    }

    /// The same, and says how far it is.
    ///
    /// # Errors
    /// As [`Ledger::close_through`].
    pub fn close_through_watched(
        &mut self,
        through: Date,
        claims: &mut dyn ClaimSource,
        watcher: &mut Watcher<'_>,
    ) -> Result<Vec<ClosedRun>, LedgerError> {
        claims.catch_up(&self.store)?;
        self.check_ended(through, &claims.accounts())?;
        let runs = claims.runs();
        let last_cut_off = last_finished(&runs).map(|run| run.through.plus_days(1));
        if let Some(latest) = runs.iter().max_by_key(|run| run.through)
            && (through < latest.through || (through == latest.through && latest.finished))
        {
            let (run, last) = (latest.run, latest.through);
            return Err(CloseRefusal::CycleAlreadyClosed { through, run, last }.into());
        }
        let mut pending: BTreeMap<Date, Vec<(Account, Cycle)>> = BTreeMap::new();
        for account in claims.accounts() {
            if let Some(cycle) = self.next_cycle(account, claims, last_cut_off)? {
                pending.entry(cycle.to).or_default().push((account, cycle));
            }
        }
        // Runs that were cut off go on, even when every cycle of theirs is closed; and that nothing
        // is left to close through the day asked for is a fact too: what falls due by then and is
        // recorded later is late.
        let unfinished = runs.iter().filter(|run| !run.finished).map(|run| run.through);
        for day in unfinished.chain([through]) {
            pending.entry(day).or_default();
        }
        let mut closed = Vec::new();
        let mut raw = RawPass::default();
        runs.iter().for_each(|run| raw.expect(run.entry));
        while let Some(entry) = pending.first_entry() {
            if *entry.key() > through {
                break;
            }
            let (to, cycles) = entry.remove_entry();
            closed.push(self.close_run(to, &cycles, claims, &mut raw, watcher)?);
            let cut_off = Some(to.plus_days(1));
            for (account, _) in cycles {
                if let Some(next) = self.next_cycle(account, claims, cut_off)? {
                    pending.entry(next.to).or_default().push((account, next));
                }
            }
        }
        Ok(closed)
    }

    /// The day must have ended in the zone of every merchant that may be closed.
    fn check_ended(&mut self, through: Date, accounts: &[Account]) -> Result<(), LedgerError> {
        let now = self.clock().now();
        let from = through.plus_days(1);
        if accounts.is_empty() && self.identity.zone.date(now) <= through {
            let time_zone = self.identity.time_zone.to_string();
            return Err(CloseRefusal::DayStillOpen { through, time_zone, from }.into());
        }
        for (merchant, _) in accounts {
            let state = self.merchant(*merchant)?;
            if let Some(terms) = state.terms.last()
                && terms.zone.date(now) <= through
            {
                let (merchant, time_zone) = (*merchant, terms.time_zone.to_string());
                let refusal = CloseRefusal::CycleStillOpen { through, merchant, time_zone, from };
                return Err(refusal.into());
            }
        }
        Ok(())
    }

    /// The next cycle that has something to close: items, an opening balance or a reserve whose
    /// date has come; never one at or before the last finished run.
    fn next_cycle(
        &mut self,
        account: Account,
        claims: &dyn ClaimSource,
        last_cut_off: Option<Date>,
    ) -> Result<Option<Cycle>, LedgerError> {
        let settlement = self.settlement(account)?;
        let own_cut_off = settlement.last.as_ref().map(|last| last.cut_off);
        let release = settlement.reserve.iter().map(|tranche| tranche.release_on).min();
        let keeps_on = settlement.fixed_reserve > 0;
        // What is kept without a date waits for the end of the account.
        let closing = self.merchant(account.0)?.closing();
        let end = closing.map(|closing| closing.wind_down_to).filter(|_| keeps_on);
        let due = [claims.earliest_due(account), release, end].into_iter().flatten().min();
        let Some(due) = due else { return Ok(None) };
        let merchant = self.merchant(account.0)?;
        // When an account ends, nothing waits beyond its wind-down.
        let due = merchant.closing().map_or(due, |closing| due.min(closing.wind_down_to));
        let first = merchant.terms.first().map(|terms| terms.effective_on);
        let date = [Some(due), own_cut_off, first].into_iter().flatten().max().unwrap_or(due);
        let mut cycle = merchant.cycle_of(date);
        while let (Some(found), Some(last)) = (cycle, last_cut_off) {
            if found.cut_off() > last {
                break;
            }
            cycle = merchant.cycle_of(found.cut_off().max(last));
        }
        Ok(cycle)
    }

    fn close_run(
        &mut self,
        to: Date,
        cycles: &[(Account, Cycle)],
        claims: &mut dyn ClaimSource,
        raw: &mut RawPass,
        watcher: &mut Watcher<'_>,
    ) -> Result<ClosedRun, LedgerError> {
        let id = run_id(to)?;
        if matches!(self.run_state(id)?, CloseRunState::Absent) {
            self.use_deposits(cycles, claims)?;
        }
        let run = self.begin_run(to, claims)?;
        raw.watch();
        raw.expect(run.entry);
        raw.read(self.store.as_ref(), watcher)?;
        let mut disagree = Vec::new();
        let mut checks = Checks { raw, disagree: &mut disagree, watcher: &mut *watcher };
        let closed = match self.close_all(&run, cycles, claims, BATCH, &mut checks) {
            Err(LedgerError::Append(AppendError::WrongExpectedRevision { .. })) => {
                // Another closes the same run: what it has closed stays, the rest is decided anew.
                for (account, _) in cycles {
                    self.settlements.forget(*account);
                }
                checks.disagree.clear();
                self.close_all(&run, cycles, claims, 1, &mut checks)?
            }
            other => other?,
        };
        self.settle();
        // What this run recorded, read back from the log.
        raw.read(self.store.as_ref(), watcher)?;
        disagree.extend_from_slice(raw.found());
        if !disagree.is_empty() {
            return Err(LedgerError::ClosingsDisagree { run: run.run, closings: disagree });
        }
        self.finish_run(&run, closed.len() as u64)?;
        self.settle();
        claims.catch_up(&self.store)?;
        Ok(ClosedRun { run: Run { finished: true, ..run }, cycles: closed })
    }

    fn close_all(
        &mut self,
        run: &Run,
        cycles: &[(Account, Cycle)],
        claims: &dyn ClaimSource,
        batch: usize,
        checks: &mut Checks<'_, '_>,
    ) -> Result<Vec<(Account, CycleId)>, LedgerError> {
        self.set_deposits_aside(run, cycles, claims)?;
        let mut closed = Vec::with_capacity(cycles.len());
        let mut tickets = VecDeque::new();
        for (number, (account, cycle)) in cycles.iter().enumerate() {
            let command = self.close_command(*account, *cycle, run, claims)?;
            let differs = checks.raw.differs(*account, &command.head(), &command.claim);
            if let Some(differs) = differs {
                checks.disagree.push(differs);
                continue;
            }
            match self.stage_settlement(&command) {
                Ok(_) => closed.push((*account, cycle.id)),
                // A run that goes on meets the cycles it had closed.
                Err(LedgerError::Refused(refusal))
                    if matches!(refusal.code(), "CycleAlreadyClosed" | "NothingToClose") => {}
                Err(error) => return Err(error),
            }
            if self.staged() >= batch {
                tickets.push_back(self.flush());
                if tickets.len() > IN_FLIGHT
                    && let Some(oldest) = tickets.pop_front()
                {
                    all_appended(oldest.wait())?;
                }
                (checks.watcher)(Progress::Closing {
                    run: run.run,
                    done: number + 1,
                    of: cycles.len(),
                });
            }
        }
        tickets.push_back(self.flush());
        (checks.watcher)(Progress::Closing { run: run.run, done: cycles.len(), of: cycles.len() });
        for ticket in tickets {
            all_appended(ticket.wait())?;
        }
        Ok(closed)
    }

    /// Starts the run, or goes on with it where another, or an earlier try, has started it.
    fn begin_run(
        &mut self,
        through: Date,
        claims: &mut dyn ClaimSource,
    ) -> Result<Run, LedgerError> {
        let run = run_id(through)?;
        let start = CloseRunCommand::Start { through, entry: claims.last_entry() };
        loop {
            match self.run_state(run)? {
                CloseRunState::Absent => self.run_command(run, &start, "start")?,
                CloseRunState::Running { entry, .. } => {
                    if claims.last_entry() < entry {
                        claims.catch_up(&self.store)?;
                    }
                    return Ok(Run { run, through, entry, finished: false });
                }
                CloseRunState::Finished { .. } => {
                    let last = through;
                    return Err(CloseRefusal::CycleAlreadyClosed { through, run, last }.into());
                }
            }
        }
    }

    fn finish_run(&mut self, run: &Run, cycles: u64) -> Result<(), LedgerError> {
        loop {
            match self.run_state(run.run)? {
                CloseRunState::Finished { .. } => return Ok(()),
                CloseRunState::Absent | CloseRunState::Running { .. } => {
                    self.run_command(run.run, &CloseRunCommand::Finish { cycles }, "finish")?;
                }
            }
        }
    }

    fn run_state(&mut self, run: RunId) -> Result<CloseRunState, LedgerError> {
        let store = Arc::clone(&self.store);
        Ok(self.runs.load(run, &format!("closerun-{run}"), store.as_ref(), Look::Always)?.state)
    }

    /// Carries out one step of a run; when another was quicker, the run is read anew and nothing
    /// was written.
    fn run_command(
        &mut self,
        run: RunId,
        command: &CloseRunCommand,
        step: &str,
    ) -> Result<(), LedgerError> {
        let stream = format!("closerun-{run}");
        let store = Arc::clone(&self.store);
        let at = self.clock().now();
        let body = format!("{command:?}");
        let request = Request::of(self.identity.ledger, "close-run", step, body.as_bytes(), at);
        let loaded = self.runs.load(run, &stream, store.as_ref(), Look::Always)?;
        let staged = self.writer.stage(loaded, &stream, &request, |state: &CloseRunState| {
            encode(CloseRun::decide(state, command, &(), at))
        });
        match staged {
            // Another took the step with other figures between the look at the run and this one: the run says which.
            Err(LedgerError::KeyReusedWithAnotherBody { .. }) => return Ok(()),
            other => other?,
        };
        let result = all_appended(self.flush().wait());
        if result.is_err() {
            self.runs.forget(run);
        }
        match result {
            Err(LedgerError::Append(AppendError::WrongExpectedRevision { .. })) => Ok(()),
            other => other,
        }
    }

    /// Stages the close of one cycle over the claim that the read side gives at the run's point.
    ///
    /// # Errors
    /// A refusal of the settlement, or a failure; nothing is staged then.
    pub fn stage_close(
        &mut self,
        account: Account,
        cycle: Cycle,
        run: &Run,
        claims: &dyn ClaimSource,
    ) -> Result<Outcome, LedgerError> {
        let command = self.close_command(account, cycle, run, claims)?;
        self.stage_settlement(&command)
    }

    /// The close of one cycle over the claim that the read side gives at the run's point.
    pub(crate) fn close_command(
        &mut self,
        account: Account,
        cycle: Cycle,
        run: &Run,
        claims: &dyn ClaimSource,
    ) -> Result<CloseCycle, LedgerError> {
        let (merchant, currency) = account;
        let wind_down_to = self.merchant(merchant)?.ends_with(&cycle);
        let claims_of = CloseCycle::claims(wind_down_to);
        let head = close_head(account, &cycle, run.entry, claims_of);
        let claim = claims.claim(account, &head)?;
        let digest = hex(&claim.digest);
        let number = statement_number(merchant, &cycle, currency);
        let (entry, run) = (run.entry, run.run);
        let mut command = CloseCycle {
            merchant,
            currency,
            cycle,
            run,
            entry,
            claim,
            wind_down_to,
            deposit: DepositAtClose::default(),
            digest,
            number,
        };
        command.deposit = self.deposit_of(&command)?;
        Ok(command)
    }

    /// Stages the close of one cycle over a given claim.
    ///
    /// # Errors
    /// A refusal of the settlement, or a failure; nothing is staged then.
    pub fn stage_settlement(&mut self, command: &CloseCycle) -> Result<Outcome, LedgerError> {
        let account = (command.merchant, command.currency);
        let at = self.clock().now();
        let stream = settlement_stream(account);
        let body = format!("{}\n{}\n{}\n{}", command.run, stream, command.cycle.id, command.entry);
        let key = format!("{}\n{stream}", command.run);
        let request = Request::of(self.identity.ledger, "close-cycle", &key, body.as_bytes(), at);
        let nothing = || LedgerError::from(SettlementRefusal::NothingToClose(command.cycle.id));
        let merchant = self.merchant(command.merchant)?;
        let terms = merchant.terms_on(command.cycle.to).ok_or_else(nothing)?.clone();
        let context = SettlementContext { terms: &terms };
        let store = Arc::clone(&self.store);
        let loaded = self.settlements.load(account, &stream, store.as_ref(), Look::Always)?;
        let result = self.writer.stage(loaded, &stream, &request, |state| {
            encode(Settlement::decide(state, command, &context, at))
        });
        if let Err(LedgerError::Bug { .. }) = &result {
            self.settlements.forget(account);
        }
        result
    }

    /// Closes one cycle and waits until it is durable; on a conflict the settlement is read anew and
    /// decided again.
    ///
    /// # Errors
    /// A refusal of the settlement, or a failure.
    pub fn close_cycle(&mut self, command: &CloseCycle) -> Result<Outcome, LedgerError> {
        loop {
            let outcome = self.stage_settlement(command)?;
            if outcome.replayed {
                return Ok(outcome);
            }
            match all_appended(self.flush().wait()) {
                Ok(()) => return Ok(outcome),
                Err(LedgerError::Append(AppendError::WrongExpectedRevision { .. })) => {
                    self.settlements.forget((command.merchant, command.currency))
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// The latest finished run.
fn last_finished(runs: &[Run]) -> Option<&Run> {
    runs.iter().filter(|run| run.finished).max_by_key(|run| run.through)
}
