//! `souk export journal`: summarised journals in the codes of accounting software, the platform's or a merchant's.
//!
//! Reading order: `map`, `forms`, `limit`.

pub(crate) mod statements;

mod forms;
mod limit;
mod map;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde::Deserialize;
use souk_books::summary_journal::JournalBy;
use souk_journal::line_kind::{Block, LineKind};

use super::reading::{Reading, currency, currency_of};
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show;
use map::AccountMap;

/// A map to begin with.
const TEMPLATE: &str = include_str!("template.toml");

/// The same for a merchant, without the kinds.
const MERCHANT_TEMPLATE: &str = include_str!("merchant_template.toml");

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
    /// Every closed statement with its lines, an index and a manifest, into a directory
    Statements(statements::Statements),
}

/// `souk export journal`
#[derive(Debug, Args)]
struct Journal {
    /// What one journal sums: what was posted up to a close since the one before, a day, or a month [default: month]
    #[arg(long, value_enum)]
    by: Option<By>,
    /// A merchant's own side instead: a journal per closed statement, by the codes under [lines]
    #[arg(long, value_name = "MERCHANT")]
    merchant: Option<String>,
    /// Your codes by account
    #[arg(long, value_name = "MAP.toml", required_unless_present = "template")]
    accounts: Option<PathBuf>,
    /// Columns of which software [default: generic]
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// A choice that is saved in the map as [choices.NAME]; what is asked for beside it comes first
    #[arg(long, value_name = "NAME")]
    choice: Option<String>,
    /// Print a map with every account to fill in, or with --merchant every kind of line
    #[arg(long)]
    template: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    /// From the end of a close run to the end of the next.
    Cycle,
    /// An accounting date.
    Day,
    /// A month of accounting dates.
    Month,
}

/// Columns of accounting software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    let of = match &of.what {
        What::Journal(of) => of,
        What::Statements(of) => return statements::run(global, of),
    };
    let Some(path) = of.accounts.as_ref().filter(|_| !of.template) else {
        return show::text(global, &template(of.merchant.is_some()));
    };
    if global.format() == Format::Json {
        let message = "journals are CSV in the columns of --form";
        return Err(Failure::new(Exit::Usage, "FormatNotSupported", message)
            .with("  the form is csv: leave --format out"));
    }
    let map = AccountMap::read(path)?;
    let saved = of.choice.as_deref().map(|name| map.choice(name)).transpose()?.unwrap_or_default();
    let merchant = of.merchant.as_ref().or(saved.merchant.as_ref());
    let form = of.form.or(saved.form).unwrap_or(Form::Generic);
    let by = of.by.or(saved.by);
    let reading = Reading::open(global)?;
    let mut journals = match (merchant, by) {
        (Some(_), Some(By::Day | By::Month)) => {
            let message = "a merchant's journals are by cycle: one per statement";
            return Err(
                Failure::new(Exit::Usage, "ConflictingArguments", message).with("  leave --by out")
            );
        }
        (Some(merchant), Some(By::Cycle) | None) => reading.books.merchant_journals(merchant)?,
        (None, Some(By::Cycle)) => reading.books.summary_journals(JournalBy::Cycle)?,
        (None, Some(By::Day)) => reading.books.summary_journals(JournalBy::Day)?,
        (None, Some(By::Month) | None) => reading.books.summary_journals(JournalBy::Month)?,
    };
    let (from, to) = reading.range(global)?;
    journals.retain(|of| from.is_none_or(|from| from <= of.on) && to.is_none_or(|to| of.on <= to));
    let wanted = match (currency(global)?, &saved.currency) {
        (None, Some(code)) => Some(currency_of(code)?),
        (asked, _) => asked,
    };
    if let Some(wanted) = wanted {
        journals.retain(|of| of.currency == wanted);
    }
    map.covers(&journals, merchant.is_some())?;
    limit::one_currency(form, &journals)?;
    limit::lines(form, &map, &journals)?;
    let text = forms::write(form, &map, &journals)
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    show::text(global, &text)?;
    let count = journals.len();
    show::note(global, &format!("{count} journals, each with equal debits and credits"));
    reading.freshness(global);
    Ok(())
}

/// A map to begin with: of accounts, or of the kinds of lines that can stand on a statement.
fn template(is_merchants: bool) -> String {
    if !is_merchants {
        return TEMPLATE.to_owned();
    }
    let mut text = String::from(MERCHANT_TEMPLATE);
    for kind in LineKind::ALL.iter().filter(|kind| kind.block() != Block::Internal) {
        let (name, label, zh) = (kind.text(), kind.label(), kind.label_zh());
        text.push_str(&format!("\"{name}\" = {{ code = \"\", name = \"{label}\" }}  # {zh}\n"));
    }
    text
}
