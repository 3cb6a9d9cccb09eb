//! What the integration tests share; the tests themselves live in `tests/tests`.
//!
//! Reading order: [`reader`] (a store folded into every projection), [`claims`] (what it answers to
//! a close), [`market`] (a ledger in memory), [`audit`] (what must hold after anything),
//! [`scenario`] (the language of `fixtures/scenarios`), [`worked`] (the rows of `fixtures/tariffs/README.md`).

pub mod audit;
pub mod claims;
pub mod market;
pub mod reader;
pub mod scenario;
pub mod worked;
