"""`kg inspect`: what a trace holds, how it is said, and a page whose text is the document's, whatever that text is."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.cli import main
from kg.cli.inspect import PARTS, choose, parts_called
from kg.errors import ExportError, QueryError, ReadError
from kg.model import (
    Concept,
    Document,
    Evidence,
    Fact,
    Filer,
    Filing,
    Issue,
    Mention,
    Money,
    PartialDate,
    Phrase,
    Resolution,
    Section,
    Sentence,
    Source,
    Span,
    Statement,
    Trace,
    When,
)
from kg.view.inspect import HUES, render, write_traces
from kg.view.marks import Mark, cut, escapes, mark_up
from kg.view.reading import counts, header, said

# By importlib, for the function kg.build hides the module of that name.
recipe = importlib.import_module("kg.build")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "kg" / "samples").iterdir())
PHASE_2 = ROOT / "kg" / "samples" / "immunogen-2007-07-31-phase-2.txt"
SUBMISSION = """<SEC-HEADER>0000000000-11-000001.hdr.sgml : 20110303
ACCESSION NUMBER:\t\t0000000000-11-000001
CONFORMED SUBMISSION TYPE:\t8-K
FILED AS OF DATE:\t\t20110303
</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<TEXT>
Item 8.01 Other Events.

On March 3, 2011, Lintara AG issued a press release.
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>EX-99.1
<TEXT>
BASEL, March 3, 2011 - Lintara AG today announced that it has earned a $3 million milestone payment from Genentech.
</TEXT>
</DOCUMENT>
"""

# Markup, quotes, entities, what steers (NUL cannot be in a file), what reorders, what has no shape, letters beyond 16 bits.
HOSTILE = (
    "</div></script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"> &amp; &#x41; ' \" `\n"
    "\u202egnp.exe\u202c \u2066x\u2069 \u200b\u00ad\ue000\U0010fffd \u2028\u2029 \r\x0b\x1b[31m\x85\x9f <!-- --> ]]> 𝛂𝛃 שלום\n"
)


# ---- traces made by hand


def sentence(text: str, start: int, end: int, section: int = 0) -> Sentence:
    return Sentence(Span(start, end), text[start:end], range(start, end), section)


def document(text: str, sections: tuple[Section, ...] | None = None, **rest: Any) -> Document:
    source = Source("document/x", "text", rest.pop("file_name", "x.txt"), "0" * 64)
    sections = (Section("body", "", Span(0, len(text))),) if sections is None else sections
    sentences = rest.pop("sentences", (sentence(text, 0, len(text)),))
    return Document(source, text, sections, sentences, **rest)


def mention(text: str, start: int, end: int, kind: str = "company", value: object = "", by: str = "test/x") -> Mention:
    return Mention(kind, Span(start, end), 0, Span(start, end), text[start:end], value or text[start:end], by)


def evidence(text: str, start: int, end: int, rule: str = "test/rule") -> Evidence:
    return Evidence("document/x", Span(start, end), text[start:end], text[start:end], rule)


def trace(made: Document, mentions: tuple[Mention, ...] = (), facts: tuple[Fact, ...] = (), **rest: Any) -> Trace:
    return Trace(made, mentions, facts, Resolution((), rest.pop("statements", ())), **rest)


class Page(HTMLParser):
    """What a browser would make of a page: its tags, and the text content of each text element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.unread: list[str] = []  # of the dimmed sections
        self.raw: dict[str, str] = {}  # what style and script hold
        self._inside: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag in {"meta", "input", "img"}:
            return
        kind = (given.get("class") or "").split() or [""]
        self._inside.append((tag, "text" if kind[0] == "text" else "unread" if "unread" in kind and kind[0] == "section" else ""))
        if self._inside[-1][1] == "text":
            self.texts.append("")
        if self._inside[-1][1] == "unread":
            self.unread.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop()[0] == tag, "tags are closed in the order in which they were opened"

    def handle_data(self, data: str) -> None:
        kinds = {kind for _, kind in self._inside}
        if "text" in kinds:
            self.texts[-1] += data
        if "unread" in kinds:
            self.unread[-1] += data
        if self._inside and self._inside[-1][0] in {"style", "script"}:
            attributes = self.tags[-1][1]
            self.raw[str(attributes.get("id", self._inside[-1][0]))] = data

    def attributes(self, tag: str, name: str) -> list[str]:
        return [str(given[name]) for each, given in self.tags if each == tag and name in given]


