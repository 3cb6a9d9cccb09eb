//! In whose name a fee is taken, as people write it: `"principal"`, `"pass-through"`, `{ agent = { supplier = "80 %" } }`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess};
use serde::{Deserialize, Deserializer};
use souk_domain::rate::Rate;
use souk_domain::tariff::events::Role;

use super::rates::{Written, one};

/// A role as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawRole(pub(super) Role);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Supplier {
    supplier: Share,
}

#[derive(Debug)]
struct Share(Rate);

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        one(&Written::deserialize(from)?.0).map(Self).map_err(de::Error::custom)
    }
}

impl JsonSchema for RawRole {
    fn schema_name() -> Cow<'static, str> {
        "Role".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "in whose name the fee is taken", "oneOf": [
            {"enum": ["principal", "pass-through"]},
            {"type": "object", "required": ["agent"], "additionalProperties": false, "properties": {
                "agent": {"type": "object", "required": ["supplier"], "additionalProperties": false,
                    "properties": {"supplier": {"type": "string",
                        "description": "the supplier's part, such as \"80 %\""}}}}}]})
    }
}

const AGENT: &str =
    "an agent's fee says which part is the supplier's: role = { agent = { supplier = \"80 %\" } }";

impl<'de> Deserialize<'de> for RawRole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> de::Visitor<'de> for Text {
            type Value = RawRole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "\"principal\", \"pass-through\" or { agent = { supplier = \"80 %\" } }",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawRole, E> {
                match text {
                    "principal" => Ok(RawRole(Role::Principal)),
                    "pass-through" => Ok(RawRole(Role::PassThrough)),
                    "agent" => Err(E::custom(AGENT)),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRole, A::Error> {
                let Some(key) = map.next_key::<String>()? else {
                    return Err(de::Error::custom(AGENT));
                };
                if key != "agent" {
                    return Err(de::Error::unknown_field(&key, &["agent"]));
                }
                let Supplier { supplier: Share(supplier) } = map.next_value()?;
                Ok(RawRole(Role::Agent { supplier }))
            }
        }
        from.deserialize_any(Text)
    }
}
