//! One file per verb.

mod apply;
pub(crate) mod backup;
mod balances;
mod bench;
mod close;
mod close_month;
mod close_progress;
mod compare;
pub(crate) mod early_payout;
pub(crate) mod export;
mod import;
mod init;
pub(crate) mod log;
pub(crate) mod merchant;
mod objections;
mod order;
pub(crate) mod payee;
pub(crate) mod payouts;
mod period;
mod posting_manual;
mod reading;
mod replay;
mod revenue;
mod routes;
pub(crate) mod serve;
pub(crate) mod statement;
pub(crate) mod store;
pub(crate) mod tariff;
mod taxes;
mod tick;
mod trial_balance;

use crate::cli::{Cli, Global, ImportWhat, Verb};
use crate::fail::{Exit, Failure};

/// Refuses flags that a command about files and stores would have to ignore.
fn as_it_is(global: &Global, verb: &str) -> Result<(), Failure> {
    if global.as_of.is_none() {
        return Ok(());
    }
    let message = format!("--as-of: souk {verb} looks at the log as it is now");
    Err(Failure::new(Exit::Usage, "FlagNotForVerb", message).with("  leave the flag out"))
}

/// Runs one command.
pub(crate) fn run(arguments: Cli) -> Result<(), Failure> {
    let global = &arguments.global;
    match &arguments.command {
        Verb::Serve(_) => as_it_is(global, "serve")?,
        Verb::Log(_) => as_it_is(global, "log")?,
        Verb::Backup(_) => as_it_is(global, "backup")?,
        Verb::Restore(_) => as_it_is(global, "restore")?,
        Verb::Store(_) => as_it_is(global, "store")?,
        Verb::Init(_)
        | Verb::Demo(_)
        | Verb::Import(_)
        | Verb::Apply(_)
        | Verb::Balances(_)
        | Verb::Statement(_)
        | Verb::Revenue(_)
        | Verb::Taxes(_)
        | Verb::TrialBalance
        | Verb::Order { .. }
        | Verb::Objections(_)
        | Verb::Merchant(_)
        | Verb::Close(_)
        | Verb::Payee(_)
        | Verb::Payouts(_)
        | Verb::EarlyPayout(_)
        | Verb::CloseMonth(_)
        | Verb::Tick(_)
        | Verb::Tariff(_)
        | Verb::Export(_)
        | Verb::Replay
        | Verb::PostingManual
        | Verb::Bench(_) => {}
    }
    if !matches!(arguments.command, Verb::Statement(_)) {
        crate::show::no_statement(global)?;
    }
    match &arguments.command {
        Verb::Init(of) => init::run(global, of),
        Verb::Demo(of) => crate::demo::run(global, of),
        Verb::Import(of) => match &of.what {
            ImportWhat::Orders(of) => import::orders(global, of),
            ImportWhat::Olist(of) => import::olist(global, of),
            ImportWhat::Rates(of) => import::rates(global, of),
        },
        Verb::Apply(of) => apply::run(global, of),
        Verb::Balances(of) => balances::run(global, of),
        Verb::Statement(of) => statement::run(global, of),
        Verb::Revenue(of) => revenue::run(global, of),
        Verb::Taxes(of) => taxes::run(global, of),
        Verb::TrialBalance => trial_balance::run(global),
        Verb::Order { order } => order::run(global, order),
        Verb::Objections(of) => objections::run(global, of),
        Verb::Merchant(of) => merchant::run(global, of),
        Verb::Close(of) => close::run(global, of),
        Verb::Payee(of) => payee::run(global, of),
        Verb::Payouts(of) => payouts::run(global, of),
        Verb::EarlyPayout(of) => early_payout::run(global, of),
        Verb::CloseMonth(of) => close_month::run(global, of),
        Verb::Tick(of) => tick::run(global, of),
        Verb::Tariff(of) => tariff::run(global, of),
        Verb::Export(of) => export::run(global, of),
        Verb::Replay => replay::run(global),
        Verb::PostingManual => posting_manual::run(global),
        Verb::Bench(of) => bench::run(global, of),
        Verb::Serve(of) => serve::run(global, of),
        Verb::Log(of) => log::run(global, of),
        Verb::Backup(of) => backup::backup(global, of),
        Verb::Restore(of) => backup::restore(global, of),
        Verb::Store(of) => store::run(global, of),
    }
}
