//! The tree is tidy: who depends on whom, what pure code may not touch, how long a file is, and that
//! what the documents list is what the code has.
//!
//! Reads files, runs nothing. Each test ends in one list of everything that is wrong, so that a
//! change is put right in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A file may not be longer.
const LONGEST: usize = 800;
/// A longer file is asked whether it is two.
const LONG: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Names of the directories in a directory, in order.
fn directories(of: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(of)).unwrap_or_else(|error| panic!("{of}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A Rust file, its path from the root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Whether it is compiled for tests only.
    fn is_test(&self) -> bool {
        let in_folder = ["tests/", "given/", "examples/"].iter().any(|of| self.path.contains(of));
        let by_name = ["tests.rs", "given.rs"].iter().any(|of| self.path.ends_with(of));
        in_folder || by_name
    }

    /// Lines without comments and without a test module at the end, numbered from 1.
    fn code(&self) -> Vec<(usize, &str)> {
        let text = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        (1..).zip(text.lines().map(without_comment)).collect()
    }
}

/// What stands before `//`, unless that is inside a string.
fn without_comment(line: &str) -> &str {
    let found = line.match_indices("//").find(|(at, _)| literals(&line[..*at]).1);
    found.map_or(line, |(at, _)| &line[..at])
}

/// The string literals of a line, and whether the last one is closed.
fn literals(line: &str) -> (Vec<String>, bool) {
    let plain = line.replace("\\\\", "").replace("\\\"", "").replace("'\"'", "");
    let parts: Vec<&str> = plain.split('"').collect();
    let inside = parts.iter().skip(1).step_by(2).map(|part| (*part).to_owned()).collect();
    (inside, parts.len() % 2 == 1)
}

/// Every Rust file below some directories.
fn sources(below: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = below.iter().map(PathBuf::from).collect();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(root().join(&dir)).unwrap() {
            let path = dir.join(entry.unwrap().file_name());
            if root().join(&path).is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let path = path.to_string_lossy().into_owned();
                found.push(Source { text: read(&path), path });
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {below:?}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn all_sources() -> Vec<Source> {
    sources(&["crates", "projections", "tests"])
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Rows of the Markdown table with this head, as cells.
fn table<'t>(text: &'t str, head: &str) -> Vec<Vec<&'t str>> {
    let rows = text.lines().skip_while(|line| *line != head).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cells = |line: &'t str| line.trim_matches('|').split('|').map(str::trim).collect();
    let rows: Vec<Vec<&str>> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "there is no table {head}");
    rows
}

fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every crate: its manifest's directory by name.
fn crates() -> BTreeMap<String, String> {
    let mut crates = BTreeMap::from([("souk-tests".to_owned(), "tests".to_owned())]);
    for folder in ["crates", "projections"] {
        for name in directories(folder) {
            crates.insert(name.clone(), format!("{folder}/{name}"));
        }
    }
    crates
}

/// The crates of this workspace that a manifest names in a section.
fn depends_on(dir: &str, section: &str) -> BTreeSet<String> {
    let manifest: toml::Table = read(&format!("{dir}/Cargo.toml")).parse().unwrap();
    let known = crates();
    let named = manifest.get(section).and_then(toml::Value::as_table);
    let names = named.into_iter().flat_map(toml::Table::keys);
    names.filter(|name| known.contains_key(*name)).cloned().collect()
}

#[test]
fn who_depends_on_whom_is_what_the_architecture_says() {
    let text = read("ARCHITECTURE.md");
    let mut may: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    for row in table(&text, "| crate | may depend on |") {
        let allowed = quoted(row[1]).into_iter().map(str::to_owned).collect();
        let allowed = (row[1] != "anything").then_some(allowed);
        for name in quoted(row[0]) {
            match name.strip_suffix("/*") {
                Some(folder) => {
                    for name in directories(folder) {
                        may.insert(name, allowed.clone());
                    }
                }
                None => {
                    may.insert(name.to_owned(), allowed.clone());
                }
            }
        }
    }
    let mut wrong = Vec::new();
    for (name, dir) in crates() {
        let Some(allowed) = may.remove(&name) else {
            wrong.push(format!("{name} has no row in the table of ARCHITECTURE.md"));
            continue;
        };
        let Some(allowed) = allowed else { continue };
        let has = depends_on(&dir, "dependencies");
        for edge in has.difference(&allowed) {
            wrong.push(format!("{dir}/Cargo.toml: {name} may not depend on {edge}"));
        }
        for edge in allowed.difference(&has) {
            wrong.push(format!("ARCHITECTURE.md: {name} does not depend on {edge} any more"));
        }
    }
    wrong.extend(may.keys().map(|name| format!("ARCHITECTURE.md: there is no crate {name}")));
    nothing(&wrong);
}

#[test]
fn a_projection_depends_on_the_journal_only_even_in_its_tests() {
    let journal = BTreeSet::from(["souk-journal".to_owned()]);
    for name in directories("projections") {
        let dir = format!("projections/{name}");
        assert_eq!(depends_on(&dir, "dependencies"), journal, "{name}");
        assert!(depends_on(&dir, "dev-dependencies").is_subset(&journal), "{name}");
    }
}

#[test]
fn pure_crates_have_no_floats_no_clock_no_files_and_wait_for_nothing() {
    const WORDS: &[&str] = &[
        "f32",
        "f64",
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "Zoned::now",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "new_v4",
        "async",
        "await",
    ];
    let mut wrong = Vec::new();
    for source in sources(&["crates/souk-journal/src", "crates/souk-domain/src", "projections"]) {
        if source.is_test() {
            continue;
        }
        // The order of these maps is random; the journal's tables of names are looked up only.
        let maps: &[&str] = if source.path.ends_with("souk-journal/src/names.rs") {
            &[]
        } else {
            &["HashMap", "HashSet"]
        };
        for (number, line) in source.code() {
            let found = WORDS.iter().chain(maps).find(|word| has_word(line, word));
            wrong.extend(found.map(|word| format!("{}:{number}: {word}", source.path)));
        }
    }
    nothing(&wrong);
}

/// Whether a word stands in a line by itself.
fn has_word(line: &str, word: &str) -> bool {
    let part = |of: char| of.is_alphanumeric() || of == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    let mut wrong = Vec::new();
    for source in all_sources() {
        let lines = source.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{} has {lines} lines, at most {LONGEST} are allowed", source.path));
        } else if lines > LONG {
            println!("{} has {lines} lines: is it one thing?", source.path);
        }
    }
    nothing(&wrong);
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let silent = all_sources().into_iter().filter(|of| !of.text.starts_with("//! "));
    nothing(&silent.map(|of| format!("{} does not begin with //!", of.path)).collect::<Vec<_>>());
}

