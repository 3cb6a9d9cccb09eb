//! Runs a scenario: commands in order, what is shown after them, and what must always hold.

use std::fmt::Write as _;

use souk_journal::dates::Micros;

use super::document::{Document, Kind};
use super::hands::{Hands, Refused};
use super::language::{Action, Context, Step};
use super::memory::Memory;
use super::objections::{self, Lines};
use super::{payouts, revenue, show};
use crate::audit;
use crate::market::{Sent, platform_zone, start};
use crate::reader::Reader;

/// What every block of a scenario shows; none for commands.
pub type Shown = Vec<Option<Vec<String>>>;

/// Runs a scenario on a ledger in memory.
///
/// # Errors
/// As [`run_by`].
pub fn run(document: &Document) -> Result<Shown, String> {
    let mut memory = Memory::new().map_err(|error| format!("{}: {error}", document.file))?;
    run_by(&mut memory, document)
}

/// Runs a scenario by somebody's hands, on a ledger that was just created.
///
/// # Errors
/// A text with file and line: a line that cannot be read, a command that should not be refused (or
/// should be), or books that do not hold together.
pub fn run_by(hands: &mut dyn Hands, document: &Document) -> Result<Shown, String> {
    let mut run = Run::new(hands).map_err(|error| format!("{}: {error}", document.file))?;
    let mut context = Context::default();
    let mut shown = Vec::with_capacity(document.blocks.len());
    for block in &document.blocks {
        let at = |index: usize, why: &str| format!("{}:{}: {why}", document.file, index + 1);
        if matches!(block.kind, Kind::Setup | Kind::Commands) {
            for index in block.lines.clone() {
                let step = context.read(&document.lines[index]).map_err(|why| at(index, &why))?;
                if let Some(step) = step {
                    run.step(&step).map_err(|why| at(index, &why))?;
                }
            }
            if block.kind == Kind::Setup {
                run.set_up().map_err(|why| at(block.lines.start - 1, &why))?;
            }
            shown.push(None);
        } else {
            let before = |why: String| at(block.lines.start - 1, &why);
            let lines = run.show(&block.kind).map_err(before)?;
            run.hands.check(&block.kind, &lines).map_err(before)?;
            shown.push(Some(lines));
        }
    }
    run.catch_up().map_err(|why| format!("{}: {why}", document.file))?;
    audit::check(run.hands.store()?.as_ref(), &run.reader)
        .map_err(|faults| format!("{}: the books do not hold:\n{faults}", document.file))?;
    Ok(shown)
}

/// Compares what is shown with what a scenario expects.
///
/// # Errors
/// Every difference, with file and line.
pub fn compare(document: &Document, shown: &Shown) -> Result<(), String> {
    let mut text = String::new();
    for (block, actual) in document.blocks.iter().zip(shown) {
        let expected = &document.lines[block.lines.clone()];
        let Some(actual) = actual.as_deref().filter(|actual| *actual != expected) else { continue };
        let differs = expected.iter().zip(actual).take_while(|(a, b)| a == b).count();
        let line = block.lines.start + differs + 1;
        let (none, of) =
            (String::from("(nothing)"), |lines: &[String]| lines.get(differs).cloned());
        let (expected, actual) = (of(expected).unwrap_or(none.clone()), of(actual).unwrap_or(none));
        let file = &document.file;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{file}:{line}:\n  expected {expected}\n  shown    {actual}");
    }
    if text.is_empty() { Ok(()) } else { Err(text) }
}

/// A scenario under way.
struct Run<'h> {
    hands: &'h mut dyn Hands,
    reader: Reader,
    now: Micros,
    journal: Vec<String>,
    refused: Vec<String>,
    lines: Lines,
}

impl<'h> Run<'h> {
    fn new(hands: &'h mut dyn Hands) -> Result<Self, String> {
        let (reader, journal, refused, lines) = Default::default();
        let mut run = Self { hands, reader, now: start(), journal, refused, lines };
        run.catch_up()?;
        run.journal.clear();
        Ok(run)
    }

