//! Every scenario of `fixtures/scenarios` shows what it says; `UPDATE_EXPECT=1` rewrites what they
//! expect.

use std::path::PathBuf;

use souk_tests::scenario::document::Document;
use souk_tests::scenario::runner::{compare, run};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scenarios")
}

#[test]
fn every_scenario_shows_what_it_says() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md")
    });
    paths.sort();
    let mut faults = Vec::new();
    for path in &paths {
        let file = format!("fixtures/scenarios/{}", path.file_name().unwrap().display());
        let text = std::fs::read_to_string(path).unwrap();
        let result = Document::parse(&file, &text).and_then(|document| {
            let shown = run(&document)?;
            if update {
                std::fs::write(path, document.with(&shown)).map_err(|error| error.to_string())
            } else {
                compare(&document, &shown)
            }
        });
        faults.extend(result.err());
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(paths.len() >= 20, "only {} scenarios in {}", paths.len(), directory().display());
}

/// What a scenario of these lines says when it is run.
fn fault(lines: &str) -> String {
    let text = format!("# A title\n\n{lines}");
    let document = match Document::parse("of.md", &text) {
        Ok(document) => document,
        Err(fault) => return fault,
    };
    match run(&document).and_then(|shown| compare(&document, &shown)) {
        Ok(()) => String::new(),
        Err(fault) => fault,
    }
}

const SETUP: &str = "```setup\ntariff standard from=2026-01-01 commission=5%\nmerchant M1 weekly tariff=standard\n```\n";

#[test]
fn what_cannot_be_read_is_named_by_file_and_line() {
    for (lines, expected) in [
        ("```command\n```\n", "of.md:3: there is no block \"command\""),
        ("```commands\nplace O1\n", "of.md:3: this block is not closed"),
        ("```commands\n\nplase O1\n```\n", "of.md:5: there is no command \"plase\""),
        ("```commands\npay O1 card\n```\n", "of.md:4: the amount is missing"),
        ("```commands\npay O1 card 1.00 now\n```\n", "of.md:4: \"now\" is one word too many"),
        ("```commands\n2026-03-01 25:00 wait\n```\n", "of.md:4: 2026-03-01 25:00 is not a date"),
        ("```commands\nchannel-fee O1 P1 5\n```\n", "of.md:4: \"5\" is not a percentage"),
        ("```commands\nagain\n```\n", "of.md:4: there is no line before to repeat"),
    ] {
        let fault = fault(lines);
        assert!(fault.starts_with(expected), "{fault}");
    }
    assert!(Document::parse("of.md", "no title").is_err());
}

#[test]
fn a_refusal_that_nobody_expected_fails_and_so_does_one_that_does_not_come() {
    for (lines, expected) in [
        ("place O1 tea=M9:1.00", "of.md:8: UnknownMerchant: merchant M9 is not enrolled"),
        (
            "place O1 tea=M1:1.00 -> UnknownMerchant",
            "of.md:8: UnknownMerchant was expected, but it was carried out",
        ),
        (
            "place O1 tea=M9:1.00 -> UnknownCurrency",
            "of.md:8: UnknownCurrency was expected, but it is UnknownMerchant",
        ),
    ] {
        let fault = fault(&format!("{SETUP}```commands\n{lines}\n```\n"));
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn a_figure_that_is_not_what_the_scenario_says_fails() {
    let lines =
        "```commands\nplace O1 tea=M1:1.00\n```\n```journal\n2026-01-02 order-placed\n```\n";
    let fault = fault(&format!("{SETUP}{lines}"));
    let expected =
        "of.md:11:\n  expected 2026-01-02 order-placed\n  shown    2026-01-01 order-placed";
    assert!(fault.starts_with(expected), "{fault}");
}

#[test]
fn a_set_up_posts_nothing() {
    let lines = "```setup\nplace O1 tea=M1:1.00\npay O1 card 1.00\n```\n";
    let fault = fault(&format!("{SETUP}{lines}"));
    assert!(fault.starts_with("of.md:7: a set-up posts nothing"), "{fault}");
}

#[test]
fn rewriting_touches_expected_blocks_alone() {
    let text = "# A title\n\nprose\n\n```commands\nwait # here\n```\n```journal\nold\n```\nmore\n";
    let document = Document::parse("of.md", text).unwrap();
    let rewritten = document.with(&[None, Some(vec!["new".to_owned()])]);
    assert_eq!(rewritten, text.replace("old", "new"));
}
