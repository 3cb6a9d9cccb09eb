"""The Python client against a server: check.py URL [plain], or check.py URL ledger EVENTS ORDER_EVENTS."""

import sys

from connections import check_connections
from follows import check_following
from harness import Steps, Target
from kurrentdbclient import KurrentDBClient
from ledger import check_ledger
from reads import check_reads
from writes import check_writes


def main() -> int:
    url, mode, *counts = sys.argv[1:] + ["", "plain"][len(sys.argv) - 1 :]
    if not url or mode not in ("plain", "ledger") or len(counts) != (2 if mode == "ledger" else 0):
        print("usage: check.py URL [plain | ledger EVENTS ORDER_EVENTS]", file=sys.stderr)
        return 2
    target = Target(url)
    steps = Steps()
    with KurrentDBClient(url) as client:
        # Without an answer at all, every other step would wait for one.
        if not steps.step("the server answers", lambda: f"{len(client.read_gossip())} member"):
            return steps.finish()
        if mode == "ledger":
            check_ledger(steps, client, *map(int, counts))
        else:
            check_writes(steps, client, target)
            check_reads(steps, client, target)
            check_following(steps, client, target)
    check_connections(steps, target, mode)
    return steps.finish()


if __name__ == "__main__":
    sys.exit(main())