# ---- the trace


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_trace_is_what_a_build_makes(path: Path) -> None:
    traces, readings = kg.trace(path), recipe.read_file(path).readings
    assert [each.document for each in traces] == [each.document for each in readings]
    assert [each.issues for each in traces] == [each.issues for each in readings]
    assert [len(each.resolution.statements) for each in traces] == [sum(each.facts.values()) for each in readings]
    for each in traces:
        assert each.mentions and each.facts
        for fact in each.facts:
            assert all(e.span.of(each.document.text) == e.quote for e in fact.evidence)


def test_a_trace_holds_what_breaks_the_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "validate", lambda quads: [Issue("validate", "a.txt", "a Payment has two payers")])
    problems = [issue.problem for issue in kg.trace(PHASE_2)[0].issues if issue.stage == "validate"]
    assert problems[0] == "a Payment has two payers" and problems[1].startswith("not stored")


def test_a_submission_has_a_trace_for_each_document(tmp_path: Path) -> None:
    (tmp_path / "filing.txt").write_text(SUBMISSION, encoding="utf-8")
    traces = kg.trace(tmp_path / "filing.txt")
    assert [each.document.source.file_name for each in traces] == ["filing.txt#8-K", "filing.txt#EX-99.1"]


def test_a_file_that_is_not_there_is_a_read_error() -> None:
    with pytest.raises(ReadError, match="nowhere"):
        kg.trace("nowhere.txt")


def test_marks_hold_what_only_facts_hold_once() -> None:
    text = "Lintara paid it $3 million."
    one, outer, it = mention(text, 0, 7), mention(text, 0, 12, "payment"), mention(text, 13, 15, by="discourse/it")
    fact = Fact("payment", {"payer": (one,), "payee": (it, Concept("X"))}, (evidence(text, 0, 27),), anchor=outer)
    assert trace(document(text), (one,), (fact, fact)).marks == (outer, one, it)


# ---- words

DATE = PartialDate(2008)
VALUES = [
    ("GSK plc", "GSK plc", "a name"),
    (Money(Decimal("5E+6"), "USD"), "5000000 USD", "an amount, without an exponent"),
    (Money(Decimal(3), "USD", "Range", Decimal(1)), "1-3 USD Range", "a range"),
    (Money(None, "", "Undisclosed"), "Undisclosed", "a withheld amount"),
    (When.of(DATE, "in 2008"), "2008", "a date"),
    (When("mid-2008", DATE, dt.date(2008, 5, 1), dt.date(2008, 8, 31)), "2008 (2008-05-01..2008-08-31)", "a date with bounds of its own"),
    (When("second half", None, dt.date(2008, 7, 1), dt.date(2008, 12, 31)), "2008-07-01..2008-12-31", "bounds only"),
    (When("soon", None, dt.date(2008, 7, 1)), "2008-07-01..", "an open end"),
    (When("in due course"), "in due course", "no date at all"),
    (Phrase({"exclusive": True, "agreementType": ("License",)}, {"money": ()}), "agreementType License, exclusive yes", "a phrase"),
    (None, "", "nothing"),
    (False, "no", "a boolean, which is no number"),
]


@pytest.mark.parametrize(("value", "words", "reason"), VALUES, ids=[row[2] for row in VALUES])
def test_said(value: object, words: str, reason: str) -> None:
    assert said(value) == words, reason


