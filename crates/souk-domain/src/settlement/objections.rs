//! Objections to lines of statements, their answers and corrections, and the confirmation of statements.
//!
//! They stand in the settlement's stream, because it knows what each statement has claimed: a line belongs to a statement
//! when its item was claimed by that close, which is the rule under the statement's digest. The payout goes ahead.

pub mod commands;
pub mod decide;
pub mod refusal;
pub mod state;
