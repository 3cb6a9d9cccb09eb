//! Files in: CSV orders by a map, the Olist data set and banks' answers, as neutral, typed rows; and files of payouts out.
//!
//! This crate decides nothing about the ledger, and only [`tariff_file`], [`rates_csv`] and [`opening_csv`] name its types:
//! a tariff file is a `publish-tariff` command in TOML, rates are commands, and opening balances name accounts. The rest answers "what does
//! this file say, and where does it say something we cannot read": every defect has a file, a line
//! and a field ([`BadRow`]). Money is [`rust_decimal::Decimal`], time is [`jiff`]; no floats.
//!
//! - [`olist`]: real orders of a Brazilian marketplace, streamed in order of time in bounded memory;
//! - [`opening_csv`]: the balances of a marketplace that goes live mid-life;
//! - [`orders_csv`]: any CSV of order lines and payments, read by a `MAP.toml`;
//! - [`payout_file`]: files of payouts for a bank, WeChat Pay and Alipay: the one thing here that is written;
//! - [`payout_status`]: what a bank answers about payouts, as pain.002, camt.054 or CSV;
//! - [`rates_csv`]: rates of exchange, as the commands that record them;
//! - [`spill`]: the external sort the first one needs;
//! - [`statement_file`]: a statement that was printed as CSV or JSON, read back and checked;
//! - [`tariff_file`]: a tariff, the terms that go with it and the channel's rate, in TOML;
//! - [`text_table`]: a CSV file with a header, exact line numbers and checked text.

pub mod amount;
pub mod bad_row;
pub mod olist;
pub mod opening_csv;
pub mod orders_csv;
pub mod payout_file;
pub mod payout_status;
pub mod rates_csv;
pub mod short_id;
pub mod spill;
pub mod statement_file;
pub mod tariff_file;
pub mod text_table;

pub use bad_row::{BadRow, BadRows};
pub use short_id::ShortId;
