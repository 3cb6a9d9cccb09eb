//! Amounts in files: plain decimals with a dot, exact, never negative unless said.

use crate::bad_row::quoted;
use rust_decimal::Decimal;

/// Why a text is not an amount. [`AmountProblem::say`] makes the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountProblem {
    /// Nothing stands there.
    Empty,
    /// Something other than digits with at most one dot between them.
    NotADecimal,
    /// A minus sign before an otherwise good decimal.
    Negative,
    /// More digits behind the dot than allowed.
    TooManyDecimals(u32),
    /// More than 18 digits.
    TooLarge,
}

impl AmountProblem {
    /// The sentence for a message: `amount "1,5" is not a decimal with a dot`.
    #[must_use]
    pub fn say(self, what: &str, text: &[u8]) -> String {
        let found = quoted(text);
        match self {
            Self::Empty => format!("{what} is empty"),
            Self::NotADecimal => format!("{what} {found} is not a decimal with a dot"),
            Self::Negative => format!("{what} {found} is negative"),
            Self::TooManyDecimals(most) => {
                format!("{what} {found} has more than {most} digits after the dot")
            }
            Self::TooLarge => format!("{what} {found} has more than 18 digits"),
        }
    }
}

/// Digits without their dot, and how many of them stood behind it.
fn digits(text: &[u8]) -> Result<(i64, u32), AmountProblem> {
    if text.is_empty() {
        return Err(AmountProblem::Empty);
    }
    let (negative, unsigned) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let dot = unsigned.iter().position(|&b| b == b'.');
    let (whole, rest) = unsigned.split_at(dot.unwrap_or(unsigned.len()));
    let fraction = rest.get(1..).unwrap_or_default();
    let misplaced = whole.is_empty() || (dot.is_some() && fraction.is_empty());
    if misplaced || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return Err(AmountProblem::NotADecimal);
    }
    if whole.len() + fraction.len() > 18 {
        return Err(AmountProblem::TooLarge);
    }
    if negative {
        return Err(AmountProblem::Negative);
    }
    let value = whole.iter().chain(fraction).fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
    Ok((value, u32::try_from(fraction.len()).unwrap_or(u32::MAX)))
}

/// Reads a decimal ≥ 0 of at most 18 digits, `12`, `12.5` or `12.50`, keeping its scale.
///
/// # Errors
/// Whatever else it is: empty, signed, grouped, with a comma, with a blank, too long.
pub fn decimal(text: &[u8]) -> Result<Decimal, AmountProblem> {
    digits(text).map(|(value, scale)| Decimal::new(value, scale))
}

/// Reads a decimal ≥ 0 with at most two digits behind the dot as hundredths (`12.5` is 1,250).
///
/// # Errors
/// As [`decimal`], and where more than two digits stand behind the dot.
pub fn hundredths(text: &[u8]) -> Result<i64, AmountProblem> {
    match digits(text)? {
        (value, 2) => Ok(value),
        (value, 1) => value.checked_mul(10).ok_or(AmountProblem::TooLarge),
        (value, 0) => value.checked_mul(100).ok_or(AmountProblem::TooLarge),
        (_, _) => Err(AmountProblem::TooManyDecimals(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_decimal_is_read_exactly() {
        assert_eq!(decimal(b"12.50").map(|d| d.to_string()), Ok("12.50".into()));
        assert_eq!(decimal(b"0").map(|d| d.to_string()), Ok("0".into()));
        assert_eq!(decimal(b"999999999999999.999"), Ok(Decimal::new(999_999_999_999_999_999, 3)));
        assert_eq!(hundredths(b"12.5"), Ok(1250));
        assert_eq!(hundredths(b"12"), Ok(1200));
        assert_eq!(hundredths(b"0.07"), Ok(7));
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for bad in
            ["1.234,5", "1,5", ".5", "5.", "1.2.3", "+1", "--1", " 1", "1e3", "NaN", "-", "."]
        {
            assert_eq!(decimal(bad.as_bytes()), Err(AmountProblem::NotADecimal), "{bad}");
        }
        assert_eq!(decimal(b""), Err(AmountProblem::Empty));
        assert_eq!(decimal(b"-1.00"), Err(AmountProblem::Negative));
        assert_eq!(decimal(b"1234567890123456789"), Err(AmountProblem::TooLarge));
        assert_eq!(hundredths(b"1.005"), Err(AmountProblem::TooManyDecimals(2)));
        assert_eq!(hundredths(b"999999999999999999"), Err(AmountProblem::TooLarge));
    }

    #[test]
    fn the_reason_quotes_what_was_found() {
        let said = AmountProblem::NotADecimal.say("amount", b"1.234,5");
        assert_eq!(said, "amount \"1.234,5\" is not a decimal with a dot");
        assert_eq!(AmountProblem::Negative.say("price", b"-1"), "price \"-1\" is negative");
    }
}
