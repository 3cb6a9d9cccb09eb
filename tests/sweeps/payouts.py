#!/usr/bin/env python3
"""Payout sweep: the process that proposes a payee, issues a file of payouts and writes it is killed at every step.

    cargo build --release -p souk
    python3 tests/sweeps/payouts.py --souk target/release/souk [--most 40] [--merchants 3] [--many 2500]

A ledger with closed cycles is prepared once. For each kind of step (a durable append, a sync or a rename of a file beside
the log, a write to the log) the command is killed when it begins its k-th, for k = 1, 2, … until it is not killed any
more; then the same command runs again. Always: one file is issued, with every payout that was due in it once; its bytes
are those its event has the digest of; another issue adds nothing; the totals are what the accounts say; a proposed payee
is there once with the details the log commits to. Then the statuses of the bank are recorded under the same kills: each
payout is paid once. The first violation ends the sweep with exit 1. Needs strace.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile

from harness import Violation, can_trace, run, table, under_strace

CALLS = ("fdatasync", "pwrite64", "rename", "fsync", "write", "open")
"""Calls at which a step begins or becomes durable; `write` and `open` find the places between."""

STRIDES = {"write": 3, "open": 9}
"""Of calls that are many and mostly nobody's step, every so many-th is met."""

IBANS = ("DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300")


