//! Fees for services beside orders, and penalties (`service-<merchant>~<currency>`): platform usage, support, storage,
//! logistics, value-added services, financing. Earned when charged; for a supplier the margin alone is revenue.
//!
//! What is charged can go back in whole or in parts, a penalty can be waived; the parts sum to the whole.

pub mod commands;
pub mod decide;
pub mod early;
pub mod events;
mod invoice;
mod loan;
pub mod posting;
mod price;
pub mod refusal;
pub mod state;
