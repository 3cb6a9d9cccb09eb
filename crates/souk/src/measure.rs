//! Time and memory as figures without floats.

use std::time::{Duration, Instant};

use serde_json::value::RawValue;

/// A JSON number of seconds with three decimals.
pub(crate) fn seconds(duration: Duration) -> Box<RawValue> {
    let text = format!("{}.{:03}", duration.as_secs(), duration.subsec_millis());
    RawValue::from_string(text).unwrap_or_default()
}

/// Things per second.
pub(crate) fn per_second(count: u64, duration: Duration) -> u64 {
    let micros = duration.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
}

/// The most memory this process has had, in MiB, where the system says.
pub(crate) fn peak_memory_mib() -> Option<u64> {
    memory_mib("VmHWM:")
}

/// The memory this process has now, in MiB, where the system says.
pub(crate) fn current_memory_mib() -> Option<u64> {
    memory_mib("VmRSS:")
}

fn memory_mib(of: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(of))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

/// Times a step.
pub(crate) fn timed<T>(step: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = step();
    (value, start.elapsed())
}
