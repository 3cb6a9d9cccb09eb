//! The tests of the log, in one binary.

mod common;
mod index;
mod keep;
mod recovery;
mod store;
mod vector;
