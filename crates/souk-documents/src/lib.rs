//! Statements as documents for people: a spreadsheet, a page of HTML, and a PDF.
//!
//! Nothing is computed here: amounts come from `souk-books`, and what a spreadsheet adds up is given the result that the
//! books have. Bytes follow from the statement alone: no clock, no random ids, no fonts or pictures from elsewhere.
//!
//! Reading order: [`document`], `words`, `page` (what page and print show, as texts), [`html`], [`xlsx`], `pdf`.

pub mod document;
mod error;
pub mod html;
mod page;
#[cfg(feature = "pdf")]
pub mod pdf;
mod words;
pub mod xlsx;

pub use document::Document;
pub use error::DocumentError;
