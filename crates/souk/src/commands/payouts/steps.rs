//! `souk payouts approve`, `hold` and `release`: what is said of one payout before it is instructed.

use clap::Args;
use souk_domain::payout::commands::{
    ApprovePayout, HoldPayout, OfCycle, PayoutCommand, ReleasePayout,
};
use souk_journal::ids::CycleId;
use souk_ledger::command::Command;
use souk_ledger::request::Request;

use super::desk::Desk;
use super::list;
use crate::cli::Global;
use crate::commands::reading::currency;
use crate::fail::{Exit, Failure};

/// Which payout, and who says it.
#[derive(Debug, Args)]
pub(super) struct Step {
    /// The merchant; --currency says which payout [default: the platform's currency]
    merchant: String,
    /// The closed cycle
    cycle: String,
    /// Who says it
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why; needed to hold and to release
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) fn approve(global: &Global, of: &Step) -> Result<(), Failure> {
    done(global, of, "approve", |payout, by, _| {
        PayoutCommand::Approve(ApprovePayout { of: payout, by: by.into() })
    })
}

pub(super) fn hold(global: &Global, of: &Step) -> Result<(), Failure> {
    done(global, of, "hold", |payout, by, reason| {
        PayoutCommand::Hold(HoldPayout { of: payout, by: by.into(), reason: reason.into() })
    })
}

pub(super) fn release(global: &Global, of: &Step) -> Result<(), Failure> {
    done(global, of, "release", |payout, by, reason| {
        PayoutCommand::Release(ReleasePayout { of: payout, by: by.into(), reason: reason.into() })
    })
}

fn done<'s>(
    global: &Global,
    of: &'s Step,
    what: &str,
    command: impl FnOnce(OfCycle<'s>, &'s str, &'s str) -> PayoutCommand<'s>,
) -> Result<(), Failure> {
    let place = crate::place::Place::of(global)?;
    // Approving, holding and releasing need no details.
    let mut desk = Desk::without_vault(place)?;
    let currency = currency(global)?.unwrap_or(desk.ledger.identity().currency);
    let merchant = desk.books.find_merchant(&of.merchant)?;
    let cycle = CycleId::new(&of.cycle)
        .map_err(|error| Failure::new(Exit::Usage, "UnknownCycle", error.to_string()))?;
    let payout = OfCycle { merchant, currency: currency.code().into(), cycle };
    let reason = match (&of.reason, what) {
        (Some(reason), _) => reason.as_str(),
        (None, "approve") => "",
        (None, _) => {
            let message = format!("say why you {what} it: --reason TEXT");
            return Err(Failure::new(Exit::Usage, "MissingArgument", message));
        }
    };
    if what == "release" {
        in_doubt(&mut desk, &payout, &of.by)?;
    }
    let (ledger, at) = (desk.ledger.identity().ledger, desk.ledger.clock().now());
    // What is held, released and held again are three requests.
    let entry = desk.books.entry();
    let key = format!("{what}\n{merchant}~{currency}\n{cycle}\n{}\n{entry}", of.by);
    let request = Request::of(ledger, "payout-step", &key, key.as_bytes(), at);
    let command = command(payout, &of.by, reason);
    desk.ledger.execute(&Command::Payout(command), &request)?;
    desk.catch_up()?;
    drop(desk);
    list::run(global, Some(merchant.as_str()), false)
}

/// A payout that waits because an earlier one did not get to its payee's account is held in the log before it is released,
/// so that both stand there: why it waited, and who said that the account is right.
fn in_doubt(desk: &mut Desk, of: &OfCycle<'_>, by: &str) -> Result<(), Failure> {
    let (ledger, at) = (desk.ledger.identity().ledger, desk.ledger.clock().now());
    let today = desk.ledger.identity().zone.date(at);
    let Some(doubt) = desk.books.payout_in_doubt(of, today) else { return Ok(()) };
    let (payee, cycle) = (doubt.payee, doubt.cycle);
    let reason = format!("payee {payee}: the payout of {cycle} did not arrive");
    let key =
        format!("doubt\n{}~{}\n{}\n{}", of.merchant, of.currency, of.cycle, desk.books.entry());
    let request = Request::of(ledger, "payout-step", &key, key.as_bytes(), at);
    let hold = HoldPayout { of: of.clone(), by: by.into(), reason: reason.into() };
    desk.ledger.execute(&Command::Payout(PayoutCommand::Hold(hold)), &request)?;
    desk.catch_up()
}
