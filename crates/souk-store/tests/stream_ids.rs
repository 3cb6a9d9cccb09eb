//! Which texts are stream ids of a ledger.

use souk_store::StreamId;

#[test]
fn the_category_ends_at_the_first_dash() {
    let id = StreamId::parse("settlement-m-7~CNY").unwrap();
    assert_eq!((id.category(), id.id()), ("settlement", "m-7~CNY"));
    assert_eq!(id.parts().collect::<Vec<_>>(), ["m-7", "CNY"]);
    assert_eq!(StreamId::parse("order--").unwrap().id(), "-");
}

#[test]
fn broken_rules_are_named() {
    let long = "a".repeat(41);
    let many = format!("order-{}", [&long[..40]; 7].join("~"));
    for (text, rule) in [
        ("order", "dash"),
        ("Order-1", "category"),
        ("-1", "category"),
        ("order-", "1 to 40"),
        ("order-a~~b", "1 to 40"),
        (&format!("order-{long}"), "1 to 40"),
        ("order-a b", "character"),
        ("order-é", "character"),
        (&many, "250"),
    ] {
        let error = StreamId::parse(text).unwrap_err();
        assert!(error.what.contains(rule), "{error}");
    }
}
