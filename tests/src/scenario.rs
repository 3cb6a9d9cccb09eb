//! Scenarios: Markdown that a finance person reads and edits, and that tests execute.
//!
//! A file has a title, prose, blocks of commands and blocks that say what must be seen. Blocks are
//! fenced; the word behind the fence says what they are.
//!
//! | block | holds |
//! |---|---|
//! | `setup` | commands that post nothing: tariffs, merchants |
//! | `commands` | commands, one fact per line |
//! | `journal` | every event since the last such block, with its postings |
//! | `refused` | every refusal since the last such block |
//! | `balances` | what each merchant has, state by state, on the scenario's day |
//! | `statement M1 2026-W10 [CNY]` | the bridge of a closed cycle |
//! | `trial-balance` | every account that was posted to |
//!
//! The last five are expected output. With `UPDATE_EXPECT=1` they are rewritten in place, never the
//! prose or the commands; the difference is then reviewed like any other change.
//!
//! After every scenario the books must balance and every replay must give the same bytes.
//!
//! Commands are described in [`language`].

pub mod document;
pub mod language;
mod merchants;
mod orders;
pub mod runner;
mod show;
mod words;
