//! The books of a small marketplace, written through the ledger and read back.

mod close;
mod contract;
mod market;
mod orders;
mod prepaid;
mod reports;
mod statements;
mod tampering;
