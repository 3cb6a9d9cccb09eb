#!/usr/bin/env python3
"""Adds every statement of a ledger up again, without Souk: standard library, nothing shared with it.

    souk export statements DIR --data LEDGER
    readd_statements.py DIR [--movement BEFORE.json AFTER.json]...

BEFORE and AFTER: `souk trial-balance --format json`, with nothing but closes between the two; --movement once per run.

Per statement: the index has it, its lines are there and numbered, each posting stands in one statement alone, the lines are
due and recorded in time, they add up to the bridge and the payout, their digest is the recorded one, and it opens with what
the statement before carried. Over all: the sums are those of the manifest, payouts + carried + kept - debts is what was
claimed: all lines, what was earned and what only moved, such as payouts that came back, and what the trial balance moved, on every account and of every merchant, is what the statements say.
Exit 0: all of it holds. 3: a difference, the first ones are printed. 4: a file cannot be read.
"""
import argparse
import collections
import csv
import datetime
import decimal
import hashlib
import json
import pathlib
import re
import sys

decimal.getcontext().prec = 60
ZERO, SHOWN = decimal.Decimal(0), 10
FILES = ["statement-lines.csv", "statements.csv"]
BOTH = ["number", "merchant", "currency", "cycle", "from", "to", "time_zone", "final", "entry_limit", "opening",
        "reserve_withheld", "deposit_topped_up", "reserve_released", "deposit_used", "closing", "payout", "carried", "debt",
        "digest", "earned", "moved"]
"""What a line repeats of its statement's row in the index."""
LINE = ["line_no", "kind", "order", "amount", "effective_on", "due_on", "late", "corrects", "entry", "posting", "stream"]
MONEY = ["opening", "earned", "moved", "reserve_withheld", "deposit_topped_up", "reserve_released", "deposit_used",
         "closing", "payout", "carried", "debt"]
RETURNED = ("payout.returned", "payout.failed")
MOVED = (*RETURNED, "payout.advanced", "hold.placed", "hold.released", "loan.granted", "loan.repaid", "deposit.paid",
         "deposit.used", "ad_wallet.top_up", "debt.recognised", "debt.collected", "brought_forward")
"""Kinds of lines that move money and are not earned."""
BY_CLOSE = ("MerchantPayable", "PayoutsDue", "MerchantDebt", "MerchantReserve", "MerchantDeposit")
WITH_DEBT = ("BadDebt", "DebtAllowance")
"""A final settlement lets go of what was provided for the debt that it collects; no statement shows it."""


def D(cell):
    """A decimal as Souk writes it: neither NaN nor Infinity, no underscores, blanks or digits of other scripts."""
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        raise ValueError(f"{cell!r} is not a number as Souk writes it")
    return decimal.Decimal(cell)


class Faults(list):
    """What does not hold; the first of it is shown."""

    def __call__(self, what):
        self.append(what)


def plain(cell):
    """A cell without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell


def rows(path, wanted):
    """The wanted cells of each row."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, None)
        if header is None:
            raise ValueError(f"{path} is empty: not even a header is in it")
        if missing := [name for name in wanted if header.count(name) != 1]:
            raise ValueError(f"{path}: the header has no column {missing[0]}, or has it twice")
        places = [header.index(name) for name in wanted]
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"{path}:{reader.line_num}: {len(row)} fields, not {len(header)}")
            yield [plain(row[place]) for place in places]


def by_statement(path):
    """Head and lines of each statement, as long as rows follow each other."""
    head, lines = None, []
    for row in rows(path, BOTH + LINE):
        if head != row[:len(BOTH)]:
            if head is not None:
                yield head, lines
            head, lines = row[:len(BOTH)], []
        lines.append(row[len(BOTH):])
    if head is not None:
        yield head, lines


