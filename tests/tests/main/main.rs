//! The integration tests of Souk: one binary, one module per question.

mod scenarios;
mod sequences;
