//! The command line from outside: what a person or a program sees of the one binary.

mod apply;
mod common;
mod contract;
mod demo;
mod drawing;
mod forms;
mod import_orders;
mod keeping;
mod market;
mod months;
mod olist;
mod opening;
mod output;
mod payouts;
mod prepaid;
mod rates;
mod refusals;
mod refusals_of_places;
mod remote;
mod scenarios;
mod store_drill;
mod tariff;
mod taxes;
mod terms;
mod verify;
