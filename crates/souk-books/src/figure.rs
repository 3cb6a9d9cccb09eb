//! Amounts of the JSON contract: decimal strings at the currency's scale, never grouped.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use souk_journal::money::{Amount, Currency, minor_text};

/// An amount or a sum of amounts: minor units and their currency. In JSON a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Minor units of the currency.
    pub minor: i128,
    /// The currency.
    pub currency: Currency,
}

impl Figure {
    /// So many minor units of a currency.
    pub fn new(minor: impl Into<i128>, currency: Currency) -> Self {
        Self { minor: minor.into(), currency }
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// For people: grouped by thousands with a true minus (U+2212), `−12,480.00`.
    pub fn grouped(&self) -> String {
        let plain = minor_text(self.minor, self.currency);
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("\u{2212}", digits),
            None => ("", plain.as_str()),
        };
        let whole = digits.find('.').unwrap_or(digits.len());
        let mut text = String::from(sign);
        for (index, digit) in digits.char_indices() {
            if index > 0 && index < whole && (whole - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&minor_text(self.minor, self.currency))
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&minor_text(self.minor, self.currency))
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        Amount::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Amount::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cny(minor: i128) -> Figure {
        Figure::new(minor, Currency::from_code("CNY").unwrap())
    }

    #[test]
    fn people_read_groups_and_machines_do_not() {
        assert_eq!(cny(-1_248_000).grouped(), "\u{2212}12,480.00");
        assert_eq!(cny(99_999).grouped(), "999.99");
        assert_eq!(cny(100_000_000).grouped(), "1,000,000.00");
        assert_eq!(cny(-1_248_000).to_string(), "-12480.00");
        let yen = Figure::new(1234567, Currency::from_code("JPY").unwrap());
        assert_eq!(yen.grouped(), "1,234,567");
    }
}
