#!/usr/bin/env python3
"""Corruption sweep: bits are flipped and files cut, in every file of a store and of a ledger.

    cargo build --release -p souk
    python3 tests/sweeps/corruption.py --souk target/release/souk [--cases 52] [--seed S] [--long]

Both directories were closed cleanly, so everything in their segments was acknowledged. Each case damages one file of a
fresh copy and asks: the damage must be detected (a non-zero exit and a message that names the file, for a segment also
byte and entry), or the answers are to the byte those of the undamaged directory. Nothing else is allowed; after
such a case the sweep ends with exit 1, keeps the directory and prints how to repeat it.

What must be detected and may not be rebuilt: segments, STORE, WATERMARK. What is derived may be rebuilt: index and
projections. What carries no record (LOCK, terms.toml) must not change an answer about what was recorded.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from drill import Drill
from harness import Ran, Violation, run, table
from ledger import ANSWERS, Ledger

LONG = 20
"""`--long` makes so many times the cases."""

DAMAGES = ["flip"] * 4 + ["zero", "noise", "misplace", "swap", "cut", "cut", "extend", "empty", "remove"]
"""What is done to a file; the frequent ones stand there more than once."""

SHOWN = 20
"""Violations printed; the directories of all are kept."""

MUST_DETECT = {"segment, sealed", "segment, last", "WATERMARK", "STORE"}
"""Classes of files in which damage is not repaired."""

HARMLESS = {("segment, last", "extend"), ("WATERMARK", "extend"), ("STORE", "extend")}
"""Beyond the end of what was acknowledged: cut off and said, ignored, or refused."""


class Subject:
    """A directory to damage, the commands whose answers count, and what they answer undamaged.

    `parts` are questions that may do without the damaged bytes; `wholes` read everything, so they must detect."""

    def __init__(self, name, directory, parts, wholes):
        self.name, self.directory, self.asks = name, directory, parts + wholes
        self.parts = len(parts)
        self.files = sorted(
            os.path.relpath(os.path.join(place, file), directory)
            for place, _, files in os.walk(directory) for file in files
        )
        self.segments = [path for path in self.files if path.endswith(".seg")]
        self.wanted = None

    def kind(self, path):
        """The class of a file."""
        if path in self.segments:
            return "segment, last" if path == self.segments[-1] else "segment, sealed"
        place = path.split(os.sep)[0]
        return place if place == path else f"{place}/*{os.path.splitext(path)[1]}"

    def answers(self, data):
        """What each command says: its answer, or its failed end."""
        said = []
        for ask in self.asks:
            ran = run(ask(data))
            said.append(without_time(ran.json()) if ran.code == 0 else ran)
        return said


def without_time(answer):
    """An answer without what depends on the machine and on what the reader had to read."""
    for name in ("seconds", "events_per_second", "bytes_verified", "truncated_bytes", "truncated"):
        if isinstance(answer, dict):
            answer.pop(name, None)
    return answer


def store(settings):
    """A store of several segments, read whole; once as a reader and once as a restart would."""
    home = os.path.join(settings.home, "store")
    drill = Drill(settings.souk, home, 4, 30000, seed=settings.seed)
    drill.write(100)
    drill.write(40)

    def check(data, *flags):
        words = ["store", "drill", "check", "--acks", drill.acks, "--format", "json", *flags]
        return [settings.souk, *words, "--data", data]

    return Subject("store", drill.data, [], [lambda data: check(data, "--read-only"), check])


def ledger(settings):
    """A small ledger with closed cycles and derived files."""
    home = os.path.join(settings.home, "ledger")
    os.makedirs(home)
    of = Ledger(settings, home)
    run(of.importing()).must(0)
    run(of.closing()).must(0)
    run(of.command("replay")).must(0)

    def asking(question):
        return lambda data: [settings.souk, *question, "--data", data, "--format", "json"]

    return Subject("ledger", of.data, [asking(question) for question in ANSWERS], [asking(["replay"])])


def damage(path, how, others, draw):
    """Damages a file; says how, or None if it cannot be. `others` are files of its class."""
    if how == "remove":
        os.remove(path)
        return "removed"
    if how == "swap":
        if others:
            other = draw.choice(others)
            shutil.copyfile(other, path)
            return f"has become a copy of {os.path.basename(other)}"
        return None
    with open(path, "rb") as file:
        old = file.read()
    new, said = damaged(old, how, draw)
    if new == old:
        return None
    with open(path, "wb") as file:
        file.write(new)
    return said


def damaged(old, how, draw):
    """Bytes after damage, and what was done."""
    at = draw.randrange(len(old)) if old else 0
    if how == "flip" and old:
        bit = draw.randrange(8)
        return old[:at] + bytes([old[at] ^ 1 << bit]) + old[at + 1:], f"bit {bit} of byte {at} flipped"
    if how in ("zero", "noise", "misplace") and old:
        at, other = at // 512 * 512, draw.randrange(len(old)) // 512 * 512
        block = {"zero": bytes(512), "noise": draw.randbytes(512), "misplace": old[other:other + 512]}[how]
        block = block[:len(old) - at]
        return old[:at] + block + old[at + len(block):], f"{how}: {len(block)} bytes at byte {at}"
    if how == "cut":
        return old[:at], f"cut at byte {at} of {len(old)}"
    if how == "empty":
        return b"", f"emptied of {len(old)} bytes"
    if how == "extend":
        more = draw.choice([draw.randbytes, bytes])(draw.choice([1, 4, 64, 5000]))
        return old + more, f"{len(more)} bytes added to {len(old)}"
    return old, ""


def outcome(subject, kind, how, said, path, data):
    """`detected`, `same` or what is wrong."""
    answers, detected = subject.answers(data), 0
    for number, (answer, wanted) in enumerate(zip(answers, subject.wanted)):
        if isinstance(answer, Ran):
            if wrong := unclear(answer, kind, said, path, data):
                return wrong
            detected += 1
        elif answer != wanted:
            return f"WRONG ANSWER\n{answer}"
        elif number >= subject.parts and kind in MUST_DETECT and (kind, how) not in HARMLESS:
            return f"NOT DETECTED by command {number + 1}"
    return "detected" if detected else "same"


def unclear(ran, kind, said, path, data):
    """What is wrong with how a command fails, if anything is."""
    if ran.code not in (5, 6):
        return f"UNCLEAR EXIT\n{ran}"
    # Of a file that is gone, its neighbour or its directory may be named.
    named = os.path.basename(path) in ran.err or (said == "removed" and data in ran.err)
    placed = not kind.startswith("segment") or said == "removed" or ("byte" in ran.err and "entry" in ran.err)
    return None if named and placed else f"NOT NAMED\n{ran}"


def case(settings, subject, path, number):
    """One damage of one file on a fresh copy; returns its class and its outcome."""
    name = f"{subject.name}:{path}:{number}"
    draw = random.Random(f"{settings.seed}/{name}")
    data = os.path.join(settings.home, "cases", name.replace(os.sep, "+"))
    shutil.copytree(subject.directory, data)
    kind, how = subject.kind(path), DAMAGES[number % len(DAMAGES)]
    others = [os.path.join(data, of) for of in subject.files if of != path and subject.kind(of) == kind]
    said = damage(os.path.join(data, path), how, others, draw)
    if said is None:
        shutil.rmtree(data)
        return subject.name, kind, None, None
    found = outcome(subject, kind, how, said, path, data)
    if found in ("detected", "same"):
        shutil.rmtree(data)
        return subject.name, kind, found, None
    return subject.name, kind, found, f"{name}: {said}: {found}\nkept: {data}"


def cases(settings, subject):
    """All cases: as many for every class of files, spread over its files."""
    classes = {}
    for path in subject.files:
        classes.setdefault(subject.kind(path), []).append(path)
    for kind, paths in sorted(classes.items()):
        wanted = settings.cases * (3 if kind.startswith("segment") else 1)
        wanted = max(wanted, len(paths) * len(DAMAGES))
        for number in range(wanted):
            path = paths[(number // len(DAMAGES)) % len(paths)]
            if settings.only in (None, f"{subject.name}:{path}:{number}"):
                yield subject, path, number


def report(results):
    """Prints the figures by class of files; returns how many cases were served wrong or not detected."""
    rows = {}
    for subject, kind, found, _ in results:
        if found is None:
            continue
        row = rows.setdefault((subject, kind), [0, 0, 0, 0])
        row[0] += 1
        row[{"detected": 1, "same": 2}.get(found, 3)] += 1
    head = ["files", "cases", "detected", "same answer", "wrong or silent"]
    total = [sum(column) for column in zip(*rows.values())]
    table(head, [[f"{subject}: {kind}", *row] for (subject, kind), row in sorted(rows.items())] + [["all", *total]])
    return total[3]


def prepare():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--souk", required=True, help="the release binary")
    parser.add_argument("--cases", type=int, default=52, help="cases for a class of files; for segments three times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long", action="store_true", help=f"{LONG} times the cases")
    parser.add_argument("--jobs", type=int, default=max(2, os.cpu_count() or 2))
    parser.add_argument("--only", metavar="CASE", help="one case alone, to repeat it")
    settings = parser.parse_args()
    settings.souk = os.path.abspath(settings.souk)
    settings.cases *= LONG if settings.long else 1
    settings.repository = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    settings.home = tempfile.mkdtemp(prefix="souk-corruption-")
    return settings


def main():
    """Runs the sweep."""
    settings, began = prepare(), time.monotonic()
    results = []
    for subject in (store(settings), ledger(settings)):
        subject.wanted = subject.answers(subject.directory)
        if failed := [of for of in subject.wanted if isinstance(of, Ran)]:
            raise Violation(f"undamaged it does not answer\n{failed[0]}")
        with ThreadPoolExecutor(settings.jobs) as pool:
            results += pool.map(lambda of: case(settings, *of), list(cases(settings, subject)))
    wrong = report(results)
    print(f"{len(results)} cases in {time.monotonic() - began:.0f} s, seed {settings.seed}")
    if not wrong:
        shutil.rmtree(settings.home)
        print("everything damaged was detected, or answered as if undamaged")
        return 0
    said = [of for *_, of in results if of]
    for of in said[:SHOWN]:
        print(f"VIOLATION {of}", file=sys.stderr)
    print(f"{len(said)} violations, {min(SHOWN, len(said))} of them shown", file=sys.stderr)
    print(f"again: python3 tests/sweeps/corruption.py --souk {settings.souk} --cases {settings.cases} "
          f"--seed {settings.seed} --only CASE", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
