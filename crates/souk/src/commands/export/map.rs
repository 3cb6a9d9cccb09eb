//! The map from accounts to the platform's own codes, a TOML file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use souk_books::summary_journal::SummaryJournal;
use souk_journal::account::{Account, DifferenceClass};

use crate::fail::{Exit, Failure};

/// A code of the platform's own chart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Code {
    /// As the software knows it.
    pub(super) code: String,
    /// What the account is called there.
    pub(super) name: String,
}

/// The map.
#[derive(Debug)]
pub(super) struct AccountMap {
    path: PathBuf,
    /// The line of `[accounts]`.
    line: usize,
    codes: BTreeMap<String, Code>,
    /// Before the name of each journal.
    pub(super) prefix: String,
    /// 凭证字.
    pub(super) voucher: String,
    /// The tax rate's name in Xero.
    pub(super) tax_rate: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    journal: RawJournal,
    accounts: BTreeMap<String, RawCode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawJournal {
    prefix: Option<String>,
    voucher: Option<String>,
    tax_rate: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawCode {
    Plain(String),
    Named { code: String, name: String },
}

impl AccountMap {
    /// Reads a map; an account that there is not is a mistake in it.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
        let bad = |line: usize, what: &str| {
            let place = path.display();
            Failure::new(Exit::BadInput, "BadAccountMap", format!("{place}:{line}: {what}"))
                .with("  a map to begin with: souk export journal --template")
        };
        let raw: Raw = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
            bad(line, error.message())
        })?;
        let line_of = |wanted: &str| {
            let found = text.lines().position(|line| {
                line.trim_start().strip_prefix(wanted).is_some_and(|rest| {
                    rest.trim_start().is_empty() || rest.trim_start().starts_with(['=', '#'])
                })
            });
            found.map_or(1, |at| at + 1)
        };
        // The classes of order differences share one name, and so one code.
        let keyed = Account::OrderDifferences(DifferenceClass::Matched);
        let known: BTreeSet<&str> =
            Account::CHART.iter().chain([&keyed]).map(|of| of.name()).collect();
        let mut codes = BTreeMap::new();
        for (name, raw) in raw.accounts {
            if !known.contains(name.as_str()) {
                let what = format!("there is no account {name}; souk trial-balance lists them");
                return Err(bad(line_of(&name), &what));
            }
            let code = match raw {
                RawCode::Plain(code) => Code { name: name.clone(), code },
                RawCode::Named { code, name } => Code { code, name },
            };
            // An account that is not filled in is one without a code.
            if !code.code.trim().is_empty() {
                codes.insert(name, code);
            }
        }
        let RawJournal { prefix, voucher, tax_rate } = raw.journal;
        Ok(Self {
            path: path.to_owned(),
            line: line_of("[accounts]"),
            codes,
            prefix: prefix.unwrap_or_else(|| "SOUK".to_owned()),
            voucher: voucher.unwrap_or_else(|| "记".to_owned()),
            tax_rate: tax_rate.unwrap_or_else(|| "Tax Exempt".to_owned()),
        })
    }

    /// The code of an account.
    pub(super) fn code(&self, account: Account) -> Option<&Code> {
        self.codes.get(account.name())
    }

    /// Every account of the journals has a code, or an error names those that have none.
    pub(super) fn covers(&self, journals: &[SummaryJournal]) -> Result<(), Failure> {
        let accounts: BTreeSet<Account> =
            journals.iter().flat_map(|of| &of.lines).map(|line| line.account).collect();
        let missing: BTreeSet<&str> =
            accounts.iter().filter(|of| self.code(**of).is_none()).map(|of| of.name()).collect();
        let Some(first) = missing.first() else { return Ok(()) };
        let (place, line) = (self.path.display(), self.line);
        let others = match missing.len() {
            1 => String::new(),
            count => format!(", nor for {} others", count - 1),
        };
        let message = format!("{place}:{line}: there is no code for {first}{others}");
        let mut failure = Failure::new(Exit::BadInput, "AccountNotMapped", message)
            .with("  add under [accounts]:");
        for name in missing {
            failure = failure.with(format!("    {name} = {{ code = \"…\", name = \"…\" }}"));
        }
        Err(failure)
    }
}
