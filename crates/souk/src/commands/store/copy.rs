//! `souk store copy`: a ledger from one store into another, entry by entry with the same bytes, then both read again:
//! equal roots over all records and equal projections, or it is not done.

use std::collections::VecDeque;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;
use souk_books::Books;
use souk_books::replay::PROJECTIONS;
use souk_journal::statement_lines::hex;
use souk_ledger::ledger::{all_appended, identity};
use souk_store::tree::Tree;
use souk_store::{EventStore, Page, Ticket, leaf_hash};

use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::measure::{per_second, seconds, timed};
use crate::place::Place;
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
    root: String,
    projections: usize,
    seconds: Box<RawValue>,
    events_per_second: u64,
}

/// Copies and compares.
pub(crate) fn run(global: &Global, of: &Copy) -> Result<(), Failure> {
    let (from, to) = (Place::named(&of.from)?, Place::named(&of.to)?);
    let source = from.read()?;
    let ledger = identity(source.as_ref())?.ledger;
    let entries = source.head()?;
    let target = to.empty(*ledger.as_bytes())?;
    // What stands beside the log first, so that whatever is there of the ledger has it.
    if let Ok(terms) = from.terms_text() {
        to.keep_terms(&terms)?;
    }
    let (copied, took) = timed(|| copy(source.as_ref(), target.as_ref(), entries));
    copied?;
    let root = compare_roots(source.as_ref(), target.as_ref(), entries)?;
    compare_projections(&source, &target, &ledger.simple().to_string(), entries)?;
    let answer = Answer {
        entries,
        root: hex(&root),
        projections: PROJECTIONS.len(),
        seconds: seconds(took),
        events_per_second: per_second(entries, took),
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let said = format!(
        "{} entries copied from {} to {} in {} s, {} events/s\n  equal roots {} ✓   equal projections {} of {} ✓\n",
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

fn copy(source: &dyn EventStore, target: &dyn EventStore, entries: u64) -> Result<(), Failure> {
    let mut tickets: VecDeque<Ticket> = VecDeque::new();
    let mut page = Page::new();
    let mut from = 0;
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
