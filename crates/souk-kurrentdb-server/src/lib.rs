//! The KurrentDB protocol served over any event store.
