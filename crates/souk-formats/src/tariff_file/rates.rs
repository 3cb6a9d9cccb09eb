//! Percentages as people write them: `0.08`, `8 %`, `6 % + 2 %`, `closed`.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use souk_domain::rate::Rate;

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
        let parts: Vec<Rate> = text.split('+').map(one).collect::<Result<_, _>>()?;
        match parts[..] {
            [rate] => Ok(Self::One(rate)),
            _ => Ok(Self::Sum(parts)),
        }
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
