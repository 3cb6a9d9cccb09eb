//! `souk log verify`: every byte of the log, the watermark and the index, also beside a writer.

use clap::Args;
use serde::Serialize;
use souk_journal::statement_lines::hex;
use souk_store_log::{Verified, renew_watermark, verify};

use super::elsewhere;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show;

/// `souk log verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Write a watermark that was lost or damaged anew, if the log is whole
    #[arg(long)]
    renew_watermark: bool,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Answer {
    kind: String,
    store_id: String,
    entries: u64,
    segments: usize,
    bytes: u64,
    root: String,
    acknowledged: Option<u64>,
    torn: Option<String>,
    index_files: usize,
    damaged_index_files: Vec<String>,
}

/// Verifies.
pub(crate) fn run(global: &Global, of: &Verify) -> Result<(), Failure> {
    show::no_rows(global)?;
    let place = Place::of(global)?;
    let dir = match place.dir("a watermark") {
        Ok(dir) => dir,
        Err(_) if !of.renew_watermark => return elsewhere::verify(global, &place),
        Err(needs_directory) => return Err(needs_directory),
    };
    place.has_log()?;
    let verified = if of.renew_watermark { renew_watermark(dir)? } else { verify(dir)? };
    print(global, &verified)?;
    judge(&place, &verified)
}

/// Says what was found.
pub(crate) fn print(global: &Global, of: &Verified) -> Result<(), Failure> {
    if global.format() == Format::Json {
        let paths = of.damaged_runs.iter().map(|path| path.display().to_string());
        let answer = Answer {
            kind: of.kind.to_string(),
            store_id: hex(&of.store_id),
            entries: of.entries,
            segments: of.segments,
            bytes: of.bytes,
            root: hex(&of.root),
            acknowledged: of.acknowledged,
            torn: of.torn.clone(),
            index_files: of.runs,
            damaged_index_files: paths.collect(),
        };
        return show::json(global, &answer);
    }
    let grouped = |number: u64| show::grouped(&number.to_string());
    let watermark = of.acknowledged.map_or("missing or damaged ✗".to_owned(), |entries| {
        format!("{} entries acknowledged ✓", grouped(entries))
    });
    let mut said = format!(
        "{}, id {}\n  segments    {} whole, {} bytes, {} entries ✓\n  watermark   {watermark}\n  index       {} files whole{}\n  root        {}\n",
        of.kind,
        hex(&of.store_id),
        of.segments,
        grouped(of.bytes),
        grouped(of.entries),
        of.runs,
        if of.damaged_runs.is_empty() { " ✓" } else { ", some damaged ✗" },
        hex(&of.root),
    );
    if let Some(torn) = &of.torn {
        said.push_str(&format!(
            "  torn tail   {torn}; never acknowledged, cut at the next opening for writing\n"
        ));
    }
    show::text(global, &said)
}

fn judge(place: &Place, of: &Verified) -> Result<(), Failure> {
    if of.acknowledged.is_none() {
        let message = format!(
            "the watermark of {} is missing or damaged: which entries were acknowledged cannot be told",
            place.shown()
        );
        let flag = place.flag();
        return Err(Failure::new(Exit::Damaged, "DamagedWatermark", message).with(format!(
            "  the log itself is whole: souk log verify --renew-watermark{flag} takes all of it for acknowledged"
        )));
    }
    if of.damaged_runs.is_empty() {
        return Ok(());
    }
    let message = "files of the index are damaged; the log itself is whole";
    let mut failure = Failure::new(Exit::Damaged, "DamagedIndex", message);
    let paths = of.damaged_runs.iter();
    failure.details = paths.map(|path| format!("  remove {}", path.display())).collect();
    Err(failure)
}
