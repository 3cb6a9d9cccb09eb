//! The ledger itself (`ledger-main`): entry 0 says whose ledger this is and whether it is a
//! demonstration. Small enough that commands, events, decision and posting stand on one page.

pub mod commands;
pub mod decide;
pub mod events;
pub mod posting;
pub mod state;
