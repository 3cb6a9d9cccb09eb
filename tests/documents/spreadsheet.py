#!/usr/bin/env python3
"""Statements as spreadsheets, added up again by LibreOffice.

    python3 tests/documents/spreadsheet.py --souk target/release/souk

The results that stand beside the formulas are removed, so that LibreOffice has to compute them; then every formula has a
value, the closing is the ledger's, the difference is nothing, orders and lines come to the same, and every id is text as it
was. A copy with one line a cent dearer must have another closing. The first violation ends it with exit 1.
"""

import argparse
import decimal
import json
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

import awkward
from harness import Violation, run, table

D = decimal.Decimal
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CLOSING, PAID, DIFFERENCE = ("Closing: ", "期末："), ("Payout + ", "打款＋"), ("Difference", "差额")


def bare(source, target, cent=False):
    """A copy without results of formulas; with `cent`, the first number of the sheet of lines is a cent more."""
    removed = 0
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w") as copy:
        for name in book.namelist():
            body = book.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, count = re.subn(r"(</f>)<v>[^<]*</v>", r"\1", body.decode())
                removed += count
                if cent and name.endswith("sheet2.xml"):
                    text = dearer(text)
                body = text.encode()
            copy.writestr(name, body)
    return removed


def dearer(sheet):
    """The first amount of the lines, column H from the fifth row, a cent more."""
    found = re.search(r'(<c r="H5"[^>]*><v>)([^<]*)(</v>)', sheet)
    if found is None:
        raise Violation("the sheet of lines has no amount in H5")
    return sheet[:found.start(2)] + str(D(found[2]) + D("0.01")) + sheet[found.end(2):]


def computed(paths, home):
    """The sheets of each file as LibreOffice computes them: name and rows of (type, value, has a formula)."""
    run(["soffice", "--headless", f"-env:UserInstallation=file://{home}/profile", "--convert-to", "fods",
         "--outdir", home, *paths], timeout=300).must(0)
    return [sheets(os.path.splitext(path)[0] + ".fods") for path in paths]


def sheets(path):
    """The sheets of a flat OpenDocument file."""
    found = {}
    for sheet in xml.etree.ElementTree.parse(path).getroot().iter(f"{TABLE}table"):
        rows = []
        for row in sheet.iter(f"{TABLE}table-row"):
            cells = []
            for cell in row.iter(f"{TABLE}table-cell"):
                kind = cell.get(f"{OFFICE}value-type")
                text = "\n".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p"))
                value = text if kind in (None, "string") else cell.get(f"{OFFICE}value") or text
                # Empty cells at the end of a row are one cell that is repeated thousands of times.
                count = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
                cells += [(kind, value, cell.get(f"{TABLE}formula") is not None)] * (count if kind else min(count, 50))
            rows.append(cells)
        found[sheet.get(f"{TABLE}name")] = rows
    return found


def figure(rows, labels, column=2):
    """The number in the row of a label."""
    found = [row[column] for row in rows if row and row[0][1].strip().startswith(labels)]
    if len(found) != 1 or found[0][0] != "float":
        raise Violation(f"one number stands beside {labels}: {found}")
    return D(found[0][1])


def exact(value, scale):
    """A number that a spreadsheet computed in binary, at the currency's scale; no more than rounding apart from it."""
    whole = D(value).quantize(D(1).scaleb(-scale))
    if abs(D(value) - whole) > D("1e-9"):
        raise Violation(f"{value} has more than {scale} places")
    return whole


