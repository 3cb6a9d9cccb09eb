//! What one unit of a currency costs in another: an exact decimal, and its arithmetic in minor units.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use souk_journal::money::{Currency, MAX_MINOR, MoneyError};

/// A rate above 0 and below 100,000,000, to 10 decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeRate(Decimal);

/// Most decimals of a rate.
const DECIMALS: u32 = 10;
/// Every rate is below this.
const BELOW: i64 = 100_000_000;

/// Not a rate of exchange.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "rate {0:?} is not a decimal above 0 and below 100000000 with at most 10 decimals, such as \"7.1\""
)]
pub struct NotAnExchangeRate(pub String);

impl ExchangeRate {
    /// The number.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// An amount of the base in units of the quote, minor units: half up, away from zero at the midpoint.
    ///
    /// # Errors
    /// When a posting could not hold it.
    pub fn multiplied(
        self,
        minor: i64,
        base: Currency,
        quote: Currency,
    ) -> Result<i64, MoneyError> {
        let (rate, scale) = (self.0.mantissa(), self.0.scale());
        let up = i128::from(minor) * rate * power(quote.scale());
        half_up(up, power(base.scale() + scale))
    }

    /// An amount of the quote in units of the base, minor units, rounded alike.
    ///
    /// # Errors
    /// When a posting could not hold it.
    pub fn divided(self, minor: i64, base: Currency, quote: Currency) -> Result<i64, MoneyError> {
        let (rate, scale) = (self.0.mantissa(), self.0.scale());
        let up = i128::from(minor) * power(base.scale() + scale);
        half_up(up, rate * power(quote.scale()))
    }
}

fn power(of: u32) -> i128 {
    10_i128.pow(of)
}

/// Whole part of a fraction above a positive divisor; what is left decides by half, so nothing is doubled that might not fit.
fn half_up(up: i128, down: i128) -> Result<i64, MoneyError> {
    let (whole, rest) = (up.abs() / down, up.abs() % down);
    let whole = if rest >= down - rest { whole + 1 } else { whole };
    let fits = i64::try_from(whole).ok().filter(|minor| *minor <= MAX_MINOR);
    let out = || MoneyError::OutOfRange(Decimal::from_i128_with_scale(whole.min(1 << 90), 0));
    fits.map(|minor| if up < 0 { -minor } else { minor }).ok_or_else(out)
}

impl FromStr for ExchangeRate {
    type Err = NotAnExchangeRate;

    fn from_str(text: &str) -> Result<Self, NotAnExchangeRate> {
        let digits = text.as_bytes();
        let plain = digits.first().is_some_and(u8::is_ascii_digit)
            && digits.last().is_some_and(u8::is_ascii_digit)
            && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        let value = if plain { Decimal::from_str_exact(text).ok() } else { None };
        let value = value.map(|value| value.normalize());
        let of = |value: &Decimal| {
            *value > Decimal::ZERO && *value < Decimal::from(BELOW) && value.scale() <= DECIMALS
        };
        value.filter(of).map(Self).ok_or_else(|| NotAnExchangeRate(text.to_owned()))
    }
}

impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ExchangeRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ExchangeRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = ExchangeRate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rate of exchange in a string, such as \"7.1\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<ExchangeRate, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for ExchangeRate {
    fn schema_name() -> Cow<'static, str> {
        "ExchangeRate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,10})?$",
            "description": "what one unit of the pair's first currency costs in the second"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[test]
    fn an_amount_is_rounded_half_up_to_the_other_currency() {
        let rate: ExchangeRate = "7.1".parse().unwrap();
        let (usd, cny) = (currency("USD"), currency("CNY"));
        assert_eq!(rate.multiplied(10_000, usd, cny), Ok(71_000));
        assert_eq!(rate.multiplied(5, usd, cny), Ok(36), "0.355 is 0.36");
        assert_eq!(rate.multiplied(-5, usd, cny), Ok(-36));
        assert_eq!(rate.divided(71_000, usd, cny), Ok(10_000));
        assert_eq!(rate.divided(100, usd, cny), Ok(14), "0.1408…");
    }

    #[test]
    fn currencies_of_other_scales_convert_exactly() {
        let (jpy, cny, kwd) = (currency("JPY"), currency("CNY"), currency("KWD"));
        let yen: ExchangeRate = "0.0481".parse().unwrap();
        assert_eq!(yen.multiplied(1_001, jpy, cny), Ok(4_815), "48.1481");
        let dinar: ExchangeRate = "23.215".parse().unwrap();
        assert_eq!(dinar.multiplied(1_001, kwd, cny), Ok(2_324), "23.238215");
        assert_eq!(dinar.divided(2_324, kwd, cny), Ok(1_001), "1.00107…");
    }

    #[test]
    fn the_largest_amount_at_the_largest_rate_is_refused_and_does_not_wrap() {
        let rate: ExchangeRate = "99999999.9999999999".parse().unwrap();
        let (usd, kwd) = (currency("USD"), currency("KWD"));
        assert!(rate.multiplied(MAX_MINOR, usd, kwd).is_err());
        let least: ExchangeRate = "0.0000000001".parse().unwrap();
        assert!(least.divided(MAX_MINOR, kwd, usd).is_err());
        assert_eq!(least.multiplied(MAX_MINOR, usd, usd), Ok(1_000_000));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["0", "-7.1", "7,1", "7.", ".5", "1e3", "100000000", "7.12345678901", ""] {
            assert!(text.parse::<ExchangeRate>().is_err(), "{text}");
        }
        assert_eq!("7.10".parse::<ExchangeRate>().unwrap().to_string(), "7.1");
    }
}
