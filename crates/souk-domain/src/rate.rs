//! Rates: exact fractions such as `0.08` for 8 %, written as strings.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A fraction between 0 and 1, to 0.000001 (0.0001 %).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Rate(Decimal);

/// Not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "rate {0:?} is not a fraction from 0 to 1 with at most 6 decimals, such as \"0.08\" for 8 %"
)]
pub struct NotARate(pub String);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The fraction.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// The fraction in millionths, 0 to 1,000,000: exact, as a rate has at most 6 decimals.
    pub fn millionths(self) -> i64 {
        (self.0.mantissa() * 10_i128.pow(6_u32.saturating_sub(self.0.scale()))) as i64
    }

    /// What is left of a price, in minor units, without the tax of this rate that it includes: half up. The
    /// price is ≥ 0.
    pub fn net_of(self, gross: i64) -> i64 {
        // No more than the price, so it fits.
        self.net_in(gross.into()) as i64
    }

    /// The same of a sum of prices, which may be wider than one, ≥ 0.
    pub fn net_in(self, gross: i128) -> i128 {
        let divisor = 1_000_000 + i128::from(self.millionths());
        (2 * gross * 1_000_000 + divisor) / (2 * divisor)
    }

    /// As people write it: `8 %`.
    pub fn percent(self) -> String {
        format!("{} %", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl TryFrom<Decimal> for Rate {
    type Error = NotARate;

    fn try_from(value: Decimal) -> Result<Self, NotARate> {
        let value = value.normalize();
        if value.is_sign_negative() || value > Decimal::ONE || value.scale() > 6 {
            return Err(NotARate(value.to_string()));
        }
        Ok(Self(value))
    }
}

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = if plain { Decimal::from_str_exact(text).ok() } else { None };
        value.and_then(|value| Self::try_from(value).ok()).ok_or_else(|| NotARate(text.to_owned()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Rate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a fraction in a string, such as \"0.08\" for 8 %")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Rate, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[01](\.[0-9]{1,6})?$",
            "description": "fraction from 0 to 1: \"0.08\" is 8 %"})
    }
}
