//! `souk`: the one binary. What it does is in the library beside it.

use std::process::ExitCode;

/// Events are many small allocations, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    souk::main()
}
