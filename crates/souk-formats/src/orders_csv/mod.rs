//! Any CSV of order lines and payments, read by a `MAP.toml` that says which column is what.
//!
//! The map names the columns, the currency, the zone and forms of times, and either takes every row
//! for an order line (which may also carry its payment, completion and refund) or tells kinds of
//! rows apart by a column. Reading stops at no bad row: all of them are reported, and an order with
//! a bad row is not given at all. The whole file is held in memory.

mod cells;
mod facts;
mod field;
mod file;
mod interpret;
mod map;
mod template;

pub use facts::{Completion, CsvOrder, Fact, InterpretedRow, OrderLine, Payment, Refund, Totals};
pub use field::Field;
pub use file::{OrdersFile, OrdersFileError};
pub use map::{MapError, OrdersMap, RowKind};
pub use template::{Template, template};
