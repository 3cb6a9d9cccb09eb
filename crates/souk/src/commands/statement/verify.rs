//! `souk statement verify`: whether a printed statement is the one that a close recorded.

use std::io::Read as _;
use std::path::Path;

use clap::Args;
use souk_books::error::ErrorClass;
use souk_books::statement::verified::{StatementVerified as Answer, StatementsVerified};
use souk_formats::statement_file::{self, Said};
use souk_journal::money::Currency;

use super::super::reading::Reading;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show;

/// The same check in Python, for those who have no Souk.
const SCRIPT: &str = include_str!("../../../../../tools/verify_statement.py");

/// What verifying without a ledger comes to.
const COVERED: &str = "\
The digest covers the lines and the opening alone. Payout, carried, reserves and debt only add up with them; payee, bases,
rates and tariffs are not under it at all. --data DIR checks all of it.
";

/// `souk statement verify`; a merchant called `verify` is asked for behind `--`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The file, or - for standard input: what `souk statement` printed as CSV or JSON, also with --all; or the directory
    /// of `souk export statements`, against --data
    #[arg(required_unless_present = "print_script")]
    file: Option<String>,
    /// The digest that the file must have, known from elsewhere [default: the file's own]
    #[arg(long, value_name = "HEX")]
    digest: Option<String>,
    /// Print a Python script that checks digest and sums without Souk
    #[arg(long)]
    print_script: bool,
}

/// Verifies a file: against the ledger that is named, or else against the digest.
pub(crate) fn run(global: &Global, of: &Verify) -> Result<(), Failure> {
    let file = match &of.file {
        Some(file) if !of.print_script => file,
        Some(_) | None => return show::text(global, SCRIPT),
    };
    show::no_statement(global)?;
    show::no_rows(global)?;
    if Path::new(file).is_dir() {
        if of.digest.is_some() {
            let message = format!("--digest is of one statement, and {file} has every one");
            return Err(Failure::new(Exit::Usage, "DigestOfOne", message).with("  leave it out"));
        }
        return super::verify_export::run(global, Path::new(file));
    }
    let statements = read(file)?;
    let given = of.digest.as_deref().map(str::to_lowercase);
    if given.is_some() && statements.len() > 1 {
        let message = format!("--digest is of one statement, and {file} has {}", statements.len());
        return Err(Failure::new(Exit::Usage, "DigestOfOne", message)
            .with("  leave it out, or verify each statement in a file of its own"));
    }
    let by_ledger = global.data.is_some() || global.store.is_some();
    let reading = if by_ledger { Some(Reading::open(global)?) } else { None };
    let mut answers = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for said in &statements {
        let mut checked = statement_file::check(said, given.as_deref());
        if seen.contains(&said.number()) {
            checked.differences.push("it stands in the file twice".to_owned());
        }
        seen.push(said.number());
        match &reading {
            Some(reading) => {
                let found = against(reading, said)?;
                // What the file says against itself, the ledger says once more.
                let known = checked.differences.clone();
                let more = found.differences.into_iter().filter(|of| !known.contains(of));
                checked.differences.extend(more);
                checked.unchecked = found.unchecked;
            }
            None => has_digest(said, given.as_deref())?,
        }
        answers.push(Answer {
            number: said.number().to_owned(),
            lines: said.lines.len(),
            digest: checked.digest,
            differences: checked.differences,
            unchecked: checked.unchecked.iter().map(|of| (*of).to_owned()).collect(),
        });
    }
    told(global, by_ledger, &answers)
}

fn read(file: &str) -> Result<Vec<Said>, Failure> {
    let path = Path::new(file);
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::io(path, &error))?;
    statement_file::read(path, &bytes)
        .map_err(|bad| Failure::new(Exit::BadInput, "BadStatementFile", bad.to_string()))
}

/// Without a ledger there is nothing but the digest to hold a file against.
fn has_digest(said: &Said, given: Option<&str>) -> Result<(), Failure> {
    let own = said.head.get("digest").filter(|digest| !digest.is_empty());
    let open = said.head.get("entry_limit").is_none_or(str::is_empty);
    if !open && own.or(given).is_some() {
        return Ok(());
    }
    let number = said.number();
    let message = if open {
        format!("{number} was printed before its cycle was closed, so it has no digest")
    } else {
        format!("there is no digest of {number} in the file")
    };
    Err(Failure::new(Exit::Usage, "NoDigest", message)
        .with("  name it with --digest HEX, or the ledger with --data DIR"))
}

/// The same statement as the ledger prints it, held against the file.
fn against(reading: &Reading, said: &Said) -> Result<statement_file::Checked, Failure> {
    let text = |name: &str| said.head.get(name).unwrap_or_default();
    let currency = Currency::from_code(text("currency")).ok();
    let ours = match reading.books.statement(text("merchant"), Some(text("cycle")), currency) {
        Ok(ours) => ours,
        Err(error) if error.class() == ErrorClass::Usage => {
            let told = format!("the ledger has no such statement: {error}");
            let differences = vec![told];
            return Ok(statement_file::Checked { differences, ..Default::default() });
        }
        Err(error) => return Err(error.into()),
    };
    let bug = |what: String| Failure::new(Exit::Bug, "Bug", what);
    let printed = serde_json::to_vec(&ours).map_err(|error| bug(error.to_string()))?;
    let ours = statement_file::read(Path::new("the ledger's statement"), &printed)
        .map_err(|bad| bug(bad.to_string()))?;
    let ours = ours.first().ok_or_else(|| bug("the ledger's statement is empty".to_owned()))?;
    Ok(statement_file::compare(said, ours))
}

fn told(global: &Global, by_ledger: bool, answers: &[Answer]) -> Result<(), Failure> {
    let against = if by_ledger { "ledger" } else { "digest" };
    let different: Vec<&Answer> = answers.iter().filter(|of| !of.differences.is_empty()).collect();
    if global.format() == Format::Json {
        let verified = different.is_empty();
        let (against, statements) = (against.to_owned(), answers.to_vec());
        let answer = StatementsVerified { against, verified, statements };
        show::json(global, &answer)?;
    } else {
        let mut text = String::new();
        for of in answers {
            let digest = of.digest.as_deref().unwrap_or("none yet");
            let state = if of.differences.is_empty() { "verified" } else { "DIFFERS" };
            let (number, lines) = (&of.number, of.lines);
            text.push_str(&format!(
                "{number}  {state} against the {against}  {lines} lines  {digest}\n"
            ));
            for difference in &of.differences {
                text.push_str(&format!("  {difference}\n"));
            }
            if !of.unchecked.is_empty() {
                let names = of.unchecked.join(", ");
                text.push_str(&format!("  not in the file, so not checked: {names}\n"));
            }
        }
        if !by_ledger {
            text.push_str(COVERED);
        }
        show::text(global, &text)?;
    }
    match different.first().and_then(|of| Some((of, of.differences.first()?))) {
        Some((of, what)) if !global.exit_zero => {
            let message = format!("{}: {what}", of.number);
            Err(Failure::new(Exit::Difference, "StatementFileDiffers", message))
        }
        Some(_) | None => Ok(()),
    }
}
