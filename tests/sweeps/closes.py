#!/usr/bin/env python3
"""Close sweep: the process that closes cycles is killed at every step, and run again.

    cargo build --release -p souk
    python3 tests/sweeps/closes.py --souk target/release/souk [--most 40] [--many 2100] [--long]

A ledger is prepared once: several cycles of several merchants in two currencies are due, with reserves, a deposit that a
close takes from, a debt, holds, a merchant whose account ends, and one that is paid nothing. The close that nobody kills
says what must come out. Then, for each kind of system call, it is killed with SIGKILL when it makes its k-th, for
k = 1, 2, … until it is not killed any more, and run again; now and then the run that goes on is killed as well. Always:
every cycle is closed exactly once, with the figures and the digest of the unkilled close; every account has the same
balance; everything recomputes; nothing of the close is left beside the log. The same with so many merchants that a run
closes them in several batches. --long meets every call of every kind, and kills the run that goes on each time. Needs
strace.
"""

import argparse
import csv
import io
import json
import os
import shutil
import sys
import tempfile

from harness import Violation, can_trace, run, table, under_strace

STEPS = ("pwrite64", "fdatasync", "fsync", "rename", "unlink", "ftruncate")
"""Calls at which a step begins or becomes durable."""

BETWEEN = ("write", "open", "pread64")
"""Calls that find the places between."""

STRIDES = {"write": 2, "open": 7, "pread64": 25}
"""Of calls that are many and mostly nobody's step, every so many-th is met."""

THROUGH = "2026-03-29"
ZONE = "+08:00"


