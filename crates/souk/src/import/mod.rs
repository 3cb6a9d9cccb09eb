//! Files into the ledger: rows become commands, each with an id of its own, so that importing a file
//! twice adds nothing.

pub(crate) mod enrol;
pub(crate) mod olist;
pub(crate) mod opening;
pub(crate) mod orders;
pub(crate) mod rates;
