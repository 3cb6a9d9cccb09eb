//! The write side: load, look for the command, decide, check, append.
