//! The tests of the server with the official client, in one binary.

mod appends;
mod deletes;
mod following;
mod ledger;
mod parts;
mod reads;
mod secure;
mod slow;
mod support;