#[test]
fn lints_are_expected_with_a_reason_and_open_work_says_why() {
    let (allow, marks) = (concat!("[", "allow("), [concat!("TO", "DO"), concat!("FIX", "ME")]);
    let mut wrong = Vec::new();
    for source in all_sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            if line.contains(allow) {
                wrong.push(format!(
                    "{}:{number}: #[expect(…, reason = \"…\")] instead",
                    source.path
                ));
            }
            for mark in marks.iter().filter(|mark| has_word(line, mark)) {
                let reason = line.split_once(&format!("{mark}: ")).map_or("", |(_, reason)| reason);
                if reason.split_whitespace().count() < 3 {
                    wrong.push(format!("{}:{number}: {mark} without a reason", source.path));
                }
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn every_projection_has_a_front_page_and_stands_in_the_books() {
    let models = read("crates/souk-books/src/models.rs");
    let mut wrong = Vec::new();
    for name in directories("projections") {
        let page = read(&format!("projections/{name}/src/lib.rs"));
        let mut lines = page.lines().filter_map(|line| line.strip_prefix("//! "));
        if !lines.next().is_some_and(|title| title.ends_with('.')) {
            wrong.push(format!("{name}: the first line is its name and a full stop"));
        }
        for wanted in ["Reader: ", "Question: ", "Folds: ", "Control total: "] {
            if !lines.next().is_some_and(|line| line.starts_with(wanted)) {
                wrong.push(format!("{name}: the front page lacks `{wanted}…` in its place"));
            }
        }
        let module = name.replace('-', "_");
        let Some(import) = models.lines().find(|line| line.starts_with(&format!("use {module}::")))
        else {
            wrong.push(format!("{name} is not in crates/souk-books/src/models.rs"));
            continue;
        };
        let kind = import.trim_end_matches(';').rsplit("::").next().unwrap_or_default();
        let field = models.lines().find(|line| line.ends_with(&format!(": {kind},")));
        let field = field.and_then(|line| line.trim().strip_prefix("pub "));
        let field = field.and_then(|line| line.split(':').next()).unwrap_or_default();
        for list in [format!("&self.{field}"), format!("&mut self.{field}")] {
            if !has_word(&models, &list) {
                wrong.push(format!("{name}: models.rs does not feed {list}"));
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn the_changelog_has_versions_with_kinds_of_changes() {
    const KINDS: &[&str] = &["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let text = read("CHANGELOG.md");
    assert_eq!(text.lines().next(), Some("# Changelog"));
    let workspace: toml::Table = read("Cargo.toml").parse().unwrap();
    let current = workspace["workspace"]["package"]["version"].as_str().unwrap();
    let mut versions = Vec::new();
    let mut kind = None;
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut fail = |what: &str| wrong.push(format!("CHANGELOG.md:{number}: {what}"));
        if let Some(head) = line.strip_prefix("## ") {
            let (version, date) = head.split_once(" - ").unwrap_or_default();
            let dated = date == "unreleased"
                || (date.len() == 10 && date.bytes().all(|of| of.is_ascii_digit() || of == b'-'));
            if !(version.starts_with('[') && version.ends_with(']') && dated) {
                fail("a version is `## [1.2.3] - 2026-03-31` or `… - unreleased`");
            }
            versions.push(version.trim_matches(['[', ']']).to_owned());
            kind = None;
        } else if let Some(head) = line.strip_prefix("### ") {
            if !KINDS.contains(&head) {
                fail("not a kind of change");
            }
            kind = Some(head);
        } else if line.starts_with("- ") && kind.is_none() {
            fail("a change stands under a version and a kind");
        }
    }
    assert_eq!(versions.first().map(String::as_str), Some(current), "the first is the current one");
    nothing(&wrong);
}

/// Whether a text has the form of a code: `RefundExceedsLeft`.
fn is_code(text: &str) -> bool {
    text.starts_with(|of: char| of.is_ascii_uppercase())
        && text.bytes().all(|of| of.is_ascii_alphanumeric())
        && text.bytes().any(|of| of.is_ascii_lowercase())
}

/// The same with a second capital, which tells a code from a word.
fn is_two_words(text: &str) -> bool {
    is_code(text) && (text == "Bug" || text.bytes().filter(u8::is_ascii_uppercase).count() > 1)
}

/// The codes that a source can give: those of refusals, those of `fn code`, and in the binary every
/// text of that form.
fn codes(source: &Source) -> BTreeSet<String> {
    let binary = source.path.starts_with("crates/souk/src");
    let (mut codes, mut listed, mut in_code) = (BTreeSet::new(), false, false);
    for (_, line) in source.code() {
        let begins = line.starts_with("refusal_codes!(");
        if listed || begins {
            let names = line.rsplit('{').next().unwrap_or_default();
            let names = names.split([',', ' ', '}', ')', ';']);
            codes.extend(names.filter(|name| is_code(name)).map(str::to_owned));
            listed = !line.contains('}');
        }
        in_code = line != "    }" && (in_code || line.contains("fn code("));
        let wanted =
            |text: &String| if in_code { is_code(text) } else { binary && is_two_words(text) };
        codes.extend(literals(line).0.into_iter().filter(wanted));
    }
    codes
}

#[test]
fn every_code_stands_in_the_list_of_errors_and_nothing_else_does() {
    let given: BTreeSet<String> =
        sources(&["crates"]).iter().filter(|of| !of.is_test()).flat_map(codes).collect();
    let text = read("ERRORS.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let listed: Vec<&str> = rows.filter_map(|row| quoted(row).into_iter().next()).collect();
    let once: BTreeSet<String> = listed.iter().map(|code| (*code).to_owned()).collect();
    let mut wrong = Vec::new();
    wrong.extend(given.difference(&once).map(|code| format!("ERRORS.md lacks {code}")));
    wrong.extend(once.difference(&given).map(|code| format!("nothing gives {code} of ERRORS.md")));
    nothing(&wrong);
    assert_eq!(listed.len(), once.len(), "a code stands twice in ERRORS.md");
    assert!(given.len() > 80, "only {} codes were found", given.len());
}

#[test]
fn every_verb_stands_in_the_grouped_help_and_nothing_else_does() {
    let cli = read("crates/souk/src/cli.rs");
    let between = |from: &str, to: &str| -> String {
        let rest = cli.split_once(from).unwrap_or_else(|| panic!("cli.rs has no {from}")).1;
        rest.split_once(to).unwrap_or_else(|| panic!("cli.rs has no {to}")).0.to_owned()
    };
    let verbs = between("enum Verb {\n", "\n}");
    let variants = verbs.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|of: char| of.is_ascii_uppercase()));
    let verbs: BTreeSet<String> = variants.map(kebab).collect();
    let help = between("const HELP: &str", "{options}");
    let grouped = help.lines().filter(|line| line.contains("  ") && !line.contains('{'));
    let first = |line: &str| {
        let mut words = line.split_whitespace();
        let group = !line.starts_with(' ');
        words.nth(usize::from(group)).map(str::to_owned)
    };
    assert_eq!(grouped.filter_map(first).collect::<BTreeSet<String>>(), verbs);
}

/// `TrialBalance,` as on the command line: `trial-balance`.
fn kebab(variant: &str) -> String {
    let name = variant.split(|of: char| !of.is_alphanumeric()).next().unwrap_or_default();
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[test]
fn every_crate_is_on_the_map_and_every_file_that_documents_name_is_there() {
    let architecture = read("ARCHITECTURE.md");
    let mut wrong = Vec::new();
    for (name, _) in crates() {
        if !quoted(&architecture).contains(&name.as_str()) {
            wrong.push(format!("ARCHITECTURE.md does not speak of `{name}`"));
        }
    }
    for document in ["README.md", "ARCHITECTURE.md", "ERRORS.md", "CHANGELOG.md"] {
        let text = read(document);
        for path in quoted(&text) {
            let ours = ["crates/", "projections/", "fixtures/", "tests/"];
            let exact = !path.contains(['<', '*', '…', '{', ' ']);
            if exact && ours.iter().any(|of| path.starts_with(of)) && !root().join(path).exists() {
                wrong.push(format!("{document} names {path}, which is not there"));
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn a_crates_own_clippy_settings_repeat_the_shared_ones() {
    let bans = |path: &str| -> BTreeSet<String> {
        let settings: toml::Table = read(path).parse().unwrap();
        let lists = ["disallowed-methods", "disallowed-types"];
        let lists = lists.iter().filter_map(|of| settings.get(*of)?.as_array());
        lists.flatten().map(|ban| format!("{ban:?}")).collect()
    };
    for path in ["crates/souk-journal/clippy.toml", "crates/souk-domain/clippy.toml"] {
        let missing: Vec<String> = bans("clippy.toml").difference(&bans(path)).cloned().collect();
        assert!(missing.is_empty(), "{path} lacks {missing:?}");
    }
}
