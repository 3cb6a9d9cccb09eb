//! Old versions of events, brought up to the current one before they are read.
//!
//! A payload changes by a new version: its row in the context's `events.rs` gets the next number, the old one a row here.
//! Two tests guard it: every golden event ever written still decodes, and `post(upcast(v1)) = post(v1)`.

use souk_journal::entry_kind::EntryKind;

/// How a stored version reaches the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upcast {
    /// It is the current one, or unknown: the codec says which.
    Current,
    /// The current one only adds fields whose absence means what the old one meant; it is read as that version.
    Extended {
        /// The current version.
        to: u32,
    },
}

/// Versions that the current one only extends: type, version, the current version.
const EXTENDED: [(EntryKind, u32, u32); 29] = [
    // Version 2: what a tariff can say beyond percentages, minimums and fixed amounts; 3: tax collected from the buyer in
    // the base.
    (EntryKind::TariffPublished, 1, 3),
    (EntryKind::TariffPublished, 2, 3),
    (EntryKind::TariffPartPublished, 1, 2),
    (EntryKind::CommissionCharged, 1, 3),
    (EntryKind::FeeCharged, 1, 3),
    (EntryKind::FeeReturned, 1, 3),
    // Version 2: what a tariff asks of an order and of a merchant.
    (EntryKind::OrderPlaced, 1, 2),
    // Version 3 of terms: named days, the day of payouts, amounts that are kept, and when a balance becomes a debt.
    (EntryKind::TermsAgreed, 1, 3),
    (EntryKind::TermsAgreed, 2, 3),
    // Version 2: line kinds that were not known when version 1 was published; 3: the same as of terms; 4: what a close keeps
    // for a debt.
    (EntryKind::CycleClosed, 1, 4),
    (EntryKind::CycleClosed, 2, 4),
    (EntryKind::CycleClosed, 3, 4),
    (EntryKind::AccountSettled, 1, 2),
    // What revenue is split by: the region of the order and the tier of the merchant.
    // Completions and refunds also: conversion into the currency of the settlement.
    (EntryKind::OrderCompleted, 1, 2),
    (EntryKind::CommissionCharged, 2, 3),
    (EntryKind::FeeCharged, 2, 3),
    (EntryKind::RefundIssued, 1, 2),
    (EntryKind::FeeReturned, 2, 3),
    (EntryKind::AdCharged, 1, 2),
    (EntryKind::MembershipCharged, 1, 2),
    (EntryKind::RevenueRecognised, 1, 2),
    (EntryKind::MembershipUpgraded, 1, 2),
    (EntryKind::MembershipCancelled, 1, 2),
    // Version 3: the freight table that said the price of a parcel.
    (EntryKind::ServiceFeeCharged, 1, 3),
    (EntryKind::ServiceFeeCharged, 2, 3),
    (EntryKind::ServiceFeeReturned, 1, 2),
    // Version 2: where the payout goes, the file it is in, who instructed it.
    (EntryKind::PayoutInstructed, 1, 2),
    // Version 2: the last day of free credit.
    (EntryKind::CreditGranted, 1, 2),
    // Version 2: who approved it.
    (EntryKind::MonthClosed, 1, 2),
];

/// The way of a stored (type, version).
pub fn upcast(kind: EntryKind, version: u32) -> Upcast {
    let of = EXTENDED.iter().find(|(of, from, _)| (*of, *from) == (kind, version));
    of.map_or(Upcast::Current, |(_, _, to)| Upcast::Extended { to: *to })
}