def digest(of, lines):
    """The digest of statement-lines/v1, from the cells of the lines."""
    cut_off = datetime.date.fromisoformat(of["to"]) + datetime.timedelta(days=1)
    text = ["souk statement-lines/v1", "\t".join([of["merchant"], of["currency"], of["cycle"], of["from"],
                                                 str(cut_off), of["entry_limit"], of["opening"]])]
    for number, kind, order, amount, effective_on, due_on, late, corrects, entry, posting, stream in lines:
        subject = order or (stream[len("payout-"):] if stream.startswith("payout-") else "-")
        text.append("\t".join([number, kind, subject, amount, effective_on, due_on,
                               "late" if late == "true" else "-", corrects or "-", f"{entry}.{posting}"]))
    return hashlib.sha256(("\n".join(text) + "\n").encode()).hexdigest()


def sha256(path):
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def check_lines(of, lines, claimed, fault):
    """The lines of one statement: numbered, in time, claimed once, adding up, under the digest."""
    number = of["number"]
    if len(lines) != int(of["lines"]):
        fault(f"{number}: {len(lines)} lines, the index says {of['lines']}")
    for place, line in enumerate(lines, 1):
        line_no, entry, posting, due_on = int(line[0]), int(line[8]), int(line[9]), line[5]
        if line_no != place:
            fault(f"{number}: line {line_no} stands at place {place}")
        if (entry, posting) in claimed:
            fault(f"{number}: line {line_no}, posting {entry}.{posting} stands in {claimed[entry, posting]} too")
        claimed[entry, posting] = number
        if entry > int(of["entry_limit"]) or (due_on > of["to"] and of["final"] != "true"):
            fault(f"{number}: line {line_no} of entry {entry}, due on {due_on}, is not of this cycle")
        if (line[6] == "true") != (due_on < of["from"]):
            fault(f"{number}: line {line_no} is marked late, or not, against its date")
    moved = sum((D(line[3]) for line in lines if line[1] in MOVED), ZERO)
    earned = sum((D(line[3]) for line in lines), ZERO) - moved
    if (earned, moved) != (D(of["earned"]), D(of["moved"])):
        fault(f"{number}: its lines come to {earned} earned and {moved} moved, the index says {of['earned']} and {of['moved']}")
    returned = sum((D(line[3]) for line in lines if line[1] in RETURNED), ZERO)
    if returned != D(of["payouts_returned"]):
        fault(f"{number}: payouts of {returned} came back, the index says {of['payouts_returned']}")
    found = digest(of, lines)
    if found != of["digest"]:
        fault(f"{number}: its lines have the digest {found}, recorded is {of['digest']}")


def check_index(index, fault):
    """Every bridge adds up, and every balance that was carried is the next opening."""
    last = {}
    for of in index:
        number, account = of["number"], (of["merchant"], of["currency"])
        opening, earned, moved, withheld, topped_up, released, used, closing, payout, carried, debt = (
            D(of[name]) for name in MONEY)
        kept = withheld + topped_up - released - used
        if not opening + earned + moved - kept == closing == payout + carried - debt:
            fault(f"{number}: opening + earned + moved - withheld - topped up + released + used = closing"
                  " = payout + carried - debt does not hold")
        if min(withheld, topped_up, released, used, payout) < 0:
            fault(f"{number}: withheld, topped up, released, used or paid below zero")
        before = last.get(account)
        if before and D(before["carried"]) != opening:
            fault(f"{number}: opens with {opening}, but {before['number']} carried {before['carried']}")
        if before and not (before["to"] < of["from"] and int(before["closing_entry"]) < int(of["closing_entry"])):
            fault(f"{number}: does not come after {before['number']}")
        last[account] = of


