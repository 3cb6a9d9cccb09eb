//! The accounting core of Souk: money, accounts, postings, balanced journal entries, open items and
//! the form of a statement's lines.
//!
//! Everything here is pure: no I/O, no clock, no randomness, no floats. A projection depends on this
//! crate and on nothing else of Souk, so every amount anybody sees is a sum over [`entry::Posting`]s.
//!
//! Reading order: [`money`], [`dates`], [`ids`], [`account`], [`line_kind`], [`deferral`], [`entry`], [`names`],
//! [`split`], [`open_items`], [`statement_lines`], [`projection`].

pub mod account;
pub mod dates;
pub mod deferral;
pub mod entry;
pub mod entry_kind;
pub mod ids;
pub mod line_kind;
pub mod money;
pub mod names;
pub mod open_items;
pub mod projection;
pub mod split;
pub mod statement_lines;
