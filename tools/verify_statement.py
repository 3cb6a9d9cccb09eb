#!/usr/bin/env python3
"""Checks a settlement statement of Souk without Souk: its digest (statement-lines/v1) and its sums.
    verify_statement.py FILE [DIGEST]      FILE: souk statement ... --format csv or json, --all too
DIGEST is the one that you were given by another way; without it, the one in the file counts.
Exit 0: verified. 3: a difference. 2: no digest to check against. 4: the file cannot be read.
"""
import csv, datetime, decimal, hashlib, io, json, pathlib, re, sys
decimal.getcontext().prec = 60
KEPT = ["deposit_topped_up", "deposit_used", "reserve_withheld", "reserve_released", "closing", "payout", "carried", "debt"]
HEAD = ["number", "merchant", "currency", "cycle", "from", "to", "entry_limit", "opening"]
COVERED = "The digest covers the lines and the opening. Payout, carried, reserves, payee, bases, rates and tariffs are not under it."

def once(pairs):
    if twice := [key for key, _ in pairs if sum(key == of for of, _ in pairs) > 1]:
        raise ValueError(f"{twice[0]!r} stands there twice")
    return dict(pairs)


def statements(name):
    text = pathlib.Path(name).read_bytes().decode("utf-8-sig")
    if text.lstrip()[:1] in ("{", "["):
        return (lambda of: of if isinstance(of, list) else [of])(json.loads(text, object_pairs_hook=once))
    found, rows = [], csv.reader(io.StringIO(text, newline=""), strict=True)
    for names, row in ((names, row) for names in rows for row in rows if row):
        if len(row) != len(names):
            raise ValueError(f"line {rows.line_num}: {len(row)} fields, not {len(names)}")
        row = once([(key, cell[1:] if re.match("'[=+@-]", cell) else cell) for key, cell in zip(names, row)])
        head = {**{key: row[key] for key in HEAD}, **{key: row.get(key) for key in KEPT + ["digest"]}}
        if not found or found[-1]["number"] != head["number"]:
            found.append({**head, "lines": []})
        if any(found[-1][key] != cell for key, cell in head.items()):
            raise ValueError(f"{head['number']}, line {row['line_no']}: another head than its first row")
        found[-1]["lines"].append({**row, "late": row["late"] == "true"})
    return found


def plain(of, key):
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(of[key])):
        raise ValueError(f"{key}: {of[key]!r} is not a number as Souk writes it")
    return decimal.Decimal(of[key])


def text_form(of):
    last = datetime.date.fromisoformat(of["to"])
    rows = [[of[key] for key in HEAD[1:5]] + [last + datetime.timedelta(days=1), of["entry_limit"], of["opening"]]]
    for line in of["lines"]:
        subject = line["order"] or (line["stream"][7:] if line["stream"].startswith("payout-") else "-")
        rows.append([line["line_no"], line["kind"], subject, line["amount"], line["effective_on"], line["due_on"],
                     "late" if line["late"] else "-", line["corrects"] or "-", f"{line['entry']}.{line['posting']}"])
    if str(last) != of["to"] or any(re.search(r"[\x00-\x1f\x7f-\x9f]", str(cell)) for row in rows for cell in row):
        raise ValueError("a field has a control character, or a date is in another form")
    return "souk statement-lines/v1\n" + "".join("\t".join(map(str, row)) + "\n" for row in rows)


def check(of, given):
    lines, opening = sum((plain(line, "amount") for line in of["lines"]), decimal.Decimal(0)), plain(of, "opening")
    digest = hashlib.sha256(text_form(of).encode()).hexdigest()
    faults = [f"digest {said} is not {digest}" for said in (of.get("digest"), given) if said and said != digest]
    if missing := [key for key in KEPT[2:] if of.get(key) is None]:
        return faults, "digest alone: the file has no " + ", ".join(missing)
    kept = (plain(of, key) if of.get(key) is not None else decimal.Decimal(0) for key in KEPT)
    deposited, used, withheld, released, closing, payout, carried, debt = kept
    if not opening + lines - withheld - deposited + released + used == closing == payout + carried - debt:
        faults.append("opening + lines - withheld + released = closing = payout + carried - debt does not hold")
    return faults, f"{len(of['lines'])} lines, payout {payout}, digest {digest}"


def main(name, given=None):
    try:
        results = [(of["number"], of.get("digest") or given, *check(of, given)) for of in statements(name)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, csv.Error) as fault:
        return print(f"{name}: cannot be read: {fault!r}") or 4
    for number, digest, faults, what in results:
        print(f"{number}: {'DIFFERS: ' + '; '.join(faults) if faults else 'verified: ' + what if digest else 'no digest'}")
    print(COVERED if results else f"{name}: there is no statement in the file")
    return 4 if not results else 3 if any(of[2] for of in results) else 0 if all(of[1] for of in results) else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else print(__doc__) or 2)