class Sweep:
    """One prepared ledger, and copies of it under kills."""

    def __init__(self, souk, home, merchants):
        self.souk, self.home, self.merchants = souk, home, merchants
        self.base = os.path.join(home, "base")
        self.trace = os.path.join(home, "trace")

    def souk_in(self, data, *words):
        """A command line on a directory."""
        return [self.souk, *words, "--data", data, "--format", "json"]

    def prepare(self):
        """Merchants with a closed cycle each, payees in force, and an account that pays."""
        data = self.base
        run([self.souk, "init", "--platform", "Sweep", "--platform-currency", "CNY", "--time-zone", "Asia/Shanghai",
             "--language", "en", "--yes", "--data", data]).must(0)
        lines = []

        def line(command, key, at, body):
            at = f"{at}+08:00"
            lines.append(json.dumps({"command": command, "key": key, "at": at, "data": body}))

        for number in range(self.merchants):
            merchant = f"M{number}"
            line("enrol-merchant", f"e{number}", "2026-01-01T10:00:00", {"merchant": merchant})
            line("agree-terms", f"t{number}", "2026-01-01T10:00:00", {
                "merchant": merchant, "effective_on": "2026-01-05", "cycle": "weekly",
                "time_zone": "Asia/Shanghai", "hold_days": 0, "tariff": "standard"})
            order = f"O{number}"
            line("place-order", f"p{number}", "2026-03-02T10:00:00", {
                "order": order, "currency": "CNY",
                "lines": [{"line": "1", "merchant": merchant, "units": 1, "price": f"{100 + number}.00"}]})
            line("pay-order", f"y{number}", "2026-03-02T10:01:00", {
                "order": order, "payment": "P1", "method": "card", "amount": f"{100 + number}.00"})
            line("complete-order", f"c{number}", "2026-03-03T10:00:00", {"order": order, "merchant": merchant})
        path = os.path.join(self.home, "prepare.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        run(self.souk_in(data, "apply", path)).must(0)
        run(self.souk_in(data, "close", "--through", "2026-03-08")).must(0)
        self.keep(data)
        run(self.souk_in(data, "payouts", "account", "main", "--holder", "Sweep Ltd", "--account", "6225760012340001",
                         "--bank-code", "308100005027")).must(0)

    def keep(self, data):
        """Payees by commands of `souk apply`, and a vault written by hand: the commitments are computed here, too."""
        payees, lines = {}, []
        for number in range(self.merchants):
            payee, account, salt = f"PE-{number:06}", f"62257600{number:08}", hashlib.sha256(b"%d" % number).hexdigest()
            details = {"holder": f"Holder {number}", "account": account, "bank_code": "308100005027"}
            text = (f"payee-details/v1\nholder={details['holder']}\niban=\naccount={account}\nbank-code=308100005027\n"
                    "wechat=\nalipay=\ncontact=\n")
            of = {"merchant": f"M{number}", "currency": "CNY", "payee": payee}
            proposed = {"means": "bank", "tail": account[-4:], "by": "Li",
                        "commitment": hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()}
            for command, body in (("propose-payee", of | proposed), ("approve-payee", of | {"by": "Wang"})):
                lines.append(json.dumps({"command": command, "key": f"{command} {number}",
                                         "at": "2026-03-03T11:00:00+08:00", "data": body}))
            payees[payee] = {"salt": salt, "details": details}
        path = os.path.join(self.home, "payees.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        run(self.souk_in(data, "apply", path)).must(0)
        vault = os.open(os.path.join(data, "vault.json"), os.O_WRONLY | os.O_CREAT, 0o600)
        with open(vault, "w", encoding="utf-8") as file:
            json.dump({"form": "souk-vault/v1", "payees": payees}, file)

    def propose(self, data, number):
        """Proposes a payee of a merchant."""
        iban = IBANS[number % len(IBANS)]
        return self.souk_in(data, "payee", "propose", f"M{number}", "--holder", f"Holder {number}", "--iban", iban,
                            "--contact", f"m{number}@example.org", "--by", "Li")

    def issue(self, data):
        """Issues a file."""
        return self.souk_in(data, "payouts", "issue", "--account", "main", "--by", "Li")

    def copy(self, base):
        """A fresh copy of a directory."""
        data = os.path.join(self.home, "data")
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(base, data)
        return data

    def check_issued(self, data):
        """One file, everything in it once, its bytes those of its event; and a second issue adds nothing."""
        run(self.issue(data)).must(0)
        files = run(self.souk_in(data, "payouts", "files")).must(0).json()
        if [(of["file"], of["count"], of["instructed"]) for of in files] != [("main-00001", self.merchants, self.merchants)]:
            raise Violation(f"one file of {self.merchants} payouts was expected: {files}")
        path = os.path.join(data, "payout-files", "main-00001.xml")
        with open(path, "rb") as file:
            bytes_of = file.read()
        if hashlib.sha256(bytes_of).hexdigest() != files[0]["digest"]:
            raise Violation("the file is not the one that was issued")
        leftover = [name for name in os.listdir(os.path.dirname(path)) if name != "main-00001.xml" and name[0] != "."]
        if leftover:
            raise Violation(f"files beside it: {leftover}")
        again = os.path.join(self.home, "again.xml")
        run(self.souk_in(data, "payouts", "render", "main-00001", "--output", again)).must(0)
        with open(again, "rb") as file:
            if file.read() != bytes_of:
                raise Violation("rendered again, it has other bytes")
        payouts = run(self.souk_in(data, "payouts")).must(0).json()
        standing = sorted((row["merchant"], row["standing"]) for row in payouts["rows"])
        if standing != sorted((f"M{number}", "instructed") for number in range(self.merchants)):
            raise Violation(f"every payout is instructed once: {standing}")
        named = re.findall("<EndToEndId>(.*)</EndToEndId>", bytes_of.decode())
        if sorted(named) != sorted(row["payout"] for row in payouts["rows"]):
            raise Violation("the file does not have every payout once")
        self.check_books(data)
        return payouts["rows"]

    def check_books(self, data):
        """The vault is what the log commits to, and everything recomputes."""
        run(self.souk_in(data, "payee", "verify")).must(0)
        run(self.souk_in(data, "replay")).must(0)

    def killed(self, base, command, call, count):
        """A copy on which a command was killed at its k-th call; whether it was."""
        data = self.copy(base)
        argv = command(data)
        ran, hit = under_strace(argv, call, f"signal=SIGKILL:when={count}", self.trace)
        if not hit:
            ran.must(0)
        return data, hit

    def kills(self, name, base, command, check, most, calls=CALLS):
        """Kills a command at every step of every kind, and checks what is there after it ran again."""
        rows = []
        for call in calls:
            count, met = 1, 0
            while met < most:
                data, hit = self.killed(base, command, call, count)
                try:
                    run(command(data)).must(0)
                    check(data)
                except Violation as violation:
                    raise Violation(f"{name} killed at {call} {count}: {violation}") from None
                if not hit:
                    break
                met, count = met + 1, count + STRIDES.get(call, 1)
            rows.append([f"{name}, {call}", met])
        return rows


def main():
    """Runs the sweep."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--souk", required=True)
    flags.add_argument("--most", type=int, default=40, help="kills of one kind at most")
    flags.add_argument("--merchants", type=int, default=3)
    flags.add_argument("--many", type=int, default=2500, help="payouts of the larger file")
    flags = flags.parse_args()
    why = can_trace()
    if why:
        print(f"skipped: {why}")
        return 0
    home = tempfile.mkdtemp(prefix="souk-payouts-")
    sweep = Sweep(os.path.abspath(flags.souk), home, flags.merchants)
    try:
        sweep.prepare()
        rows = sweep.kills("issue", sweep.base, sweep.issue, sweep.check_issued, flags.most)

        # A payee that changes, killed between vault and log; run again, it is proposed once.
        def proposed(data):
            payees = run(sweep.souk_in(data, "payee", "list", "M0")).must(0).json()
            if [of["standing"] for of in payees] != ["approved", "proposed"]:
                raise Violation(f"one change is proposed: {payees}")
            sweep.check_books(data)

        def change(data):
            listed = run(sweep.souk_in(data, "payee", "list", "M0")).must(0).json()
            done = len(listed) > 1
            return sweep.souk_in(data, "payee", "verify") if done else sweep.propose(data, 0)

        rows += sweep.kills("propose", sweep.base, change, proposed, flags.most, ("fdatasync", "rename", "fsync"))

        # A file that is withdrawn, killed on the way; run again, its payouts are due and go out in the next one.
        def withdrawn(data):
            if os.path.exists(os.path.join(data, "payout-files", "main-00001.xml")):
                raise Violation("a withdrawn file is there to be sent")
            due = run(sweep.souk_in(data, "payouts")).must(0).json()["rows"]
            if [row["standing"] for row in due] != ["due"] * flags.merchants:
                raise Violation(f"every payout is due again: {due}")
            again = run(sweep.issue(data)).must(0).json()
            if (again["file"], again["count"]) != ("main-00002", flags.merchants):
                raise Violation(f"all of them go out in the next file: {again}")
            sweep.check_books(data)

        def withdraw(data):
            known = run(sweep.souk_in(data, "payouts", "files")).must(0).json()[0]
            if known["withdrawn"] is not None and known["instructed"] == 0:
                return sweep.souk_in(data, "payouts", "files")
            return sweep.souk_in(data, "payouts", "withdraw", "main-00001", "--by", "Li", "--reason", "wrong day")

        # The bank paid everything; killed while that is recorded, each is paid once.
        issued = os.path.join(home, "issued")
        shutil.copytree(sweep.base, issued)
        run(sweep.issue(issued)).must(0)
        payouts = sweep.check_issued(issued)
        rows += sweep.kills("withdraw", issued, withdraw, withdrawn, flags.most, ("fdatasync", "pwrite64"))
        status = os.path.join(home, "status.csv")
        with open(status, "w", encoding="utf-8") as file:
            file.write("payout,status,reference\n")
            file.writelines(f"{row['payout']},paid,BK-{row['merchant']}\n" for row in payouts)

        def paid(data):
            rows = run(sweep.souk_in(data, "payouts", "--all")).must(0).json()["rows"]
            if [row["standing"] for row in rows] != ["paid"] * flags.merchants:
                raise Violation(f"every payout is paid: {rows}")
            known = run(sweep.souk_in(data, "payouts", "status", status)).must(0).json()
            if known["recorded"] != 0 or known["known"] != flags.merchants:
                raise Violation(f"nothing is recorded twice: {known}")
            sweep.check_books(data)

        def statuses(data):
            return sweep.souk_in(data, "payouts", "status", status)

        rows += sweep.kills("status", issued, statuses, paid, flags.most, ("fdatasync", "pwrite64"))
        # More than one batch of instructions, killed between them.
        large = os.path.join(home, "large")
        os.makedirs(large)
        many = Sweep(sweep.souk, large, flags.many)
        many.prepare()
        rows += many.kills(f"issue {flags.many}", many.base, many.issue, many.check_issued, flags.most, ("fdatasync", "pwrite64"))
        rows.append(["all", sum(row[1] for row in rows)])
        table(["killed", "times"], rows)
        print("after each the same command was run again: nothing paid twice, nothing lost, the same bytes")
    except Violation as violation:
        print(f"VIOLATION: {violation}\nkept: {home}")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
