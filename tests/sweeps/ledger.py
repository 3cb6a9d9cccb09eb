"""A ledger killed while it imports and while it closes: run again, it ends where an undisturbed one does."""

import json
import os

from harness import Violation, run, under_strace

ANSWERS = [["balances"], ["trial-balance"], ["revenue"]]
"""Questions whose answers must be those of the undisturbed ledger."""

IMPORT_CALLS = {"fdatasync": 5, "pwrite64": 8, "fsync": 8, "write": 14, "open": 36, "rename": 6, "unlink": 2}
CLOSE_CALLS = {"fdatasync": 8, "pwrite64": 16, "write": 20, "rename": 12, "open": 24, "ftruncate": 2}
"""Calls killed at, and how far they are counted: about as many as a thread makes."""


class Ledger:
    """A ledger's directory and the commands of the README."""

    def __init__(self, settings, home):
        self.souk, self.data = settings.souk, os.path.join(home, "ledger")
        self.trace = os.path.join(home, "trace")
        fixtures = os.path.join(settings.repository, "fixtures")
        self.orders = os.path.join(fixtures, "olist-mini")
        self.tariff = os.path.join(fixtures, "tariffs", "olist.toml")

    def command(self, *words):
        """A command on this ledger, answering in JSON."""
        return [self.souk, *words, "--data", self.data, "--format", "json"]

    def importing(self):
        """The import of the small data set."""
        return self.command("import", "olist", self.orders, "--tariff", self.tariff)

    def closing(self):
        """The close of its months."""
        return self.command("close", "--through", "2019-03-31")

    def killed_then_again(self, argv, calls, draw):
        """A command killed at a call, then run again to its end; says whether the kill hit."""
        name = draw.choice(list(calls))
        count = draw.randint(1, calls[name])
        _, hit = under_strace(argv, name, f"signal=SIGKILL:when={count}", self.trace)
        again = run(argv)
        # The kill may have come when all was closed and only derived files were missing.
        if again.code != 0 and "CycleAlreadyClosed" not in again.err:
            raise Violation(f"killed at call {count} of {name}, the command does not work again\n{again}")
        return hit

    def answers(self):
        """What it says now: events, and the figures by question."""
        replay = run(self.command("replay")).must(0).json()
        if replay["mismatches"] or not replay["balanced"] or replay["events"] != replay["entries"]:
            raise Violation(f"the replay is not clean: {json.dumps(replay)}")
        figures = {words[0]: run(self.command(*words)).must(0).json() for words in ANSWERS}
        return {"events": replay["events"], "cycles": replay["cycles_checked"], **figures}


def undisturbed(settings):
    """The answers of a ledger that nothing happened to."""
    home = os.path.join(settings.home, "undisturbed")
    os.makedirs(home)
    ledger = Ledger(settings, home)
    run(ledger.importing()).must(0)
    run(ledger.closing()).must(0)
    return ledger.answers()


def killed(settings, home, draw, tally, number):
    """Kills the import, the close or both; after running them again nothing is missing and nothing is there twice."""
    ledger = Ledger(settings, home)
    hit = False
    if number % 3 != 1:
        hit |= ledger.killed_then_again(ledger.importing(), IMPORT_CALLS, draw)
    else:
        run(ledger.importing()).must(0)
    if number % 3 != 0:
        hit |= ledger.killed_then_again(ledger.closing(), CLOSE_CALLS, draw)
    else:
        run(ledger.closing()).must(0)
    once_more = run(ledger.importing()).must(0).json()
    if once_more["events"] != 0:
        raise Violation(f"importing again added {once_more['events']} events")
    answers = ledger.answers()
    for name, wanted in settings.undisturbed.items():
        if answers[name] != wanted:
            raise Violation(f"{name} differ from the undisturbed ledger:\n{answers[name]}\n{wanted}")
    tally.add("ledger: killed, run again", 1, int(hit))
