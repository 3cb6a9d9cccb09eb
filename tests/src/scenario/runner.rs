//! Runs a scenario: commands in order, what is shown after them, and what must always hold.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use souk_books::Books;
use souk_domain::membership::commands::MembershipCommand;
use souk_domain::opening::events::Origin;
use souk_formats::opening_csv;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{BookId, MerchantId};
use souk_journal::money::{Amount, Currency};
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::request::Request;
use souk_store::EventStore;

use super::document::{Document, Kind};
use super::language::{Action, Context, Step};
use super::objections::Lines;
use super::{payouts, revenue, show};
use crate::audit;
use crate::market::{LEDGER, Sent, new_store, open, platform_zone, start};
use crate::reader::Reader;

/// What every block of a scenario shows; none for commands.
pub type Shown = Vec<Option<Vec<String>>>;

/// Runs a scenario.
///
/// # Errors
/// A text with file and line: a line that cannot be read, a command that should not be refused (or
/// should be), or books that do not hold together.
pub fn run(document: &Document) -> Result<Shown, String> {
    let mut run = Run::new().map_err(|error| format!("{}: {error}", document.file))?;
    let mut context = Context::default();
    let mut shown = Vec::with_capacity(document.blocks.len());
    for block in &document.blocks {
        let at = |index: usize, why: &str| format!("{}:{}: {why}", document.file, index + 1);
        if matches!(block.kind, Kind::Setup | Kind::Commands) {
            for index in block.lines.clone() {
                let step = context.read(&document.lines[index]).map_err(|why| at(index, &why))?;
                if let Some(step) = step {
                    run.step(&step).map_err(|why| at(index, &why))?;
                }
            }
            if block.kind == Kind::Setup {
                run.set_up().map_err(|why| at(block.lines.start - 1, &why))?;
            }
            shown.push(None);
        } else {
            let lines = run.show(&block.kind).map_err(|why| at(block.lines.start - 1, &why))?;
            shown.push(Some(lines));
        }
    }
    audit::check(run.store.as_ref(), &run.reader)
        .map_err(|faults| format!("{}: the books do not hold:\n{faults}", document.file))?;
    Ok(shown)
}

/// Compares what is shown with what a scenario expects.
///
/// # Errors
/// Every difference, with file and line.
pub fn compare(document: &Document, shown: &Shown) -> Result<(), String> {
    let mut text = String::new();
    for (block, actual) in document.blocks.iter().zip(shown) {
        let expected = &document.lines[block.lines.clone()];
        let Some(actual) = actual.as_deref().filter(|actual| *actual != expected) else { continue };
        let differs = expected.iter().zip(actual).take_while(|(a, b)| a == b).count();
        let line = block.lines.start + differs + 1;
        let (none, of) =
            (String::from("(nothing)"), |lines: &[String]| lines.get(differs).cloned());
        let (expected, actual) = (of(expected).unwrap_or(none.clone()), of(actual).unwrap_or(none));
        let file = &document.file;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{file}:{line}:\n  expected {expected}\n  shown    {actual}");
    }
    if text.is_empty() { Ok(()) } else { Err(text) }
}

/// A scenario under way.
struct Run {
    store: Arc<dyn EventStore>,
    ledger: Ledger,
    reader: Reader,
    now: Micros,
    journal: Vec<String>,
    refused: Vec<String>,
    lines: Lines,
}

impl Run {
    fn new() -> Result<Self, LedgerError> {
        let store = new_store()?;
        let ledger = open(&store, start(), Writers::Sole)?;
        let (reader, journal, refused, lines) = Default::default();
        let mut run = Self { store, ledger, reader, now: start(), journal, refused, lines };
        run.catch_up().map_err(LedgerError::ReadSide)?;
        run.journal.clear();
        Ok(run)
    }

    fn catch_up(&mut self) -> Result<(), String> {
        let (journal, lines) = (&mut self.journal, &mut self.lines);
        self.reader.read(self.store.as_ref(), 1 << 20, &mut |_, entry, names| {
            lines.note(entry);
            journal.extend(show::entry(entry, names));
        })
    }

    /// After a set-up nothing is posted, and its events are not listed.
    fn set_up(&mut self) -> Result<(), String> {
        if !self.reader.trial.totals().is_empty() {
            return Err("a set-up posts nothing".into());
        }
        self.journal.clear();
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        self.now = self.now.max(step.at);
        if step.reload || step.action == Action::Reload {
            self.ledger =
                open(&self.store, self.now, Writers::Sole).map_err(|of| of.to_string())?;
        }
        self.ledger.set_clock(Clock::Pinned(self.now));
        let before = self.head()?;
        let result = self.act(step);
        let written = self.head()? - before;
        self.catch_up()?;
        match (result, &step.refusal) {
            (Ok(replayed), None) if !step.again || (replayed && written == 0) => Ok(()),
            (Ok(_), None) => Err("the repeated command was carried out twice".into()),
            (Ok(_), Some(code)) => Err(format!("{code} was expected, but it was carried out")),
            (Err(error), Some(code)) if error.code() == code && written == 0 => {
                self.refused.push(format!("{code}: {error}"));
                Ok(())
            }
            (Err(_), Some(_)) if written > 0 => Err(format!("refused, yet {written} written")),
            (Err(error), Some(code)) => {
                Err(format!("{code} was expected, but it is {}: {error}", error.code()))
            }
            (Err(error), None) => Err(format!("{}: {error}", error.code())),
        }
    }

