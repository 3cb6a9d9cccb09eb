//! Revenue drawn: in the terminal, and into a file that other programs read.

use crate::common::souk;
use crate::demo::demonstration;

fn revenue(args: &[&str]) -> String {
    souk(&[&["revenue", "--data", demonstration()], args].concat()).done().out
}

#[test]
fn bars_in_the_terminal_stand_beside_the_figures_of_the_table() {
    let drawn = revenue(&["--chart", "--currency", "CNY"]);
    let table = revenue(&["--format", "json", "--currency", "CNY"]);
    let table: serde_json::Value = serde_json::from_str(&table).unwrap();
    let rows = table["rows"].as_array().unwrap();
    // A head, and a bar for each row.
    assert_eq!(drawn.lines().count(), 1 + rows.len());
    for (bar, row) in drawn.lines().skip(1).zip(rows) {
        assert!(bar.contains(row["line"].as_str().unwrap()), "{bar}");
        let digits: String = row["net"].as_str().unwrap().replace('-', "");
        assert!(bar.replace([',', '−'], "").contains(&digits), "{bar} is not of {digits}");
    }
    let longest = drawn.lines().map(|line| line.matches('█').count()).max();
    assert_eq!(longest, Some(40));
}

#[test]
fn a_file_has_a_rectangle_for_every_month_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("revenue.svg");
    revenue(&["--svg", path.to_str().unwrap()]);
    let svg = std::fs::read_to_string(&path).unwrap();
    let table: serde_json::Value = serde_json::from_str(&revenue(&["--format", "json"])).unwrap();
    let rows = table["rows"].as_array().unwrap();
    let shown = rows.iter().filter(|row| row["net"] != "0.00").count();
    assert_eq!(svg.matches("<title>2").count(), shown);
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
    // Nothing in a drawing is a float, and no part of one has a negative height.
    assert!(!svg.contains("height=\"-") && !svg.contains("NaN"));
}

#[test]
fn categories_part_a_line_and_say_where_there_is_none() {
    let table = revenue(&["--by", "line,category", "--format", "csv"]);
    let head = table.lines().next().unwrap();
    assert!(head.starts_with("month,line,category,currency,"), "{head}");
    assert!(table.contains(",Commission,"));
    assert!(table.lines().skip(1).all(|line| !line.split(',').nth(2).unwrap().is_empty()));
}
