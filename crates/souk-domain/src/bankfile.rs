//! What a bank says of its account (`bankfile-<account>~<statement>`): each line of a statement is recorded once, and `Bank`
//! moves by nothing else. A line that names a payout or a transfer clears it in `BankClearing`; what nobody can name yet
//! stands in `UnidentifiedReceipts` until it is resolved.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