    /// Whether everything had been carried out before.
    fn act(&mut self, step: &Step) -> Result<bool, LedgerError> {
        match &step.action {
            Action::Wait | Action::Reload => Ok(false),
            Action::Close(through) => {
                // The listing follows the store itself, so the close reads with its own reader.
                let mut claims = Reader::default();
                let closed = self.ledger.close_through(*through, &mut claims)?;
                Ok(closed.is_empty())
            }
            Action::Opening(path, as_of, by) => {
                bring_forward(&mut self.ledger, path, *as_of, by, step.at)
            }
            Action::PayoutFile(account, by) => {
                payouts::issue(&mut self.ledger, account, by, step.at)
            }
            Action::WithdrawFile(account, file, by) => {
                payouts::withdraw(&mut self.ledger, account, file, by, step.at)
            }
            Action::EarlyPayout(of, key) => {
                let mut claims = Reader::default();
                let (ledger, body) = (self.ledger.identity().ledger, format!("{of:?}"));
                let request = Request::of(ledger, "early-payout", key, body.as_bytes(), step.at);
                let currency = Currency::from_code(&of.of.currency)
                    .map_err(|error| LedgerError::ReadSide(error.to_string()))?;
                let account = (of.of.merchant, currency);
                let of = (**of).clone();
                Ok(self.ledger.advance_payout(of, account, &request, &mut claims)?.replayed)
            }
            Action::Renew(term, through) => self.renew(term, *through, step.at),
            Action::CloseMonth(month, by) => {
                let book = BookId::new("main")
                    .map_err(|error| LedgerError::ReadSide(error.to_string()))?;
                Ok(self.ledger.close_month(book, *month, by)?.replayed)
            }
            Action::CloseMerchant(merchant) => {
                let merchant = MerchantId::new(merchant)
                    .map_err(|error| LedgerError::ReadSide(error.to_string()))?;
                let mut claims = Reader::default();
                Ok(self.ledger.close_merchant(merchant, "Finance", &mut claims)?.replayed)
            }
            Action::Send(commands) => {
                let mut replayed = true;
                for sent in commands {
                    replayed &= self.send(sent)?;
                }
                Ok(replayed)
            }
        }
    }

    /// Charges what a register of terms says is to be renewed, as a tick does.
    fn renew(&mut self, term: &str, through: Date, at: Micros) -> Result<bool, LedgerError> {
        let unreadable = |error: &dyn std::fmt::Display| LedgerError::ReadSide(error.to_string());
        let mut replayed = true;
        loop {
            let mut books = Books::for_replay(Arc::clone(&self.store), LEDGER);
            books.catch_up(None).map_err(|error| unreadable(&error))?;
            let next = books.models().memberships.to_renew(through);
            let Some(next) = next.iter().find(|of| of.first.membership.as_str() == term) else {
                return Ok(replayed);
            };
            let (command, key) = (next.charge(), next.membership.to_string());
            let body = format!("{command:?}");
            let ledger = self.ledger.identity().ledger;
            let request = Request::of(ledger, "renewal", &key, body.as_bytes(), at);
            let command = Command::Membership(MembershipCommand::Charge(command));
            replayed &= self.ledger.execute(&command, &request)?.replayed;
        }
    }

    fn send(&mut self, sent: &Sent) -> Result<bool, LedgerError> {
        let data = self.lines.found(&sent.data).map_err(LedgerError::ReadSide)?;
        let sent = Sent { data, ..sent.clone() };
        Ok(sent.execute(&mut self.ledger)?.replayed)
    }

    fn head(&self) -> Result<u64, String> {
        self.store.head().map_err(|error| error.to_string())
    }

    fn show(&mut self, kind: &Kind) -> Result<Vec<String>, String> {
        match kind {
            Kind::Setup | Kind::Commands => Ok(Vec::new()),
            Kind::Journal => Ok(std::mem::take(&mut self.journal)),
            Kind::Refused => Ok(std::mem::take(&mut self.refused)),
            Kind::Balances => Ok(show::balances(&self.reader, platform_zone().date(self.now))),
            Kind::Statement(merchant, cycle, currency) => {
                let currency = currency.as_deref().unwrap_or("CNY");
                show::statement(&self.reader, merchant, cycle, currency)
            }
            Kind::TrialBalance => Ok(show::trial_balance(&self.reader)),
            Kind::Taxes => Ok(show::taxes(&self.reader)),
            Kind::Payouts => payouts::shown(&self.ledger, platform_zone().date(self.now)),
            Kind::Months => Ok(revenue::months(&self.reader)),
            Kind::Revenue(split) => Ok(revenue::shown(&self.reader, *split)),
        }
    }
}

/// The balances of a file, by its path from the root of the repository, as the creation of a ledger writes them.
fn bring_forward(
    ledger: &mut Ledger,
    path: &str,
    as_of: Date,
    by: &[String],
    at: Micros,
) -> Result<bool, LedgerError> {
    let path = Path::new(path);
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
        .map_err(|error| LedgerError::ReadSide(error.to_string()))?;
    let file = opening_csv::read(path, &bytes, as_of)
        .map_err(|bad| LedgerError::ReadSide(format!("{:?}", bad.kept())))?;
    let origin = Origin {
        as_of,
        document: file.name.as_str().into(),
        sha256: file.sha256.as_str().into(),
        approved_by: by.iter().map(|name| name.as_str().into()).collect(),
        two_approvals_above: Amount::ZERO,
    };
    let mut replayed = true;
    for command in file.commands(&origin) {
        let (key, body) = (command.stream(), format!("{command:?}"));
        let request = Request::of(ledger.identity().ledger, "opening", &key, body.as_bytes(), at);
        replayed &= ledger.execute(&Command::Opening(command), &request)?.replayed;
    }
    Ok(replayed)
}
