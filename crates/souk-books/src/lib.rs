//! All read models at one entry number: queries, and the JSON contract shared by CLI and HTTP.
//!
//! [`Books`] owns the projections and registers of one ledger and the store behind them. Every
//! answer is a typed struct: its JSON is the contract (schemas in `fixtures/schemas`), its methods
//! give the address of each figure. Nothing here writes to the log, and nothing here computes an
//! amount: figures come from projections, lines from the entries they name. What another tariff would
//! charge is asked of the domain ([`mod@tariff`]).
//!
//! Reading order: [`figure`], [`address`], [`error`], [`models`], [`books`], then the answers:
//! [`trial_balance`], [`balances`], [`account`], [`holds`], [`revenue`], [`taxes`], [`statement`], [`every_statement`], [`bridge`],
//! [`order_life`], [`objections`], [`payouts`],
//! [`control`], [`replay`], [`close_summary`], [`close_books`], [`recognised`], [`mod@tariff`]; `claims` for the write side, `fetch` for single
//! entries, [`schemas`].

pub mod account;
pub mod address;
pub mod balances;
pub mod books;
pub mod bridge;
pub mod charge_words;
mod claims;
pub mod close_books;
pub mod close_summary;
pub mod comparison;
pub mod control;
mod disk_piles;
pub mod early_payout;
pub mod error;
pub mod every_statement;
mod fetch;
pub mod figure;
pub mod holds;
pub mod merchant_journal;
pub mod models;
pub mod objections;
pub mod order_life;
pub mod payouts;
pub mod recognised;
pub mod replay;
pub mod revenue;
pub mod schemas;
pub mod statement;
pub mod summary_journal;
pub mod tariff;
pub mod taxes;
pub mod trial_balance;

pub use account::MerchantAccount;
pub use balances::{BalanceRow, BalancesReport};
pub use books::Books;
pub use bridge::{Bridge, render_text};
pub use close_books::CloseBooks;
pub use close_summary::CloseSummary;
pub use control::ControlTotals;
pub use error::{BooksError, ErrorClass};
pub use figure::Figure;
pub use models::Models;
pub use order_life::OrderLife;
pub use payouts::PayoutsReport;
pub use recognised::Recognised;
pub use replay::ReplayReport;
pub use revenue::{By, RevenueReport};
pub use statement::Statement;
pub use taxes::TaxesReport;
pub use trial_balance::TrialBalanceReport;
