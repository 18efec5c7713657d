"""Mutated filings and made-up attacks in, no crash, no hang and no file touched out; every refusal names its file."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_reading import FILES
from test_sentences import check

from kg.errors import ReadError
from kg.model import Contents
from kg.read import read_bytes

HTML = b"<html><body>"
# Each makes an attack of a size; what it attacks stands beside it.
ATTACKS: dict[str, tuple[Callable[[int], bytes], str]] = {
    "cells": (lambda n: HTML + b"<table><tr>" + b"<td>word</td>" * n, "a row without an end"),
    "open cells": (lambda n: HTML + b"<table><tr>" + b"<td>w" * n, "cells that nothing closes"),
    "rows": (lambda n: HTML + b"<table>" + b"<tr><td>a<td>b" * n, "rows that nothing closes"),
    "money cells": (lambda n: HTML + b"<table>" + b"<tr><td>$<td>5<td>)<td>%</tr>" * n, "cells that are glued"),
    "divisions": (lambda n: HTML + b"<div>w " * n, "depth"),
    "tables": (lambda n: HTML + b"<table><tr><td>w " * n, "tables within tables"),
    "line ends": (lambda n: HTML + b"x<br>" * n, "one paragraph of many lines"),
    "preformatted": (lambda n: HTML + b"<pre>x y\n</pre>" * n, "many preformatted parts"),
    "raised": (lambda n: HTML + b"a<sup>1</sup>" * n, "footnotes"),
    "rules": (lambda n: HTML + b"<hr><p>Page 1</p><p>Head</p>" * n, "page breaks with running heads"),
    "hidden": (lambda n: HTML + b"<p style='display:none'>x</p>y" * n, "elements that are not shown"),
    "xbrl": (lambda n: HTML + b"<ix:header>x</ix:header>y" * n, "headers of inline XBRL"),
    "signs": (lambda n: HTML + b"<" * n, "tags that are none"),
    "attributes": (lambda n: HTML + b"<p " + b"a=1 " * n + b">x", "a tag of a million attributes"),
    "comments": (lambda n: HTML + b"x<!-- x " * n, "comments that nothing closes"),
    "noncharacters": (lambda n: HTML + "\ufdd0\ufdd5\ufdd6\ufdd3x\ufdd4\ufdda\ufdd9".encode() * n, "the marks of our own structure"),
    "their references": (lambda n: HTML + b"&#xFDD5;&#xFDD3;x&#xFDD6;" * n, "the same, as character references"),
    "documents": (lambda n: b"<SEC-DOCUMENT>x\n" + b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n" * n, "many documents"),
    "document tags": (lambda n: b"<SEC-DOCUMENT>x\n" + b"<DOCUMENT>" * n + b"<TYPE>8-K\n<TEXT>\nx", "tags that begin none"),
    "text ends": (lambda n: b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\n" + b"x</TEXT>\n" * n, "ends that are quoted"),
    "filers": (lambda n: b"<SEC-HEADER>\n" + b"FILER:\nCOMPANY CONFORMED NAME: X\n" * n + b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nx", "filers"),
    "pages": (lambda n: b"x y z\n\n<PAGE>\n\n2\n\n" * n, "page breaks"),
    "bridges": (lambda n: b"the quick brown fox jumps over the lazy dog and runs away from it to\n\nthe " * n, "one sentence over all"),
    "hyphens": (lambda n: b"the quick devel-\nopment " * n + b"development", "hyphenated line ends"),
    "bars": (lambda n: b"|a|b|\n" * n, "tables of Markdown"),
    "stars": (lambda n: b"**a** [b](http://x) " * n, "marks of Markdown"),
    "brackets": (lambda n: b"[" * n + b"x", "links that are none"),
    "bullets": (lambda n: "\uf0b7 x\n".encode() * n, "bullets of the private use area"),
    "directions": (lambda n: "\u202ex\u202c ".encode() * n, "bidirectional controls"),
    "surrogates": (lambda n: b"\xed\xa0\x80 x" * n, "surrogates in UTF-8"),
    "mojibake": (lambda n: "\u00e2\u20ac\u2122x".encode() * n, "text encoded twice"),
    "contacts": (lambda n: b"Contact:\n\n" * n, "sections that begin at each line"),
    "exhibits": (lambda n: b"Exhibit 99.1\n\n" * n, "exhibits"),
    "covers": (lambda n: b"FORM 8-K\nCURRENT REPORT\n" * n, "covers"),
    "days": (lambda n: b"On July 31, 2007, " * n, "days"),
    "abbreviations": (lambda n: b"Inc. " * n, "stops that end nothing"),
    "feeds": (lambda n: b"\f" * n + b"x", "form feeds"),
}
SIZE = 6000  # repetitions of an attack; four times as many must take four times as long
SLACK = 3.0  # on a machine that does other things too, beside what a second or two of timing costs
ATTEMPTS = 3  # a fault of the reader's shows each time, one of the machine's does not


def seconds(data: bytes, name: str) -> float:
    """Take the best of two runs, as a busy machine only ever adds."""
    best = 9e9
    for _ in range(2):
        start = time.process_time()
        try:
            contents = read_bytes(data, name)
        except ReadError as fault:
            assert str(fault).startswith(name) and "\n" not in str(fault)
        else:
            assert contents.documents or contents.skipped
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("attack", ATTACKS)
def test_time_grows_with_size(attack: str) -> None:
    make, why = ATTACKS[attack]
    name = "attack.htm" if make(1).startswith(HTML) else "attack.txt"
    for _ in range(ATTEMPTS):
        small, large = seconds(make(SIZE), name), seconds(make(4 * SIZE), name)
        if large < 4 * SLACK * small + 0.05:
            break
    assert large < 4 * SLACK * small + 0.05, f"{why}: {small:.2f} s, then {large:.2f} s for four times as much"


def test_ten_megabytes_of_cells_stay_in_memory() -> None:
    program = (
        "import resource, sys; from kg.read import read_bytes; from kg.errors import ReadError\n"
        "try: read_bytes(b'<html><body><table><tr>' + b'<td>w' * 2_000_000, 'cells.htm')\n"
        "except ReadError as fault: print(fault)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != 'darwin' else 1024 * 1024))"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    refusal, peak = done.stdout.splitlines()
    assert refusal.startswith("cells.htm: has ")
    assert int(peak) < 1500, "megabytes: some hundred times the page, and a bound at all"
    assert time.monotonic() - start < 60


TAGS = (
    b"<table><tr><td> </td> </table> <!-- <script> <pre> </body> <DOCUMENT> <TYPE>8-K </TEXT> <sup>1</sup> <ix:header> <p\thidden>".split(
        b" "
    )
)
TAGS += [b"<![CDATA[", b"&#0;", b"&#xD800;", b"&#xFDD3;", b"<svg/onload=x>"]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage a file as wires, editors and people with bad intent do."""
    out = bytearray(data[: chance.choice([2_000, 20_000, 60_000])])
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(out) + 1)
        length = chance.choice([1, 3, 40, 1000])
        kind = chance.randrange(7)
        if kind == 0:
            del out[at : at + length]
        elif kind == 1:
            out[at:at] = out[at : at + length] * chance.randint(1, 20)
        elif kind == 2:
            out[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            del out[at:]
        elif kind == 4:
            out[at:at] = chance.choice(
                [b"\0", b"\r", b"\f", b"\x1a", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xef\xbf\xbe", b"\xc2"]
            )
        elif kind == 5:
            out[at:at] = chance.choice(TAGS)
        else:
            out[at:at] = chance.choice([b"**", b"](", b"# ", b"|", b"\n\n", b"- ", b"\t\t\t", b"Item 8.01 ", b"SIGNATURES\n", b"About X\n"])
    return bytes(out)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_filings_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)  # the same damage in every run
    for path in chance.sample(FILES, min(10, len(FILES))):
        data = mutated(path.read_bytes(), chance)
        try:
            contents: Contents = read_bytes(data, path.name)
        except ReadError as fault:
            assert str(fault).startswith(path.name)
            continue
        for document in contents.documents:
            check(document)
        assert read_bytes(data, path.name) == contents


def test_entities_open_no_file_and_do_not_multiply(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of the machine", encoding="utf-8")
    laughs = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    for kind in ("xml", "html"):
        page = (
            f'<?xml version="1.0"?><!DOCTYPE {kind} [<!ENTITY a0 "ha"><!ENTITY x SYSTEM "{secret.as_uri()}">{laughs}]>'
            f"<html><body><p>Harbor &x; pays &a9; five.</p><iframe src='{secret.as_uri()}'></iframe></body></html>"
        )
        (document,) = read_bytes(page.encode(), "entities.html").documents
        assert "secret of" not in document.text and len(document.text) < 2000
        assert "Harbor" in document.text and "five." in document.text
