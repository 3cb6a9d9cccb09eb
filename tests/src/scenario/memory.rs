//! A scenario on a ledger in memory.

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

use super::hands::{Hands, Refused};
use super::language::Action;
use super::payouts;
use crate::market::{LEDGER, new_store, open, start};
use crate::reader::Reader;

/// The ledger's own code, called.
pub(super) struct Memory {
    store: Arc<dyn EventStore>,
    ledger: Ledger,
}

impl Memory {
    pub(super) fn new() -> Result<Self, LedgerError> {
        let store = new_store()?;
        let ledger = open(&store, start(), Writers::Sole)?;
        Ok(Self { store, ledger })
    }

    fn act(&mut self, action: &Action, at: Micros) -> Result<bool, LedgerError> {
        match action {
            Action::Wait | Action::Reload => Ok(false),
            Action::Close(through) => {
                // The listing follows the store itself, so the close reads with its own reader.
                let mut claims = Reader::default();
                let closed = self.ledger.close_through(*through, &mut claims)?;
                Ok(closed.is_empty())
            }
            Action::Opening(path, as_of, by) => {
                bring_forward(&mut self.ledger, path, *as_of, by, at)
            }
            Action::PayoutFile(account, by) => payouts::issue(&mut self.ledger, account, by, at),
            Action::WithdrawFile(account, file, by) => {
                payouts::withdraw(&mut self.ledger, account, file, by, at)
            }
            Action::EarlyPayout(of, key) => {
                let mut claims = Reader::default();
                let (ledger, body) = (self.ledger.identity().ledger, format!("{of:?}"));
                let request = Request::of(ledger, "early-payout", key, body.as_bytes(), at);
                let currency = Currency::from_code(&of.of.currency)
                    .map_err(|error| LedgerError::ReadSide(error.to_string()))?;
                let account = (of.of.merchant, currency);
                let of = (**of).clone();
                Ok(self.ledger.advance_payout(of, account, &request, &mut claims)?.replayed)
            }
            Action::Renew(term, through) => self.renew(term, *through, at),
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
                    replayed &= sent.execute(&mut self.ledger)?.replayed;
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
}

impl Hands for Memory {
    fn store(&self) -> Result<Arc<dyn EventStore>, String> {
        Ok(Arc::clone(&self.store))
    }

    fn reload(&mut self, now: Micros) -> Result<(), String> {
        self.ledger = open(&self.store, now, Writers::Sole).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn carry_out(&mut self, action: &Action, at: Micros, now: Micros) -> Result<bool, Refused> {
        self.ledger.set_clock(Clock::Pinned(now));
        self.act(action, at)
            .map_err(|error| Refused { code: error.code().to_owned(), text: error.to_string() })
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
