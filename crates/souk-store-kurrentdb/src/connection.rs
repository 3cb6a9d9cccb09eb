//! One connection to the server that mends itself.
//!
//! The client's connection is dead for good once it could not be made a first time, and says so with every later
//! call: then a new client is made. Every call has a time limit of our own, because the client's is only a header
//! that a server which no longer answers does not honour.

use crate::address::Address;
use crate::options::Options;
use kurrentdb::{Client, ClientSettings, Error};
use souk_store::StoreError;
use std::fmt::Display;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// The first pause before a call is repeated; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// gRPC's codes of calls that were cut off and may be repeated.
const CANCELLED: i32 = 1;
const ABORTED: i32 = 10;

/// A connection: any number of calls at a time.
pub(crate) struct Connection {
    settings: ClientSettings,
    hosts: Box<str>,
    handle: Handle,
    call: Duration,
    deadline: Duration,
    /// The client, and how many there have been: two calls that fail together make one new client.
    current: Mutex<(u64, Option<Client>)>,
}

/// What came of trying a call once.
pub(crate) enum Tried<T> {
    /// It was answered.
    Done(T),
    /// It was refused; repeating it changes nothing.
    Refused(Error),
    /// The server could not be reached, or the answer did not come: what happened is unknown.
    Lost(Box<str>),
}

/// Why a call failed.
pub(crate) enum Failure {
    /// It was refused.
    Refused(Error),
    /// It was repeated until the deadline; the text is the last reason.
    OutOfReach(Box<str>),
}

/// Pauses between the tries of one call, up to a deadline.
pub(crate) struct Backoff {
    until: Instant,
    pause: Duration,
}

impl Backoff {
    /// Waits; `false` at once if the deadline has passed.
    pub(crate) async fn wait(&mut self) -> bool {
        if Instant::now() >= self.until {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}

impl Connection {
    /// A connection that is made with the first call, by tasks of `handle`.
    pub(crate) fn new(address: &Address, options: &Options, handle: Handle) -> Connection {
        Connection {
            settings: address.settings.clone(),
            hosts: address.hosts.clone(),
            handle,
            call: options.call,
            deadline: options.deadline,
            current: Mutex::new((0, None)),
        }
    }

    /// Repeats a call until it is answered, refused, or the deadline passes.
    pub(crate) async fn call<T, F>(&self, mut make: impl FnMut(Client) -> F) -> Result<T, Failure>
    where
        F: Future<Output = kurrentdb::Result<T>>,
    {
        let mut backoff = self.backoff();
        loop {
            match self.attempt(&mut make).await {
                Tried::Done(value) => return Ok(value),
                Tried::Refused(error) => return Err(Failure::Refused(error)),
                Tried::Lost(why) if !backoff.wait().await => return Err(Failure::OutOfReach(why)),
                Tried::Lost(_) => {}
            }
        }
    }

    /// The pauses of a call that begins now.
    pub(crate) fn backoff(&self) -> Backoff {
        Backoff { until: Instant::now() + self.deadline, pause: FIRST_PAUSE }
    }

    /// Tries a call once, for as long as one call may take.
    pub(crate) async fn attempt<T, F>(&self, make: impl FnOnce(Client) -> F) -> Tried<T>
    where
        F: Future<Output = kurrentdb::Result<T>>,
    {
        let limited = tokio::time::timeout(self.call, self.attempt_unlimited(make));
        limited.await.unwrap_or_else(|_| {
            Tried::Lost(format!("no answer within {} ms", self.call.as_millis()).into())
        })
    }

    /// Tries a call once, however long it takes.
    pub(crate) async fn attempt_unlimited<T, F>(&self, make: impl FnOnce(Client) -> F) -> Tried<T>
    where
        F: Future<Output = kurrentdb::Result<T>>,
    {
        let (number, client) = match self.client() {
            Ok(client) => client,
            Err(why) => return Tried::Lost(why),
        };
        match make(client).await {
            Ok(value) => Tried::Done(value),
            Err(error) => self.judge(number, error),
        }
    }

    /// What the address says.
    pub(crate) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// The client, made if there is none.
    pub(crate) fn client(&self) -> Result<(u64, Client), Box<str>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, client) = &mut *current;
        if let Some(client) = client {
            return Ok((*number, client.clone()));
        }
        let made = Client::with_runtime_handle(self.handle.clone(), self.settings.clone())
            .map_err(|error| error.to_string())?;
        *number += 1;
        *client = Some(made.clone());
        Ok((*number, made))
    }

    /// Forgets a client that has failed, unless another took its place already.
    fn forget(&self, failed: u64) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 == failed {
            current.1 = None;
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other error of the client is final")]
    fn judge<T>(&self, number: u64, error: Error) -> Tried<T> {
        match error {
            Error::ConnectionClosed | Error::GrpcConnectionError(_) => {
                self.forget(number);
                Tried::Lost(error.to_string().into())
            }
            Error::ServerError(_) | Error::NotLeaderException(_) | Error::DeadlineExceeded => {
                Tried::Lost(error.to_string().into())
            }
            Error::Grpc { code, .. } if [CANCELLED, ABORTED].contains(&(code as i32)) => {
                Tried::Lost(error.to_string().into())
            }
            other => Tried::Refused(other),
        }
    }

    /// The store's error of an append that was never answered.
    pub(crate) fn in_doubt(&self, stream: &str, why: &str) -> StoreError {
        let (hosts, seconds) = (&self.hosts, self.deadline.as_secs_f32());
        let why = format!(
            "the server at {hosts} did not confirm an append to the stream {stream} within {seconds} s ({why}); \
             whether it was written is not known: once the server can be reached, read the stream before trying again"
        );
        StoreError::Unavailable { why: why.into() }
    }

    /// The store's error of a server that cannot be used; the cause says what to do.
    pub(crate) fn unreachable(&self, cause: &str) -> StoreError {
        let hosts = &self.hosts;
        let why = format!("the server at {hosts} cannot be reached: {cause}");
        StoreError::Unavailable { why: why.into() }
    }

    /// The store's error of a server that did not do something within the deadline.
    pub(crate) fn silent(&self, what: impl Display, why: &str) -> StoreError {
        let (hosts, seconds) = (&self.hosts, self.deadline.as_secs_f32());
        let why = format!(
            "the server at {hosts} did not {what} within {seconds} s ({why}); check that it runs and can be \
             reached, then try again"
        );
        StoreError::Unavailable { why: why.into() }
    }

    /// The store's error of a call that failed; `what` was to be done, as in "read the log".
    pub(crate) fn unavailable(&self, what: impl Display, failure: &Failure) -> StoreError {
        let hosts = &self.hosts;
        let why = match failure {
            Failure::OutOfReach(why) => return self.silent(what, why),
            Failure::Refused(Error::AccessDenied) => format!(
                "the server at {hosts} does not let this user {what}; give the address of one who may read \
                 $all and write the ledger's streams"
            ),
            Failure::Refused(error) => {
                format!("the server at {hosts} refused to {what}: {error}; check what it allows")
            }
        };
        StoreError::Unavailable { why: why.into() }
    }
}
