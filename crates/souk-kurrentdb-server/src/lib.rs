//! The KurrentDB protocol served over any event store.
//!
//! Every official client of KurrentDB can follow a ledger through this server, or use a store of Souk as a plain
//! event store: see [`Mode`]. [`serve`] needs a listener and runs on threads of its own, so that callers need no async
//! runtime.
//!
//! Served are appends, batch appends, reads, subscriptions, deletes and tombstones, and what clients ask before. The
//! position of an event is its entry number in the store, for the commit and the prepare position alike.

mod auth;
mod budget;
mod clock;
mod core;
mod envelope;
mod fault;
mod filter;
mod ids;
mod intake;
mod net;
mod options;
mod parts;
mod proto;
mod read;
mod server;
mod service;
mod stream;
#[cfg(test)]
mod tests;
mod topology;
mod write;

pub use options::{Mode, Options, Tls};
pub use server::{ServeError, Server, serve};
