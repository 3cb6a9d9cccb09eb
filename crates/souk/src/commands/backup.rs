//! `souk backup` and `souk restore`: a copy of everything that is not derived, at one entry, also beside a writer. A
//! backup is a store itself: every command that reads works on it. From a server and back to one, it is a copy entry by
//! entry.

use std::path::PathBuf;

use clap::Args;

use super::log::printed;
use super::store::bring;
use crate::cli::Global;
use crate::creation;
use crate::fail::{Exit, Failure};
use crate::measure::{seconds, timed};
use crate::place::Place;
use crate::show;

/// `souk backup`
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The directory to copy to: new, or empty
    #[arg(value_name = "DIR")]
    target: PathBuf,
}

/// `souk restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "BACKUP")]
    source: PathBuf,
}

/// Copies the store to a new directory and verifies the copy.
pub(crate) fn backup(global: &Global, of: &Backup) -> Result<(), Failure> {
    let place = Place::of(global)?;
    place.has_log()?;
    let target = Place::at(&of.target);
    match place.dir("") {
        Ok(_) => copy(global, &place, &target, "backed up"),
        Err(_) => bring(global, &place, &target),
    }
}

/// Copies a backup to a new directory and verifies the copy.
pub(crate) fn restore(global: &Global, of: &Restore) -> Result<(), Failure> {
    let from = Place::at(&of.source);
    if !from.exists()? {
        let message = format!("there is no backup in {}", of.source.display());
        return Err(Failure::new(Exit::OutOfReach, "NoBackup", message)
            .with("  name the directory that souk backup wrote"));
    }
    let to = Place::of(global)?;
    if to.dir("").is_err() {
        return bring(global, &from, &to);
    }
    to.is_free()?;
    copy(global, &from, &to, "restored")
}

fn copy(global: &Global, from: &Place, to: &Place, did: &str) -> Result<(), Failure> {
    show::no_rows(global)?;
    let (source, target) = (from.dir("a backup")?, to.dir("a backup")?);
    creation::are_apart(source, target)?;
    creation::is_empty(target)?;
    let mut copied = None;
    let (done, took) = timed(|| {
        creation::whole(target, |dir| {
            copied = Some(souk_store_log::copy(source, dir)?);
            Ok(())
        })
    });
    done?;
    let Some(copied) = copied else { return Ok(()) };
    printed(global, &copied)?;
    show::note(
        global,
        &format!(
            "{did} through entry {} from {} to {} and verified, in {} s",
            copied.entries.saturating_sub(1),
            source.display(),
            target.display(),
            seconds(took),
        ),
    );
    Ok(())
}
