//! `souk store copy`: a ledger from one store into another, entry by entry with the same bytes, then both read again:
//! equal roots over all records and equal projections, or it is not done.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;
use souk_books::Books;
use souk_books::replay::PROJECTIONS;
use souk_journal::statement_lines::hex;
use souk_ledger::ledger::{all_appended, identity};
use souk_store::tree::Tree;
use souk_store::{EventStore, Page, Ticket, leaf_hash};
use souk_store_log::{Kind, LogStore, Options};
use uuid::Uuid;

use crate::cli::{Format, Global};
use crate::creation;
use crate::fail::{Exit, Failure};
use crate::measure::{per_second, seconds};
use crate::place::{Place, TERMS};
use crate::remote::Remote;
use crate::show;

/// Bytes read at a time.
const PAGE: usize = 1 << 20;
/// Pages that wait to become durable.
const IN_FLIGHT: usize = 4;

/// `souk store copy`
#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The ledger: a directory, or an address
    #[arg(long, value_name = "DIR|URL")]
    from: String,
    /// Where to: a new directory, or an address whose ledger is empty
    #[arg(long, value_name = "DIR|URL")]
    to: String,
}

#[derive(Debug, Serialize)]
struct Answer {
    entries: u64,
    /// Entries that were not there yet.
    copied: u64,
    root: String,
    projections: usize,
    seconds: Box<RawValue>,
    events_per_second: u64,
}

/// Copies and compares.
pub(crate) fn run(global: &Global, of: &Copy) -> Result<(), Failure> {
    bring(global, &Place::named(&of.from)?, &Place::named(&of.to)?)
}

