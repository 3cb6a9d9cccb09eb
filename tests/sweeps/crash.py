#!/usr/bin/env python3
"""Crash sweep: a store under load is killed, refused its disk or cut off from power, then opened again.

    cargo build --release -p souk
    python3 tests/sweeps/crash.py --souk target/release/souk [--runs 600] [--seed S] [--long]

Always: what was acknowledged is recovered, no append in part, none twice. The first violation ends the sweep with
exit 1, keeps the directory and prints the seed and the command that repeats it. Faults are drawn from the seed; what
the machine's timing decides is only where a fault hits, never the verdict. Needs strace for injected faults, root for
full file systems and power cuts; what cannot be done is said and skipped, and the runs are spent on the rest.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import disks
import ledger
from drill import Drill
from harness import Violation, can_trace, table

CHAIN = 12
"""Faults in a row on one directory."""

LONG = 25
"""`--long` makes so many times the runs."""

FURTHEST = {
    "fdatasync": 30, "pwrite64": 60, "write": 25, "fsync": 10, "pread64": 60,
    "ftruncate": 2, "rename": 6, "open": 50, "unlink": 2,
}
"""How far calls of a name are counted: about as many as a thread makes in one run."""


class Tally:
    """Figures by kind of fault."""

    def __init__(self):
        self.rows, self.lock = {}, threading.Lock()

    def add(self, kind, runs=0, hit=0, acknowledged=0, recovered=0, torn=0):
        """Adds to the row of a kind."""
        with self.lock:
            row = self.rows.setdefault(kind, [0] * 5)
            self.rows[kind] = [old + new for old, new in zip(row, (runs, hit, acknowledged, recovered, torn))]

    def runs(self):
        """Runs of all kinds."""
        return sum(row[0] for row in self.rows.values())

    def show(self):
        """Prints the table."""
        head = ["fault", "runs", "hit", "acknowledged", "recovered", "torn tails cut"]
        rows = [[kind, *row] for kind, row in sorted(self.rows.items())]
        rows.append(["all", *(sum(row[place] for row in rows) for place in range(1, len(head)))])
        table(head, rows)


def kill_after_acks(drill, draw):
    """SIGKILL once some lines were read."""
    return "kill after acks", drill.killed_after(draw.randint(1, 300), 700, lambda: None, False)


def kill_after_time(drill, draw):
    """SIGKILL after some milliseconds: while recovering, while writing."""
    pause = draw.uniform(0, 0.03)
    return "kill after time", drill.killed_after(0, 700, lambda: time.sleep(pause), False)


def kill_beside_reader(drill, draw):
    """The same as after lines, with a reader that checks the live store first."""
    return "kill, reader beside", drill.killed_after(draw.randint(1, 200), 3000, lambda: None, True)


def kill_at_call(drill, draw):
    """SIGKILL at the k-th call of a name."""
    names = ["fdatasync", "pwrite64"] * 2 + ["fsync", "write", "ftruncate", "rename", "open", "unlink"]
    name = draw.choice(names)
    return f"kill at {name}", drill.killed_at(name, draw.randint(1, FURTHEST[name]), draw.randint(20, 120))


def fail_at_call(drill, draw):
    """EIO or ENOSPC at the n-th call of a name, once or from there on."""
    error = draw.choice(["EIO", "ENOSPC"])
    name = draw.choice(["fdatasync", "pwrite64"] * 2 + ["fsync", "write", "ftruncate", "rename"])
    place, appends = draw.randint(1, FURTHEST[name]), draw.randint(20, 120)
    return f"{error} at {name}", drill.fails_at(name, error, place, appends, draw.random() < 0.5)


def fail_at_read(drill, draw):
    """EIO at the n-th read of a check."""
    flags = draw.choice([[], ["--read-only"]])
    return "EIO at pread64", drill.reading_fails_at(draw.randint(1, FURTHEST["pread64"]), flags, draw.random() < 0.3)


def file_limit(drill, draw):
    """A write comes short and the next one fails, as on a disk that fills up."""
    return "file size limit", drill.too_large_at(draw.randint(200, 20000), 60)


TRACED = [kill_at_call] * 5 + [fail_at_call] * 4 + [fail_at_read]
PLAIN = [kill_after_acks] * 2 + [kill_after_time, kill_beside_reader, file_limit]


def new_drill(settings, home, draw):
    """A drill with drawn options: small segments, so that they are closed within few events."""
    segment = draw.choice([3000, 8000, 16384, 50000])
    group = draw.choice([1, 2000, 4 << 20])
    return Drill(settings.souk, home, draw.choice([1, 2, 4, 8]), segment, group, draw.randrange(1 << 63))


def judge(drill, draw, tally, kind, outcome, is_last):
    """Checks after a fault: as a reader, which changes nothing, and half of the time as a restart."""
    acknowledged, hit = outcome
    torn = drill.torn
    recovered = drill.check("--read-only")
    if recovered is not None and (is_last or draw.random() < 0.5):
        if drill.check() != 0:
            raise Violation("a reader and a restart find different appends")
        torn = drill.torn - 1 if drill.torn > torn else torn
    torn = drill.torn - torn
    tally.add(kind, 1, int(hit), acknowledged, recovered or 0, torn)


def chain(settings, home, draw, tally, count):
    """Faults in a row on one directory, at the end a run without any."""
    drill = new_drill(settings, home, draw)
    faults = PLAIN + (TRACED if settings.traces else [])
    for place in range(count):
        kind, outcome = draw.choice(faults)(drill, draw)
        judge(drill, draw, tally, kind, outcome, place + 1 == count)
    drill.write(10)
    drill.check()


def every_call(settings, home, draw, tally, place):
    """SIGKILL at exactly the k-th call, k counted up over the runs, each on a fresh directory."""
    drill = new_drill(settings, home, draw)
    name = ["fdatasync", "pwrite64"][place % 2]
    count = place // 2 + 1
    # Several appends share one sync: enough of them that the k-th call comes.
    outcome = drill.killed_at(name, count, max(80, 8 * count))
    judge(drill, draw, tally, f"kill at every {name}", outcome, True)
    drill.write(5)
    drill.check()


def plan(settings):
    """Units of work: a name, what to do, and how many runs it is."""
    runs, units = settings.runs, []
    root = settings.root
    if root:
        cuts = max(4, runs // 50)
        units += [(f"power-{n}", disks.power_cuts, 5) for n in range(cuts)]
        full = max(3, runs // 60)
        units += [(f"full-{n}", disks.full, 1) for n in range(full)]
    if settings.traces:
        killed = max(10, runs // 10)
        units += [(f"ledger-{n}", ledger.killed, 1) for n in range(killed)]
        units += [(f"every-{n}", every_call, 1) for n in range(max(20, runs // 6))]
    left = runs - sum(unit[2] for unit in units)
    units += [(f"chain-{n}", chain, CHAIN) for n in range(max(2, -(-left // CHAIN)))]
    return units


def perform(settings, unit, tally):
    """One unit, from its own random numbers, so that it can be repeated alone."""
    name, work, count = unit
    home = os.path.join(settings.home, name)
    os.makedirs(home)
    draw = random.Random(f"{settings.seed}/{name}")
    number = int(name.rsplit("-", 1)[1])
    work(settings, home, draw, tally, number if work in (every_call, disks.full, ledger.killed) else count)
    shutil.rmtree(home)


def sweep(settings, tally):
    """All units, some at a time; returns the first that does not hold."""
    units = [unit for unit in plan(settings) if settings.only in (None, unit[0])]
    with ThreadPoolExecutor(settings.jobs) as pool:
        pending = {pool.submit(perform, settings, unit, tally): unit[0] for unit in units}
        try:
            for done in as_completed(pending):
                if error := done.exception():
                    return pending[done], error
        finally:
            # What has begun ends, and unmounts what it mounted.
            pool.shutdown(wait=True, cancel_futures=True)
    return None


def prepare():
    """Reads the command line and looks at what is possible here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--souk", required=True, help="the release binary")
    parser.add_argument("--runs", type=int, default=600, help="runs, each a fault and a check [default: 600]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long", action="store_true", help=f"{LONG} times the runs")
    parser.add_argument("--jobs", type=int, default=max(2, os.cpu_count() or 2))
    parser.add_argument("--only", metavar="UNIT", help="one unit alone, to repeat it")
    settings = parser.parse_args()
    settings.souk = os.path.abspath(settings.souk)
    settings.runs *= LONG if settings.long else 1
    settings.repository = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
    settings.home = tempfile.mkdtemp(prefix="souk-crash-")
    why = can_trace()
    settings.traces = why is None
    if why:
        print(f"skipped: faults at system calls and kills of a ledger: {why}")
    why = disks.cannot_mount(settings.home)
    settings.root = why is None
    if why:
        print(f"skipped: power cuts and full file systems: {why}")
    return settings


def main():
    """Runs the sweep."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings, tally, began = prepare(), Tally(), time.monotonic()
    if settings.traces:
        settings.undisturbed = ledger.undisturbed(settings)
    wrong = sweep(settings, tally)
    tally.show()
    print(f"{tally.runs()} runs in {time.monotonic() - began:.0f} s, seed {settings.seed}")
    if wrong is None:
        shutil.rmtree(settings.home)
        print("acknowledged ⊆ recovered, no append in part, none twice: in every run")
        return 0
    name, error = wrong
    print(f"VIOLATION in {name}: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"kept: {settings.home}/{name}", file=sys.stderr)
    again = f"--runs {settings.runs} --seed {settings.seed} --only {name}"
    print(f"again: python3 tests/sweeps/crash.py --souk {settings.souk} {again}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
