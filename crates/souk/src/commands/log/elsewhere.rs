//! `souk log verify` and `souk log inspect` of a ledger on a server: there are no files to look at, so they go by its
//! records. The root is that of the same ledger in a directory.

use serde::Serialize;
use souk_journal::statement_lines::hex;
use souk_ledger::ledger::identity;
use souk_store::tree::Tree;
use souk_store::{Direction, EventStore, Page, leaf_hash};

use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::place::Place;
use crate::show::{self, Rows};

/// Bytes of records read at a time.
const PAGE: usize = 1 << 20;
/// Records of a stream read at a time.
const RECORDS: usize = 1_000;

#[derive(Debug, Serialize)]
struct Verified {
    kind: &'static str,
    store: String,
    store_id: String,
    entries: u64,
    bytes: u64,
    root: String,
}

#[derive(Debug, Serialize)]
struct Overview {
    kind: &'static str,
    store: String,
    store_id: String,
    entries: u64,
}

#[derive(Debug, Serialize)]
struct RecordRow {
    revision: u64,
    entry: u64,
    event_type: String,
    bytes: usize,
}

/// Reads every record and computes the root of all. That their numbers have no gap, and that what is anchored has
/// stayed the same, is checked by the store itself.
pub(super) fn verify(global: &Global, place: &Place) -> Result<(), Failure> {
    let store = place.read()?;
    let head = store.head()?;
    let (mut tree, mut page, mut bytes) = (Tree::new(), Page::new(), 0);
    while tree.size() < head {
        store.read_all_into(tree.size(), PAGE, &mut page)?;
        for record in page.records() {
            let record = record?;
            bytes += record.bytes.len() as u64;
            tree.push(leaf_hash(record.bytes));
        }
        if page.is_empty() {
            break;
        }
    }
    let answer = Verified {
        kind: "ledger",
        store: place.shown(),
        store_id: identity(store.as_ref())?.ledger.simple().to_string(),
        entries: tree.size(),
        bytes,
        root: hex(&tree.root()),
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let said = format!(
        "{} in {}, id {}\n  records     {} whole, {} bytes ✓\n  root        {}\n",
        answer.kind,
        answer.store,
        answer.store_id,
        show::grouped(&answer.entries.to_string()),
        show::grouped(&answer.bytes.to_string()),
        answer.root,
    );
    show::text(global, &said)
}

/// Says what is there.
pub(super) fn overview(global: &Global, place: &Place) -> Result<(), Failure> {
    show::no_rows(global)?;
    let store = place.read()?;
    let answer = Overview {
        kind: "ledger",
        store: place.shown(),
        store_id: identity(store.as_ref())?.ledger.simple().to_string(),
        entries: store.head()?,
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let said = format!(
        "{} in {}, id {}\n  {} entries\n",
        answer.kind,
        answer.store,
        answer.store_id,
        show::grouped(&answer.entries.to_string()),
    );
    show::text(global, &said)
}

/// The records of a stream.
pub(super) fn one_stream(
    global: &Global,
    store: &dyn EventStore,
    stream: &str,
) -> Result<(), Failure> {
    let mut found = Vec::new();
    let mut next = Some(0);
    while let Some(from) = next {
        let page = store.read_stream(stream, from, Direction::Forwards, RECORDS)?;
        for record in page.records() {
            let record = record?;
            found.push(RecordRow {
                revision: record.revision,
                entry: record.entry,
                event_type: record.event_type.to_owned(),
                bytes: record.bytes.len(),
            });
        }
        next = page.next_revision();
    }
    if found.is_empty() {
        return Err(super::inspect::unknown_stream(stream));
    }
    if global.format() == Format::Json {
        return show::json(global, &found);
    }
    let cells = |of: RecordRow| {
        vec![of.revision.to_string(), of.entry.to_string(), of.event_type, of.bytes.to_string()]
    };
    let rows = Rows {
        columns: vec!["revision", "entry", "event_type", "bytes"],
        numeric: vec!["revision", "entry", "bytes"],
        rows: found.into_iter().map(cells).collect(),
    };
    show::rows(global, &rows)
}
