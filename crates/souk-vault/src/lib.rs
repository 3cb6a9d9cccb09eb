//! The vault: who is paid where. Names, account numbers and contacts are in one file that only its owner may read; the log
//! has an opaque id, a salted commitment and the last four characters.
//!
//! Reading order: [`iban`], [`details`], [`vault`].

pub mod details;
pub mod iban;
pub mod vault;

pub use details::{Details, DetailsFault};
pub use vault::{Kept, Vault, VaultError};
