//! `souk bench store`: the embedded event store against what the machine can do at all. Store and limit take turns,
//! chunk by chunk, so that both see the same machine.

mod bare;
mod durable;
mod invented;
#[cfg(feature = "kurrentdb")]
mod remote;
mod reopen;
mod scan;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::path::Path;

use souk_store_log::{Kind, LogStore, Options};

use crate::cli::{BenchStore, Format, Global};
use crate::commands::bench::figures::Figure;
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};
use invented::Shape;

/// Marks the stores that are made here.
const STORE_ID: [u8; 16] = *b"souk-bench-store";

/// Measures.
pub(super) fn run(global: &Global, of: &BenchStore) -> Result<(), Failure> {
    if let Some(dir) = &of.fill {
        return reopen::fill(dir, of.reopen_events);
    }
    if let Some(dir) = &of.reopen {
        return reopen::reopen(dir);
    }
    if (1..reopen::FEWEST).contains(&of.reopen_events) {
        let message = format!("--reopen-events {}: too few to measure", of.reopen_events);
        return Err(Failure::new(Exit::Usage, "InvalidValue", message)
            .with(format!("  name at least {}, or 0 to leave that out", reopen::FEWEST)));
    }
    let scratch = super::scratch()?;
    let mut figures: Vec<Figure> = Vec::new();
    for shape in [Shape::Orders, Shape::Ascending, Shape::Long] {
        let dir = scratch.path().join(format!("{shape:?}"));
        show::note(global, &format!("loading {} events, {}", of.events, shape.name()));
        figures.extend(durable::load(&dir, shape, of)?);
        figures.push(scan::warm(&dir, shape)?);
        std::fs::remove_dir_all(&dir).map_err(|error| Failure::io(&dir, &error))?;
    }
    show::note(global, "appending from one thread and from 64");
    figures.push(durable::one_writer(&scratch.path().join("one"))?);
    figures.push(durable::many_writers(&scratch.path().join("many"))?);
    #[cfg(feature = "kurrentdb")]
    {
        show::note(global, "appending through the KurrentDB client");
        figures.push(remote::measure(&scratch.path().join("remote"))?);
    }
    if of.reopen_events > 0 {
        show::note(global, &format!("filling {} events to kill and open again", of.reopen_events));
        figures.extend(reopen::measure(&scratch.path().join("reopen"), of.reopen_events)?);
    }
    if global.format() == Format::Json {
        return show::json(global, &figures);
    }
    let (columns, numeric) = Figure::columns();
    let rows = figures.into_iter().map(Figure::cells).collect();
    show::rows(global, &Rows { columns, numeric, rows })
}

/// A new plain store.
fn create(dir: &Path) -> Result<LogStore, Failure> {
    Ok(LogStore::create(dir, Kind::Plain, STORE_ID, Options::default())?)
}
