//! The named peer: SQLite through rusqlite, write-ahead log, synchronous FULL, one transaction per batch, every
//! append checks the stream's last revision.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};
use souk_store::{Append, Expected};

/// An event store in SQLite.
pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub(super) fn create(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "create table event (
                 entry integer primary key, stream text not null, revision integer not null,
                 id blob not null, type text not null, metadata blob not null, data blob not null,
                 unique (stream, revision))",
        )?;
        Ok(Self { connection })
    }

    /// Appends a batch in one transaction; `false` if a stream was not where it was expected.
    pub(super) fn append(&mut self, batch: &[Append]) -> rusqlite::Result<bool> {
        let transaction = self.connection.transaction()?;
        {
            let mut last =
                transaction.prepare_cached("select max(revision) from event where stream = ?1")?;
            let mut insert = transaction.prepare_cached(
                "insert into event (stream, revision, id, type, metadata, data)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for append in batch {
                let found: Option<Option<i64>> =
                    last.query_row([&append.stream], |row| row.get(0)).optional()?;
                let found = found.flatten().and_then(|last| u64::try_from(last).ok());
                if Expected::after(found) != append.expected {
                    return Ok(false);
                }
                for (revision, event) in (append.expected.first_revision()..).zip(&append.events) {
                    let revision = i64::try_from(revision).unwrap_or(i64::MAX);
                    insert.execute(params![
                        append.stream,
                        revision,
                        event.event_id,
                        event.event_type,
                        event.metadata,
                        event.data
                    ])?;
                }
            }
        }
        transaction.commit()?;
        Ok(true)
    }
}
