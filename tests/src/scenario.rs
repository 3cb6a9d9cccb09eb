//! Scenarios: Markdown that a finance person reads and edits, and that tests execute.
//!
//! `fixtures/scenarios/README.md` says how to read and write them. With `UPDATE_EXPECT=1` the
//! expected blocks are rewritten in place, never the prose or the commands; the difference is then
//! reviewed like any other change.
//!
//! After every scenario the books must balance and every replay must give the same bytes.
//!
//! Reading order: [`document`], [`language`], `orders`, `merchants`, `payouts`, `prepaid`, `services`, `taxes`, `ending`, `objections`, `months`, `banks`, `fx`, `words`,
//! [`hands`], `memory`, [`runner`], `show`, `revenue`.

mod banks;
pub mod document;
mod ending;
mod fx;
pub mod hands;
pub mod language;
mod memory;
mod merchants;
mod months;
mod objections;
mod orders;
mod payouts;
mod prepaid;
mod revenue;
pub mod runner;
mod services;
mod show;
mod taxes;
mod words;
