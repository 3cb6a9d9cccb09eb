//! The read side: one pass over the log feeds every projection and register; checkpoints, snapshots, rebuild.
