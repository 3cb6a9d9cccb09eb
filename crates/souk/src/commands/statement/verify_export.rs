//! `souk statement verify DIR`: whether an export of every statement is what the ledger has, a statement at a time.
//!
//! Statements that were closed after the export are none of its business: it says through which entry it is.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::StringRecord;
use serde_json::Value;
use souk_books::every_statement::{StatementSums, StatementTotals};
use souk_books::statement::Statement;
use souk_books::statement::verified::{StatementVerified, StatementsVerified};
use souk_formats::statement_file;
use souk_journal::money::Currency;

use super::super::export::statements::{COLUMNS, FORM, INDEX, LINES, MANIFEST, head, sha256};
use super::super::reading::Reading;
use super::line_rows;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show;

/// How many differences are printed unless more are asked for.
const SHOWN: usize = 10;

/// Verifies an export against the ledger that is named.
pub(super) fn run(global: &Global, dir: &Path) -> Result<(), Failure> {
    if global.data.is_none() && global.store.is_none() {
        let message = format!("{} is an export, and no ledger is named", dir.display());
        return Err(Failure::new(Exit::Usage, "NoDigest", message).with(
            "  name the ledger with --data DIR; without one, tools/readd_statements.py adds it up",
        ));
    }
    let manifest = manifest(dir)?;
    let reading = Reading::open(global)?;
    let mut check = Check::open(dir, &manifest)?;
    let through = manifest["entry"].as_u64().unwrap_or(0);
    let said = Some(&manifest["currency"]).filter(|said| !said.is_null());
    let currency = said.map(|said| only(&dir.join(MANIFEST), said)).transpose()?;
    let mut sums = StatementSums::default();
    reading.books.each_statement(currency, |statement| -> Result<(), Failure> {
        if statement.facts.closing_entry.is_none_or(|entry| entry > through) {
            return Ok(());
        }
        sums.add(statement);
        check.statement(statement)
    })?;
    check.rest()?;
    let ledger = reading.identity.ledger.simple().to_string();
    check.manifest(dir, &manifest, &ledger, sums)?;
    told(global, dir, currency, &check)
}

/// The one currency of an export.
fn only(path: &Path, said: &Value) -> Result<Currency, Failure> {
    let code = said.as_str().and_then(|code| Currency::from_code(code).ok());
    code.ok_or_else(|| bad(path, &format!("currency: {said} is no currency")))
}

/// A manifest of this form.
fn manifest(dir: &Path) -> Result<Value, Failure> {
    let path = dir.join(MANIFEST);
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::io(&path, &error).with("  an export that was cut short has no manifest")
    })?;
    let manifest: Value =
        serde_json::from_slice(&bytes).map_err(|error| bad(&path, &error.to_string()))?;
    if manifest["form"] != FORM || manifest["entry"].as_u64().is_none() {
        return Err(bad(&path, &format!("it is no manifest of the form {FORM}")));
    }
    Ok(manifest)
}

fn bad(path: &Path, what: &str) -> Failure {
    Failure::new(Exit::BadInput, "BadStatementFile", format!("{}: {what}", path.display()))
}

/// An export beside what the ledger says.
struct Check {
    /// Rows of the index, and whether the ledger has the statement.
    index: Vec<(StringRecord, bool)>,
    places: HashMap<String, usize>,
    lines: csv::StringRecordsIntoIter<BufReader<File>>,
    /// The line that was read and not looked at.
    next: Option<StringRecord>,
    lines_of: Vec<&'static str>,
    lines_name: String,
    verified: u64,
    verified_lines: u64,
    different: Vec<StatementVerified>,
}

impl Check {
    fn open(dir: &Path, manifest: &Value) -> Result<Self, Failure> {
        let lines_of = line_rows(&[]).columns;
        let lines = dir.join(LINES);
        let mut check = Self {
            index: Vec::new(),
            places: HashMap::new(),
            lines: reader(&lines, &lines_of)?.into_records(),
            next: None,
            lines_of,
            lines_name: lines.display().to_string(),
            verified: 0,
            verified_lines: 0,
            different: Vec::new(),
        };
        let index = dir.join(INDEX);
        for row in reader(&index, COLUMNS)?.into_records() {
            let row = row.map_err(|error| bad(&index, &error.to_string()))?;
            let number = row.get(0).unwrap_or_default().to_owned();
            if check.places.insert(number.clone(), check.index.len()).is_some() {
                check.differs(&number, 0, "it stands in the index twice".to_owned());
            }
            check.index.push((row, false));
        }
        if check.index.is_empty() && manifest["statements"] != 0 {
            check.differs(INDEX, 0, "it has no statement".to_owned());
        }
        check.advance()?;
        Ok(check)
    }

