//! Appends, deletes and tombstones of a plain store.

mod append;
mod batch;
mod commit;
mod decide;
mod delete;
mod recent;
mod request;

pub(crate) use append::append;
pub(crate) use batch::batch_append;
pub(crate) use delete::{delete, tombstone};
pub(crate) use recent::Recent;
