//! Tariff files: the example is one, and what is wrong is said at its place.

use super::*;

mod deposits;
mod faults;
mod freight;

#[test]
fn the_example_of_this_module_is_a_tariff_file() {
    let doc = include_str!("../tariff_file.rs");
    let example: String = doc
        .lines()
        .skip_while(|line| *line != "//! ```toml")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start()))
        .collect();
    let file = TariffFile::parse("example", &example).unwrap();
    let rules: Vec<String> =
        file.publish.fees[0].rules.iter().map(|of| of.rule.to_string()).collect();
    assert_eq!(rules, ["gold-shoes", "arms", "tea", "tea.green", "default"]);
}
