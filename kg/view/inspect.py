"""The traces of a file's documents in, one self-contained HTML page that shows in the text what was read out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup, escape

from kg.model import Fact, Mention, Section, Span, Trace
from kg.view.marks import Mark, cut, escapes, mark_up
from kg.view.reading import counts, header, place, reading, rules, said, spans
from kg.view.style import LOOKS, OTHER, printable
from kg.view.write import write_page

_HERE = Path(__file__).resolve().parent
# The hue of a type on a light and on a dark page: that of its class in the network where it has one, so that both pages speak alike.
HUES: Mapping[str, tuple[str, str]] = {
    **{
        name: (LOOKS[look].light, LOOKS[look].dark)
        for name, look in (
            ("company", "Company"), ("compound", "AntibodyDrugConjugate"), ("antibody", "Antibody"), ("payload", "Payload"),
            ("linker", "Linker"), ("target", "Target"), ("indication", "Indication"), ("technology", "Technology"), ("money", "Payment"),
            ("payment", "Milestone"), ("agreement", "Agreement"), ("stage", "Development"), ("event", "Amendment"),
        )
    },
    "date": ("#0e7c86", "#4fc3cd"),
    "rate": ("#a8401f", "#f0966f"),
    "ticker": ("#5b6b8c", "#a9b8d8"),
}  # fmt: skip
_COLUMNS = re.compile(r"\S {3,}\S")  # three blanks inside a line line up a typewriter's columns
_TYPED = 0.1  # of the lines: fewer such blanks are rules to sign on and boxes to tick in a text that flows


def write_traces(traces: Sequence[Trace], out: Path) -> Path:
    """Write the page of the documents of one file; the same traces give the same bytes. Raises ExportError where it cannot be written."""
    return write_page(out, render(traces))


def render(traces: Sequence[Trace]) -> str:
    """Make the page: its style and its script are named by their hashes in the content policy, so that nothing else in it can act."""
    data = _Data()
    articles = [Markup("").join(_article(trace, number, data)) for number, trace in enumerate(traces, 1)]
    style, script = _style(data.types), (_HERE / "inspect.js").read_text(encoding="utf-8")
    template = Markup((_HERE / "inspect.html").read_text(encoding="utf-8"))
    file_name = printable(traces[0].document.source.file_name.partition("#")[0]) if traces else ""
    return str(
        template.format(
            policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'",
            file=file_name,
            summary=_summary(traces),
            legend=Markup("").join(_legend(data)),
            outline=Markup("").join(_outline(trace, number) for number, trace in enumerate(traces, 1)),
            articles=Markup("\n").join(articles),
            style=Markup(style),  # our own files, no data
            script=Markup(script),
            data=Markup(data.json()),
        )
    )


@dataclass(slots=True)
class _Data:
    """What the script needs to know, each string once. Marks, sentences and evidence are numbered through the whole page."""

    strings: dict[str, int] = field(default_factory=dict)
    types: Counter[str] = field(default_factory=Counter)
    marks: list[list[int]] = field(default_factory=list)  # type, start, end, text, reading, found by
    sentences: list[list[int]] = field(default_factory=list)  # start, end
    evidence: list[list[int]] = field(default_factory=list)  # start, end, then the numbers of its facts
    facts: list[list[object]] = field(default_factory=list)  # document, relation, factuality, derivation, anchor, roles, rules

    def word(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def json(self) -> str:
        """Write it all as JSON that cannot end the element that it stands in."""
        numbered = {"marks": self.marks, "sentences": self.sentences, "evidence": self.evidence, "facts": self.facts}
        text = json.dumps({"strings": list(self.strings), **numbered}, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _type(mention: Mention) -> str:
    """Name the type as a class of the page's style: one without a hue is drawn as other."""
    return mention.type if mention.type in HUES else "other"