def test_header_says_what_the_filing_says() -> None:
    filers = (Filer("IMMUNOGEN INC", "0000855654", ("OLD NAME INC", "OLDER INC")), Filer("GENENTECH INC", role="SUBJECT COMPANY"))
    filing = Filing("0000855654-07-000001", "8-K", PartialDate(2007, 7, 31), PartialDate(2007, 7, 30), ("8.01", "9.01"), filers)
    source = Source("document/x", "html", "x.txt#EX-99.1", "0" * 64, document_type="EX-99.1", filing=filing)
    made = Document(source, "x", (), (), "A title", PartialDate(2007, 7), issuer="ImmunoGen, Inc.", tickers=(("Nasdaq", "IMGN"),))
    assert header(made)[:-2] == [
        ("title", "A title"),
        ("kind", "html"),
        ("form", "8-K"),
        ("document", "EX-99.1"),
        ("accession", "0000855654-07-000001"),
        ("filed", "2007-07-31"),
        ("period", "2007-07-30"),
        ("items", "8.01, 9.01"),
        ("filer", "IMMUNOGEN INC (CIK 0000855654, filer, formerly OLD NAME INC, formerly OLDER INC)"),
        ("filer", "GENENTECH INC (subject company)"),
        ("url", "https://www.sec.gov/Archives/edgar/data/855654/0000855654-07-000001.txt"),
        ("published", "2007-07"),
        ("issuer", "ImmunoGen, Inc."),
        ("ticker", "Nasdaq: IMGN"),
    ]


def test_header_of_a_plain_text_leaves_out_what_is_not_known() -> None:
    assert [name for name, _ in header(document("x"))] == ["kind", "text", "key"]


# ---- markup

CROSSING = [
    ("abcdef", [(0, 6, "u"), (0, 6, "i"), (1, 3, "b")], "<u><i>a<b>bc</b>def</i></u>", "nested, and of equal spans the first rank outside"),
    ("abcdef", [(0, 4, "i"), (2, 6, "b")], "<i>ab<b>cd</b></i><b>ef</b>", "crossing: the inner one is opened again"),
    ("abcdef", [(0, 3, "i"), (3, 6, "i")], "<i>abc</i><i>def</i>", "side by side"),
    ("abcdef", [(2, 2, "b")], "abcdef", "an empty span marks nothing"),
    ("a<b", [(1, 2, "b")], "a<b>&lt;</b>b", "an escape is one character of the text"),
    ("abcdef", [(0, 3, "u"), (1, 5, "i"), (2, 6, "b")], "<u>a<i>b<b>c</b></i></u><i><b>de</b></i><b>f</b>", "a chain"),
]


@pytest.mark.parametrize(("text", "spans", "markup", "reason"), CROSSING, ids=[row[3] for row in CROSSING])
def test_spans_may_cross(text: str, spans: list[tuple[int, int, str]], markup: str, reason: str) -> None:
    marks = [Mark(Span(start, end), "uib".index(tag), f"<{tag}>", f"<{tag}>", f"</{tag}>") for start, end, tag in spans]
    assert "".join(mark_up(text, Span(0, len(text)), marks, escapes(text))) == markup, reason


def test_a_mark_over_a_border_is_in_both_stretches() -> None:
    mark = Mark(Span(1, 5), 0, "<u 1>", "<u 2>", "</u>")
    assert [[(m.span, m.opens) for m in part] for part in cut([mark], [0, 3, 4, 8])] == [
        [(Span(1, 3), "<u 1>")],
        [(Span(3, 4), "<u 2>")],
        [(Span(4, 5), "<u 2>")],
    ]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["company", "date", "new<type>"])), max_size=12)


@given(text=st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=40), spans=SPANS, at=SPANS)
def test_the_text_shown_is_the_text_stored(text: str, spans: list[tuple[int, int, str]], at: list[tuple[int, int, str]]) -> None:
    inside = [(min(a, b, len(text)), min(max(a, b), len(text)), kind) for a, b, kind in spans]
    mentions = tuple(mention(text, start, end, kind) for start, end, kind in inside)
    facts = tuple(Fact("x", {"r": mentions[:1]}, (evidence(text, min(a, b, len(text)), min(max(a, b), len(text))),)) for a, b, _ in at)
    sections = tuple(Section("body", text, Span(min(a, b, len(text)), min(max(a, b), len(text)))) for a, b, _ in sorted(at))
    assert Page(render([trace(document(text, sections), mentions, facts)])).texts == [text]


def test_what_html_cannot_hold_is_replaced() -> None:
    assert Page(render([trace(document("a\0b\ud800c"))])).texts == ["a\ufffdb\ufffdc"]


# ---- the page


