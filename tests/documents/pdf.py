#!/usr/bin/env python3
"""Statements as PDF, read and looked at by poppler.

    cargo build --release -p souk --features pdf
    python3 tests/documents/pdf.py --souk target/release/souk [--keep DIR]

The text of each PDF has every line of the statement once, with its date, id and amount, which add up to what was earned; the
figures of the bridge; the words of its language. The picture has ink wherever a word stands, no glyph is the one of a
missing character, and the font is embedded. With --keep the pictures stay, to be looked at. The first violation ends it
with exit 1.
"""

import argparse
import copy
import decimal
import json
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree
import zlib

import awkward
from harness import Violation, run, table

D = decimal.Decimal
DOTS = 100
"""Dots per inch of the pictures."""
DARK = 160
"""A dot below is ink."""
WORDS = {
    "en": ("Payout", "What was kept or carried", "Merchant", "Time zone of all dates", "Digest", "打款"),
    "zh": ("打款", "结转下期", "商家", "所有日期的时区", "校验码", "预留与结转", "从销售到打款", "Payout"),
}
"""Labels stand in both languages, remarks and heads in the one that was asked for."""
LINE = re.compile(r"^ *(\d+) +(\d{4}-\d\d-\d\d) +(\d{4}-\d\d-\d\d) +(.*?)([−-]?[\d,]+(?:\.\d+)?)$")


def plain(figure):
    """A figure for people as a number."""
    return D(figure.replace(",", "").replace("\u2212", "-"))


def grouped(figure):
    """A number as it is printed for people."""
    return f"{D(figure):,}".replace("-", "\u2212")


def close(text):
    """Text without white space, so that a break within a cell does not matter."""
    return re.sub(r"\s", "", text)


def strings(stream):
    """The strings of a content stream, as bytes."""
    at, found = 0, []
    while at < len(stream):
        byte = stream[at:at + 1]
        if byte == b"<" and stream[at + 1:at + 2] != b"<":
            end = stream.index(b">", at)
            found.append(bytes.fromhex(stream[at + 1:end].decode()))
            at = end
        elif byte == b"<":
            at += 1
        elif byte == b"(":
            text, at = literal(stream, at + 1)
            found.append(text)
        at += 1
    return found


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def literal(stream, at):
    """A string in parentheses, and the place of the last."""
    text, depth = bytearray(), 1
    while True:
        byte = stream[at:at + 1]
        if byte == b"\\":
            at += 1
            octal = re.match(rb"[0-7]{1,3}", stream[at:at + 3])
            if octal:
                text.append(int(octal[0], 8) & 255)
                at += len(octal[0]) - 1
            else:
                text += ESCAPES.get(stream[at:at + 1], stream[at:at + 1])
        elif byte == b")" and depth == 1:
            return bytes(text), at
        else:
            depth += (byte == b"(") - (byte == b")")
            text += byte
        at += 1


def glyphs(pdf):
    """Every glyph that is drawn, by its number in the embedded font; 0 is the one of a missing character."""
    found = []
    for part in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            body = zlib.decompress(part[1])
        except zlib.error:
            continue
        # Text stands between BT and ET, and every one of its strings is drawn.
        for block in re.findall(rb"\bBT\b(.*?)\bET\b", body, re.DOTALL) if b" Tf" in body else []:
            for text in strings(block):
                found += [text[place] << 8 | text[place + 1] for place in range(0, len(text) - 1, 2)]
    return found


def pictures(pdf, home):
    """Width, height and dots of each page."""
    stem = os.path.splitext(pdf)[0]
    run(["pdftoppm", "-gray", "-r", DOTS, pdf, stem]).must(0)
    found = []
    for name in sorted(os.listdir(home)):
        if name.startswith(os.path.basename(stem) + "-") and name.endswith(".pgm"):
            with open(os.path.join(home, name), "rb") as file:
                form, width, height, _, dots = re.match(rb"(P5)\s+(\d+)\s+(\d+)\s+(\d+)\s(.*)", file.read(), re.DOTALL).groups()
            found.append((int(width), int(height), dots))
    return found


def ink(page, box):
    """Dark dots in a box of points."""
    width, height, dots = page
    left, top, right, bottom = (round(float(of) * DOTS / 72) for of in box)
    rows = range(max(top, 0), min(bottom + 1, height))
    return sum(1 for row in rows for dot in dots[row * width + max(left, 0):row * width + right + 1] if dot < DARK)


def drawn(pdf, home):
    """Words of the text, each of which has ink in the picture; their number."""
    pages = pictures(pdf, home)
    text = run(["pdftotext", "-bbox", pdf, "-"]).must(0).out
    tree = xml.etree.ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    count = 0
    boxes = [page for page in tree.iter() if page.tag.endswith("page")]
    if len(boxes) != len(pages):
        raise Violation(f"{len(boxes)} pages of text, {len(pages)} pictures")
    for page, picture in zip(boxes, pages):
        for word in page:
            box = [word.get(name) for name in ("xMin", "yMin", "xMax", "yMax")]
            if ink(picture, box) < 2:
                raise Violation(f"{word.text!r} is not in the picture")
            count += 1
    return count, len(pages)


