//! Opening the books for a command that reads: at the head, or as of an entry or a time.

use std::sync::Arc;

use souk_books::books::Books;
use souk_books::error::{BooksError, ErrorClass};
use souk_domain::metadata::Metadata;
use souk_journal::dates::{Date, Micros};
use souk_journal::money::Currency;
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Identity, identity};
use souk_store::EventStore;

use super::period::period;
use crate::cli::Global;
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show;

/// Entries read anew after which fresh snapshots are worth their time.
const WORTH_SAVING: u64 = 20_000;

/// Open books and whose they are.
pub(crate) struct Reading {
    /// The books.
    pub(crate) books: Books,
    /// The ledger.
    pub(crate) identity: Identity,
    /// Where.
    pub(crate) place: Place,
}

impl Reading {
    /// Opens the books that the flags name.
    pub(crate) fn open(global: &Global) -> Result<Self, Failure> {
        let place = Place::of(global)?;
        let store = place.read()?;
        Self::on(global, place, store)
    }

    /// Opens books on a store that is already open.
    pub(crate) fn on(
        global: &Global,
        place: Place,
        store: Arc<dyn EventStore>,
    ) -> Result<Self, Failure> {
        let identity = identity(store.as_ref())?;
        let id = identity.ledger.simple().to_string();
        let until = global.as_of.as_deref().map(|text| until(store.as_ref(), text)).transpose()?;
        let snapshots = place.projections();
        // Snapshots stand at the head; the past is read from entry 0.
        let snapshots = snapshots.as_deref().filter(|_| until.is_none());
        let mut books = Books::open(store, snapshots, &id)?;
        let progress = books.catch_up(until)?;
        if progress.events >= WORTH_SAVING && until.is_none() {
            // Derived files: where they cannot be written, the next command reads the log again.
            let _ = books.save_snapshots();
        }
        if let Some(demo) = identity.demonstration {
            show::note(
                global,
                &format!("demonstration, seed {}, clock pinned at {}", demo.seed, demo.clock),
            );
        }
        Ok(Self { books, identity, place })
    }

    /// Says which entry the figures reflect.
    pub(crate) fn freshness(&self, global: &Global) {
        let entry = show::grouped(&self.books.entry().to_string());
        let lag = self.books.lag().unwrap_or(0);
        let state = if lag == 0 {
            "caught up".to_owned()
        } else {
            format!("as of it, {lag} entries before the head")
        };
        show::note(global, &format!("entry {entry}, {state}"));
    }

    /// The date of today for the platform.
    pub(crate) fn today(&self) -> Date {
        let clock =
            self.identity.demonstration.map_or(Clock::System, |demo| Clock::Pinned(demo.clock));
        self.identity.zone.date(clock.now())
    }

    /// The first and the last day that `--from` and `--to` name.
    pub(crate) fn range(&self, global: &Global) -> Result<(Option<Date>, Option<Date>), Failure> {
        let today = self.today();
        let of =
            |text: &Option<String>| text.as_deref().map(|text| period(text, today)).transpose();
        let (from, to) =
            (of(&global.from)?.map(|(first, _)| first), of(&global.to)?.map(|(_, last)| last));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(BooksError::RangeReversed { from, to }.into());
        }
        Ok((from, to))
    }
}

/// The currency that `--currency` names.
pub(crate) fn currency(global: &Global) -> Result<Option<Currency>, Failure> {
    global.currency.as_deref().map(currency_of).transpose()
}

/// The currency of a code.
pub(crate) fn currency_of(code: &str) -> Result<Currency, Failure> {
    Currency::from_code(code)
        .map_err(|error| Failure::new(Exit::Usage, "UnknownCurrency", error.to_string()))
}

/// The entry before which `--as-of` stops: an entry number is included, a time of recording too.
fn until(store: &dyn EventStore, text: &str) -> Result<u64, Failure> {
    let head = store.head()?;
    if let Ok(entry) = text.parse::<u64>() {
        if entry >= head {
            let message = format!(
                "entry {entry} is not in the log, whose last is {}",
                head.saturating_sub(1)
            );
            return Err(Failure::new(Exit::Usage, "UnknownEntry", message));
        }
        return Ok(entry + 1);
    }
    let at: jiff::Timestamp = text.parse().map_err(|_| {
        let message = format!("--as-of {text:?} is neither an entry number nor a time in RFC 3339");
        Failure::new(Exit::Usage, "NotATime", message)
    })?;
    let at = Micros::from(at);
    // Recorded times never go back, so the first later entry is found by halves.
    let (mut low, mut high) = (0, head);
    while low < high {
        let middle = low + (high - low) / 2;
        if recorded_at(store, middle)? <= at { low = middle + 1 } else { high = middle }
    }
    if low == 0 {
        let message = format!("nothing was recorded by {text}");
        return Err(Failure::new(Exit::Usage, "NothingRecordedYet", message));
    }
    Ok(low)
}

fn recorded_at(store: &dyn EventStore, entry: u64) -> Result<Micros, Failure> {
    let page = store.read_all(entry, 1 << 17)?;
    let damaged = |what: String| Failure::new(Exit::Damaged, "DamagedEvent", what);
    let record = page.record(0)?.ok_or_else(|| damaged(format!("entry {entry} is missing")))?;
    let metadata = Metadata::parse(record.metadata)
        .map_err(|error| damaged(format!("entry {entry}: metadata: {error}")))?;
    Ok(metadata.recorded_at)
}

impl From<BooksError> for Failure {
    fn from(error: BooksError) -> Self {
        let exit = match error.class() {
            ErrorClass::Usage => Exit::Usage,
            ErrorClass::Check => Exit::Difference,
            ErrorClass::Damaged => Exit::Damaged,
            ErrorClass::OutOfReach => Exit::OutOfReach,
            ErrorClass::Bug => Exit::Bug,
        };
        let mut failure = Self::new(exit, error.code(), error.to_string());
        let choices = error.choices();
        failure.details.extend(choices.iter().map(|choice| format!("  {choice}")));
        failure
    }
}
