//! The books of a small marketplace, written through the ledger and read back.

mod close;
mod compare;
mod contract;
mod journals;
mod market;
mod moved;
mod orders;
mod payouts;
mod prepaid;
mod reports;
mod statements;
mod tampering;
mod transfer;