def check(pdf, said, language, home):
    """Text and picture of one PDF against what the ledger says."""
    number = said["number"]
    text = run(["pdftotext", "-layout", pdf, "-"]).must(0).out
    packed = close(text)
    lines = {}
    for row in text.splitlines():
        found = LINE.match(row.rstrip())
        if found:
            lines.setdefault(int(found[1]), []).append((found[2], found[3], plain(found[5])))
    wanted = {line["line_no"]: [(line["effective_on"], line["due_on"], D(line["amount"]))] for line in said["lines"]}
    if lines != wanted:
        wrong = [of for of in wanted if lines.get(of) != wanted[of]] + [of for of in lines if of not in wanted]
        raise Violation(f"{number}: lines {wrong[:5]} are {[lines.get(of) for of in wrong[:5]]}")
    kept = (D(said["reserve_released"]) - D(said["reserve_withheld"])
            + D(said["deposit_used"]) - D(said["deposit_topped_up"]))
    printed = sum((amount for (*_, amount), in lines.values()), D(0))
    if D(said["opening"]) + printed + kept != D(said["closing"]):
        raise Violation(f"{number}: the printed lines come to {printed}, which does not give the closing {said['closing']}")
    figures = [said[name] for name in ("opening", "earned", "payout", "carried", "closing")]
    figures += [said[name] for name in ("moved", "deposit_topped_up", "deposit_used") if D(said[name])]
    figures += [of["amount"] for of in said["subtotals"]]
    lacking = [of for of in figures if grouped(of) not in packed]
    if lacking:
        raise Violation(f"{number}: figures that are not printed: {lacking}")
    for of in [number, said["digest"], said["merchant"], *{line["order"] for line in said["lines"] if line["order"]}]:
        if of not in packed:
            raise Violation(f"{number}: {of} is not printed")
    for word in WORDS[language]:
        if close(word) not in packed:
            raise Violation(f"{number}: {word} is not printed")
    if "[U+" in text or "\ufffd" in text:
        raise Violation(f"{number}: a character has no picture")
    with open(pdf, "rb") as file:
        of = glyphs(file.read())
    if len(of) < len(packed) or 0 in of:
        raise Violation(f"{number}: {of.count(0)} of {len(of)} glyphs are missing characters; the text has {len(packed)}")
    fonts = run(["pdffonts", pdf]).must(0).out.splitlines()[2:]
    if not fonts or any(row.split()[-5] != "yes" for row in fonts):
        raise Violation(f"{number}: a font is not embedded: {fonts}")
    words, pages = drawn(pdf, home)
    return [f"{number} {language}", pages, len(lines), words, len(of), said["closing"]]


def unlike(pdf, said, language, home):
    """A statement that is a cent or a digit of an id apart is not the one that was printed."""
    other = copy.deepcopy(said)
    other["lines"][0]["amount"] = str(D(other["lines"][0]["amount"]) + D("0.01"))
    wrong = [other, said | {"merchant": said["merchant"] + "8"}, said | {"payout": str(D(said["payout"]) + D("0.01"))}]
    for of in wrong:
        try:
            check(pdf, of, language, home)
        except Violation:
            continue
        raise Violation(f"{said['number']}: a statement that was not printed is taken for it")


def main():
    """Runs the check."""
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--souk", required=True)
    flags.add_argument("--keep", help="a directory for PDFs and pictures")
    flags = flags.parse_args()
    souk, home = os.path.abspath(flags.souk), tempfile.mkdtemp(prefix="souk-print-")
    try:
        rows = []
        for place, (*of, language) in enumerate(awkward.statements(souk, home)):
            pdf, document = os.path.join(home, f"{place}-{language}.pdf"), os.path.join(home, f"{place}.json")
            remark = awkward.statement(souk, of, "pdf", language, pdf)
            if "the font lacks" in remark:
                raise Violation(remark)
            awkward.statement(souk, of, "json", language, document)
            with open(document, encoding="utf-8") as file:
                said = json.load(file)
            rows.append(check(pdf, said, language, home))
            unlike(pdf, said, language, home)
        print("three statements apart from each by a cent or a digit: refused")
        table(["printed", "pages", "lines", "words with ink", "glyphs, none missing", "closing as the ledger's"], rows)
        if flags.keep:
            os.makedirs(flags.keep, exist_ok=True)
            for name in os.listdir(home):
                if name.endswith((".pdf", ".pgm")):
                    shutil.copy(os.path.join(home, name), flags.keep)
    except Violation as violation:
        print(f"VIOLATION: {violation}\nkept: {home}")
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
