//! `souk tariff`: checking, publishing, showing and comparing tariffs, why an order was charged what it was, and what
//! another tariff would have charged.

mod check;
mod diff;
mod explain;
mod publish;
mod show;
mod simulate;
mod source;
mod terms;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use souk_journal::dates::Date;

use super::as_it_is;
use crate::cli::Global;
use crate::fail::Failure;

/// `souk tariff`
#[derive(Debug, Args)]
pub(crate) struct Tariff {
    #[command(subcommand)]
    what: What,
}

/// What to do with tariffs.
#[derive(Debug, Subcommand)]
enum What {
    /// Everything that is wrong with a tariff file, each at its place; or what it says
    Check(Check),
    /// Publish a tariff file as the next version of its tariff
    Publish(Publish),
    /// The version in force, or another one
    Show(Show),
    /// The terms of a tariff file as a command for a merchant, to be given to `souk apply`; --from: the first day
    Terms(Terms),
    /// What differs between two versions: files, or NAME@VERSION of the ledger
    Diff(Diff),
    /// Why an order was charged what it was, step by step
    Explain(Explain),
    /// What completed orders (--from, --to: by the day of completion) would be charged under another tariff; writes
    /// nothing
    Simulate(Simulate),
}

/// `souk tariff check`
#[derive(Debug, Args)]
struct Check {
    /// The tariff file
    #[arg(required_unless_present = "schema")]
    file: Option<PathBuf>,
    /// Print the JSON Schema of a tariff file
    #[arg(long)]
    schema: bool,
}

/// `souk tariff publish`
#[derive(Debug, Args)]
struct Publish {
    /// The tariff file
    file: PathBuf,
}

/// `souk tariff show`
#[derive(Debug, Args)]
struct Show {
    /// The tariff
    tariff: String,
    /// This version
    #[arg(long, value_name = "N", conflicts_with = "on")]
    version: Option<u32>,
    /// The version in force on this day [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `souk tariff terms`
#[derive(Debug, Args)]
struct Terms {
    /// The tariff file
    file: PathBuf,
    /// The merchant
    merchant: String,
    /// Its kind of business [default: that of the file]
    #[arg(long, value_name = "KIND")]
    business: Option<String>,
    /// A category that it sells in; several times for several
    #[arg(long, value_name = "PATH")]
    category: Vec<String>,
}

/// `souk tariff diff`
#[derive(Debug, Args)]
struct Diff {
    /// A file, or NAME@VERSION
    before: String,
    /// A file, or NAME@VERSION
    after: String,
}

/// `souk tariff explain`
#[derive(Debug, Args)]
struct Explain {
    /// The order
    #[arg(long)]
    order: String,
    /// The same under this tariff, a file or NAME@VERSION, with the differences
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
}

/// `souk tariff simulate`
#[derive(Debug, Args)]
struct Simulate {
    /// The tariff to charge under, a file or NAME@VERSION
    file: String,
    /// Orders of this merchant, whatever tariff it is on [default: of merchants on the tariff of FILE]
    #[arg(long)]
    merchant: Option<String>,
}

/// Runs one of them.
pub(crate) fn run(global: &Global, of: &Tariff) -> Result<(), Failure> {
    match &of.what {
        What::Check(of) => {
            as_it_is(global, "tariff check")?;
            check::run(global, of)
        }
        What::Publish(of) => {
            as_it_is(global, "tariff publish")?;
            publish::run(global, of)
        }
        What::Show(of) => show::run(global, of),
        What::Terms(of) => {
            as_it_is(global, "tariff terms")?;
            terms::run(global, of)
        }
        What::Diff(of) => diff::run(global, of),
        What::Explain(of) => explain::run(global, of),
        What::Simulate(of) => simulate::run(global, of),
    }
}
