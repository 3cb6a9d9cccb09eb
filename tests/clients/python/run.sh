#!/bin/sh
# The Python client against a server: run.sh URL, or run.sh URL ledger EVENTS ORDER_EVENTS for a ledger.
#
# The URL says it all: kurrentdb://127.0.0.1:2113?tls=false, or kurrentdb://user:password@localhost:2113?tlsCAFile=FILE
# for a server with TLS and credentials, which are then checked too. The client is installed below SOUK_CLIENTS, to be
# used again, or else in a directory that is removed.
set -eu

URL=${1:?usage: run.sh URL [ledger EVENTS ORDER_EVENTS], for instance kurrentdb://127.0.0.1:2113?tls=false}
HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -n "${SOUK_CLIENTS:-}" ]; then
    WORK=$SOUK_CLIENTS/python
else
    TEMPORARY=$(mktemp -d)
    trap 'rm -rf "$TEMPORARY"' EXIT
    WORK=$TEMPORARY/python
fi
mkdir -p "$WORK"

if ! cmp -s "$HERE/requirements.txt" "$WORK/installed"; then
    python3 -m venv --clear "$WORK/venv"
    "$WORK/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$HERE/requirements.txt"
    cp "$HERE/requirements.txt" "$WORK/installed"
fi
shift
# gRPC would log the handshake that a step makes fail.
export GRPC_VERBOSITY=NONE
PYTHONDONTWRITEBYTECODE=1 "$WORK/venv/bin/python" "$HERE/check.py" "$URL" "$@"
