#!/bin/sh
# The official Node client against a server: run.sh URL, or run.sh URL ledger EVENTS ORDER_EVENTS for a ledger.
#
# The URL says it all: kurrentdb://127.0.0.1:2113?tls=false, or kurrentdb://user:password@localhost:2113?tlsCAFile=FILE
# for a server with TLS and credentials, which are then checked too. The client is installed below SOUK_CLIENTS, to be
# used again, or else in a directory that is removed.
set -eu

URL=${1:?usage: run.sh URL [ledger EVENTS ORDER_EVENTS], for instance kurrentdb://127.0.0.1:2113?tls=false}
HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -n "${SOUK_CLIENTS:-}" ]; then
    WORK=$SOUK_CLIENTS/node
else
    TEMPORARY=$(mktemp -d)
    trap 'rm -rf "$TEMPORARY"' EXIT
    WORK=$TEMPORARY/node
fi
mkdir -p "$WORK"

# Modules are looked for beside the file that imports them, so the files go where the client is.
if ! cmp -s "$HERE/package-lock.json" "$WORK/installed"; then
    cp "$HERE/package.json" "$HERE/package-lock.json" "$WORK/"
    npm ci --prefix "$WORK" --include=optional --ignore-scripts --no-audit --no-fund --silent
    cp "$HERE/package-lock.json" "$WORK/installed"
fi
rm -f "$WORK"/*.mjs
cp "$HERE"/*.mjs "$WORK/"
shift
node "$WORK/check.mjs" "$URL" "$@"
