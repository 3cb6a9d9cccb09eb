//! A figure beside that of another period.

/// The change in percent with one decimal, rounded half up on its size; `new` where there was nothing before, none
/// where there is nothing in either.
pub fn percent(now: i128, before: i128) -> Option<String> {
    match (now, before) {
        (0, 0) => None,
        (_, 0) => Some("new".to_owned()),
        _ => {
            let base = before.abs();
            let change = now - before;
            let tenths = (change.abs() * 2000 + base) / (2 * base);
            let sign = if change < 0 && tenths != 0 { "-" } else { "" };
            Some(format!("{sign}{}.{}", tenths / 10, tenths % 10))
        }
    }
}
