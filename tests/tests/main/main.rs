//! The integration tests of Souk: one binary, one module per question.

mod closings;
mod creation;
mod endings;
mod poison;
mod refunds;
mod runs;
mod scenarios;
mod sequences;
mod tariffs;
mod writers;
