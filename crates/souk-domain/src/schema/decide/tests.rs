//! A schema is registered once and never changes.

use souk_journal::ids::Id;

use crate::given::{Given, given};
use crate::schema::commands::RegisterSchema;
use crate::schema::decide::{SchemaMain, SchemaRefusal};

fn schemas() -> Given<'static, SchemaMain> {
    given::<SchemaMain>(())
}

fn register(version: u32, sha256: &str) -> RegisterSchema {
    RegisterSchema {
        category: Id::new("order").unwrap(),
        event_type: Id::new("order-paid").unwrap(),
        version,
        sha256: sha256.repeat(64),
        schema: r#"{"type":"object"}"#.to_owned(),
    }
}

#[test]
fn a_schema_is_stored_as_its_text() {
    let text = r#""schema":"{\"type\":\"object\"}""#;
    schemas().when(register(1, "a")).says("schema-registered", text).posts(&[]);
}

#[test]
fn a_new_version_has_its_own_schema() {
    let first = schemas().after(register(1, "a"));
    first.when(register(2, "b")).happens(&["schema-registered"]);
}

#[test]
fn a_schema_is_registered_once() {
    schemas().after(register(1, "a")).when(register(1, "a")).refused("SchemaRegisteredAlready");
}

#[test]
fn a_registered_schema_never_changes() {
    schemas().after(register(1, "a")).when(register(1, "b")).refused("SchemaChanged");
}

#[test]
fn schemas_refuse_in_2_ways() {
    assert_eq!(SchemaRefusal::CODES.len(), 2);
}