def sums(index):
    """Per currency what all statements come to: the first opening and the last balance of a merchant count."""
    totals, last = {}, {}
    for of in index:
        total = totals.setdefault(of["currency"], collections.Counter())
        account = (of["merchant"], of["currency"])
        total["statements"] += 1
        total["lines"] += int(of["lines"])
        if account not in last:
            total["opening"] += D(of["opening"])
        for name, cell in (("earned", "earned"), ("moved", "moved"), ("payouts_returned", "payouts_returned"),
                           ("withheld", "reserve_withheld"), ("topped_up", "deposit_topped_up"),
                           ("released", "reserve_released"), ("used", "deposit_used"), ("payouts", "payout"),
                           ("debts", "debt")):
            total[name] += D(of[cell])
        total["carried"] += D(of["carried"]) - D(last.get(account, "0"))
        last[account] = of["carried"]
    return totals


def check_manifest(home, manifest, index, fault):
    """Files, counts and sums of the manifest; payouts + carried + kept - debts is what was claimed."""
    if manifest["form"] != "souk-statements/v1":
        raise ValueError(f"the manifest is of another form: {manifest['form']}")
    if sorted(of["name"] for of in manifest["files"]) != FILES:
        raise ValueError(f"the manifest does not name {' and '.join(FILES)}")
    for of in manifest["files"]:
        found = sha256(home / of["name"])
        if found != of["sha256"]:
            fault(f"{of['name']} has the digest {found}, the manifest says {of['sha256']}")
    only = manifest.get("currency")
    if only:
        print(f"partial: currency {only}")
    totals = sums(index)
    merchants = len({of["merchant"] for of in index})
    counted = (merchants, len(index), sum(int(of["lines"]) for of in index))
    said = tuple(manifest[name] for name in ("merchants", "statements", "lines"))
    if counted != said:
        fault(f"merchants, statements, lines: {counted} here, the manifest says {said}")
    if sorted(totals) not in ([], [only]) and only:
        fault(f"the manifest says {only} alone, and there are statements in other currencies")
    if sorted(totals) != [of["currency"] for of in manifest["totals"]]:
        fault("the manifest has other currencies than the statements")
    for of in manifest["totals"]:
        found = totals.get(of["currency"], {})
        for name in of:
            if name != "currency" and D(str(of[name])) != found.get(name, 0):
                fault(f"{of['currency']}: {name} is {found.get(name, 0)}, the manifest says {of[name]}")
    for code, of in totals.items():
        claimed, reserve, deposit = (of["opening"] + of["earned"] + of["moved"], of["withheld"] - of["released"],
                                     of["topped_up"] - of["used"])
        kept = reserve + deposit
        if of["payouts"] + of["carried"] + kept - of["debts"] != claimed:
            fault(f"{code}: payouts + carried + kept - debts is not what was claimed, {claimed}")
        print(f"{code}: {of['statements']} statements, {of['lines']} lines; claimed {claimed} = payouts {of['payouts']}"
              f" + carried {of['carried']} + kept {kept} - debts {of['debts']}")
        print(f"{code}: claimed is all lines: earned {of['earned']} and moved {of['moved']}, of which payouts that came back"
              f" {of['payouts_returned']}; with openings {of['opening']}; kept is reserve {reserve} and deposits {deposit}")


def balances(path):
    """The entry of a trial balance, and its balances (debits - credits) by account, merchant and currency."""
    report = json.loads(pathlib.Path(path).read_text(encoding="utf-8-sig"))
    found = {(row["account"], row.get("merchant", ""), row["currency"]): D(row["balance"]) for row in report["rows"]}
    for row in report["rows"]:
        if D(row["debits"]) - D(row["credits"]) != D(row["balance"]):
            raise ValueError(f"{path}: {row} does not add up")
    return report["entry"], found


