//! Percentages as people write them: `0.08`, `8 %`, `6 % + 2 %`, `closed`.

use std::fmt;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde::de;
use serde::{Deserialize, Deserializer};
use souk_domain::rate::Rate;

/// A percentage as it stands in the file, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written(pub(super) String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Written;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a percentage in a string, such as \"8 %\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written(text.to_owned()))
            }
        }
        from.deserialize_str(Text)
    }
}

/// What stands beside a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Percent {
    /// One percentage.
    One(Rate),
    /// A sum of several.
    Sum(Vec<Rate>),
    /// Not open.
    Closed,
}

impl Percent {
    /// Reads it.
    ///
    /// # Errors
    /// What was expected.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "closed" {
            return Ok(Self::Closed);
        }
        if !text.contains('+') {
            return one(text).map(Self::One);
        }
        let parts = text.split('+').map(one).collect::<Result<_, _>>();
        parts.map(Self::Sum).map_err(|what| format!("in {text:?}, {what}"))
    }
}

/// One percentage: a fraction, or a number with a percent sign.
///
/// # Errors
/// What was expected.
pub(super) fn one(text: &str) -> Result<Rate, String> {
    let expected = || {
        format!(
            "{text:?} is not a percentage such as \"8 %\" or \"0.08\", 0 to 100 %, with steps of 0.0001 %"
        )
    };
    let Some(number) = text.trim().strip_suffix('%') else {
        return Rate::from_str(text.trim()).map_err(|_| expected());
    };
    let number = number.trim();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let percent = Decimal::from_str_exact(number).ok().filter(|_| plain);
    let fraction = percent.map(|percent| percent / Decimal::ONE_HUNDRED);
    fraction.and_then(|of| Rate::try_from(of).ok()).ok_or_else(expected)
}
