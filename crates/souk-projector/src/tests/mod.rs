//! Tests of the projector, over a store in memory and events made by hand.

mod canonical;
mod made;
mod pass;
mod snapshots;
mod stops;