    fn differs(&mut self, number: &str, lines: usize, what: String) {
        let (number, differences) = (number.to_owned(), vec![what]);
        let unchecked = Vec::new();
        self.different.push(StatementVerified {
            number,
            lines,
            digest: None,
            differences,
            unchecked,
        });
    }

    fn advance(&mut self) -> Result<(), Failure> {
        let next = self.lines.next().transpose();
        self.next = next.map_err(|error| bad(Path::new(&self.lines_name), &error.to_string()))?;
        Ok(())
    }

    /// Reads past lines that belong to no statement that is still to come; those to come stand at this place of the index or
    /// after it.
    fn skip_strays(&mut self, place: usize) -> Result<(), Failure> {
        while let Some(number) = self.next.as_ref().and_then(|row| row.get(0)).map(str::to_owned) {
            let stray = match self.places.get(&number) {
                None => "its lines are there, and the index does not have it",
                Some(of) if self.index[*of].1 => "lines of it stand apart from the others",
                Some(of) if *of < place => "the ledger has no such lines",
                Some(_) => return Ok(()),
            };
            self.differs(&number, 0, stray.to_owned());
            while self.next.as_ref().and_then(|row| row.get(0)) == Some(number.as_str()) {
                self.advance()?;
            }
        }
        Ok(())
    }

    /// Holds the ledger's statement against the export's.
    fn statement(&mut self, ours: &Statement) -> Result<(), Failure> {
        let place = self.places.get(&ours.number).copied();
        self.skip_strays(place.unwrap_or(0))?;
        let Some(place) = place else {
            let what = "it is in the ledger and not in the index".to_owned();
            self.differs(&ours.number, ours.lines.len(), what);
            return Ok(());
        };
        let of_index = first_difference(COLUMNS, &self.index[place].0, &head(ours));
        let of_lines = self.lines_of(ours)?;
        self.index[place].1 = true;
        match of_lines.or_else(|| of_index.map(|what| format!("index, {what}"))) {
            Some(what) => self.differs(&ours.number, ours.lines.len(), what),
            None => {
                self.verified += 1;
                self.verified_lines += ours.lines.len() as u64;
            }
        }
        Ok(())
    }

    /// The first of its lines that differs.
    fn lines_of(&mut self, ours: &Statement) -> Result<Option<String>, Failure> {
        let mut rows = line_rows(std::slice::from_ref(ours)).rows.into_iter();
        let mut found = None;
        let mut count = 0_u64;
        while let Some(row) = self.next.take_if(|row| row.get(0) == Some(ours.number.as_str())) {
            count += 1;
            let cells = rows.next();
            found = found.or_else(|| match cells {
                Some(cells) => self.line(count, &row, &cells),
                None => Some(format!("line {count}, it is in the file and not in the ledger")),
            });
            self.advance()?;
        }
        if rows.next().is_some() {
            let what = format!("line {}: it is in the ledger and not in the file", count + 1);
            return Ok(Some(found.unwrap_or(what)));
        }
        Ok(found)
    }

    /// What differs in the line at a place.
    fn line(&self, place: u64, row: &StringRecord, cells: &[String]) -> Option<String> {
        let line_no = self.lines_of.iter().position(|name| *name == "line_no");
        let line_no = line_no.and_then(|at| row.get(at)).unwrap_or_default();
        statement_file::misplaced(line_no, place).or_else(|| {
            let what = first_difference(&self.lines_of, row, cells)?;
            Some(format!("line {place}, {what}"))
        })
    }

