//! Appending: one exact revision, sent as often as needed, believed when the log shows it.

use crate::connection::{Failure, Tried};
use crate::inner::Inner;
use crate::lanes::{End, Place};
use crate::watch::Seen;
use crate::wire;
use kurrentdb::{
    AppendToStreamOptions, CurrentRevision, Error, Position, StreamState, WriteResult,
};
use souk_store::{
    Append, AppendError, AppendResults, Appended, Direction, Expected, NewRecord, Resolver,
    StoreError, Ticket, Token, leaf_hash,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long an append that was acknowledged waits for the push subscription to show it before it reads the log
/// itself. Only a subscription that lags makes it wait so long.
const PUSH: Duration = Duration::from_millis(25);

/// What the server said to an append.
enum Answer {
    /// It is there: just written, or events with these ids were there already.
    There(There),
    /// The stream stands elsewhere.
    Elsewhere { actual: Option<u64>, in_doubt: bool },
    /// The server does not take it, and never will.
    NotTaken(StoreError),
}

/// Where an append is that the server calls done.
#[derive(Clone, Copy)]
struct There {
    /// Its position, if the server said.
    position: Option<Position>,
    /// Whether it was sent more than once.
    in_doubt: bool,
}

/// How an append came out.
struct Outcome {
    result: Result<Appended, AppendError>,
    /// Whether what comes behind it must not be sent: it is not known what happened, or all work has ended.
    stops: bool,
}

impl From<Result<Appended, AppendError>> for Outcome {
    fn from(result: Result<Appended, AppendError>) -> Outcome {
        let stops = matches!(result, Err(AppendError::Store(_)));
        Outcome { result, stops }
    }
}

/// A position as a token.
fn token(position: Position) -> Token {
    Token((u128::from(position.commit) << 64 | u128::from(position.prepare)).to_be_bytes())
}

impl Inner {
    /// Queues a batch. Blocks while too much is queued.
    pub(crate) fn enqueue(self: &Arc<Self>, batch: Vec<Append>) -> Ticket {
        if self.signal.is_closed() {
            return Ticket::failed(batch.len(), &StoreError::closed());
        }
        if let Err(error) = self.log().check() {
            return Ticket::failed(batch.len(), &error);
        }
        let bytes = batch.iter().map(|append| append.check().unwrap_or(0)).sum();
        let place = self.lanes.enter(&batch, bytes);
        let (ticket, resolver) = Ticket::pair(batch.len());
        self.handle.spawn(Arc::clone(self).run(batch, place, resolver));
        ticket
    }

    /// Appends a batch when its turn has come, one append after another.
    async fn run(self: Arc<Self>, batch: Vec<Append>, mut place: Place, resolver: Resolver) {
        let mut failed = place.turn().await.err();
        let permit = self.lanes.permits.acquire().await;
        let mut results = AppendResults::with_capacity(batch.len());
        for append in &batch {
            let outcome = match (append.check(), &failed) {
                (Err(refused), _) => Outcome { result: Err(refused), stops: false },
                (Ok(_), Some(error)) => {
                    Outcome::from(Err(AppendError::Store(not_sent(append, error))))
                }
                (Ok(_), None) => self.append(append).await,
            };
            if let (Err(AppendError::Store(error)), true, None) =
                (&outcome.result, outcome.stops, &failed)
            {
                failed = Some(error.clone());
            }
            results.push(outcome.result);
        }
        drop(permit);
        if failed.is_none() {
            // A difference halts the store, which the next call says; these appends are durable all the same.
            let _ = self.write_anchors().await;
        }
        self.lanes.leave(place, &batch, failed.map_or(End::Answered, End::Failed));
        resolver.resolve(results);
    }

    /// One append, until its outcome is known or the deadline has passed.
    async fn append(&self, append: &Append) -> Outcome {
        let leaves = match self.leaves(append) {
            Ok(leaves) => leaves,
            Err(error) => return Err(error).into(),
        };
        let first = append.expected.first_revision();
        let seen = self.log().watches.add(&append.stream, first, leaves.clone());
        let outcome = match self.send(append).await {
            Ok(Answer::There(there)) => self.confirm(append, seen, there).await.into(),
            Ok(Answer::Elsewhere { actual, in_doubt: false }) => refused(append, actual).into(),
            // Sent more than once: an earlier try may be what moved the stream.
            Ok(Answer::Elsewhere { actual, in_doubt: true }) => {
                match self.holds(append, &leaves).await {
                    Ok(true) => {
                        let there = There { position: None, in_doubt: true };
                        self.confirm(append, seen, there).await.into()
                    }
                    Ok(false) => refused(append, actual).into(),
                    Err(error) => Err(AppendError::Store(error)).into(),
                }
            }
            Ok(Answer::NotTaken(error)) => {
                Outcome { result: Err(AppendError::Store(error)), stops: false }
            }
            Err(error) => Err(AppendError::Store(error)).into(),
        };
        self.log().watches.remove(&append.stream);
        outcome
    }

    /// The leaf hashes of the records that the append will make.
    fn leaves(&self, append: &Append) -> Result<Vec<[u8; 32]>, AppendError> {
        self.log().check()?;
        let first = append.expected.first_revision();
        let records = (0..append.events.len()).filter_map(|index| append.record(first, index));
        let leaf = |record: NewRecord<'_>| record.encode().map(|bytes| leaf_hash(&bytes));
        let leaves: Result<_, _> = records.map(leaf).collect();
        leaves.map_err(|error| AppendError::record(&append.stream, error))
    }

    /// Sends an append until it is answered. Repeating it is safe: its revision is exact, so it cannot be there twice.
    async fn send(&self, append: &Append) -> Result<Answer, StoreError> {
        let state = match append.expected {
            Expected::NoStream => StreamState::NoStream,
            Expected::At(revision) => StreamState::StreamRevision(revision),
        };
        let options = AppendToStreamOptions::default().stream_state(state).requires_leader(true);
        let stream = self.namespace.on_server(&append.stream);
        let mut backoff = self.connection.backoff();
        let mut in_doubt = false;
        loop {
            let events = wire::events(append);
            let tried = self.connection.attempt(|client| {
                let (stream, options) = (stream.as_str(), &options);
                async move { client.append_to_stream(stream, options, events).await }
            });
            match tried.await {
                Tried::Done(written) => {
                    self.check_written(append, &written)?;
                    let position = Some(written.position);
                    return Ok(Answer::There(There { position, in_doubt }));
                }
                Tried::Refused(Error::WrongExpectedVersion { current, .. }) => {
                    let actual = match current {
                        CurrentRevision::Current(revision) => Some(revision),
                        CurrentRevision::NoStream => None,
                    };
                    return Ok(Answer::Elsewhere { actual, in_doubt });
                }
                Tried::Refused(error) => {
                    let what = format!("append to the stream {stream}");
                    let error = self.connection.unavailable(what, &Failure::Refused(error));
                    return Ok(Answer::NotTaken(error));
                }
                Tried::Lost(why) => {
                    in_doubt = true;
                    if !backoff.wait().await {
                        return Err(self.connection.in_doubt(&stream, &why));
                    }
                }
            }
        }
    }

    /// A stream that was truncated goes on counting where it had stood.
    fn check_written(&self, append: &Append, written: &WriteResult) -> Result<(), StoreError> {
        let events = append.events.len() as u64;
        let last = append.expected.first_revision() + events - 1;
        if written.next_expected_version == last {
            return Ok(());
        }
        let what = format!(
            "an event expected at revision {last} became revision {}; the stream was deleted or truncated before",
            written.next_expected_version
        );
        let mut log = self.log();
        let error = log.damage(&append.stream, written.position, log.count(), what);
        Err(log.halt(error))
    }

    /// Waits until the log shows what stands where the append should.
    async fn confirm(
        &self,
        append: &Append,
        mut seen: oneshot::Receiver<Seen>,
        there: There,
    ) -> Result<Appended, AppendError> {
        let mut found = None;
        if *self.pushed.borrow() {
            found = tokio::time::timeout(PUSH, &mut seen).await.ok().and_then(Result::ok);
        }
        let mut backoff = self.connection.backoff();
        while found.is_none() {
            self.catch_up().await?;
            found = seen.try_recv().ok();
            // On some servers the log shows an event a moment after it was acknowledged.
            if self.log().scanned() >= there.position || !backoff.wait().await {
                break;
            }
        }
        self.log().check()?;
        let first_revision = append.expected.first_revision();
        match found {
            Some(Seen::Ours { first_entry, last_entry, position }) => Ok(Appended {
                first_revision,
                last_revision: first_revision + append.events.len() as u64 - 1,
                first_entry: Some(first_entry),
                last_entry: Some(last_entry),
                token: token(position),
            }),
            // Followed before it was sent again: it may have been the first try.
            None if there.in_doubt => self.compare(append).await,
            // Followed before it was sent at all: somebody had written these ids already.
            Some(Seen::Others) | None => refused(append, self.revision(&append.stream).await?),
        }
    }

    /// The outcome of an append that was sent more than once and was not seen to come.
    async fn compare(&self, append: &Append) -> Result<Appended, AppendError> {
        let first_revision = append.expected.first_revision();
        let count = append.events.len();
        let page = self.stream(&append.stream, first_revision, Direction::Forwards, count, true);
        let page = page.await?;
        let ours = (0..).zip(page.raw()).all(|(index, (_, bytes))| {
            let record = append.record(first_revision, index).map(|record| record.encode());
            matches!(record, Some(Ok(record)) if record == bytes)
        });
        if !ours || page.len() != count {
            return refused(append, page.last_revision());
        }
        let entries: Vec<u64> = page.raw().map(|(entry, _)| entry).collect();
        Ok(Appended {
            first_revision,
            last_revision: first_revision + count as u64 - 1,
            first_entry: entries.first().copied(),
            last_entry: entries.last().copied(),
            token: Token::default(),
        })
    }

    /// Whether the stream holds the append's records where they should be.
    async fn holds(&self, append: &Append, leaves: &[[u8; 32]]) -> Result<bool, StoreError> {
        let first = append.expected.first_revision();
        let page =
            self.stream(&append.stream, first, Direction::Forwards, leaves.len(), false).await?;
        Ok(page.raw().map(|(_, bytes)| leaf_hash(bytes)).eq(leaves.iter().copied()))
    }
}

fn refused(append: &Append, actual: Option<u64>) -> Result<Appended, AppendError> {
    let (stream, expected) = (append.stream.clone(), append.expected);
    Err(AppendError::WrongExpectedRevision { stream, expected, actual })
}

/// The error of an append behind one that failed.
fn not_sent(append: &Append, error: &StoreError) -> StoreError {
    let why = format!(
        "the append to stream {} was not sent, because one given before it failed: {error}",
        append.stream
    );
    StoreError::Unavailable { why: why.into() }
}
