//! `souk export statements DIR`: every closed statement with its lines, so that a statement left out is noticed.
//!
//! Lines are one row each, so a statement without lines has none: the index has a row per statement, with its figures and
//! its digest. The manifest counts and sums the index and has the digest of both files. The three are made beside and moved
//! into place, the manifest last, so a directory without one is no export. One statement is in memory at a time.
//!
//! A directory is written to when it is empty, or when all that is in it are files of an export that was cut short while it
//! was moved: then the manifest is still beside, and has their digests. A name alone proves nothing.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest as _, Sha256};
use souk_books::every_statement::{
    ExportedFile, StatementSums, StatementsExported, payouts_returned,
};
use souk_books::statement::Statement;
use souk_journal::money::Currency;
use souk_journal::statement_lines::hex;

use super::super::reading::{Reading, currency};
use super::super::statement::line_rows;
use crate::cli::{Format, Global};
use crate::creation;
use crate::fail::{Exit, Failure};
use crate::measure::{seconds, timed};
use crate::show::{self, Rows};

/// The form of an export.
pub(crate) const FORM: &str = "souk-statements/v1";
/// Its file of lines.
pub(crate) const LINES: &str = "statement-lines.csv";
/// Its file with a row per statement.
pub(crate) const INDEX: &str = "statements.csv";
/// Its manifest, written last.
pub(crate) const MANIFEST: &str = "manifest.json";

/// `souk export statements`
#[derive(Debug, Args)]
pub(crate) struct Statements {
    /// The directory to write to: new or empty
    #[arg(value_name = "DIR")]
    target: PathBuf,
}

/// Columns of the index.
pub(crate) const COLUMNS: &[&str] = &[
    "number",
    "merchant",
    "currency",
    "cycle",
    "from",
    "to",
    "time_zone",
    "final",
    "entry_limit",
    "closing_entry",
    "lines",
    "opening",
    "earned",
    "moved",
    "payouts_returned",
    "reserve_withheld",
    "deposit_topped_up",
    "reserve_released",
    "deposit_used",
    "closing",
    "payout",
    "carried",
    "debt",
    "digest",
];

/// Writes lines, index and manifest, and prints what they come to.
pub(super) fn run(global: &Global, of: &Statements) -> Result<(), Failure> {
    show::no_statement(global)?;
    has_no_part(global)?;
    let target = of.target.as_path();
    is_free(target)?;
    let currency = currency(global)?;
    let reading = Reading::open(global)?;
    let mut written = None;
    let make = |dir: &Path| {
        // Again, now that nobody else of ours fills it.
        is_free(target)?;
        let (mut lines, mut index) = (Sheet::create(dir, LINES)?, Sheet::create(dir, INDEX)?);
        index.row(COLUMNS.iter().copied())?;
        lines.row(line_rows(&[]).columns)?;
        let mut sums = StatementSums::default();
        reading.books.each_statement(currency, |statement| -> Result<(), Failure> {
            sums.add(statement);
            index.row(head(statement).iter().map(String::as_str))?;
            for row in line_rows(std::slice::from_ref(statement)).rows {
                lines.row(row.iter().map(String::as_str))?;
            }
            Ok(())
        })?;
        let files = vec![index.finish()?, lines.finish()?];
        written = Some(manifest(&reading, dir, currency, sums, files)?);
        Ok(())
    };
    let (made, took) = timed(|| creation::filled(target, MANIFEST, make));
    made?;
    let written = written
        .ok_or_else(|| Failure::new(Exit::Bug, "Bug", "an export was moved and not made"))?;
    printed(global, &written)?;
    let (statements, merchants) = (written.statements, written.merchants);
    show::note(
        global,
        &format!(
            "{statements} statements of {merchants} merchants with {} lines in {}, in {} s",
            written.lines,
            target.display(),
            seconds(took)
        ),
    );
    reading.freshness(global);
    let wrong = written.totals.iter().find(|of| !of.adds_up());
    match wrong {
        Some(of) if !global.exit_zero => {
            let message = format!("the figures of all statements in {} do not add up", of.currency);
            Err(Failure::new(Exit::Difference, "StatementDiffers", message))
        }
        Some(_) | None => Ok(()),
    }
}

/// An export has every statement of the ledger, or of one currency; days and numbers of rows are no part of it.
fn has_no_part(global: &Global) -> Result<(), Failure> {
    let given = [
        ("--from", global.from.is_some()),
        ("--to", global.to.is_some()),
        ("--effective", global.effective.is_some()),
        ("--limit", global.limit.is_some()),
    ];
    let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) else { return Ok(()) };
    let message = format!("an export has every statement, so {flag} has no part in it");
    Err(Failure::new(Exit::Usage, "FlagNotForVerb", message)
        .with("  leave it out; --currency and --as-of are what an export can be narrowed by"))
}

/// Refuses a directory with anything in it but what an export that was cut short left there.
fn is_free(dir: &Path) -> Result<(), Failure> {
    let left: Vec<PathBuf> = creation::left_behind(dir).collect();
    let files = fs::read_dir(dir).into_iter().flatten().flatten().map(|file| file.path());
    let files: Vec<PathBuf> = files.filter(|file| !left.contains(file)).collect();
    let is_moved = |file: &PathBuf| left.iter().any(|beside| is_of_export(beside, file));
    if files.iter().all(is_moved) {
        return Ok(());
    }
    let message = format!("{} is not empty", dir.display());
    let failure = Failure::new(Exit::Usage, "NotEmpty", message);
    let ours = files.iter().any(|file| file.file_name().is_some_and(|name| name == MANIFEST));
    Err(if ours {
        failure.with("  if it is an earlier export, keep it, and name a directory that is new")
    } else {
        let first = files.iter().find(|file| !is_moved(file)).and_then(|file| file.file_name());
        let first = first.unwrap_or_default().to_string_lossy();
        failure.with(format!(
            "  {first} in it was not written by an export that was cut short; name a directory that is new or empty"
        ))
    })
}

