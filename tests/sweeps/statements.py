#!/usr/bin/env python3
"""Every statement of a ledger, exported and added up again by tools/readd_statements.py; then the same with falsified copies.

    cargo build --release -p souk
    python3 tests/sweeps/statements.py --souk target/release/souk [--data LEDGER --before TRIAL-BALANCE.json]

With --data: that ledger, whose closes all came after the trial balance in --before. Without: the demonstration, each of
its close runs between two trial balances. Each falsified copy has its files sealed again, so that not the seal but the
figures must betray it; a copy that the reader takes for whole ends the sweep with exit 1.
"""

import argparse
import csv
import decimal
import io
import itertools
import json
import os
import shutil
import sys
import tempfile
import time

from harness import Violation, run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
READER = os.path.join(ROOT, "tools", "readd_statements.py")
sys.path.insert(0, os.path.dirname(READER))
import readd_statements as reader  # noqa: E402  its sums seal the falsified copies

CENT = decimal.Decimal("0.01")
INDEX, LINES = "statements.csv", "statement-lines.csv"
TIMEOUT = 600


def read_again(home, movements):
    """What the reader says of an export."""
    argv = [sys.executable, READER, home]
    for before, after in movements:
        argv += ["--movement", before, after]
    return run(argv, timeout=TIMEOUT)