    /// Everything is carried out and read.
    fn catch_up(&mut self) -> Result<(), String> {
        self.hands.settle().map_err(unexpected)?;
        let (journal, lines) = (&mut self.journal, &mut self.lines);
        self.reader.read(self.hands.store()?.as_ref(), 1 << 20, &mut |_, entry, names| {
            lines.note(entry);
            journal.extend(show::entry(entry, names));
        })
    }

    /// After a set-up nothing is posted, and its events are not listed.
    fn set_up(&mut self) -> Result<(), String> {
        self.catch_up()?;
        if !self.reader.trial.totals().is_empty() {
            return Err("a set-up posts nothing".into());
        }
        self.journal.clear();
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        self.now = self.now.max(step.at);
        if step.reload || step.action == Action::Reload {
            self.catch_up()?;
            self.hands.reload(self.now)?;
        }
        let found = self.found(&step.action)?;
        if let Action::Send(commands) = &found
            && step.refusal.is_none()
            && !step.again
        {
            for sent in commands {
                self.hands.send(sent, self.now).map_err(unexpected)?;
            }
            return Ok(());
        }
        self.catch_up()?;
        let before = self.head()?;
        let result = self.hands.carry_out(&found, step.at, self.now);
        let written = self.head()? - before;
        self.catch_up()?;
        match (result, &step.refusal) {
            (Ok(replayed), None) if !step.again || (replayed && written == 0) => Ok(()),
            (Ok(_), None) => Err("the repeated command was carried out twice".into()),
            (Ok(_), Some(code)) => Err(format!("{code} was expected, but it was carried out")),
            (Err(error), Some(code)) if error.code == *code && written == 0 => {
                self.refused.push(format!("{code}: {}", error.text));
                Ok(())
            }
            (Err(_), Some(_)) if written > 0 => Err(format!("refused, yet {written} written")),
            (Err(Refused { code, text }), Some(expected)) => {
                Err(format!("{expected} was expected, but it is {code}: {text}"))
            }
            (Err(error), None) => Err(unexpected(error)),
        }
    }

    /// The action with the lines that it names; what is put off is read first, when it names any.
    fn found(&mut self, action: &Action) -> Result<Action, String> {
        let Action::Send(commands) = action else { return Ok(action.clone()) };
        if commands.iter().any(|sent| objections::names_a_line(&sent.data)) {
            self.catch_up()?;
        }
        let found = commands
            .iter()
            .map(|sent| Ok(Sent { data: self.lines.found(&sent.data)?, ..sent.clone() }));
        Ok(Action::Send(found.collect::<Result<_, String>>()?))
    }

    fn head(&self) -> Result<u64, String> {
        self.hands.store()?.head().map_err(|error| error.to_string())
    }

    fn show(&mut self, kind: &Kind) -> Result<Vec<String>, String> {
        self.catch_up()?;
        match kind {
            Kind::Setup | Kind::Commands => Ok(Vec::new()),
            Kind::Journal => Ok(std::mem::take(&mut self.journal)),
            Kind::Refused => Ok(std::mem::take(&mut self.refused)),
            Kind::Balances => Ok(show::balances(&self.reader, platform_zone().date(self.now))),
            Kind::Statement(merchant, cycle, currency) => {
                let currency = currency.as_deref().unwrap_or("CNY");
                show::statement(&self.reader, merchant, cycle, currency)
            }
            Kind::TrialBalance => Ok(show::trial_balance(&self.reader)),
            Kind::Taxes => Ok(show::taxes(&self.reader)),
            Kind::Payouts => payouts::shown(self.hands.store()?, platform_zone().date(self.now)),
            Kind::Months => Ok(revenue::months(&self.reader)),
            Kind::Revenue(split) => Ok(revenue::shown(&self.reader, *split)),
        }
    }
}

/// A refusal of which the scenario says nothing.
fn unexpected(Refused { code, text }: Refused) -> String {
    format!("{code}: {text}")
}
