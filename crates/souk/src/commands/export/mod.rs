//! `souk export journal`: summarised journals in the platform's own codes, for its accounting software.

mod forms;
mod map;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use souk_books::summary_journal::{JournalBy, SummaryJournal};

use super::reading::{Reading, currency};
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show;
use map::AccountMap;

/// A map to begin with.
const TEMPLATE: &str = include_str!("template.toml");

/// `souk export`
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Summarised, balanced journals in the platform's own account codes, as CSV
    Journal(Journal),
}

/// `souk export journal`
#[derive(Debug, Args)]
struct Journal {
    /// What one journal sums: what was posted up to a close since the one before, a day, or a month
    #[arg(long, value_enum, default_value = "month")]
    by: By,
    /// Your codes by account
    #[arg(long, value_name = "MAP.toml", required_unless_present = "template")]
    accounts: Option<PathBuf>,
    /// Columns of which software
    #[arg(long, value_enum, default_value = "generic")]
    form: Form,
    /// Print a map with every account, to fill in
    #[arg(long)]
    template: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    /// From the end of a close run to the end of the next.
    Cycle,
    /// An accounting date.
    Day,
    /// A month of accounting dates.
    Month,
}

/// Columns of accounting software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A row per code and side.
    Generic,
    /// Xero, manual journals.
    Xero,
    /// QuickBooks Online, journal entries.
    Quickbooks,
    /// 金蝶凭证.
    Kingdee,
    /// 用友凭证.
    Yonyou,
}

/// Writes the journals, or the template of a map.
pub(crate) fn run(global: &Global, of: &Export) -> Result<(), Failure> {
    let What::Journal(of) = &of.what;
    let Some(path) = of.accounts.as_ref().filter(|_| !of.template) else {
        return show::text(global, TEMPLATE);
    };
    if global.format() == Format::Json {
        let message = "journals are CSV in the columns of --form";
        return Err(Failure::new(Exit::Usage, "FormatNotSupported", message)
            .with("  the form is csv: leave --format out"));
    }
    let map = AccountMap::read(path)?;
    let reading = Reading::open(global)?;
    let by = match of.by {
        By::Cycle => JournalBy::Cycle,
        By::Day => JournalBy::Day,
        By::Month => JournalBy::Month,
    };
    let mut journals = reading.books.summary_journals(by)?;
    let (from, to) = reading.range(global)?;
    journals.retain(|of| from.is_none_or(|from| from <= of.on) && to.is_none_or(|to| of.on <= to));
    if let Some(currency) = currency(global)? {
        journals.retain(|of| of.currency == currency);
    }
    map.covers(&journals)?;
    if of.form == Form::Xero {
        one_currency(&journals)?;
    }
    let text = forms::write(of.form, &map, &journals)
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    show::text(global, &text)?;
    let count = journals.len();
    show::note(global, &format!("{count} journals, each with equal debits and credits"));
    reading.freshness(global);
    Ok(())
}

/// Manual journals of Xero are in the organisation's own currency.
fn one_currency(journals: &[SummaryJournal]) -> Result<(), Failure> {
    let mut codes: Vec<&str> = journals.iter().map(|of| of.currency.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() < 2 {
        return Ok(());
    }
    let message =
        format!("a manual journal of Xero is in one currency, here are {}", codes.join(", "));
    Err(Failure::new(Exit::Usage, "OneCurrencyOnly", message)
        .with("  choose one with --currency, and say in your map which accounts keep it"))
}
