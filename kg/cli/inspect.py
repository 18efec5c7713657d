"""A trace in, what was read from a document on the terminal out: a line for each thing, its place first, none of them cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from kg.cli import terminal
from kg.errors import QueryError
from kg.model import Fact, Mention, Span, Trace
from kg.view.reading import counts, header, place, reading, rules, said, spans

Line = tuple[str, str]  # text and style
_ALL = "all"
_BESIDE = "-"  # stands where a line has nothing to say, so that its columns can be counted


def parts_called(given: str | None) -> tuple[str, ...]:
    """Read the value of --only: names of parts with commas between them. Raises QueryError for one that there is not."""
    if given is None:
        return _DEFAULT
    names = [name.strip() for name in given.split(",")]
    unknown = [name for name in names if name not in (*PARTS, _ALL)]
    if unknown:
        raise QueryError(f"--only {given}: there is no part {unknown[0]!r}; choose of {', '.join(PARTS)}, or {_ALL}")
    return tuple(part for part in PARTS if part in names or _ALL in names)


def choose(traces: Sequence[Trace], wanted: str | None) -> list[tuple[int, Trace]]:
    """Choose documents by number, from 1, or by a part of the file's name, the document's type or the title, whatever its case.

    Raises QueryError, which lists what there is, where none fits.
    """
    numbered = list(enumerate(traces, 1))
    if wanted is None:
        return numbered
    if wanted.isdecimal():
        found = [pair for pair in numbered if pair[0] == int(wanted)]
    else:
        found = [pair for pair in numbered if wanted.casefold() in _names(pair[1]).casefold()]
    if not found:
        there = "; ".join(f"{number} {each.document.source.file_name}" for number, each in numbered)
        raise QueryError(f"--document {wanted}: no document is called so; there is {there}")
    return found


def _names(trace: Trace) -> str:
    source = trace.document.source
    return "\n".join((source.file_name, source.document_type or "", trace.document.title))


def print_trace(trace: Trace, number: int, parts: Sequence[str]) -> None:
    """Print the parts of what was read from one document."""
    terminal.lines([(f"{number}. {trace.document.source.file_name}", "bold")])
    for part in parts:
        found = list(PARTS[part](trace))
        if part != "header":
            terminal.lines([("", ""), (f"{part.capitalize()} ({_count(trace, part):,})", "bold cyan")])
        terminal.lines(found)
    terminal.say()


def _count(trace: Trace, part: str) -> int:
    resolution = trace.resolution
    held: Mapping[str, Sequence[object]] = {
        "sections": trace.document.sections,
        "sentences": trace.document.sentences,
        "mentions": trace.marks,
        "facts": trace.facts,
        "nearly": trace.near,
        "statements": resolution.statements,
        "names": resolution.links,
        "issues": trace.issues,
    }
    return len(held[part])


def _header(trace: Trace) -> Iterator[Line]:
    rows = [*header(trace.document), *counts(trace)]
    width = max(len(name) for name, _ in rows)
    yield from ((f"  {name:<{width}}  {value}", "") for name, value in rows)


def _places(trace: Trace) -> int:
    """Count the columns that a place in this document can take."""
    return 2 * len(str(len(trace.document.text))) + 1


def _sections(trace: Trace) -> Iterator[Line]:
    width, kinds = _places(trace), max((len(s.kind) for s in trace.document.sections), default=0)
    for section in trace.document.sections:
        state = "read    " if section.is_factual else "not read"
        line = f"  {place(section.span):>{width}}  {section.kind:<{kinds}}  {state}  {section.title}"
        yield line.rstrip(), "" if section.is_factual else "dim"


def _sentences(trace: Trace) -> Iterator[Line]:
    width = _places(trace)
    for sentence in trace.document.sentences:
        section = trace.document.section_of(sentence)
        yield f"  {place(sentence.span):>{width}}  {section.kind}  {sentence.text}", "" if section.is_factual else "dim"


def _mentions(trace: Trace) -> Iterator[Line]:
    marks, width = trace.marks, _places(trace)
    types, by = max((len(m.type) for m in marks), default=0), max((len(m.found_by) for m in marks), default=0)
    for mention in marks:
        yield f"  {place(mention.span):>{width}}  {mention.type:<{types}}  {mention.found_by:<{by}}  {_value(mention)}", ""


def _value(value: object) -> str:
    """Say a mention as it is written and, where that is something else, as it was read; any other value as it is kept."""
    if not isinstance(value, Mention):
        return said(value)
    read = reading(value)
    return f"{value.text} = {read}" if read else value.text


def _facts(trace: Trace) -> Iterator[Line]:
    """Print the sentences that carry facts, under each its facts, under each its roles; every line names its relation."""
    width = _places(trace)
    quotes = {evidence.span: evidence.sentence for fact in trace.facts for evidence in fact.evidence}
    by_sentence: defaultdict[Span, list[Fact]] = defaultdict(list)
    for fact in trace.facts:
        by_sentence[spans(fact)[0]].append(fact)  # one that has several sentences stands under its first
    for at, (span, facts) in enumerate(sorted(by_sentence.items())):
        if at:
            yield "", ""
        yield f"  {place(span):>{width}}  “{quotes[span]}”", ""
        for fact in facts:
            yield from _fact(fact, width)


def _fact(fact: Fact, width: int) -> Iterator[Line]:
    """Print a fact: an event stands at its anchor, an edge at its subject, with the property that it states beside the relation."""
    roles: list[tuple[str, object]] = [(role, value) for role, values in fact.roles.items() for value in values]
    filled = [("anchor", fact.anchor), *roles] if fact.anchor is not None else [pair for pair in roles if pair[0] != "predicate"]
    stated = [said(value) for name, value in roles if name == "predicate"]
    standing = " ".join(part for part in (*stated, fact.factuality, fact.derivation) if part)
    elsewhere = "".join(f", also at {place(span)}" for span in spans(fact)[1:])
    own = next((place(value.span) for _, value in filled if isinstance(value, Mention)), _BESIDE)
    yield f"  {own:>{width}}  {fact.relation}  {standing}  by {', '.join(rules([fact]))}{elsewhere}", "yellow"
    names = max((len(name) for name, _ in filled), default=0)
    for name, value in filled:
        where, by = (place(value.span), f"  ({value.found_by})") if isinstance(value, Mention) else (_BESIDE, "")
        yield f"  {where:>{width}}    {fact.relation}.{name:<{names}}  {_value(value)}{by}", ""


def _nearly(trace: Trace) -> Iterator[Line]:
    """Print the rules that nearly read a sentence, with what each wanted, under the sentence."""
    width, last = _places(trace), None
    for one, reason in trace.near:
        if one.span != last:
            yield f"  {place(one.span):>{width}}  “{one.sentence}”", ""
        last = one.span
        yield f"  {_BESIDE:>{width}}    {one.rule}  {reason}", "dim"


def _statements(trace: Trace) -> Iterator[Line]:
    for one in trace.resolution.statements:
        where = ", ".join(place(span) for span in sorted({e.span for e in one.evidence}))
        by = ", ".join(sorted({e.rule for e in one.evidence}))
        yield f"  {one.subject}  {one.predicate}  {said(one.object)}  {one.derivation}  by {by} at {where}", ""
        yield from ((f"    {one.subject}  {name}  {said(value)}", "") for name, value in one.properties)


def _names_judged(trace: Trace) -> Iterator[Line]:
    for link in trace.resolution.links:
        where = ", ".join(place(span) for span in sorted({e.span for e in link.evidence}))
        at = f" at {where}" if where else ""
        yield f"  {link.judgement}  {link.left} = {link.right}  {link.key or _BESIDE}  by {link.by}{at}: {link.reason}", ""


def _issues(trace: Trace) -> Iterator[Line]:
    yield from ((f"  {issue.stage}  {issue.where}  {issue.problem}", "yellow") for issue in trace.issues)


PARTS: Mapping[str, Callable[[Trace], Iterator[Line]]] = {
    "header": _header,
    "sections": _sections,
    "sentences": _sentences,
    "mentions": _mentions,
    "facts": _facts,
    "nearly": _nearly,
    "statements": _statements,
    "names": _names_judged,
    "issues": _issues,
}
# What there is to check first. Of a long contract the sentences without facts, and the mentions, would bury the rest.
_DEFAULT = ("header", "sections", "facts", "nearly", "issues")
