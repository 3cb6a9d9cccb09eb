//! Read models of facts and states: orders, merchants, tariffs. No sums of money.
//!
//! A register folds recorded events and answers what is known of a thing: in which state an order
//! is, which terms a merchant has, which version of a tariff is in force, when a book was closed.
//! Amounts come from projections only. An event that a register does not care about costs it one
//! comparison.
//!
//! Reading order: `fact`, [`ledger`], [`tariffs`], [`merchants`], [`memberships`], [`objections`], [`orders`], [`fee_invoices`], [`ad_credits`], [`payees`], [`payouts`], `similar`.

pub mod ad_credits;
mod fact;
pub mod fee_invoices;
pub mod ledger;
pub mod memberships;
pub mod merchants;
pub mod objections;
pub mod orders;
pub mod payees;
pub mod payouts;
mod similar;
pub mod tariffs;

pub use ad_credits::AdCredits;
pub use fee_invoices::FeeInvoices;
pub use ledger::LedgerRegister;
pub use memberships::{MembershipFacts, Memberships};
pub use merchants::Merchants;
pub use objections::Objections;
pub use orders::{OrderFacts, OrderStatus, Orders};
pub use payees::Payees;
pub use payouts::{Doubt, PayoutFileKnown, PayoutKnown, PayoutStatus, Payouts, Undone};
pub use tariffs::Tariffs;

#[cfg(test)]
mod tests;
