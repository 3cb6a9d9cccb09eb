//! The marketplace, pure: what can happen, what may be decided, and which accounts it touches.
//!
//! One folder per stream category, each with the same files: `commands` (what is asked), `events`
//! (what happened; a finance lead reads these), `state` (what a stream remembers), `decide` (yes
//! with events, or a refusal) and `posting` (which accounts).
//!
//! No I/O, no clock, no randomness: time, ids, terms and tariffs arrive with the command.
//!
//! Reading order: [`decider`], [`rate`], [`settled_from`], [`approvals`], [`returned_to`], [`red_letters`], [`service_kind`], [`segment`], [`calendar`], [`business_time`], [`metadata`], the contexts
//! ([`ledger`], [`schema`], [`merchant`], [`tariff`], [`order`], [`settlement`], [`payout`], [`payee`], [`payoutfile`],
//! [`advertising`], [`deposit`], [`membership`], [`service`], [`opening`], [`closerun`], [`book`], [`bankfile`], [`fxrate`], [`fxposition`]), then [`event`], [`upcast`],
//! [`posting`], [`event_id`].

pub mod approvals;
pub mod business_time;
pub mod calendar;
pub mod decider;
pub mod metadata;
pub mod rate;
#[macro_use]
mod event_table;
pub mod advertising;
pub mod bankfile;
pub mod book;
pub mod closerun;
pub mod deposit;
pub mod event;
pub mod event_id;
pub mod fxposition;
pub mod fxrate;
pub mod ledger;
pub mod membership;
pub mod merchant;
pub mod opening;
pub mod order;
pub mod payee;
pub mod payout;
pub mod payoutfile;
pub mod posting;
pub mod red_letters;
pub mod returned_to;
pub mod schema;
pub mod segment;
pub mod service;
pub mod service_kind;
pub mod settled_from;
pub mod settlement;
pub mod tariff;
pub mod tax;
pub mod upcast;

#[cfg(test)]
mod given;
