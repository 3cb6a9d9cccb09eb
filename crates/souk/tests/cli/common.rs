//! Running the binary, and what is compared before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr as _;

use rust_decimal::Decimal;
use serde_json::Value;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Exit 0, or the test ends here.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.exit, 0, "{}\n{}", self.out, self.err);
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// Standard output as one JSON document per line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The problem on standard error: its last line, as JSON.
    #[track_caller]
    pub(crate) fn problem(&self) -> Value {
        let line = self.err.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.err))
    }
}

/// The binary, in a world without preferences.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_souk"));
    command.args(args).stdin(Stdio::null());
    for name in ["SOUK_LANG", "LANG", "LC_ALL", "SOUK_OLIST_DIR"] {
        command.env_remove(name);
    }
    command
}

/// Runs the binary.
pub(crate) fn souk(args: &[&str]) -> Ran {
    souk_reads(args, "")
}

/// Runs the binary with a text on standard input.
pub(crate) fn souk_reads(args: &[&str], text: impl AsRef<[u8]>) -> Ran {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses its flags does not read.
    let _ = child.stdin.take().unwrap().write_all(text.as_ref());
    let ran = child.wait_with_output().unwrap();
    Ran {
        exit: ran.status.code().expect("it was not killed"),
        out: String::from_utf8(ran.stdout).unwrap(),
        err: String::from_utf8(ran.stderr).unwrap(),
    }
}

/// Every file under a directory, by its path, with its bytes.
pub(crate) fn files(of: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![of.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(of).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Copies a directory.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A file of the repository's fixtures.
pub(crate) fn fixture(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    root.join(path).to_str().unwrap().to_owned()
}

/// The object has these fields and, perhaps, some of the others.
#[track_caller]
pub(crate) fn has(of: &Value, wanted: &str, perhaps: &str) {
    let names =
        |text: &str| -> BTreeSet<String> { text.split_whitespace().map(str::to_owned).collect() };
    let found: BTreeSet<String> = of.as_object().expect("an object").keys().cloned().collect();
    let (wanted, perhaps) = (names(wanted), names(perhaps));
    let missing: Vec<_> = wanted.difference(&found).collect();
    let beyond: Vec<_> =
        found.difference(&wanted).filter(|name| !perhaps.contains(*name)).collect();
    assert!(
        missing.is_empty() && beyond.is_empty(),
        "missing {missing:?}, beyond {beyond:?}: {of}"
    );
}

#[track_caller]
pub(crate) fn list(of: &Value) -> &[Value] {
    of.as_array().unwrap_or_else(|| panic!("{of} is not a list"))
}

/// A decimal string: digits, a dot, an ASCII minus, nothing else.
#[track_caller]
pub(crate) fn amount(of: &Value) -> Decimal {
    let text = of.as_str().unwrap_or_else(|| panic!("{of} is not a string"));
    assert!(text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte)), "{text}");
    Decimal::from_str(text).unwrap()
}