    /// What the export has beyond the ledger.
    fn rest(&mut self) -> Result<(), Failure> {
        self.skip_strays(usize::MAX)?;
        let unknown = self.index.iter().filter(|(_, known)| !known);
        let unknown: Vec<String> =
            unknown.map(|(row, _)| row.get(0).unwrap_or_default().to_owned()).collect();
        for number in unknown {
            self.differs(&number, 0, "it is in the index and not in the ledger".to_owned());
        }
        Ok(())
    }

    /// Counts, sums and digests of the manifest.
    fn manifest(
        &mut self,
        dir: &Path,
        said: &Value,
        ledger: &str,
        sums: StatementSums,
    ) -> Result<(), Failure> {
        let merchants = sums.merchants();
        let totals = sums.totals();
        let count = |of: fn(&StatementTotals) -> u64| totals.iter().map(of).sum::<u64>();
        let (statements, lines) = (count(|of| of.statements), count(|of| of.lines));
        let totals = serde_json::to_value(&totals)
            .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
        let ours = [
            ("ledger", ledger.into()),
            ("merchants", merchants.into()),
            ("statements", statements.into()),
            ("lines", lines.into()),
            ("totals", totals),
        ];
        for (name, ours) in ours {
            if said[name] != ours {
                let what = format!("{name}: the file has {}, the ledger {ours}", said[name]);
                self.differs(MANIFEST, 0, what);
            }
        }
        for name in [INDEX, LINES] {
            let files = said["files"].as_array().into_iter().flatten();
            let wanted = files.clone().find(|of| of["name"] == name).map(|of| &of["sha256"]);
            let path = dir.join(name);
            let found = sha256(&path).map_err(|error| Failure::io(&path, &error))?;
            if wanted.and_then(Value::as_str) != Some(found.as_str()) {
                let what = format!("{name} has the digest {found}, which is not the manifest's");
                self.differs(MANIFEST, 0, what);
            }
        }
        Ok(())
    }
}

fn reader(path: &Path, columns: &[&str]) -> Result<csv::Reader<BufReader<File>>, Failure> {
    let file = File::open(path).map_err(|error| Failure::io(path, &error))?;
    let mut reader = csv::Reader::from_reader(BufReader::with_capacity(1 << 16, file));
    let header = reader.headers().map_err(|error| bad(path, &error.to_string()))?;
    if !header.iter().eq(columns.iter().copied()) {
        return Err(bad(path, "its columns are not those of this edition"));
    }
    Ok(reader)
}

/// The first cell that differs.
fn first_difference(columns: &[&str], file: &StringRecord, ours: &[String]) -> Option<String> {
    let pairs = columns.iter().zip(file.iter().zip(ours));
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    pairs.map(|(name, (file, ours))| (name, file, show::escaped(ours))).find_map(
        |(name, file, ours)| {
            let (has, wants) = (shown(file), shown(&ours));
            let is_later = statement_file::is_of_another_day(name, file, &ours);
            (file != ours && !is_later)
                .then(|| format!("{name}: the file has {has}, the ledger {wants}"))
        },
    )
}

fn told(
    global: &Global,
    dir: &Path,
    currency: Option<Currency>,
    check: &Check,
) -> Result<(), Failure> {
    let verified = check.different.is_empty();
    if global.format() == Format::Json {
        let (against, statements) = ("ledger".to_owned(), check.different.clone());
        show::json(global, &StatementsVerified { against, verified, statements })?;
    } else {
        let (statements, lines) = (check.verified, check.verified_lines);
        let mut text = format!(
            "{}  {statements} statements with {lines} lines verified against the ledger, {} differences\n",
            dir.display(),
            check.different.len()
        );
        if let Some(currency) = currency {
            text.push_str(&format!("  partial: the export has {currency} alone\n"));
        }
        let most = global.limit.map_or(SHOWN, |most| if most == 0 { usize::MAX } else { most });
        for of in check.different.iter().take(most) {
            for what in &of.differences {
                text.push_str(&format!("  {}  {what}\n", of.number));
            }
        }
        show::text(global, &text)?;
    }
    match check.different.first().and_then(|of| Some((of, of.differences.first()?))) {
        Some((of, what)) if !global.exit_zero => {
            let message = format!("{}: {what}", of.number);
            Err(Failure::new(Exit::Difference, "StatementFileDiffers", message))
        }
        Some(_) | None => Ok(()),
    }
}
