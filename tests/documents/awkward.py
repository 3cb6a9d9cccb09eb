"""A small ledger whose ids a spreadsheet likes to take for numbers, dates and truths, and what its statements say.

Shared by the checks of the spreadsheet and of the print; judges nothing.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sweeps"))
from harness import run  # noqa: E402

MERCHANT = "0001007"
ORDERS = ("007", "0000000000000000001", "1234567890123456788", "1234567890123456789", "1e5", "3-4", "2026-03-02",
          "0x1F", "TRUE", "12:30", "1.10", "-5", "9999999999999999999999999999999999999999")
"""Leading zeros, two that are one number in floating point, an exponent, dates, a truth, a time, a sign, 40 digits."""
CYCLE = "2026-W10"


def prepare(souk, home):
    """A ledger with a statement that has sales, fees, a hold, a reserve and a deposit that is filled; its directory."""
    data = os.path.join(home, "awkward")
    run([souk, "init", "--platform", "Awkward", "--platform-currency", "CNY", "--time-zone", "Asia/Shanghai",
         "--language", "zh", "--yes", "--data", data]).must(0)
    lines = []

    def line(command, key, at, **body):
        lines.append(json.dumps({"command": command, "key": key, "at": f"{at}+08:00", "data": body}))

    line("enrol-merchant", "e", "2026-01-01T10:00:00", merchant=MERCHANT)
    line("agree-terms", "t", "2026-01-01T10:00:00", merchant=MERCHANT, effective_on="2026-01-05", cycle="weekly",
         time_zone="Asia/Shanghai", hold_days=0, tariff="standard",
         reserve={"rate": "0.1", "base": "net-lines", "days": 30}, deposits=[{"currency": "CNY", "amount": "500.00"}])
    for number, order in enumerate(ORDERS):
        line("place-order", f"p{order}", "2026-03-02T10:00:00", order=order, currency="CNY",
             lines=[{"line": "1", "merchant": MERCHANT, "units": 1, "price": f"{1000 + number}.{number:02}"}])
        line("pay-order", f"y{order}", "2026-03-02T10:01:00", order=order, payment="P1", method="card",
             amount=f"{1000 + number}.{number:02}")
        line("complete-order", f"c{order}", "2026-03-03T10:00:00", order=order, merchant=MERCHANT)
    line("place-hold", "h", "2026-03-04T10:00:00", order=ORDERS[0], hold="H1", line="1", amount="100.00",
         reason="complaint")
    path = os.path.join(home, "awkward.ndjson")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    run([souk, "apply", path, "--data", data, "--format", "json"]).must(0)
    run([souk, "close", "--through", "2026-03-08", "--data", data]).must(0)
    return data


def statements(souk, home, orders=2000):
    """Statements to look at: ledger, merchant, cycle (None: the latest) and language."""
    demo = os.path.join(home, "demo")
    run([souk, "demo", "--data", demo, "--orders", orders]).must(0)
    awkward = prepare(souk, home)
    return [(awkward, MERCHANT, CYCLE, "en"), (awkward, MERCHANT, CYCLE, "zh"),
            (demo, "1007", None, "en"), (demo, "1007", None, "zh"), (demo, "1042", None, "en"),
            (demo, "1013", None, "zh")]


def statement(souk, of, form, language, path):
    """Prints a statement into a file; what was remarked."""
    data, merchant, cycle = of
    words = [souk, "statement", merchant, *([cycle] if cycle else []), "--data", data, "--format", form, "--lang", language,
             "--output", path]
    return run(words).must(0).err
