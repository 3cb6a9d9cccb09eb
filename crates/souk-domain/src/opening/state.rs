//! What a stream of opening balances remembers: that they are recorded.

/// A merchant's opening balances, or the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpeningState {
    /// Whether they are recorded.
    pub recorded: bool,
}
