//! The demonstration's output in `README.md` is what `souk demo` prints; `UPDATE_EXPECT=1` rewrites it.

use std::fs;
use std::path::Path;
use std::process::Command;

const BEGIN: &str = "<!-- demo output: begin -->\n```text\n";
const END: &str = "```\n<!-- demo output: end -->";

#[test]
fn the_readme_shows_what_the_demonstration_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the output begins after its mark");
    let (shown, after) = rest.split_once(END).expect("the output ends before its mark");
    // Where `souk demo` without a directory writes to ./souk-demo, as the reader's does.
    let here = tempfile::tempdir().unwrap();
    let ran =
        Command::new(env!("CARGO_BIN_EXE_souk")).arg("demo").current_dir(here.path()).output();
    let ran = ran.unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "souk demo failed: {said}");
    let printed = String::from_utf8(ran.stdout).unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{printed}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, printed, "UPDATE_EXPECT=1 rewrites it");
}
