//! Dates for people: never relative, the month as a word.

use souk_domain::calendar::working_days::YearNotKnown;
use souk_journal::dates::Date;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month(number: u32) -> &'static str {
    let index = usize::try_from(number).unwrap_or_default().saturating_sub(1);
    MONTHS.get(index).copied().unwrap_or_default()
}

/// `7 Jun 2026`.
pub fn day(date: Date) -> String {
    let (year, number, day) = date.parts();
    format!("{day} {} {year}", month(number))
}

/// `2026年6月7日`.
pub fn day_zh(date: Date) -> String {
    let (year, month, day) = date.parts();
    format!("{year}年{month}月{day}日")
}

/// `2027年的工作日未知：日历 china 只有2016年至2026年`.
pub(crate) fn not_known_zh(of: &YearNotKnown) -> String {
    let (first, last) = of.known.bounds();
    let last = last.map_or_else(|| "以后".to_owned(), |last| format!("至{last}年"));
    format!("{}年的工作日未知：日历 {} 只有{first}年{last}", of.year, of.name)
}

/// `2026年3月2日至8日`, `2026年2月23日至3月1日`, `2025年12月29日至2026年1月4日`.
pub fn period_zh(from: Date, to: Date) -> String {
    let ((first_year, first_month, _), (year, month, last)) = (from.parts(), to.parts());
    if from == to {
        day_zh(to)
    } else if (first_year, first_month) == (year, month) {
        format!("{}至{last}日", day_zh(from))
    } else if first_year == year {
        format!("{}至{month}月{last}日", day_zh(from))
    } else {
        format!("{}至{}", day_zh(from), day_zh(to))
    }
}

/// `2 – 8 Mar 2026`, `23 Feb – 1 Mar 2026`, `29 Dec 2025 – 4 Jan 2026`.
pub fn period(from: Date, to: Date) -> String {
    let ((first_year, first_month, first_day), (last_year, last_month, _)) =
        (from.parts(), to.parts());
    if from == to {
        day(to)
    } else if (first_year, first_month) == (last_year, last_month) {
        format!("{first_day} – {}", day(to))
    } else if first_year == last_year {
        format!("{first_day} {} – {}", month(first_month), day(to))
    } else {
        format!("{} – {}", day(from), day(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_repeats_nothing() {
        let of = |from: &str, to: &str| period(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(of("2026-03-02", "2026-03-08"), "2 – 8 Mar 2026");
        assert_eq!(of("2026-02-23", "2026-03-01"), "23 Feb – 1 Mar 2026");
        assert_eq!(of("2025-12-29", "2026-01-04"), "29 Dec 2025 – 4 Jan 2026");
        assert_eq!(of("2026-03-09", "2026-03-09"), "9 Mar 2026");
        let of = |from: &str, to: &str| period_zh(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(of("2026-03-02", "2026-03-08"), "2026年3月2日至8日");
        assert_eq!(of("2026-02-23", "2026-03-01"), "2026年2月23日至3月1日");
        assert_eq!(of("2025-12-29", "2026-01-04"), "2025年12月29日至2026年1月4日");
    }
}
