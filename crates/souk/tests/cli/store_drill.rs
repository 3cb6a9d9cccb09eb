//! `souk store drill`: what was acknowledged is found again, and what does not hold is named.

use std::fs;
use std::path::Path;

use crate::common::{Ran, fixture, souk};

struct Drill {
    dir: tempfile::TempDir,
}

impl Drill {
    fn new() -> Drill {
        Drill { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes, in segments so small that there are several.
    fn write(&self, flags: &[&str]) -> Ran {
        let data = self.path("store");
        let drill = ["store", "drill", "write", "--data", &data, "--segment-bytes", "20000"];
        souk(&[&drill, flags].concat())
    }

    fn check(&self, acks: &str, flags: &[&str]) -> Ran {
        let (data, file) = (self.path("store"), self.path("acks"));
        fs::write(&file, acks).unwrap();
        souk(&[&["store", "drill", "check", "--data", &data, "--acks", &file], flags].concat())
    }

    /// The last segment.
    fn last_segment(&self) -> String {
        let log = fs::read_dir(self.path("store/log")).unwrap();
        let paths = log.map(|file| file.unwrap().path().to_str().unwrap().to_owned());
        paths.max().unwrap()
    }
}

#[test]
fn what_was_acknowledged_is_there_also_when_the_drill_goes_on() {
    let drill = Drill::new();
    let first = drill.write(&["--appends", "60", "--seed", "7"]).done();
    assert!(first.err.contains("60 appends acknowledged; then: souk store drill check"));
    let second = drill.write(&["--appends", "40", "--writers", "1"]).done();
    // A line that the fault cut counts for nothing.
    let acks = format!("{}{}order-00", first.out, second.out);
    assert_eq!(acks.lines().count(), 101);
    for flags in [&["--format", "json", "--read-only"][..], &["--format", "json"]] {
        let of = drill.check(&acks, flags).done().json();
        assert_eq!(
            (&of["seed"], &of["acknowledged"], &of["appends"]),
            (&7.into(), &100.into(), &100.into())
        );
        assert!(of["entries"].as_u64() > Some(100) && of["segments"].as_u64() > Some(2), "{of}");
        assert_eq!(of["truncated_bytes"], 0);
    }
    let said = drill.check(&acks, &[]).done().out;
    assert!(said.starts_with("100 appends acknowledged, all there ✓\n"), "{said}");
}

#[test]
fn an_acknowledgement_that_does_not_hold_is_named() {
    let drill = Drill::new();
    let acks = drill.write(&["--appends", "30", "--writers", "2"]).done().out;
    let first = acks.lines().next().unwrap();
    let stream = first.split(' ').next().unwrap();
    let invented = format!("{acks}{stream} revisions 9..9 entries 7..7\n");
    let moved = acks.replace(" entries 0..", " entries 1..");
    let twice = format!("{acks}{first}\n");
    for (acks, what) in [
        (invented, "was acknowledged and is not in the log"),
        (moved, "was acknowledged and stands elsewhere in the log"),
        (twice, "was acknowledged twice"),
    ] {
        let ran = drill.check(&acks, &[]);
        assert_eq!(ran.exit, 3, "{}", ran.err);
        assert!(
            ran.err.contains(what) && ran.err.contains("[DrillDiffers, exit 3]"),
            "{}",
            ran.err
        );
        drill.check(&acks, &["--exit-zero"]).done();
    }
    let ran = drill.check("order-1 revision 0\n", &[]);
    assert!(ran.err.contains("acks, line 1: ") && ran.err.contains("[BadAcks, exit 4]"));
}

#[test]
fn a_store_that_lost_what_was_acknowledged_does_not_pass() {
    let drill = Drill::new();
    let acks = drill.write(&["--appends", "30"]).done().out;
    let segment = drill.last_segment();
    let bytes = fs::read(&segment).unwrap();
    fs::write(&segment, &bytes[..bytes.len() - 1]).unwrap();
    let ran = drill.check(&acks, &["--read-only"]);
    assert!(ran.exit == 6 && ran.err.contains(&segment), "{}", ran.err);
}

#[test]
fn invented_events_go_into_no_other_store() {
    let drill = Drill::new();
    let ledger = drill.path("store");
    souk(&["init", "--data", &ledger, "--tariff", &fixture("tariffs/standard.toml")]).done();
    let before = crate::common::files(Path::new(&ledger));
    for ran in [drill.write(&[]), drill.check("", &[]), drill.check("", &["--read-only"])] {
        assert!(ran.exit == 1 && ran.err.contains("[NotADrill, exit 1]"), "{}", ran.err);
    }
    assert_eq!(before, crate::common::files(Path::new(&ledger)));
    assert_eq!(souk(&["store", "drill", "write"]).exit, 2);

    let other = Drill::new();
    other.write(&["--appends", "1", "--seed", "1"]).done();
    assert!(other.write(&["--seed", "2"]).err.contains("[InvalidValue, exit 2]"));
}
