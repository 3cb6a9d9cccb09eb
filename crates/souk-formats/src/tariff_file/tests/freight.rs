//! Freight tables in a tariff file: read as written, and every fault at its place.

use super::super::*;

const HEAD: &str = r#"tariff = "t"
announced_on = "2026-01-01"
effective_on = "2026-01-02"
currency = "CNY"
[terms]
cycle = "weekly"
time_zone = "Asia/Shanghai"
hold_days = 0
[[fees]]
kind = "commission"
scope = "line"
on_refund = "proportional"
default = "8 %"
"#;

/// Lines 14 to 28.
const TABLE: &str = r#"[[freight]]
table = "express"
[[freight.zones]]
zone = "near"
regions = ["Shanghai", "Zhejiang"]
first_kg = "1"
first_price = "8.00"
step_kg = "1"
step_price = "2.00"
[[freight.zones]]
zone = "far"
regions = ["Xinjiang"]
first_kg = "0.5"
first_price = "12.00"
step_kg = "0.5"
step_price = "5.50"
"#;

/// What is said of the file with some texts for others.
fn said(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = format!("{HEAD}{TABLE}");
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let found = TariffFile::check("t", &text).map_or_else(|faults| faults, |_| Vec::new());
    let line = |of: TariffFileError| format!("{}:{}  {}", of.line, of.column, of.what);
    found.into_iter().map(line).collect()
}

#[test]
fn a_table_is_read_as_it_is_written() {
    let file = TariffFile::parse("t", &format!("{HEAD}{TABLE}")).unwrap();
    let [table] = &file.publish.freight[..] else { panic!("{:?}", file.publish.freight) };
    let zones = table.zones.iter().map(|of| (of.zone.as_str(), of.regions.join("+")));
    let expected = [("near", "Shanghai+Zhejiang".to_owned()), ("far", "Xinjiang".to_owned())];
    assert_eq!(zones.collect::<Vec<_>>(), expected);
    let far = &table.zones[1];
    let figures = [far.first_kg, far.first_price, far.step_kg, far.step_price];
    assert_eq!(figures.map(|of| of.to_string()), ["0.5", "12.00", "0.5", "5.50"]);
}

#[test]
fn what_is_wrong_with_a_table_is_said_at_its_place() {
    let weight = "it is more than nothing, 1000000 at most, and to the gram";
    let cases: &[(&[(&str, &str)], String)] = &[
        (
            &[("[\"Xinjiang\"]", "[\"Xinjiang\", \"Zhejiang\"]")],
            "25:24  region \"Zhejiang\" of freight table express is in zone near and in zone far"
                .into(),
        ),
        (
            &[("\"Zhejiang\"", "\"Shanghai\"")],
            "18:24  region \"Shanghai\" stands twice in zone near of freight table express".into(),
        ),
        (&[("step_kg = \"1\"\n", "")], "16:1  missing field `step_kg`".into()),
        (
            &[("step_kg = \"0.5\"", "step_kg = \"0\"")],
            format!("28:11  zone far of freight table express has a weight of 0 kg: {weight}"),
        ),
        (
            &[("first_kg = \"1\"", "first_kg = \"0.0005\"")],
            format!("19:12  zone near of freight table express has a weight of 0.0005 kg: {weight}"),
        ),
        (
            &[("step_price = \"2.00\"", "step_price = \"-2.00\"")],
            "22:14  zone near of freight table express has a price of -2.00, which is negative or has too many decimals".into(),
        ),
        (
            &[("first_price = \"12.00\"", "first_price = \"12.001\"")],
            "27:15  zone far of freight table express has a price of 12.001, which is negative or has too many decimals".into(),
        ),
        (
            &[("zone = \"far\"", "zone = \"near\"")],
            "23:1  zone near stands twice in freight table express".into(),
        ),
        (
            &[("[\"Xinjiang\"]", "[]")],
            "23:1  zone far of freight table express has no regions".into(),
        ),
        (
            &[("currency = \"CNY\"\n", "")],
            "13:1  freight table express has prices, so the tariff needs a currency".into(),
        ),
        (&[("currency = \"CNY\"", "currency = \"CNX\"")], unknown_currency()),
        (
            &[("[[freight]]", "[[freight]]\ntable = \"express\"\nzones = []\n[[freight]]")],
            "14:1  freight table express has no zones".into(),
        ),
    ];
    for (changes, expected) in cases {
        assert_eq!(said(changes).first(), Some(expected), "{changes:?}");
    }
    // Everything that is wrong is said, in the order of the file.
    let all = said(&[
        ("first_price = \"8.00\"", "first_price = \"-8.00\""),
        ("[\"Xinjiang\"]", "[\"Shanghai\"]"),
        ("step_kg = \"0.5\"", "step_kg = \"-0.5\""),
    ]);
    let places: Vec<&str> = all.iter().filter_map(|line| line.split("  ").next()).collect();
    assert_eq!(places, ["20:15", "25:12", "28:11"]);
}

/// The unknown currency alone is said: its prices are wrong in one place.
fn unknown_currency() -> String {
    let all = said(&[("currency = \"CNY\"", "currency = \"CNX\"")]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].starts_with("4:12  "), "{all:?}");
    all[0].clone()
}
