#!/bin/sh
# The official Rust client's own stream tests, run whole against a server: run.sh kurrentdb://127.0.0.1:2113?tls=false
#
# The tests are in the crate as it is published. They are taken from there each time and nothing of them is kept.
set -eu

VERSION=1.2.0
URL=${1:?usage: run.sh URL, for instance kurrentdb://127.0.0.1:2113?tls=false}
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/../../.." && pwd)
WORK=${CARGO_TARGET_DIR:-$ROOT/target}/clients/rust
mkdir -p "$WORK"
WORK=$(CDPATH='' cd -- "$WORK" && pwd)
export CARGO_TARGET_DIR="$WORK/target"

rm -rf "$WORK/src" "$WORK/Cargo.toml"
mkdir "$WORK/src"
cat > "$WORK/Cargo.toml" <<TOML
[package]
name = "client-tests"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
chrono = { version = "0.4", default-features = false, features = ["clock", "std"] }
eyre = "0.6"
futures = "0.3"
kurrentdb = "=$VERSION"
serde_json = "1"
tokio = { version = "1", features = ["rt-multi-thread", "time"] }
tracing = "0.1"
tracing-subscriber = { version = "0.3", default-features = false, features = ["fmt", "std"] }
uuid = { version = "1", features = ["v4"] }
TOML
# The versions that the workspace was built with, so that most of it is downloaded already.
cp "$ROOT/Cargo.lock" "$WORK/Cargo.lock"
echo 'fn main() {}' > "$WORK/src/main.rs"
cd "$WORK"
cargo fetch

MANIFEST=$(cargo metadata --format-version 1 |
    tr ',' '\n' | sed -n "s|^.*\"manifest_path\":\"\(.*/kurrentdb-$VERSION/Cargo.toml\)\".*$|\1|p" | head -n 1)
TESTS=$(dirname -- "$MANIFEST")/tests
for file in api/streams.rs common.rs; do
    if ! [ -f "$TESTS/$file" ]; then
        echo "run.sh: the published crate kurrentdb $VERSION has no tests/$file" >&2
        exit 1
    fi
done
cp "$TESTS/api/streams.rs" src/streams.rs
cp "$TESTS/common.rs" src/common.rs
cat > src/main.rs <<'RUST'
mod common;
mod streams;

fn main() -> eyre::Result<()> {
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).init();
    let url = std::env::args().nth(1).ok_or_else(|| eyre::eyre!("no URL"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async { streams::tests(kurrentdb::Client::new(url.parse()?)?).await })?;
    println!("all of the client's stream tests pass against {url}");
    Ok(())
}
RUST
# What the tests log says which of them was running: shown if one fails.
cargo build --quiet
if "$CARGO_TARGET_DIR/debug/client-tests" "$URL" > "$WORK/log" 2>&1; then
    tail -n 1 "$WORK/log"
else
    grep -v ' h2::\| hyper' "$WORK/log" | tail -n 40 >&2
    exit 1
fi
