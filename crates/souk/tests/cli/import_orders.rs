//! `souk import orders`: a map, a check that writes nothing, an import, and the same import again.

use serde_json::json;

use crate::common::{fixture, souk};
use crate::market::Market;

fn lines() -> (String, String) {
    (fixture("import/lines.csv"), fixture("import/lines-map.toml"))
}

#[test]
fn the_template_is_a_map_and_a_sample_that_fit_each_other() {
    let text = souk(&["import", "orders", "--template"]).done().out;
    let (map, sample) = text.split_once("# ---- FILE.csv ----\n").unwrap();
    let market = Market::empty();
    let (map, sample) = (market.file("map.toml", map), market.file("sample.csv", sample));
    let args = ["import", "orders", &sample, "--map", &map, "--enrol-missing"];
    let said = market.souk(&[args.as_slice(), &["--check"]].concat()).done().out;
    assert!(said.contains("0 bad; nothing was written"), "{said}");
    market.souk(&args).done();
}

#[test]
fn a_check_shows_mapping_rows_and_totals_and_writes_nothing() {
    let market = Market::empty();
    let before = market.log();
    let (csv, map) = lines();
    let args = ["import", "orders", &csv, "--map", &map, "--check", "--enrol-missing"];
    let said = market.souk(&args).done().out;
    for text in [
        "  merchant           Shop\n",
        "       2  2001  CNY  line 1 of 1007, tea/pu-erh: 1 × 129.00, shipping 8.00, platform discount 5.00, ordered 2026-03-02T01:15:00Z\n",
        "       4  2002  CNY  refund 1: 20.00 of 1007, 2026-03-08T16:00:00Z\n",
        "CNY  4 lines, goods 412.50, shipping 28.00, discounts 8.50 (merchant) 5.00 (platform); 3 payments, 427.00",
        "4 rows, 0 bad; nothing was written",
    ] {
        assert!(said.contains(text), "{text} is not in {said}");
    }
    let ran = market.souk(&["import", "orders", &csv, "--map", &map, "--check"]);
    assert_eq!(ran.exit, 4, "merchants that are not enrolled are bad rows");
    assert_eq!(before, market.log());
    // Without a ledger the file alone is checked.
    let none = market.dir.path().join("none");
    souk(&[args.as_slice(), &["--data", none.to_str().unwrap()]].concat()).done();
    assert!(!none.exists());
}

