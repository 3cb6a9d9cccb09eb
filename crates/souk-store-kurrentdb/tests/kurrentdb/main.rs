//! The adapter against servers of this workspace and, where there is one, a real KurrentDB.

mod anchors;
mod common;
mod conforms;
mod creates;
mod halts;
mod mends;
mod reach;
mod several;
mod speed;
mod way;
