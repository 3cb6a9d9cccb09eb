//! The map from accounts, or a merchant's kinds of lines, to codes of other software, and choices saved by name: a TOML
//! file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use souk_books::summary_journal::SummaryJournal;
use souk_domain::approvals::is_invisible;
use souk_journal::account::{Account, DifferenceClass};
use souk_journal::line_kind::{Block, LineKind};
use toml::Spanned;

use super::{By, Form};
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
    /// The lines of `[accounts]` and `[lines]`.
    line: (usize, usize),
    choices: BTreeMap<String, Choice>,
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
    #[serde(default)]
    accounts: BTreeMap<String, Spanned<RawCode>>,
    #[serde(default)]
    lines: BTreeMap<String, Spanned<RawCode>>,
    #[serde(default)]
    choices: BTreeMap<String, Choice>,
}

/// A choice that was saved under a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    /// What one journal sums.
    pub(super) by: Option<By>,
    /// Columns of which software.
    pub(super) form: Option<Form>,
    /// One merchant's side.
    pub(super) merchant: Option<String>,
    /// One currency.
    pub(super) currency: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawJournal {
    prefix: Option<Spanned<String>>,
    voucher: Option<Spanned<String>>,
    tax_rate: Option<Spanned<String>>,
}

/// Whatever stands where a code should, so that what is wrong with it can be said.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawCode {
    Plain(String),
    Named(Named),
    Unquoted(i64),
    Odd(IgnoredAny),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    code: RawText,
    name: RawText,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawText {
    Text(String),
    Unquoted(i64),
    Odd(IgnoredAny),
}

impl RawText {
    fn text(self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Unquoted(number) => Err(in_quotes(number)),
            Self::Odd(_) => Err("code and name are texts: write them in quotes".to_owned()),
        }
    }
}

impl RawCode {
    /// The code; none where it is not filled in.
    fn code(self, of: &str) -> Result<Option<Code>, String> {
        let (code, name) = match self {
            Self::Plain(code) => (code, of.to_owned()),
            Self::Named(Named { code, name }) => (code.text()?, name.text()?),
            Self::Unquoted(number) => return Err(in_quotes(number)),
            Self::Odd(_) => {
                return Err(
                    "write it as \"1001\", or as { code = \"1001\", name = \"…\" }".to_owned()
                );
            }
        };
        if code.is_empty() {
            return Ok(None);
        }
        if code.chars().all(|of| of.is_whitespace() || is_invisible(of)) {
            return Err("the code is blank: fill it in, or leave \"\"".to_owned());
        }
        for (what, text) in [("code", &code), ("name", &name)] {
            is_one_line(text).map_err(|why| format!("the {what} {why}"))?;
        }
        Ok(Some(Code { code, name }))
    }
}

/// Codes may begin with zeros, so they are text.
fn in_quotes(number: i64) -> String {
    format!("a code is text: write \"{number}\" in quotes")
}

/// Journals are rows: what parts them, or is not seen, is in no code.
fn is_one_line(text: &str) -> Result<(), String> {
    match text.chars().find(|of| of.is_control() || is_invisible(*of)) {
        None => Ok(()),
        Some('\n' | '\r') => Err(format!("{text:?} has a line break")),
        Some(of) => Err(format!("{text:?} has a character that is not seen, U+{:04X}", of as u32)),
    }
}

impl AccountMap {
    /// Reads a map; an account that there is not is a mistake in it.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
        let said = |place: String, what: &str| {
            let file = path.display();
            Failure::new(Exit::BadInput, "BadAccountMap", format!("{file}:{place}: {what}"))
                .with("  a map to begin with: souk export journal --template")
        };
        let bad = |line: usize, what: &str| said(line.to_string(), what);
        let bad_at = |at: usize, what: &str| {
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            said(format!("{line}:{column}"), what)
        };
        let raw: Raw = toml::from_str(&text)
            .map_err(|error| bad_at(error.span().map_or(0, |span| span.start), error.message()))?;
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
        if let Some(name) = raw.accounts.keys().find(|name| !known.contains(name.as_str())) {
            let what = format!("there is no account {name}; souk trial-balance lists them");
            return Err(bad(line_of(name), &what));
        }
        let is_line =
            |name: &str| LineKind::from_text(name).is_some_and(|of| of.block() != Block::Internal);
        if let Some(name) = raw.lines.keys().find(|name| !is_line(name)) {
            let what =
                format!("there is no kind of line {name}; --merchant M --template lists them");
            return Err(bad(line_of(&format!("\"{name}\"")), &what));
        }
        for (name, raw) in raw.accounts.into_iter().chain(raw.lines) {
            let at = raw.span().start;
            let code = raw.into_inner().code(&name);
            let code = code.map_err(|what| bad_at(at, &format!("{name}: {what}")))?;
            // An account that is not filled in is one without a code.
            codes.extend(code.map(|code| (name, code)));
        }
        let text_or = |of: Option<Spanned<String>>, default: &str| match of {
            None => Ok(default.to_owned()),
            Some(of) => match is_one_line(of.get_ref()) {
                Ok(()) => Ok(of.into_inner()),
                Err(what) => Err(bad_at(of.span().start, &what)),
            },
        };
        let RawJournal { prefix, voucher, tax_rate } = raw.journal;
        Ok(Self {
            path: path.to_owned(),
            line: (line_of("[accounts]"), line_of("[lines]")),
            choices: raw.choices,
            codes,
            prefix: text_or(prefix, "SOUK")?,
            voucher: text_or(voucher, "记")?,
            tax_rate: text_or(tax_rate, "Tax Exempt")?,
        })
    }

    /// The choice that was saved under a name.
    pub(super) fn choice(&self, name: &str) -> Result<Choice, Failure> {
        if let Some(choice) = self.choices.get(name) {
            return Ok(choice.clone());
        }
        let place = self.path.display();
        let message = format!("{place} has no choice called {name}");
        let known: Vec<&str> = self.choices.keys().map(String::as_str).collect();
        Err(Failure::new(Exit::Usage, "UnknownChoice", message).with(if known.is_empty() {
            format!("  save one: [choices.{name}] with by, form, merchant, currency")
        } else {
            format!("  it has {}", known.join(", "))
        }))
    }

    /// The code of an account, or of a kind of line.
    pub(super) fn code(&self, name: &str) -> Option<&Code> {
        self.codes.get(name)
    }

    /// Every account or kind of the journals has a code, or an error names those that have none.
    pub(super) fn covers(
        &self,
        journals: &[SummaryJournal],
        is_merchants: bool,
    ) -> Result<(), Failure> {
        let lines = journals.iter().flat_map(|of| &of.lines);
        let missing: BTreeSet<&str> =
            lines.map(|line| line.name).filter(|name| self.code(name).is_none()).collect();
        let Some(first) = missing.first() else { return Ok(()) };
        let place = self.path.display();
        let (line, table) =
            if is_merchants { (self.line.1, "[lines]") } else { (self.line.0, "[accounts]") };
        let others = match missing.len() {
            1 => String::new(),
            count => format!(", nor for {} others", count - 1),
        };
        let message = format!("{place}:{line}: there is no code for {first}{others}");
        let mut failure = Failure::new(Exit::BadInput, "AccountNotMapped", message)
            .with(format!("  add under {table}:"));
        for name in missing {
            // A name with a dot is quoted in TOML.
            let key = if is_merchants { format!("\"{name}\"") } else { name.to_owned() };
            failure = failure.with(format!("    {key} = {{ code = \"…\", name = \"…\" }}"));
        }
        Err(failure)
    }
}
