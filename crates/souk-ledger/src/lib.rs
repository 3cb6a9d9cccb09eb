//! The write side: load → look for the command → decide → encode, size-check, post, balance,
//! evolve → append.
//!
//! One command appends to one stream at an exact expected revision. Every new event has been
//! decoded and posted before it is appended, so a poison event cannot enter the log.
//!
//! Reading order: [`clock`], [`error`], [`command`], [`request`], [`loaded`], [`cache`], [`writer`],
//! [`ledger`], `payouts`, `prepaid`, `beside`, `holds`, `objections`, `corrections`, `taxes`, `opening`, [`create`],
//! [`close_run`], [`closing`], [`early`], [`months`], [`overlay`].

mod bank_files;
mod beside;
pub mod cache;
pub mod clock;
mod close_deposits;
pub mod close_run;
pub mod closing;
pub mod command;
mod corrections;
pub mod create;
pub mod early;
pub mod error;
mod fx;
mod holds;
pub mod ledger;
pub mod loaded;
pub mod months;
mod objections;
mod opening;
mod orders;
pub mod overlay;
mod payouts;
mod prepaid;
pub mod raw_pass;
pub mod request;
mod taxes;
pub mod writer;
