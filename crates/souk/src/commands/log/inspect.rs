//! `souk log inspect`: what is in the files of a log. Changes nothing; works beside a writer and on either kind.

use std::path::Path;

use clap::Args;
use serde::Serialize;
use souk_journal::statement_lines::hex;
use souk_store::{EventStore, Record};
use souk_store_log::{LogStore, SegmentInfo, Summary};

use super::elsewhere;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show::{self, Rows};

/// `souk log inspect`
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// One entry: its record in parts
    #[arg(long, conflicts_with = "stream")]
    entry: Option<u64>,
    /// One stream: where its frames are
    #[arg(long)]
    stream: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    kind: String,
    store_id: String,
    entries: u64,
    acknowledged: Option<u64>,
    writer: bool,
    indexed: u64,
    index_files: usize,
    index_bytes: u64,
    segments: Vec<SegmentRow>,
}

#[derive(Debug, Serialize)]
struct SegmentRow {
    segment: String,
    first_entry: u64,
    entries: u64,
    bytes: u64,
    indexed: bool,
}

#[derive(Debug, Serialize)]
struct FrameRow {
    segment: String,
    first_revision: u64,
    first_entry: u64,
    byte: u64,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct EntryAnswer {
    entry: u64,
    stream: String,
    revision: u64,
    event_id: String,
    event_type: String,
    /// As text, or as hexadecimal digits behind `hex:` if it is none.
    metadata: String,
    data: String,
    bytes: usize,
    leaf_hash: String,
}

/// Shows.
pub(crate) fn run(global: &Global, of: &Inspect) -> Result<(), Failure> {
    let place = Place::of(global)?;
    let Ok(dir) = place.dir("") else {
        return match (of.entry, &of.stream) {
            (Some(entry), _) => one_entry(global, place.read()?.as_ref(), entry),
            (None, Some(stream)) => elsewhere::one_stream(global, place.read()?.as_ref(), stream),
            (None, None) => elsewhere::overview(global, &place),
        };
    };
    place.has_log()?;
    let store = LogStore::open_read_only(dir)?;
    match (of.entry, &of.stream) {
        (Some(entry), _) => one_entry(global, &store, entry),
        (None, Some(stream)) => one_stream(global, &store, stream),
        (None, None) => files(global, dir, &store),
    }
}

fn files(global: &Global, dir: &Path, store: &LogStore) -> Result<(), Failure> {
    let Summary { acknowledged, writer, indexed, index_files, index_bytes, segments } =
        store.summary()?;
    let row = |of: SegmentInfo| SegmentRow {
        segment: of.name,
        first_entry: of.first_entry,
        entries: of.entries,
        bytes: of.bytes,
        indexed: of.indexed,
    };
    let answer = Answer {
        kind: store.kind().to_string(),
        store_id: hex(&store.store_id()),
        entries: store.head()?,
        acknowledged,
        writer,
        indexed,
        index_files,
        index_bytes,
        segments: segments.into_iter().map(row).collect(),
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let head = format!(
        "{} in {}, id {}\n  {} entries, {} acknowledged, {}\n  index: {} entries in {} files, {} bytes\n",
        answer.kind,
        dir.display(),
        answer.store_id,
        answer.entries,
        answer.acknowledged.map_or("watermark unreadable, none".to_owned(), |of| of.to_string()),
        if writer { "a writer has it open" } else { "nobody writes" },
        answer.indexed,
        answer.index_files,
        answer.index_bytes,
    );
    let rows = Rows {
        columns: vec!["segment", "first_entry", "entries", "bytes", "indexed"],
        numeric: vec!["first_entry", "entries", "bytes"],
        rows: answer
            .segments
            .into_iter()
            .map(|of| {
                let yes = |of: bool| if of { "yes" } else { "no" }.to_owned();
                let (first, entries) = (of.first_entry.to_string(), of.entries.to_string());
                vec![of.segment, first, entries, of.bytes.to_string(), yes(of.indexed)]
            })
            .collect(),
    };
    show::rows_under(global, &head, &rows)
}

fn one_entry(global: &Global, store: &dyn EventStore, entry: u64) -> Result<(), Failure> {
    show::no_rows(global)?;
    let page = store.read_all(entry, 1)?;
    let Some(record) = page.record(0)? else {
        let last = store.head()?.saturating_sub(1);
        let message = format!("entry {entry} is not in the log, whose last is {last}");
        return Err(Failure::new(Exit::Usage, "UnknownEntry", message));
    };
    let answer = EntryAnswer {
        entry,
        stream: record.stream.to_owned(),
        revision: record.revision,
        event_id: uuid::Uuid::from_bytes(record.event_id).to_string(),
        event_type: record.event_type.to_owned(),
        metadata: readable(record.metadata),
        data: readable(record.data),
        bytes: record.bytes.len(),
        leaf_hash: hex(&Record::leaf_hash(&record)),
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let said = format!(
        "entry {}   {}@{}   {}   {}\n  metadata  {}\n  data      {}\n  {} bytes, leaf hash {}\n",
        answer.entry,
        answer.stream,
        answer.revision,
        answer.event_type,
        answer.event_id,
        answer.metadata,
        answer.data,
        answer.bytes,
        answer.leaf_hash,
    );
    show::text(global, &said)
}

fn readable(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        Ok(_) | Err(_) => format!("hex:{}", hex(bytes)),
    }
}

pub(super) fn unknown_stream(stream: &str) -> Failure {
    Failure::new(Exit::Usage, "UnknownStream", format!("there is no stream {stream:?}"))
}

fn one_stream(global: &Global, store: &LogStore, stream: &str) -> Result<(), Failure> {
    let frames = store.frames_of(stream)?;
    if frames.is_empty() {
        return Err(unknown_stream(stream));
    }
    if global.format() == Format::Json {
        let rows = frames.iter().map(|of| FrameRow {
            segment: of.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            first_revision: of.first_revision,
            first_entry: of.first_entry,
            byte: of.offset,
            bytes: of.len,
        });
        return show::json(global, &rows.collect::<Vec<_>>());
    }
    let rows = frames.iter().map(|of| {
        let segment = of.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let numbers = [of.first_revision, of.first_entry, of.offset, of.len];
        let mut row = vec![segment];
        row.extend(numbers.iter().map(u64::to_string));
        row
    });
    let rows = Rows {
        columns: vec!["segment", "first_revision", "first_entry", "byte", "bytes"],
        numeric: vec!["first_revision", "first_entry", "byte", "bytes"],
        rows: rows.collect(),
    };
    show::rows(global, &rows)
}
