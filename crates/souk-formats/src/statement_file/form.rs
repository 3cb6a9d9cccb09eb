//! The form of every field of a statement's file.

use souk_journal::dates::Date;
use souk_journal::ids::Id;
use souk_journal::money::Currency;

use crate::bad_row::quoted;

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text without control characters.
    Plain,
    /// An identifier.
    Id,
    /// A date.
    Date,
    /// A currency.
    Currency,
    /// A decimal number with a dot, at most 28 digits.
    Decimal,
    /// A whole number, at least 0.
    Whole,
    /// `true` or `false`.
    Flag,
    /// 64 hexadecimal digits.
    Digest,
}

impl Form {
    /// Whether a text has this form; otherwise a sentence that quotes it.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        let (fits, wanted) = match self {
            Self::Plain => {
                let fits = text.len() <= 1_000 && !text.chars().any(char::is_control);
                (fits && !text.is_empty(), "a text of one line")
            }
            Self::Id => (Id::new(text).is_ok(), "an identifier"),
            Self::Date => (date(text).is_some(), "a date of the years 1970 to 9998"),
            Self::Currency => (Currency::from_code(text).is_ok(), "a currency"),
            Self::Decimal => (is_decimal(text), "a decimal number with a dot, at most 28 digits"),
            Self::Whole => {
                let plain = text == "0" || !text.starts_with(['0', '+']);
                (plain && text.parse::<u64>().is_ok(), "a whole number below 2^64")
            }
            Self::Flag => (matches!(text, "true" | "false"), "true or false"),
            Self::Digest => (is_digest(text), "a digest of 64 hexadecimal digits in lower case"),
        };
        if fits { Ok(()) } else { Err(format!("{} is not {wanted}", quoted(text.as_bytes()))) }
    }
}

/// A date whose day after has four digits in its year too.
pub(super) fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (1970..=9998).contains(&date.parts().0).then_some(date)
}

fn is_decimal(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part) && whole.len() + part.len() <= 28
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
