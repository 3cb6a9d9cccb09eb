//! The messages of the KurrentDB protocol, written by hand: the fields' names and numbers are the protocol's.
//!
//! Only what the server reads or writes is here; `prost` skips what it does not know.

pub(crate) mod read;
pub(crate) mod shared;
pub(crate) mod topology;
pub(crate) mod write;
