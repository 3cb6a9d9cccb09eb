//! A pair of currencies, written `USD.CNY`: one unit of the first costs so many units of the second.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use souk_journal::money::Currency;

/// Two different currencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// One unit of it …
    pub base: Currency,
    /// … costs so many units of this.
    pub quote: Currency,
}

/// Not a pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a pair of two currencies of ISO 4217, such as USD.CNY")]
pub struct NotAPair(pub String);

impl Pair {
    /// The pair of two currencies; none when they are one.
    pub fn of(base: Currency, quote: Currency) -> Option<Self> {
        (base != quote).then_some(Self { base, quote })
    }

    /// The stream of its rates in a year.
    pub fn stream(self, year: i32) -> String {
        format!("fxrate-{self}~{year}")
    }
}

impl FromStr for Pair {
    type Err = NotAPair;

    fn from_str(text: &str) -> Result<Self, NotAPair> {
        let (base, quote) = text.split_once('.').ok_or_else(|| NotAPair(text.to_owned()))?;
        let currency = |code| Currency::from_code(code).map_err(|_| NotAPair(text.to_owned()));
        Self::of(currency(base)?, currency(quote)?).ok_or_else(|| NotAPair(text.to_owned()))
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.base, self.quote)
    }
}

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Pair;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a pair of currencies, such as \"USD.CNY\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Pair, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Pair {
    fn schema_name() -> Cow<'static, str> {
        "Pair".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[A-Z]{3}\.[A-Z]{3}$",
            "description": "two ISO 4217 codes: one unit of the first costs so many of the second"})
    }
}