class Sweep:
    """One prepared ledger, and copies of it under kills."""

    def __init__(self, souk, home, merchants):
        self.souk, self.home, self.merchants = souk, home, merchants
        self.base = os.path.join(home, "base")
        self.trace = os.path.join(home, "trace")
        self.expected = None
        self.second = 0

    def souk_in(self, data, *words):
        """A command line on a directory."""
        return [self.souk, *words, "--data", data]

    def lines(self):
        """What happened before the close."""
        lines = []

        def line(command, at, body):
            data = json.dumps({"command": command, "key": f"{command} {len(lines)}", "at": at + ZONE, "data": body})
            lines.append(data)

        for number in range(self.merchants):
            merchant = f"M{number}"
            line("enrol-merchant", "2026-03-01T09:00:00", {"merchant": merchant})
            terms = {"merchant": merchant, "effective_on": "2026-01-05", "cycle": "weekly", "time_zone": "Asia/Shanghai",
                     "hold_days": 0, "tariff": "standard"}
            if number % 4 == 0:
                terms |= {"recovery": ["deposit", "carry"], "deposits": [{"currency": "CNY", "amount": "50.00"}],
                          "fixed_reserves": [{"currency": "CNY", "amount": "20.00"}]}
            if number % 4 == 1:
                terms |= {"reserve": {"rate": "0.10", "base": "net-lines", "days": 7}, "debt_after": 1}
            if number % 4 == 2:
                terms |= {"minimum_payouts": [{"currency": "CNY", "amount": "120.00"}]}
            line("agree-terms", "2026-03-01T09:00:00", terms)
            if number % 4 == 0:
                line("pay-deposit", "2026-03-01T10:00:00", {
                    "merchant": merchant, "currency": "CNY", "amount": "80.00",
                    "from": [{"source": "bank", "amount": "80.00", "reference": f"TR-{number}"}]})
            for week, day in enumerate((3, 10, 17, 24)):
                order, at = f"O{number}-{week}", f"2026-03-{day:02}T"
                currency = "USD" if week == 2 else "CNY"
                price = f"{100 + number}.00"
                line("place-order", at + "10:00:00", {
                    "order": order, "currency": currency,
                    "lines": [{"line": "1", "merchant": merchant, "units": 1, "price": price}]})
                line("pay-order", at + "10:01:00", {
                    "order": order, "payment": "P1", "method": "card", "amount": price})
                line("complete-order", at + "10:02:00", {"order": order, "merchant": merchant})
                if week == 0 and number % 2 == 0:
                    line("place-hold", at + "11:00:00", {
                        "order": order, "hold": "H1", "line": "1", "amount": "10.00", "reason": "dispute"})
                if week == 1 and number % 4 < 2:
                    line("issue-refund", "2026-03-17T09:00:00", {
                        "order": f"O{number}-0", "refund": "R1", "lines": [{"line": "1", "principal": price}]})
        return lines

    def prepare(self):
        """The ledger before the close."""
        run(self.souk_in(self.base, "init", "--platform", "Sweep", "--platform-currency", "CNY", "--time-zone",
                         "Asia/Shanghai", "--language", "en", "--yes")).must(0)
        path = os.path.join(self.home, "prepare.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines()) + "\n")
        run(self.souk_in(self.base, "apply", path)).must(0)
        shutil.rmtree(os.path.join(self.base, "projections"), ignore_errors=True)

    def close(self, data, memory):
        """The close."""
        return self.souk_in(data, "close", "--through", THROUGH, "--memory", str(memory), "--format", "json")

    def copy(self):
        """A fresh copy of the prepared ledger."""
        data = os.path.join(self.home, "data")
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.base, data)
        return data

    def outcome(self, data):
        """Statements with their figures and digests, how many cycles there are, every balance."""
        statements = []
        # Of many merchants some; the balances are those of all, and the replay computes every digest again.
        for number in range(0, self.merchants, max(1, self.merchants // 12)):
            listed = run(self.souk_in(data, "statement", f"M{number}", "--all", "--format", "json"))
            statements.append(listed.must(0).json())
        replayed = run(self.souk_in(data, "replay", "--format", "json")).must(0).json()
        if replayed["mismatches"] or not replayed["balanced"]:
            raise Violation(f"the replay disagrees: {replayed}")
        return {"statements": statements, "cycles": replayed["cycles_checked"], "balances": self.rows(data, "balances"),
                "trial balance": self.rows(data, "trial-balance")}

    def rows(self, data, verb):
        """A report as rows, without the entry it was made at."""
        out = run(self.souk_in(data, verb, "--format", "csv")).must(0).out
        return list(csv.reader(io.StringIO(out)))

    def check(self, data, memory):
        """After the kill the same command finishes what was begun, and everything is as if nobody had killed it."""
        again = run(self.close(data, memory))
        if again.code != 0 and "CycleAlreadyClosed" not in again.err:
            raise Violation(f"the close does not go on\n{again}")
        refused = run(self.close(data, memory))
        if refused.code == 0 or "CycleAlreadyClosed" not in refused.err:
            raise Violation(f"everything was closed\n{refused}")
        found = self.outcome(data)
        for what, expected in self.expected.items():
            if found[what] != expected:
                raise Violation(f"{what} differ:\n{found[what]}\n{expected}")
        left = [name for name in os.listdir(data) if name not in ("log", "projections", "terms.toml", "lock", "LOCK")]
        if left != [name for name in os.listdir(self.base) if name in left]:
            raise Violation(f"left beside the log: {left}")

    def kills(self, name, memory, calls, most, long):
        """Kills at every step of every kind."""
        rows = []
        for call in calls:
            stride = 1 if long else STRIDES.get(call, 1)
            count, met = 1, 0
            while long or met < most:
                data = self.copy()
                ran, hit = under_strace(self.close(data, memory), call, f"signal=SIGKILL:when={count}", self.trace)
                if not hit:
                    ran.must(0)
                elif long or met % 5 == 4:
                    # The run that goes on is killed as well.
                    _, again = under_strace(self.close(data, memory), call, f"signal=SIGKILL:when={count}", self.trace)
                    self.second += again
                try:
                    self.check(data, memory)
                except Violation as violation:
                    raise Violation(f"{name} killed at {call} {count}: {violation}") from None
                if not hit:
                    break
                met, count = met + 1, count + stride
            rows.append([f"{name}, {call}", met])
        return rows

    def unkilled(self):
        """The close that nobody kills."""
        data = self.copy()
        closed = run(self.close(data, 256)).must(0).json()
        self.expected = self.outcome(data)
        print(f"unkilled: {closed['closed']} cycles in {closed['runs']} runs")


def main():
    """Runs the sweep."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--souk", required=True)
    flags.add_argument("--most", type=int, default=40, help="kills of one kind at most; of the larger ledger a quarter of it")
    flags.add_argument("--merchants", type=int, default=5)
    flags.add_argument("--many", type=int, default=2100, help="merchants of the larger ledger")
    flags.add_argument("--long", action="store_true", help="every call of every kind")
    flags = flags.parse_args()
    why = can_trace()
    if why:
        print(f"skipped: {why}")
        return 0
    home = tempfile.mkdtemp(prefix="souk-closes-")
    sweep = Sweep(os.path.abspath(flags.souk), home, flags.merchants)
    try:
        sweep.prepare()
        sweep.unkilled()
        rows = sweep.kills(f"{flags.merchants} merchants", 256, STEPS + BETWEEN, flags.most, flags.long)
        large = os.path.join(home, "large")
        os.makedirs(large)
        many = Sweep(sweep.souk, large, flags.many)
        many.prepare()
        many.unkilled()
        rows += many.kills(f"{flags.many} merchants", 1, ("pwrite64", "fdatasync"), flags.most // 4, flags.long)
        rows.append(["of these, the run that went on as well", sweep.second + many.second])
        rows.append(["all", sum(row[1] for row in rows[:-1])])
        table(["killed", "times"], rows)
        print("after each the same command was run again: every cycle once, the same balances, the same digests")
    except Violation as violation:
        print(f"VIOLATION: {violation}\nkept: {home}")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