#[test]
fn importing_twice_adds_nothing_and_importing_more_adds_the_rest() {
    let market = Market::empty();
    let (csv, map) = lines();
    let text = std::fs::read_to_string(&csv).unwrap();
    let part: Vec<&str> = text.lines().take(3).collect();
    let part = market.file("part.csv", part.join("\n"));
    let import =
        |file: &str| market.json(&["import", "orders", file, "--map", &map, "--enrol-missing"]);
    assert_eq!(import(&part)["orders"], 1);
    let rest = import(&csv);
    assert_eq!(
        (&rest["orders"], &rest["replayed"], &rest["refused"]),
        (&3.into(), &4.into(), &json!([]))
    );
    let before = market.log();
    let again = import(&csv);
    assert_eq!((&again["events"], &again["replayed"]), (&0.into(), &again["commands"]));
    assert_eq!(before, market.log());
    let order = market.json(&["order", "2001"]);
    assert_eq!(order["status"], "completed");
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let market = Market::empty();
    let (csv, map) = lines();
    let text = std::fs::read_to_string(&csv).unwrap();
    let other = market.file("windows.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    market.json(&["import", "orders", &csv, "--map", &map, "--enrol-missing"]);
    let again = market.json(&["import", "orders", &other, "--map", &map, "--enrol-missing"]);
    assert_eq!(again["events"], 0);
}

#[test]
fn rows_of_several_kinds_and_currencies_are_read() {
    let market = Market::empty();
    let (csv, map) = (fixture("import/kinds.csv"), fixture("import/kinds-map.toml"));
    let done = market.json(&["import", "orders", &csv, "--map", &map, "--enrol-missing"]);
    assert_eq!(
        (&done["orders"], &done["commands"], &done["refused"]),
        (&2.into(), &8.into(), &json!([]))
    );
    let totals = market.json(&["trial-balance"])["totals"].clone();
    let codes: Vec<_> =
        totals.as_array().unwrap().iter().map(|of| of["currency"].as_str().unwrap()).collect();
    assert_eq!(codes, ["EUR", "USD"]);
    assert_eq!(market.json(&["order", "5001"])["status"], "refund_issued");
}

#[test]
fn a_refund_on_the_row_of_a_line_is_of_that_line() {
    let market = Market::empty();
    let (_, map) = lines();
    let rows = "Order,Ordered at,Shop,Category,Unit price,Quantity,Shipping,Shop coupon,Platform coupon,\
         Received at,Payment no.,Paid with,Total paid,Paid at,Refunded,Refunded at\n\
         1,2026-03-02,1007,tea,10.00,1,,,,2026-03-03,P-1,Card,30.00,,,\n\
         1,2026-03-02,1007,tea,20.00,1,,,,2026-03-03,P-1,Card,30.00,,15.00,2026-03-05\n";
    let csv = market.file("two.csv", rows);
    let done = market.json(&["import", "orders", &csv, "--map", &map, "--enrol-missing"]);
    assert_eq!(done["refused"], json!([]), "15.00 is more than the first line cost");
}

#[test]
fn every_bad_row_is_listed_once_and_counted_once_and_the_rest_waits() {
    let market = Market::empty();
    let (csv, map) = lines();
    let text = std::fs::read_to_string(&csv).unwrap();
    let bad = text.replacen("88.50", "88.505", 1).replacen(
        "2026-03-03 21:05:00,1020,,45.00",
        "noon,1020,,\"45,00\"",
        1,
    );
    let file = market.file("bad.csv", bad);
    let import = ["import", "orders", &file, "--map", &map, "--enrol-missing"];
    let said = market.refuses(&import, 4, "BadRows");
    assert!(said.contains("bad.csv:4:5") && said.contains("(column Unit price)"), "{said}");
    assert!(said.contains("bad.csv:5:2") && said.contains("bad.csv:5:5"), "{said}");
    assert!(said.contains("2 of 4 rows refused, 0 written"), "{said}");
    // The good order alone.
    let skipped = market.json(&[import.as_slice(), &["--skip-bad"]].concat());
    assert_eq!((&skipped["orders"], &skipped["refused"]), (&1.into(), &json!([])));
    // Corrected, the rest follows.
    let whole = market.json(&["import", "orders", &csv, "--map", &map, "--enrol-missing"]);
    assert_eq!((&whole["orders"], &whole["replayed"]), (&3.into(), &4.into()));
}

#[test]
fn a_fact_that_a_rule_refuses_is_told_with_its_row_and_the_others_are_written() {
    let market = Market::empty();
    let (csv, map) = lines();
    let text = std::fs::read_to_string(&csv).unwrap();
    let header = text.lines().next().unwrap();
    let large: String =
        (0..251).map(|_| "#big,2026-03-02,1007,tea,1.00,1,,,,,P-1,Card,251.00,,,\n").collect();
    let good = "#ok,2026-03-02,1007,tea,1.00,1,,,,,P-1,Card,1.00,,,\n";
    let file = market.file("large.csv", format!("{header}\n{large}{good}"));
    let ran = market.souk(&[
        "import",
        "orders",
        &file,
        "--map",
        &map,
        "--enrol-missing",
        "--format",
        "json",
    ]);
    assert_eq!((ran.exit, ran.problem()["title"].as_str()), (1, Some("FactsRefused")));
    let refused = ran.json()["refused"].clone();
    assert_eq!(
        refused.as_array().unwrap().len(),
        1,
        "what is not placed is not paid either: {refused}"
    );
    assert!(refused[0].as_str().unwrap().contains("large.csv:2  an order has at most 250 lines"));
    market.souk(&["order", "ok"]).done();
    assert_eq!(market.souk(&["order", "big"]).exit, 2);
    // An order that changed since it was imported.
    let file =
        market.file("changed.csv", format!("{header}\n{}", good.replace("tea,1.00", "tea,2.00")));
    market.refuses(&["import", "orders", &file, "--map", &map], 1, "FactsRefused");
}

#[test]
fn a_map_that_does_not_fit_is_refused() {
    let market = Market::new();
    let (csv, good) = (
        fixture("import/lines.csv"),
        std::fs::read_to_string(fixture("import/lines-map.toml")).unwrap(),
    );
    for (name, text, place) in [
        ("unknown.toml", good.replace("delimiter =", "delimeter ="), "unknown key `delimeter`"),
        (
            "column.toml",
            good.replace("\"Shop\"", "\"Store\""),
            "column \"Store\" is not in the header",
        ),
        ("missing.toml", good.replace("merchant = \"Shop\"", ""), "merchant is needed"),
        ("broken.toml", "[columns".to_owned(), "broken.toml:1:9"),
    ] {
        let map = market.file(name, text);
        let said = market.refuses(&["import", "orders", &csv, "--map", &map], 4, "BadMapFile");
        assert!(said.contains(place), "{place} is not in {said}");
    }
    let none = market.dir.path().join("none.toml");
    market.refuses(
        &["import", "orders", &csv, "--map", none.to_str().unwrap()],
        4,
        "FileNotReadable",
    );
}
