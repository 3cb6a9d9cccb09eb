//! Money: exact decimals with an ISO 4217 currency, and their minor units in postings.
//!
//! Decisions compute in [`Amount`] (a decimal); postings carry minor units (`i64`). The scale of a
//! currency is fixed, so 10.5 and 10.50 CNY are one amount and print alike.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A currency of ISO 4217 that has minor units (`XAU` and its like are refused).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(iso_currency::Currency);

/// The largest amount of one posting or event, in minor units: far beyond any order or payout, and
/// small enough that the sums of a cycle stay within 64 bits.
pub const MAX_MINOR: i64 = 10_000_000_000_000_000;

/// Why a text or a number is not money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The code is not in ISO 4217, or the currency has no minor units.
    #[error("{0:?} is not a currency of ISO 4217 with minor units")]
    UnknownCurrency(String),
    /// The text is not a plain decimal.
    #[error("amount {0:?} is not a decimal with a dot")]
    NotADecimal(String),
    /// More decimals than the currency has.
    #[error("amount {amount} has more than the {scale} decimals of {currency}")]
    TooManyDecimals {
        /// The amount as given.
        amount: Decimal,
        /// Its currency.
        currency: Currency,
        /// Decimals that the currency allows.
        scale: u32,
    },
    /// Beyond [`MAX_MINOR`].
    #[error("amount {0} is beyond the range of a posting")]
    OutOfRange(Decimal),
}

impl Currency {
    /// The currency with this three-letter code, in capitals.
    pub fn from_code(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
    pub fn scale(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::from_code(text)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::<Self>::new("an ISO 4217 code"))
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code"})
    }
}

/// A decimal amount whose currency stands beside it; in JSON a string such as `"-12.50"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The amount of so many minor units of a currency.
    pub fn from_minor(minor: i64, currency: Currency) -> Self {
        Self(Decimal::new(minor, currency.scale()))
    }

    /// Rounds half up (away from zero at the midpoint) to the currency's scale.
    pub fn rounded(value: Decimal, currency: Currency) -> Self {
        let scale = currency.scale();
        let mut value = value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
        value.rescale(scale);
        Self(value)
    }

    /// Fixes the amount to the currency's scale.
    ///
    /// # Errors
    /// [`MoneyError::TooManyDecimals`] when a digit would be lost, [`MoneyError::OutOfRange`] when
    /// a posting could not hold it.
    pub fn at_scale(self, currency: Currency) -> Result<Self, MoneyError> {
        self.minor(currency).map(|minor| Self::from_minor(minor, currency))
    }

    /// The amount in minor units.
    ///
    /// # Errors
    /// As [`Amount::at_scale`].
    pub fn minor(self, currency: Currency) -> Result<i64, MoneyError> {
        let scale = currency.scale();
        let own = self.0.scale();
        let mantissa = self.0.mantissa();
        let minor = if own == scale {
            mantissa
        } else if own < scale {
            mantissa * 10_i128.pow(scale - own)
        } else {
            let divisor = 10_i128.pow(own - scale);
            if mantissa % divisor != 0 {
                return Err(MoneyError::TooManyDecimals { amount: self.0, currency, scale });
            }
            mantissa / divisor
        };
        i64::try_from(minor)
            .ok()
            .filter(|minor| minor.abs() <= MAX_MINOR)
            .ok_or(MoneyError::OutOfRange(self.0))
    }

    /// The number itself.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl From<Decimal> for Amount {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
        let plain = digits.first().is_some_and(u8::is_ascii_digit)
            && digits.last().is_some_and(u8::is_ascii_digit)
            && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        if !plain {
            return Err(MoneyError::NotADecimal(text.to_owned()));
        }
        Decimal::from_str_exact(text)
            .map(Self)
            .map_err(|_| MoneyError::NotADecimal(text.to_owned()))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(FromText::<Self>::new("a decimal in a string, such as \"12.50\""))
    }
}

impl JsonSchema for Amount {
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
            "description": "decimal with a dot, in the currency that stands beside it"
        })
    }
}

/// Minor units as a decimal text at the currency's scale, for reports: `-1250` CNY is `-12.50`.
/// Sums are wider than postings, hence 128 bits.
pub fn minor_text(minor: i128, currency: Currency) -> String {
    let scale = currency.scale() as usize;
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if minor < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Appends minor units as a decimal text, as [`minor_text`] gives it, without the formatter: the
/// digest of every closed cycle is made of such lines.
pub(crate) fn push_minor(text: &mut String, minor: i64, currency: Currency) {
    let scale = currency.scale() as usize;
    let mut digits = [b'0'; 24];
    let mut rest = minor.unsigned_abs();
    let mut first = digits.len();
    while rest > 0 || first + scale + 1 > digits.len() {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    if minor < 0 {
        text.push('-');
    }
    for (place, digit) in digits.iter().enumerate().skip(first) {
        if scale > 0 && place == digits.len() - scale {
            text.push('.');
        }
        text.push(char::from(*digit));
    }
}

/// Appends a number without the formatter.
pub(crate) fn push_number(text: &mut String, number: u64) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut first = digits.len();
    while rest > 0 || first == digits.len() {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text.extend(digits[first..].iter().map(|digit| char::from(*digit)));
}

/// A serde visitor for values that are read from a borrowed text.
pub(crate) struct FromText<T> {
    expecting: &'static str,
    value: std::marker::PhantomData<T>,
}

impl<T> FromText<T> {
    pub(crate) fn new(expecting: &'static str) -> Self {
        Self { expecting, value: std::marker::PhantomData }
    }
}

impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests;