@pytest.fixture(scope="module")
def hostile() -> str:
    """A page in which every string is hostile."""
    name = mention(HOSTILE, 0, 30, HOSTILE, HOSTILE, HOSTILE)
    fact = Fact(HOSTILE, {HOSTILE: (name, HOSTILE)}, (evidence(HOSTILE, 0, len(HOSTILE), HOSTILE),), HOSTILE, HOSTILE, name)
    statement = Statement(HOSTILE, HOSTILE, HOSTILE, HOSTILE, fact.evidence)
    made = document(HOSTILE, (Section(HOSTILE, HOSTILE, Span(0, 40)),), file_name=HOSTILE, title=HOSTILE, issuer=HOSTILE)
    return render([trace(made, (name,), (fact,), statements=(statement,), issues=(Issue(HOSTILE, HOSTILE, HOSTILE),))])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_page_of_a_sample_shows_its_text(path: Path) -> None:
    traces = kg.trace(path)
    page = Page(render(traces))
    assert page.texts == [each.document.text for each in traces]
    made = traces[0].document
    assert page.unread == [section.span.of(made.text) for section in made.sections if not section.is_factual]


def test_hostile_text_stays_text(hostile: str) -> None:
    page = Page(hostile)
    assert page.texts == [HOSTILE]
    assert [given.get("id") for tag, given in page.tags if tag == "script"] == ["data", None]
    assert not [tag for tag, _ in page.tags if tag in {"img", "iframe", "object", "embed", "base", "form", "link", "svg"}]
    assert not [given for _, given in page.tags if any(name.startswith("on") or name == "style" for name in given)]
    codes = page.attributes("span", "data-code")
    assert {"U+202E", "U+2066", "U+E000", "U+2028", "U+001B", "U+0085", "U+10FFFD"} <= set(codes), "what steers is shown by its code"
    assert HOSTILE in json.loads(page.raw["data"])["strings"], "and nothing of it is lost"


def test_what_steers_stands_nowhere_but_in_the_text(hostile: str) -> None:
    before, _, rest = hostile.partition('<div class="text')
    _, _, after = rest.partition("</article>")
    assert "\u202e" in rest
    assert [char for char in "\u202e\u2028\x1b" if char in before + after] == []


def test_the_page_loads_nothing_and_runs_its_own_script_only(hostile: str) -> None:
    page = Page(hostile)
    assert not [given for _, given in page.tags if {"src", "srcset", "background", "data"} & set(given)]
    assert all(link.startswith("#") for link in page.attributes("a", "href"))
    assert "url(" not in page.raw["style"] and "@import" not in page.raw["style"]
    policy = page.attributes("meta", "content")[0]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_every_document_of_a_submission_is_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "filing.txt").write_text(SUBMISSION, encoding="utf-8")
    traces = kg.trace(tmp_path / "filing.txt")
    page = Page(render(traces))
    assert page.texts == [each.document.text for each in traces]
    assert [given["id"] for tag, given in page.tags if tag == "article"] == ["d1", "d2"]


def test_the_data_points_into_the_text() -> None:
    (made,) = kg.trace(PHASE_2)
    data = json.loads(Page(render([made])).raw["data"])
    assert len(data["facts"]) == len(made.facts) and len(data["marks"]) == len(made.marks)
    for kind, start, end, text, _, _ in data["marks"]:
        written = " ".join(made.document.text[start:end].split())  # a mention's text has no line ends
        assert written == data["strings"][text], data["strings"][kind]


_WRITE = """
import sys
from kg import trace
from kg.view.inspect import render
sys.stdout.buffer.write(render(trace(sys.argv[1])).encode())
"""


