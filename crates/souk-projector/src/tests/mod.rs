//! Tests of the projector, over a store in memory and events made by hand.

mod made;
mod pass;
mod snapshots;
mod stops;
