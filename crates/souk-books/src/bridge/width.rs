//! How many columns a text takes on a terminal: two for Chinese, Japanese and Korean characters.

/// Ranges of characters that take two columns, first and last.
const WIDE: [(char, char); 10] = [
    ('\u{1100}', '\u{115F}'),
    ('\u{2E80}', '\u{303E}'),
    ('\u{3041}', '\u{33FF}'),
    ('\u{3400}', '\u{4DBF}'),
    ('\u{4E00}', '\u{9FFF}'),
    ('\u{A960}', '\u{A97F}'),
    ('\u{AC00}', '\u{D7A3}'),
    ('\u{F900}', '\u{FAFF}'),
    ('\u{FF01}', '\u{FF60}'),
    ('\u{20000}', '\u{3FFFD}'),
];

/// Columns of a text.
pub fn width(text: &str) -> usize {
    text.chars().map(|of| if is_wide(of) { 2 } else { 1 }).sum()
}

fn is_wide(of: char) -> bool {
    WIDE.iter().any(|(first, last)| (*first..=*last).contains(&of))
}

/// The text with spaces behind it, up to so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it, up to so many columns.
pub(crate) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_a_minus_one() {
        assert_eq!(width("商品销售额"), 10);
        assert_eq!(width("\u{2212}12.00"), 6);
        assert_eq!(padded("佣金", 6), "佣金  ");
        assert_eq!(right("9", 3), "  9");
    }
}
