//! The event store's port over the official KurrentDB client.