def _style(types: Iterable[str]) -> str:
    """Put the style together: the page's own, and for each type its hue and the switch that hides it."""
    hues = {**HUES, "other": (OTHER.light, OTHER.dark)}
    used = [name for name in hues if name in set(types)]
    light, dark = ("".join(f"--{name}:{hues[name][shade]};" for name in used) for shade in (0, 1))
    lines = [f":root{{{light}}}", f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"]
    lines += [f".{name}{{--hue:var(--{name})}}.off-{name} b.{name}{{--hue:transparent}}" for name in used]
    return (_HERE / "inspect.css").read_text(encoding="utf-8") + "\n".join(lines) + "\n"


def _summary(traces: Sequence[Trace]) -> str:
    numbers = (
        (len(traces), "document"), (sum(len(t.marks) for t in traces), "mention"), (sum(len(t.facts) for t in traces), "fact"),
        (sum(len(t.issues) for t in traces), "Issue"),
    )  # fmt: skip
    return " · ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in numbers)


def _legend(data: _Data) -> Iterator[Markup]:
    item = Markup(
        '<li><button type="button" data-type="{0}" aria-pressed="true"><span class="swatch {0}"></span>{0}'
        '<span class="count">{1}</span></button></li>'
    )
    yield from (item.format(name, f"{data.types[name]:,}") for name in [*HUES, "other"] if data.types[name])


def _name(section: Section) -> str:
    return printable(section.kind.replace("_", " "))


def _outline(trace: Trace, number: int) -> Markup:
    """List the sections of a document, each with the number of facts read there."""
    document = trace.document
    read = Counter(document.sentences[i].section for i in _sentences_of(trace))
    rows = []
    for index, section in enumerate(document.sections):
        kind, title = _name(section), printable(section.title)
        words = [(name, text) for name, text in (("kind", kind), ("name", title)) if text]
        if title.casefold().startswith(kind):
            words = [("kind", title)]  # "item" says nothing beside "Item 8.01"
        rows.append(
            Markup('<li{}><a href="#d{}s{}"><span>{}</span>{}</a></li>').format(
                Markup("") if section.is_factual else Markup(' class="unread"'),
                number,
                index,
                Markup(" ").join(Markup('<span class="{}">{}</span>').format(*pair) for pair in words),
                Markup('<span class="count">{}</span>').format(read[index]) if read[index] else "",
            )
        )
    name = printable(document.source.file_name.partition("#")[2] or document.title or document.source.file_name)
    return Markup('<li class="document"><a href="#d{}">{}</a><ol>{}</ol></li>').format(number, name, Markup("").join(rows))


def _sentences_of(trace: Trace) -> list[int]:
    """List, for each fact, the sentence that its first evidence begins in; those of no sentence are left out."""
    starts = {sentence.span.start: index for index, sentence in enumerate(trace.document.sentences)}
    return [starts[span.start] for fact in trace.facts for span in spans(fact)[:1] if span.start in starts]


def _article(trace: Trace, number: int, data: _Data) -> Iterator[Markup]:
    """Write one document: its header, its text with the marks, and in tables what it came to."""
    document = trace.document
    name = printable(document.source.file_name)
    rows = [(key, printable(value)) for key, value in (*header(document), *counts(trace)) if key != "title"]
    yield Markup('<article id="d{}"><h2>{}</h2><details class="head"><summary>{}</summary><dl>{}</dl></details>').format(
        number,
        printable(document.title) or name,
        " · ".join([name, *(printable(value) for key, value in header(document) if key in {"form", "document", "published", "issuer"})]),
        Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(key, value) for key, value in rows),
    )
    yield from _issues(trace)
    lines = [line for line in document.text.split("\n") if line.strip()]
    fixed = " fixed" if sum(1 for line in lines if _COLUMNS.search(line)) > len(lines) * _TYPED else ""
    spoken = "The text. The left and right arrow keys move from mark to mark."
    yield Markup('<div class="text{}" id="text{}" role="group" aria-label="{}" tabindex="0">').format(fixed, number, spoken)
    yield Markup("".join(_text(trace, number, data)) + "</div>")  # escaped there, piece by piece
    yield from _nearly(trace)
    yield from _tables(trace)
    yield Markup("</article>")


def _text(trace: Trace, number: int, data: _Data) -> Iterator[str]:
    """Write the text: a block for each section, in it the marks; a stretch that belongs to no section is a block without a name."""
    document = trace.document
    size, at = len(document.text), 0
    blocks: list[tuple[Span, int | None]] = []
    for index, section in enumerate(document.sections):
        start, end = max(at, min(section.span.start, size)), max(at, min(section.span.end, size))
        if start > at:
            blocks.append((Span(at, start), None))
        blocks.append((Span(start, end), index))
        at = end
    if at < size:
        blocks.append((Span(at, size), None))
    borders = [0, *(span.end for span, _ in blocks)]
    table = escapes(document.text)
    for (span, own), marks in zip(blocks, cut(_marks(trace, number, data), borders), strict=True):
        if own is None:
            yield '<div class="section">'
        else:
            section = document.sections[own]
            label = f"{_name(section)}\n{place(section.span)}"
            kind = "section" if section.is_factual else "section unread"
            yield f'<div class="{kind}" id="d{number}s{own}" data-label="{escape(label)}">'
        yield from mark_up(document.text, span, marks, table)
        yield "</div>"