def check(book, said):
    """What LibreOffice computed is what the ledger says."""
    bridge, lines, orders = list(book.values())
    scale = -D(said["closing"]).as_tuple().exponent
    for name, wanted in ((CLOSING, D(said["closing"])), (DIFFERENCE, D(0)),
                         (PAID, D(said["payout"]) + D(said["carried"]) - D(said["debt"]))):
        found = exact(figure(bridge, name), scale)
        if found != wanted:
            raise Violation(f"{said['number']}: {name[0]} is {found}, the ledger says {wanted}")
    sums = {str(D(of["amount"]) + 0) for of in said["subtotals"]}
    found = {str(exact(row[2][1], scale) + 0) for row in bridge if len(row) > 2 and row[2][0] == "float"}
    if not sums <= found:
        raise Violation(f"{said['number']}: the bridge has no {sorted(sums - found)}")
    earned = sum((D(line["amount"]) for line in said["lines"]), D(0))
    of_lines = [exact(row[7][1], scale) for row in lines if len(row) > 7 and row[7][0] == "float" and not row[7][2]]
    if of_lines != [D(line["amount"]) for line in said["lines"]]:
        raise Violation(f"{said['number']}: the sheet of lines has other amounts")
    total = [exact(row[5][1], scale) for row in orders if len(row) > 5 and row[5][0] == "float"]
    if total[-1] != earned or sum(total[:-1]) != earned:
        raise Violation(f"{said['number']}: orders come to {sum(total[:-1])}, {total[-1]} below, the lines to {earned}")
    ids = {line["order"] for line in said["lines"] if line["order"]}
    for name, sheet, column in (("lines", lines, 6), ("orders", orders, 0)):
        texts = {row[column][1] for row in sheet if len(row) > column and row[column][0] == "string"}
        if not ids <= texts:
            raise Violation(f"{said['number']}: ids that did not survive as text in {name}: {sorted(ids - texts)}")
    if bridge[2][1][:2] != ("string", said["merchant"]):
        raise Violation(f"{said['number']}: the merchant's id is {bridge[2][1]}")
    formulas = [cell for rows in book.values() for row in rows for cell in row if cell[2]]
    wrong = [cell for cell in formulas if cell[0] != "float"]
    if wrong or not formulas:
        raise Violation(f"{said['number']}: formulas without a number: {wrong[:3]}")
    return [said["number"], len(said["lines"]), len(ids), len(formulas), said["closing"]]


def main():
    """Runs the check."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--souk", required=True)
    souk = os.path.abspath(flags.parse_args().souk)
    home = tempfile.mkdtemp(prefix="souk-spreadsheet-")
    try:
        paths, said, removed = [], [], []
        for place, (*of, language) in enumerate(awkward.statements(souk, home)):
            whole, path = os.path.join(home, f"whole-{place}.xlsx"), os.path.join(home, f"{place}.xlsx")
            document = os.path.join(home, f"{place}.json")
            awkward.statement(souk, of, "xlsx", language, whole)
            awkward.statement(souk, of, "json", language, document)
            removed.append(bare(whole, path))
            paths.append(path)
            with open(document, encoding="utf-8") as file:
                said.append(json.load(file))
        dear = os.path.join(home, "dear.xlsx")
        bare(os.path.join(home, "whole-0.xlsx"), dear, cent=True)
        books = computed([*paths, dear], home)
        rows = []
        for book, of, count in zip(books, said, removed):
            row = check(book, of)
            if row[3] != count:
                raise Violation(f"{of['number']}: {count} results were removed and {row[3]} computed")
            rows.append(row)
        if sorted({line["order"] for line in said[0]["lines"] if line["order"]}) != sorted(awkward.ORDERS):
            raise Violation("the statement of awkward ids has all of them")
        closing = exact(figure(list(books[-1].values())[0], CLOSING), 2)
        if closing != D(said[0]["closing"]) + D("0.01"):
            raise Violation(f"a line a cent dearer should give {said[0]['closing']} and a cent, not {closing}")
        table(["computed by LibreOffice", "lines", "ids as text", "formulas", "closing as the ledger's"], rows)
        print(f"a line a cent dearer: closing {closing}, and so found")
    except Violation as violation:
        print(f"VIOLATION: {violation}\nkept: {home}")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