def check_movement(index, only, before, after, totals, fault):
    """What the trial balance moved between two entries is what the statements closed between them say; how many."""
    (first, had), (last, has) = balances(before), balances(after)
    said = collections.defaultdict(lambda: ZERO)
    count = 0
    for of in index:
        if not first < int(of["closing_entry"]) <= last:
            continue
        count += 1
        opening, earned, moved_in, withheld, topped_up, released, used, _, payout, carried, debt = (
            D(of[name]) for name in MONEY)
        # Debits - credits: what was claimed leaves the payable, what is carried comes back into it.
        for account, amount in (("MerchantPayable", opening + earned + moved_in - carried), ("PayoutsDue", -payout),
                                ("MerchantReserve", released - withheld), ("MerchantDeposit", used - topped_up),
                                ("MerchantDebt", debt)):
            said[account, of["merchant"], of["currency"]] += amount
    moved = collections.defaultdict(lambda: ZERO)
    for account, merchant, code in had.keys() | has.keys():
        if only not in (None, code):
            continue
        amount = has.get((account, merchant, code), ZERO) - had.get((account, merchant, code), ZERO)
        if account in BY_CLOSE:
            moved[account, merchant, code] += amount
        elif amount and account not in WITH_DEBT:
            fault(f"entries {first + 1} to {last}: {account} {merchant} moved by {amount} {code}, and no close moves it")
    for key in sorted(said.keys() | moved.keys()):
        if said[key] != moved[key]:
            account, merchant, code = key
            fault(f"entries {first + 1} to {last}: {account} of {merchant} moved by {moved[key]} {code}, the statements"
                  f" say {said[key]}")
    with_items = {merchant for account, merchant, _ in has if account == "MerchantPayable"}
    print(f"entries {first + 1} to {last}: {count} statements; of {len(with_items)} merchants with items"
          f" {len(with_items & {of['merchant'] for of in index})} have statements")
    for (account, _, code), amount in moved.items():
        totals[code, account] += amount
    return count


def main():
    """Checks an export."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("dir", type=pathlib.Path)
    flags.add_argument("--movement", nargs=2, action="append", default=[], metavar=("BEFORE", "AFTER"))
    flags = flags.parse_args()
    fault = Faults()
    try:
        if not (flags.dir / "manifest.json").exists():
            raise ValueError(f"{flags.dir} has no manifest.json: the export was cut short")
        manifest = json.loads((flags.dir / "manifest.json").read_text(encoding="utf-8-sig"))
        names = BOTH + ["closing_entry", "lines", "payouts_returned"]
        index = [dict(zip(names, row)) for row in rows(flags.dir / "statements.csv", names)]
        by_number = {of["number"]: of for of in index}
        if len(by_number) != len(index):
            fault("a number stands in the index twice")
        claimed, seen = {}, set()
        for head, lines in by_statement(flags.dir / "statement-lines.csv"):
            of = by_number.get(head[0])
            if of is None or head[0] in seen:
                fault(f"{head[0]}: lines of a statement that is not in the index, or apart from its other lines")
                continue
            seen.add(head[0])
            if head != [of[name] for name in BOTH]:
                fault(f"{head[0]}: its lines have another head than the index")
            check_lines(of, lines, claimed, fault)
        for of in index:
            if of["number"] not in seen:
                check_lines(of, [], claimed, fault)
        check_index(index, fault)
        check_manifest(flags.dir, manifest, index, fault)
        totals = collections.Counter()
        covered = sum(check_movement(index, manifest.get("currency"), before, after, totals, fault) for before, after in flags.movement)
        for (code, account), amount in sorted(totals.items()):
            print(f"the trial balance moved by (debits - credits)  {code} {account:<16} {amount:>18}")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, csv.Error) as error:
        print(f"{flags.dir}: cannot be read: {error!r}")
        return 4
    for what in fault[:SHOWN]:
        print(f"DIFFERS: {what}")
    if fault:
        print(f"{len(fault)} differences")
        return 3
    print(f"every statement adds up: {len(index)}, {len(claimed)} lines, each once, each digest as recorded, each opening as"
          f" carried; {covered} of them held against the trial balance")
    print("a digest covers the lines and the opening: payout, carried, reserves, payee, bases, rates and tariffs are not under it; payout,"
          " carried and\nreserves were added up, payees, bases, rates and tariffs were not: souk statement verify DIR --data"
          " LEDGER holds them too")
    return 0


if __name__ == "__main__":
    sys.exit(main())