def _marks(trace: Trace, number: int, data: _Data) -> list[Mark]:
    """Give a number to all that is marked in a document, sentences, evidence and mentions, and note each in the data."""
    marks: list[Mark] = []
    for sentence in trace.document.sentences:
        opens = f'<i data-s="{len(data.sentences)}">'
        data.sentences.append([sentence.span.start, sentence.span.end])
        marks.append(Mark(sentence.span, 1, opens, opens, "</i>"))
    numbers: dict[tuple[int, int, str, str], int] = {}
    for mention in trace.marks:
        kind = _type(mention)
        key = numbers[_key(mention)] = len(data.marks)
        data.types[kind] += 1
        words = [data.word(each) for each in (mention.text, reading(mention), mention.found_by)]
        data.marks.append([data.word(mention.type), mention.span.start, mention.span.end, *words])
        opens = f'<b class="{kind}" data-m="{key}">'
        marks.append(Mark(mention.span, 2, opens, opens, "</b>"))
    by_span: defaultdict[Span, list[int]] = defaultdict(list)
    for fact in trace.facts:
        for span in spans(fact):
            by_span[span].append(len(data.facts))
        data.facts.append(_fact(fact, number, numbers, data))
    for span, facts in sorted(by_span.items()):
        key = len(data.evidence)
        data.evidence.append([span.start, span.end, *facts])
        marks.append(Mark(span, 0, f'<u data-e="{key}" tabindex="0">', f'<u data-e="{key}">', "</u>"))
    return marks


def _key(mention: Mention) -> tuple[int, int, str, str]:
    return mention.span.start, mention.span.end, mention.type, mention.found_by


def _fact(fact: Fact, number: int, numbers: Mapping[tuple[int, int, str, str], int], data: _Data) -> list[object]:
    """Write a fact for the script: a mention by its number, another value by that of its text, counted down from -1."""
    roles = [
        [data.word(name), *(numbers[_key(value)] if isinstance(value, Mention) else -1 - data.word(said(value)) for value in values)]
        for name, values in fact.roles.items()
    ]
    anchor = numbers[_key(fact.anchor)] if fact.anchor is not None else -1
    words = [data.word(each) for each in (fact.relation, fact.factuality or "", fact.derivation)]
    return [number, *words, anchor, roles, [data.word(rule) for rule in rules([fact])]]


def _issues(trace: Trace) -> Iterator[Markup]:
    if trace.issues:
        row = Markup("<li><b>{}</b> {} <span>{}</span></li>")
        rows = (row.format(printable(issue.stage), printable(issue.problem), printable(issue.where)) for issue in trace.issues)
        title = f"{len(trace.issues):,} Issue{'' if len(trace.issues) == 1 else 's'}"
        yield Markup('<details class="issues"{}><summary>{}</summary><ul>{}</ul></details>').format(
            " open" if len(trace.issues) <= 3 else "",  # more would push the text off the first screen
            title,
            Markup("").join(rows),
        )


def _nearly(trace: Trace) -> Iterator[Markup]:
    """Write the rules that nearly read a sentence, and what each wanted."""
    if trace.near:
        row = Markup("<li><b>{}</b> {} <span>“{}”</span></li>")
        rows = (row.format(printable(one.rule), printable(reason), printable(one.sentence)) for one, reason in trace.near)
        yield Markup('<details class="issues"><summary>{}</summary><ul>{}</ul></details>').format(
            f"{len(trace.near):,} near misses: rules that all but read a sentence", Markup("").join(rows)
        )


def _tables(trace: Trace) -> Iterator[Markup]:
    """Write the statements that the facts came to, and which names were judged to mean one thing."""
    statements = [
        (
            one.subject,
            one.predicate,
            "; ".join([said(one.object), *(f"{name} {said(value)}" for name, value in one.properties)]),
            one.derivation,
            ", ".join(sorted({evidence.rule for evidence in one.evidence})),
            ", ".join(place(span) for span in sorted({evidence.span for evidence in one.evidence})),
        )
        for one in trace.resolution.statements
    ]
    yield _table("Statements", ("subject", "property", "value", "how", "rules", "sentences"), statements)
    links = [(one.left, one.right, one.judgement, one.reason, one.by, one.key) for one in trace.resolution.links]
    yield _table("Names", ("name", "other name", "judged", "because", "rule", "of"), links)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    if not rows:
        return Markup("")
    cells = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(printable(cell)) for cell in row)) for row in rows
    )
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in columns)
    frame = Markup(
        '<details class="table"><summary>{} <span class="count">{}</span></summary>'
        "<div><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    )
    return frame.format(title, f"{len(rows):,}", head, cells)