def test_same_file_same_bytes() -> None:
    command = [sys.executable, "-c", _WRITE, str(PHASE_2)]
    pages = {
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(pages) == 1 and len(pages.pop()) > 10_000


def long_trace(count: int) -> Trace:
    """A trace of so many sentences of a hundred characters, each with four mentions, each fifth with a fact."""
    line = "ImmunoGen was paid $5 million by Genentech for trastuzumab-DM1, and so on and so forth until the end."
    text = (line + "\n") * count
    width = len(line) + 1
    places = ((0, 9, "company"), (19, 29, "money"), (33, 42, "company"), (47, 62, "compound"))
    mentions = tuple(mention(text, at * width + start, at * width + end, kind) for at in range(count) for start, end, kind in places)
    sentences = tuple(sentence(text, at * width, at * width + len(line)) for at in range(count))
    facts = tuple(
        Fact("payment", {"payee": (mentions[4 * at],), "money": (mentions[4 * at + 1],)}, (evidence(text, at * width, at * width + 100),))
        for at in range(0, count, 5)
    )
    return trace(document(text, sentences=sentences), mentions, facts)


def test_a_page_grows_as_its_text_does() -> None:
    """A megabyte of text is written in seconds (under one here), for four times its size at most beside a hundred bytes for a mention."""
    made = long_trace(10_000)
    began = time.monotonic()
    page = render([made])
    assert time.monotonic() - began < 20, "twenty times what it takes: a square would take hours"
    assert len(page.encode()) < 4 * len(made.document.text) + 100 * len(made.mentions)


# ---- colours

CSS = (ROOT / "kg" / "view" / "inspect.css").read_text(encoding="utf-8")


def colour(name: str, is_dark: bool) -> str:
    return re.findall(rf"--{name}: ([^;]+);", CSS)[is_dark]


def rgb(hexadecimal: str) -> list[float]:
    return [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def mixed(over: list[float], share: str, under: list[float]) -> list[float]:
    part = int(share.removesuffix("%")) / 100
    return [part * a + (1 - part) * b for a, b in zip(over, under, strict=True)]


def contrast(one: list[float], other: list[float]) -> float:
    """As WCAG 2 has it."""
    light = [
        sum(w * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for w, c in zip((0.2126, 0.7152, 0.0722), each, strict=True))
        for each in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_mark_can_be_read(is_dark: bool) -> None:
    """4.5 to 1 is what WCAG's AA asks of text; a mark may lie in another one, in a sentence that is pointed at."""
    page, ink, muted = (rgb(colour(name, is_dark)) for name in ("page", "ink", "muted"))
    lit = mixed(rgb(colour("fact", is_dark)), "13%", page)
    for name, hues in HUES.items():
        hue = rgb(hues[is_dark])
        for other in HUES.values():
            inside = mixed(hue, colour("tint", is_dark), mixed(rgb(other[is_dark]), colour("tint", is_dark), lit))
            assert contrast(ink, inside) >= 4.5, name
        assert contrast(muted, mixed(hue, colour("pale", is_dark), page)) >= 4.5, f"{name} in a dimmed section"
    for ground in ("page", "surface", "soft"):
        for words in ("muted", "factInk", "accent"):
            assert contrast(rgb(colour(words, is_dark)), rgb(colour(ground, is_dark))) >= 4.5, f"{words} on {ground}"


def test_no_two_types_have_one_hue() -> None:
    assert len({hues[0] for hues in HUES.values()}) == len({hues[1] for hues in HUES.values()}) == len(HUES)


# ---- the command

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `kg inspect` in a folder that holds a submission."""
    monkeypatch.chdir(tmp_path)
    Path("filing.txt").write_text(SUBMISSION, encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["inspect", *arguments])
        out, err = capsys.readouterr()
        return (ended.value.code if isinstance(ended.value.code, int) else 0), out, err

    return call


def test_inspect_prints_what_there_is_to_check(run: Run) -> None:
    code, out, err = run(str(PHASE_2))
    assert (code, err) == (0, "")
    for line in (
        "  published   2007-07-31",
        "  1405-1564  safe_harbour  not read",
        "    146-155    payment.payer        Genentech  (lexicon/company)",
        "      87-98    payment.payee        the Company = ImmunoGen, Inc.  (discourse/the-company)",
    ):
        assert line in out.splitlines()
    assert re.search(r"^ +110-140  payment  Occurred Resolved  by payment/dated, payment/earned,", out, re.MULTILINE)
    assert re.search(r"^ +531-534  ownership  ownedBy Stated  by ownership/possessive$", out, re.MULTILINE), "an edge and its property"
    assert "\nMentions (" not in out, "which would bury the rest of a long contract"


def test_every_part_can_be_had_alone(run: Run) -> None:
    for part in PARTS:
        _, out, _ = run(str(PHASE_2), "--only", part)
        assert re.findall(r"^([A-Z]\w+) \(", out, re.MULTILINE) == [part.capitalize()] * (part != "header"), part
    _, out, _ = run(str(PHASE_2), "--only", "all")
    assert len(re.findall(r"^[A-Z]\w+ \(", out, re.MULTILINE)) == len(PARTS) - 1


def test_a_document_is_chosen_by_number_or_name(run: Run) -> None:
    assert re.findall(r"^\d\. .*", run("filing.txt")[1], re.MULTILINE) == ["1. filing.txt#8-K", "2. filing.txt#EX-99.1"]
    for wanted in ("2", "ex-99"):
        assert re.findall(r"^\d\. .*", run("filing.txt", "--document", wanted)[1], re.MULTILINE) == ["2. filing.txt#EX-99.1"]


def test_inspect_writes_the_page_and_touches_no_store(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("filing.txt", "--html", "read.html", "--document", "2")
    assert (code, out) == (0, "wrote read.html\n")
    assert Page(Path("read.html").read_text(encoding="utf-8")).texts == [kg.trace("filing.txt")[1].document.text]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["filing.txt", "read.html"]


WRONG = [
    (["nowhere.txt"], "nowhere.txt", "a missing file"),
    (["."], "folder", "a folder"),
    (["filing.txt", "--only", "facts,colours"], "colours", "a part that there is not"),
    (["filing.txt", "--document", "3"], "1 filing.txt#8-K; 2 filing.txt#EX-99.1", "a number too high, with what there is"),
    (["filing.txt", "--document", "ex-10"], "filing.txt#8-K", "a name that no document has"),
    (["filing.txt", "--html", "missing/read.html"], "missing", "a folder that is not there"),
]


@pytest.mark.parametrize(("arguments", "named", "reason"), WRONG, ids=[row[2] for row in WRONG])
def test_what_is_wrong_is_one_line(run: Run, arguments: list[str], named: str, reason: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1), reason
    assert err.startswith("kg: ") and named in err


def test_a_long_value_is_not_cut_and_steers_nothing(run: Run) -> None:
    name = "Lintara " + "Very " * 300 + "Long AG"
    Path("long.txt").write_text(f"{name} \ue000 licensed XMT-2056 to Genentech.\n", encoding="utf-8")
    _, out, _ = run("long.txt", "--only", "sentences")
    assert f"{name} \\ue000 licensed" in out


def test_parts_keep_their_order() -> None:
    assert parts_called("facts, header") == ("header", "facts")
    assert parts_called("all") == tuple(PARTS)
    with pytest.raises(QueryError, match="''"):
        parts_called("facts,")


def test_a_title_chooses_too() -> None:
    traces = [trace(document("x", title="About Nothing")), trace(document("y", title="Phase II"))]
    assert [number for number, _ in choose(traces, "phase ii")] == [2]


def test_counts_are_there_when_nothing_is() -> None:
    assert [words for _, words in counts(trace(document("x")))] == ["0", "0", "0", "0"]


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="missing"):
        write_traces([trace(document("x"))], tmp_path / "missing" / "x.html")
    assert list(tmp_path.iterdir()) == []


def test_a_rule_that_nearly_read_a_sentence_is_told(tmp_path: Path) -> None:
    path = tmp_path / "near.txt"
    path.write_text(
        "Zelmora Therapeutics, Inc. makes drugs.\n\nThe drug SGN-35 was licensed by Garrow to Zelmora Therapeutics.\n", encoding="utf-8"
    )
    (traced,) = kg.trace(path)
    assert [(e.rule, reason) for e, reason in traced.near] == [
        ("agreement/licensed-thing", "{licensor} wants company; “Garrow” is none that was found")
    ]
    for evidence, _ in traced.near:
        assert evidence.span.of(traced.document.text) == evidence.quote


def test_a_rule_that_a_word_forbids_is_told(tmp_path: Path) -> None:
    path = tmp_path / "veto.txt"
    path.write_text("There is a notice from Takeda Inc. that it will terminate the license agreement if unpaid.\n", encoding="utf-8")
    (traced,) = kg.trace(path)
    assert [(e.rule, reason) for e, reason in traced.near] == [("agreement/notice-of-end", "left alone for “if”")]