/// Brings a ledger from one place to another that has none.
pub(crate) fn bring(global: &Global, from: &Place, to: &Place) -> Result<(), Failure> {
    show::no_rows(global)?;
    let source = Source::open(from)?;
    let begun = Instant::now();
    let (root, copied) = match to.server_to_copy()? {
        Some(server) => to_server(&source, &server, to)?,
        None => to_directory(&source, from, to.dir("")?)?,
    };
    let took = begun.elapsed();
    let entries = source.entries;
    let answer = Answer {
        entries,
        copied,
        root: hex(&root),
        projections: PROJECTIONS.len(),
        seconds: seconds(took),
        events_per_second: per_second(copied, took),
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let said = format!(
        "{} of {} entries copied from {} to {} and compared, in {} s, {} events/s\n  equal roots {} ✓   equal projections {} of {} ✓\n",
        show::grouped(&copied.to_string()),
        show::grouped(&entries.to_string()),
        from.shown(),
        to.shown(),
        answer.seconds,
        show::grouped(&answer.events_per_second.to_string()),
        answer.root,
        answer.projections,
        PROJECTIONS.len(),
    );
    show::text(global, &said)?;
    show::next(global, &format!("souk replay{}", to.flag()));
    Ok(())
}

/// What is copied: the ledger as it stands now.
struct Source {
    store: Arc<dyn EventStore>,
    ledger: Uuid,
    entries: u64,
    terms: Option<String>,
}

impl Source {
    fn open(place: &Place) -> Result<Self, Failure> {
        let store = place.read()?;
        let ledger = identity(store.as_ref())?.ledger;
        let entries = store.head()?;
        Ok(Self { store, ledger, entries, terms: place.terms_text().ok() })
    }

    /// Copies what the target lacks and compares everything; returns the root and the number of entries copied.
    fn bring(&self, target: &Arc<dyn EventStore>) -> Result<([u8; 32], u64), Failure> {
        let there = target.head()?;
        copy(self.store.as_ref(), target.as_ref(), there, self.entries)?;
        let root = compare_roots(self.store.as_ref(), target.as_ref(), self.entries)?;
        compare_projections(&self.store, target, &self.ledger.simple().to_string(), self.entries)?;
        Ok((root, self.entries - there))
    }
}

/// Whole or not at all: made beside and moved once it is compared.
fn to_directory(source: &Source, from: &Place, to: &Path) -> Result<([u8; 32], u64), Failure> {
    if let Ok(dir) = from.dir("") {
        creation::are_apart(dir, to)?;
    }
    Place::at(to).is_free()?;
    creation::is_empty(to)?;
    let mut brought = ([0; 32], 0);
    creation::whole(to, |dir| {
        let id = *source.ledger.as_bytes();
        let log = LogStore::create(dir, Kind::Ledger, id, Options::default())?;
        let log = Arc::new(log);
        let target: Arc<dyn EventStore> = Arc::<LogStore>::clone(&log);
        brought = source.bring(&target)?;
        log.close();
        let terms = source.terms.as_deref();
        terms.map_or(Ok(()), |terms| creation::write(&dir.join(TERMS), terms))
    })?;
    Ok(brought)
}

/// A server keeps what is there when the copy is cut short: nobody takes it for a ledger until it is noted as whole,
/// and the same copy goes on.
fn to_server(source: &Source, server: &Remote, to: &Place) -> Result<([u8; 32], u64), Failure> {
    let target = server.store();
    let there = target.head()?;
    if server.unfinished_copy()?.is_none() {
        if there > 0 {
            to.is_free()?;
        }
        server.begin_copy(source.entries)?;
    } else if there > source.entries
        || root(source.store.as_ref(), there)? != root(target.as_ref(), there)?
    {
        let message = format!("{} holds the beginning of another ledger's copy", to.shown());
        return Err(Failure::new(Exit::Difference, "CopyDiffers", message)
            .with("  copy that ledger again, or name another one with ledger=NAME"));
    }
    if let Some(terms) = &source.terms {
        server.keep_terms(source.ledger, terms)?;
    }
    let brought = source.bring(&target)?;
    server.finish_copy()?;
    Ok(brought)
}

fn copy(
    source: &dyn EventStore,
    target: &dyn EventStore,
    there: u64,
    entries: u64,
) -> Result<(), Failure> {
    let mut tickets: VecDeque<Ticket> = VecDeque::new();
    let mut page = Page::new();
    let mut from = there;
    while from < entries {
        source.read_all_into(from, PAGE, &mut page)?;
        if page.is_empty() {
            return Err(differs(format!("the source ends at entry {from} instead of {entries}")));
        }
        let batch = page.appends(entries)?;
        from = page.next_entry();
        if tickets.len() == IN_FLIGHT
            && let Some(ticket) = tickets.pop_front()
        {
            all_appended(ticket.wait())?;
        }
        tickets.push_back(target.append(batch));
    }
    tickets.into_iter().try_for_each(|ticket| all_appended(ticket.wait()))?;
    Ok(())
}

fn root(store: &dyn EventStore, entries: u64) -> Result<[u8; 32], Failure> {
    let mut tree = Tree::new();
    let mut page = Page::new();
    while tree.size() < entries {
        store.read_all_into(tree.size(), PAGE, &mut page)?;
        if page.is_empty() {
            break;
        }
        for (entry, bytes) in page.raw() {
            if entry < entries {
                tree.push(leaf_hash(bytes));
            }
        }
    }
    Ok(tree.root())
}

fn compare_roots(
    source: &dyn EventStore,
    target: &dyn EventStore,
    entries: u64,
) -> Result<[u8; 32], Failure> {
    let head = target.head()?;
    if head != entries {
        return Err(differs(format!("the copy has {head} entries instead of {entries}")));
    }
    let (expected, found) = (root(source, entries)?, root(target, entries)?);
    if expected == found {
        return Ok(expected);
    }
    let (expected, found) = (hex(&expected), hex(&found));
    Err(differs(format!("the root of the copy is {found}, that of the source {expected}")))
}

fn compare_projections(
    source: &Arc<dyn EventStore>,
    target: &Arc<dyn EventStore>,
    ledger: &str,
    entries: u64,
) -> Result<(), Failure> {
    let mut both = Vec::new();
    for store in [source, target] {
        let mut books = Books::for_replay(Arc::clone(store), ledger);
        books.catch_up(Some(entries))?;
        both.push(books);
    }
    for name in PROJECTIONS {
        let digests = both.iter().map(|books| books.projection_digest(name));
        let digests = digests.collect::<Result<Vec<_>, _>>()?;
        if digests.first() != digests.last() {
            return Err(differs(format!("{name} of the copy is not that of the source")));
        }
    }
    Ok(())
}

fn differs(what: String) -> Failure {
    Failure::new(Exit::Difference, "CopyDiffers", what)
        .with("  do not use the copy; remove it and copy again")
}
