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
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
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