/// Whether a file is one that the manifest beside says was to be moved here, byte for byte, and no link to another.
fn is_of_export(beside: &Path, file: &Path) -> bool {
    let said = fs::read(beside.join(MANIFEST)).ok();
    let said = said.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let Some(said) = said.filter(|of| of["form"] == FORM) else { return false };
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let files = said["files"].as_array().into_iter().flatten();
    let wanted = files.clone().find(|of| of["name"] == name).map(|of| &of["sha256"]);
    let is_file = fs::symlink_metadata(file).is_ok_and(|of| of.is_file());
    let found = if is_file { sha256(file).ok() } else { None };
    found.is_some() && wanted.and_then(|of| of.as_str()) == found.as_deref()
}

/// SHA-256 of a file, in hexadecimal digits.
pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 16];
    let mut file = File::open(path)?;
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&block[..count]),
        }
    }
}

/// The row of the index.
pub(crate) fn head(of: &Statement) -> Vec<String> {
    vec![
        of.number.clone(),
        of.merchant.to_string(),
        of.currency.to_string(),
        of.cycle.clone(),
        of.from.to_string(),
        of.to.to_string(),
        of.time_zone.clone(),
        of.is_final.to_string(),
        of.entry_limit.map(|entry| entry.to_string()).unwrap_or_default(),
        of.facts.closing_entry.map(|entry| entry.to_string()).unwrap_or_default(),
        of.lines.len().to_string(),
        of.opening.to_string(),
        of.earned.to_string(),
        of.moved.to_string(),
        payouts_returned(of).to_string(),
        of.reserve_withheld.to_string(),
        of.deposit_topped_up.to_string(),
        of.reserve_released.to_string(),
        of.deposit_used.to_string(),
        of.closing.to_string(),
        of.payout.to_string(),
        of.carried.to_string(),
        of.debt.to_string(),
        of.digest.clone().unwrap_or_default(),
    ]
}

/// Writes the manifest: what there is, and what it comes to.
fn manifest(
    reading: &Reading,
    dir: &Path,
    currency: Option<Currency>,
    sums: StatementSums,
    files: Vec<ExportedFile>,
) -> Result<StatementsExported, Failure> {
    let merchants = sums.merchants();
    let totals = sums.totals();
    let manifest = StatementsExported {
        form: FORM.to_owned(),
        ledger: reading.identity.ledger.simple().to_string(),
        entry: reading.books.entry(),
        currency,
        merchants,
        statements: totals.iter().map(|of| of.statements).sum(),
        lines: totals.iter().map(|of| of.lines).sum(),
        totals,
        files,
    };
    let text = serde_json::to_string_pretty(&manifest)
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    creation::write(&dir.join(MANIFEST), &format!("{text}\n"))?;
    Ok(manifest)
}

fn printed(global: &Global, of: &StatementsExported) -> Result<(), Failure> {
    if global.format() == Format::Json {
        return show::json(global, of);
    }
    let figures = [
        "opening",
        "earned",
        "moved",
        "payouts_returned",
        "withheld",
        "topped_up",
        "released",
        "used",
        "payouts",
        "carried",
        "debts",
    ];
    let numeric: Vec<&str> = ["statements", "lines"].into_iter().chain(figures).collect();
    let columns = ["currency"].into_iter().chain(numeric.iter().copied()).collect();
    let mut rows = Rows { columns, numeric, rows: Vec::new() };
    for of in &of.totals {
        let mut cells =
            vec![of.currency.to_string(), of.statements.to_string(), of.lines.to_string()];
        let amounts = [
            of.opening,
            of.earned,
            of.moved,
            of.payouts_returned,
            of.withheld,
            of.topped_up,
            of.released,
            of.used,
            of.payouts,
            of.carried,
            of.debts,
        ];
        cells.extend(amounts.iter().map(ToString::to_string));
        rows.rows.push(cells);
    }
    show::rows(global, &rows)
}

/// A CSV file that knows the digest of what was written.
struct Sheet {
    path: PathBuf,
    name: &'static str,
    writer: csv::Writer<Hashed>,
    rows: u64,
}

struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Sheet {
    fn create(dir: &Path, name: &'static str) -> Result<Self, Failure> {
        let path = dir.join(name);
        let file = File::create_new(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        let hashed = Hashed { file: BufWriter::new(file), hash: Sha256::new() };
        let writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(hashed);
        Ok(Self { path, name, writer, rows: 0 })
    }

    /// One row; the first is the header.
    fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), Failure> {
        self.rows += 1;
        let cells = cells.into_iter().map(show::escaped);
        let path = &self.path;
        self.writer
            .write_record(cells)
            .map_err(|error| Failure::unwritable(path, &io::Error::other(error)))
    }

    /// Makes it durable.
    fn finish(self) -> Result<ExportedFile, Failure> {
        let Self { path, name, writer, rows } = self;
        let wrong = |error: io::Error| Failure::unwritable(&path, &error);
        let hashed = writer.into_inner().map_err(|error| wrong(error.into_error()))?;
        let Hashed { file, hash } = hashed;
        let file = file.into_inner().map_err(|error| wrong(error.into_error()))?;
        file.sync_all().map_err(wrong)?;
        let sha256 = hex(&hash.finalize());
        Ok(ExportedFile { name: name.to_owned(), rows: rows.saturating_sub(1), sha256 })
    }
}
