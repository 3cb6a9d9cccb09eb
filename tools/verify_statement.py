#!/usr/bin/env python3
"""Checks a settlement statement of Souk without Souk: its digest (statement-lines/v1) and its sums.

    verify_statement.py FILE [DIGEST]      FILE: souk statement ... --format csv or json, --all too
DIGEST is the one that you were given by another way; without it, the one in the file counts.
Exit 0: verified. 3: a difference. 2: no digest to check against. 4: the file cannot be read.
"""
import csv
import datetime
import decimal
import hashlib
import io
import json
import pathlib
import re
import sys

decimal.getcontext().prec = 60
KEPT = ["reserve_withheld", "reserve_released", "closing", "payout", "carried", "debt"]
HEAD = ["number", "merchant", "currency", "cycle", "from", "to", "entry_limit", "opening"]


def statements(name):
    text = pathlib.Path(name).read_bytes().decode("utf-8-sig")
    if text.lstrip()[:1] in ("{", "["):
        return (lambda found: found if isinstance(found, list) else [found])(json.loads(text))
    found = []
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        if None in row or None in row.values():
            raise ValueError(f"row of line {row.get('line_no')} has too few or too many fields")
        row = {key: cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell for key, cell in row.items()}
        head = {**{key: row[key] for key in HEAD}, **{key: row.get(key) for key in KEPT + ["digest"]}}
        if not found or found[-1]["number"] != head["number"]:
            found.append({**head, "lines": []})
        if any(found[-1][key] != cell for key, cell in head.items()):
            raise ValueError(f"{head['number']}, line {row['line_no']}: another head than its first row")
        found[-1]["lines"].append({**row, "late": row["late"] == "true"})
    return found


def text_form(of):
    cut_off = datetime.date.fromisoformat(of["to"]) + datetime.timedelta(days=1)
    rows = [[of[key] for key in HEAD[1:5]] + [cut_off, of["entry_limit"], of["opening"]]]
    for line in of["lines"]:
        payout = line["stream"][7:] if line["stream"].startswith("payout-") else "-"
        rows.append([line["line_no"], line["kind"], line["order"] or payout, line["amount"],
                     line["effective_on"], line["due_on"], "late" if line["late"] else "-",
                     line["corrects"] or "-", f"{line['entry']}.{line['posting']}"])
    if any(re.search(r"[\x00-\x1f\x7f-\x9f]", str(cell)) for row in rows for cell in row):
        raise ValueError("a field has a control character")
    return "souk statement-lines/v1\n" + "".join("\t".join(map(str, row)) + "\n" for row in rows)


def check(of, given):
    lines = sum((decimal.Decimal(line["amount"]) for line in of["lines"]), decimal.Decimal(0))
    digest = hashlib.sha256(text_form(of).encode()).hexdigest()
    faults = [f"digest {said} is not {digest}" for said in (of.get("digest"), given) if said and said != digest]
    if missing := [key for key in KEPT if of.get(key) is None]:
        return faults, "digest alone: the file has no " + ", ".join(missing)
    withheld, released, closing, payout, carried, debt = (decimal.Decimal(of[key]) for key in KEPT)
    if not decimal.Decimal(of["opening"]) + lines - withheld + released == closing == payout + carried - debt:
        faults.append("opening + lines - withheld + released = closing = payout + carried - debt does not hold")
    return faults, f"{len(of['lines'])} lines, payout {payout}, digest {digest}"


def main(name, given=None):
    try:
        found = statements(name)
        results = [(of["number"], of.get("digest") or given, *check(of, given)) for of in found]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, csv.Error) as fault:
        print(f"{name}: cannot be read: {fault!r}")
        return 4
    for number, digest, faults, what in results:
        print(f"{number}: {'DIFFERS: ' + '; '.join(faults) if faults else 'verified: ' + what if digest else 'no digest'}")
    bad, sure = any(result[2] for result in results), all(result[1] for result in results)
    return 4 if not results else 3 if bad else 0 if sure else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else print(__doc__) or 2)