class Export:
    """The files of an export, as rows of text; every row of a statement begins with its number."""

    def __init__(self, home):
        self.home = home
        self.manifest = json.loads(self.text("manifest.json"))
        self.index, self.lines = self.text(INDEX).splitlines(), self.text(LINES).splitlines()
        self.columns = {name: next(csv.reader([rows[0]])) for name, rows in ((INDEX, self.index), (LINES, self.lines))}

    def text(self, name):
        """A file."""
        with open(os.path.join(self.home, name), encoding="utf-8") as file:
            return file.read()

    def rows(self, name, number):
        """Places of a statement's rows."""
        rows = self.index if name == INDEX else self.lines
        return [place for place, row in enumerate(rows) if row.startswith(f"{number},")]

    def rows_by_column(self, *names):
        """Cells of every row of the index."""
        places = [self.columns[INDEX].index(name) for name in names]
        return [[row[place] for place in places] for row in csv.reader(self.index[1:])]

    def change(self, name, place, change):
        """Changes cells of a row by a function from cells to cells, both by column."""
        rows, columns = (self.index if name == INDEX else self.lines), self.columns[name]
        cells = dict(zip(columns, next(csv.reader([rows[place]]))))
        cells.update(change(cells))
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow([cells[name] for name in columns])
        rows[place] = text.getvalue()

    def drop(self, name, places):
        """Leaves rows out."""
        rows = self.index if name == INDEX else self.lines
        for place in sorted(places, reverse=True):
            del rows[place]

    def write(self, home, seal=True):
        """Writes the files, and seals them: counts, sums and digests of the manifest are those of the files."""
        os.makedirs(home)
        manifest = dict(self.manifest)
        for name, rows in ((INDEX, self.index), (LINES, self.lines)):
            with open(os.path.join(home, name), "w", encoding="utf-8", newline="") as file:
                file.write("\n".join(rows) + "\n")
        if seal:
            rows = [dict(zip(self.columns[INDEX], row)) for row in csv.reader(self.index[1:])]
            manifest["merchants"] = len({of["merchant"] for of in rows})
            manifest["statements"], manifest["lines"] = len(rows), sum(int(of["lines"]) for of in rows)
            sums = reader.sums(rows)
            manifest["totals"] = [{"currency": code} | {name: str(of[name]) for name in self.manifest["totals"][0] if
                                                        name != "currency"} for code, of in sorted(sums.items())]
            manifest["files"] = [{"name": of["name"], "sha256": reader.sha256(os.path.join(home, of["name"]))} for of in manifest["files"]]
        with open(os.path.join(home, "manifest.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)


def more(*columns):
    """A cent more in these columns."""
    return lambda cells: {name: str(decimal.Decimal(cells[name]) + CENT) for name in columns}


def into(of, place):
    """What a line counts to: earned, or moved."""
    line = dict(zip(of.columns[LINES], next(csv.reader([of.lines[place]]))))
    return "moved" if line["kind"] in reader.MOVED else "earned"


def a_cent_in_a_line(of, number):
    """One cent more in one line."""
    of.change(LINES, of.rows(LINES, number)[0], more("amount"))
    return f"{number}: its lines come to "


def a_cent_that_fits(of, number):
    """One cent more in one line, and all of its statement made to fit, the digest too."""
    places = of.rows(LINES, number)
    of.change(LINES, places[0], more("amount"))
    head = more(into(of, places[0]), "closing", "payout")
    index = of.rows(INDEX, number)[0]
    of.change(INDEX, index, more(into(of, places[0]), "closing", "payout"))
    cells = dict(zip(of.columns[INDEX], next(csv.reader([of.index[index]]))))
    lines = [dict(zip(of.columns[LINES], row)) for row in csv.reader([of.lines[place] for place in places])]
    digest = {"digest": reader.digest(cells, [[reader.plain(line[name]) for name in reader.LINE] for line in lines])}
    of.change(INDEX, index, lambda _: digest)
    for place in places:
        of.change(LINES, place, lambda cells: head(cells) | digest)
    return f"MerchantPayable of {cells['merchant']} moved by "


def a_line_left_out(of, number):
    """The last line left out."""
    of.drop(LINES, of.rows(LINES, number)[-1:])
    return f"{number}: its lines come to "


def a_statement_left_out(of, number):
    """A whole statement left out, from the index too."""
    index = of.rows(INDEX, number)[0]
    merchant = dict(zip(of.columns[INDEX], next(csv.reader([of.index[index]]))))["merchant"]
    of.drop(INDEX, [index])
    of.drop(LINES, of.rows(LINES, number))
    return f"MerchantPayable of {merchant} moved by "


def lines_left_out(of, number):
    """The lines of a whole statement left out."""
    of.drop(LINES, of.rows(LINES, number))
    return f"{number}: 0 lines, the index says "


def a_statement_twice(of, number):
    """A statement twice."""
    of.index += [of.index[place] for place in of.rows(INDEX, number)]
    of.lines += [of.lines[place] for place in of.rows(LINES, number)]
    return "a number stands in the index twice"


def a_line_claimed_twice(of, number):
    """A line of one statement is the line of another, too."""
    columns, index = of.columns[LINES], of.rows(INDEX, number)[0]
    places = of.rows(LINES, number)
    first = dict(zip(columns, next(csv.reader([of.lines[places[0]]]))))
    other = next(place for place in itertools.count(index + 1)
                 if of.rows(LINES, of.index[place].split(",")[0]))
    other = of.rows(LINES, of.index[other].split(",")[0])[0]
    of.change(LINES, other, lambda _: {name: first[name] for name in ("entry", "posting")})
    return " stands in "


def another_opening(of, number):
    """Opening and carried balance a cent more than what came before."""
    rise = more("opening", "closing", "carried")
    of.change(INDEX, of.rows(INDEX, number)[0], rise)
    for place in of.rows(LINES, number):
        of.change(LINES, place, rise)
    return f"{number}: opens with "


def one_without_lines_left_out(of, _):
    """A statement without lines left out: it stands in the index alone."""
    numbers = [row for row in of.rows_by_column("number", "merchant", "lines", "reserve_released") if row[2] == "0"]
    number, merchant, *_ = next(row for row in numbers if decimal.Decimal(row[3]) > 0)
    of.drop(INDEX, of.rows(INDEX, number))
    return f" of {merchant} moved by "


FALSIFIED = (a_cent_in_a_line, a_cent_that_fits, a_line_left_out, lines_left_out, a_statement_left_out,
             a_statement_twice, a_line_claimed_twice, another_opening)
OF_MANY = (a_cent_in_a_line, a_cent_that_fits, a_statement_left_out)
"""Those that a large ledger is falsified by."""


class Sweep:
    """One ledger, its export, and falsified copies."""

    def __init__(self, souk, home):
        self.souk, self.home = os.path.abspath(souk), home

    def balance(self, data, name, *more_words):
        """A trial balance in a file."""
        path = os.path.join(self.home, f"{name}.json")
        run([self.souk, "trial-balance", "--data", data, "--format", "json", "--output", path, *more_words]).must(0)
        return path

    def demonstration(self):
        """The demonstration, and the trial balances around each of its close runs."""
        data = os.path.join(self.home, "demo")
        run([self.souk, "demo", "--data", data]).must(0)
        runs = {}
        for of in self.export(data).rows_by_column("to", "closing_entry"):
            runs.setdefault(of[0], []).append(int(of[1]))
        movements = []
        for to, entries in sorted(runs.items()):
            names = [(f"{to}-before", min(entries) - 1), (f"{to}-after", max(entries))]
            movements.append([self.balance(data, name, "--as-of", str(entry)) for name, entry in names])
        return data, movements

    def export(self, data):
        """The export of a ledger."""
        target = os.path.join(self.home, "export")
        shutil.rmtree(target, ignore_errors=True)
        ran = run([self.souk, "export", "statements", target, "--data", data], timeout=TIMEOUT).must(0)
        self.said = ran.out + ran.err
        return Export(target)

    def victim(self, of):
        """The middle one of those with lines and a payout, of the merchant with most of them."""
        columns = of.columns[INDEX]
        rows = [dict(zip(columns, row)) for row in csv.reader(of.index[1:])]
        by_merchant = {}
        for row in rows:
            by_merchant.setdefault(row["merchant"], []).append(row)
        fit = [[row for row in rows[1:-1] if int(row["lines"]) > 1 and decimal.Decimal(row["payout"]) > 1]
               for rows in by_merchant.values()]
        most = max(fit, key=len)
        return most[len(most) // 2]["number"]


def main():
    """Runs the sweep."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--souk", required=True)
    flags.add_argument("--data", help="a ledger [default: the demonstration]")
    flags.add_argument("--before", help="its trial balance before the first close")
    flags = flags.parse_args()
    home = tempfile.mkdtemp(prefix="souk-statements-")
    sweep = Sweep(flags.souk, home)
    try:
        if flags.data:
            data, falsified = flags.data, OF_MANY
            movements = [(flags.before, sweep.balance(data, "after"))]
        else:
            falsified = FALSIFIED
            data, movements = sweep.demonstration()
        started = time.monotonic()
        export = sweep.export(data)
        exported = time.monotonic()
        print(sweep.said.strip())
        ran = read_again(export.home, movements)
        print(ran.out.strip())
        ran.must(0)
        print(f"exported in {exported - started:.1f} s, added up again in {time.monotonic() - exported:.1f} s")
        covered = f"; {len(export.index) - 1} of them held against the trial balance"
        if covered not in ran.out:
            raise Violation(f"every statement is held against the trial balance: {len(export.index) - 1}")
        number, rows = sweep.victim(export), []
        if ["0", True] in [[lines, decimal.Decimal(of) > 0] for lines, of in export.rows_by_column("lines", "reserve_released")]:
            falsified += (one_without_lines_left_out,)
        for falsify in falsified:
            copy = Export(export.home)
            wanted = falsify(copy, number)
            target = os.path.join(home, "copy")
            copy.write(target)
            ran = read_again(target, movements).must(3)
            found = next((line for line in ran.out.splitlines() if line.startswith("DIFFERS: ") and wanted in line), None)
            if found is None:
                raise Violation(f"{falsify.__doc__} should say {wanted!r}\n{ran}")
            rows.append([falsify.__doc__.rstrip("."), found[len("DIFFERS: "):]])
            shutil.rmtree(target)
        # Not sealed again, and cut short.
        copy = Export(export.home)
        copy.drop(INDEX, copy.rows(INDEX, number))
        copy.drop(LINES, copy.rows(LINES, number))
        copy.write(os.path.join(home, "copy"), seal=False)
        ran = read_again(os.path.join(home, "copy"), movements).must(3)
        for wanted in (f"{INDEX} has the digest", f"{LINES} has the digest", "merchants, statements, lines: "):
            if wanted not in ran.out:
                raise Violation(f"a statement left out, the manifest as printed, should say {wanted!r}\n{ran}")
        os.remove(os.path.join(home, "copy", "manifest.json"))
        read_again(os.path.join(home, "copy"), movements).must(4)
        rows.append(["A whole statement left out, the manifest as it was", "its digests and its counts"])
        rows.append(["An export without its manifest", "cannot be read"])
        print(f"falsified in {number}, and so found:")
        for what, found in rows:
            print(f"  {what}: {found}")
    except Violation as violation:
        print(f"VIOLATION: {violation}\nkept: {home}")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
