"""A document of the store in, its text with all that was read of it marked, and what each mark says, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import pyoxigraph as ox
from markupsafe import Markup

from kg.card.page import short
from kg.model import Span
from kg.serve.shell import Page, shell, template
from kg.serve.ways import GRAPHS, to_thing
from kg.store import PREFIXES, Store
from kg.view.marks import Mark, escapes, mark_up
from kg.view.style import printable
from kg.view.words import class_words, property_order, spell, wording
from kg.why import Quote, Reason, reasons_in

_TOLD = """
SELECT ?property ?value WHERE {
  { ?document ?property ?value FILTER(isLiteral(?value)) }
  UNION { ?document dcterms:isPartOf ?filing . ?filing ?property ?value FILTER(isLiteral(?value)) }
  UNION { ?document (dcterms:isPartOf?)/kg:filer ?filer . ?filer rdfs:label ?value BIND(kg:filer AS ?property) }
} ORDER BY ?property ?value"""
_TITLE, _FILE, _SHA256, _UNREAD = "title", "fileName", "sha256", "unread"
_NOT_SHOWN = frozenset({_TITLE, _SHA256, _UNREAD, "source"})


def document_page(store: Store, iri: str, key: str) -> Page:
    """Make the page of a document."""
    told: dict[str, list[str]] = {}
    for predicate, value in store.query(_TOLD, {"document": ox.NamedNode(iri)}).rows:
        if predicate is not None and value is not None:
            told.setdefault(re.split(r"[#/]", predicate.value)[-1], []).append(value.value)
    text = store.text_of(told[_SHA256][0])
    found = reasons_in(store, iri)
    places = sorted({(quote.start, quote.end) for reason in found for quote in reason.quotes})
    number = {place: n for n, place in enumerate(places, 1)}
    marks = [Mark(Span(*place), n, *_tags(place, n)) for place, n in number.items()]
    title = (told.get(_TITLE) or told.get(_FILE) or [key])[0]
    facts = Markup("\n").join(_facts(store, found, number))
    count = len({reason.claim for reason in found})
    main = template("document").format(
        title=short(title),
        about=Markup("").join(_about(told)),
        graphs=GRAPHS,
        iri=iri,
        text=Markup("").join(map(Markup, mark_up(text, Span(0, len(text)), marks, escapes(text)))),
        count=f"{count:,}",
        facts=Markup('<ol class="facts">{}</ol>').format(facts) if found else Markup("<p>Nothing was read from it.</p>"),
        unread=_unread(told.get(_UNREAD, [])),
    )
    return shell(title, main)


def _tags(place: tuple[int, int], number: int) -> tuple[str, str, str]:
    """Write what opens a mark, opens it again and closes it: its number leads to the facts, and is no part of the text."""
    start, end = place
    led = f'<a class="n" href="#fact-{number}" data-n="{number}" aria-label="What quote {number} says"></a>'
    return f'<mark id="at-{start}-{end}">{led}', "<mark>", "</mark>"


def _about(told: dict[str, list[str]]) -> Iterator[Markup]:
    for name in sorted(set(told) - _NOT_SHOWN, key=lambda name: (name != "date", name)):
        for value in told[name]:
            yield Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(spell(name), short(value))


def _facts(store: Store, found: Sequence[Reason], number: dict[tuple[int, int], int]) -> Iterator[Markup]:
    """Write the facts under the quotes that say them; one that takes several quotes stands under each."""
    said = [((quote.start, quote.end), quote, reason) for reason in found for quote in reason.quotes]
    for place, group in groupby(sorted(said, key=lambda item: (item[0], _order(item[2]))), key=lambda item: item[0]):
        told = list(group)
        claims = dict.fromkeys(_claim(store, reason) for _, _, reason in told)
        yield Markup('<li id="fact-{n}" value="{n}"><a href="#at-{start}-{end}">{quote}</a>{section}<ul>{claims}</ul></li>').format(
            n=number[place],
            start=place[0],
            end=place[1],
            quote=_quoted(told[0][1]),
            section=Markup(' <span class="source">{}</span>').format(short(told[0][1].section)) if told[0][1].section else Markup(""),
            claims=Markup("").join(claims),
        )


def _quoted(quote: Quote) -> str:
    plain = printable(quote.quote)
    return f"“{plain}”" if len(plain) <= 120 else f"“{plain[:119]}…”"  # two lines; the text itself is beside it


def _order(reason: Reason) -> tuple[tuple[int, str], str, str]:
    return (property_order(_local(reason.predicate)), reason.subject_label, reason.object_label)


def _claim(store: Store, reason: Reason) -> Markup:
    """Say a statement in words that lead to what it is about, with the rules that read it."""
    subject = _led(store, reason.subject, reason.subject_label)
    name = _local(reason.predicate)
    how = " · ".join(part for part in (reason.derivation.lower(), ", ".join(reason.rules)) if part)
    source = Markup(' <span class="source">{}</span>').format(how) if how else Markup("")
    if reason.predicate == PREFIXES["rdf"] + "type":
        is_event = reason.claim == reason.subject_label
        said = subject if is_event else Markup("{} is a {}").format(subject, class_words(reason.object_label).lower())
    else:
        value = _led(store, reason.object.value, reason.object_label) if isinstance(reason.object, ox.NamedNode) else reason.object_label
        said = Markup("{} {} {}").format(subject, wording(name).forward, value)
    return Markup("<li>{}{}</li>").format(said, source)


def _led(store: Store, iri: str, label: str) -> Markup:
    if not iri.startswith(store.base):
        return Markup("<strong>{}</strong>").format(spell(label) if iri.startswith(PREFIXES["kg"]) else short(label))
    return Markup('<a href="{}"><strong>{}</strong></a>').format(to_thing(iri.removeprefix(store.base)), short(label))


def _unread(lines: Sequence[str]) -> Markup:
    """List the sentences that speak of deals, money or trials and gave no fact."""
    if not lines:
        return Markup("")
    items = Markup("").join(Markup("<li>{}</li>").format(printable(line)) for line in lines)
    return Markup('<details class="unread"><summary>Not read: {}</summary><ul>{}</ul></details>').format(
        f"{len(lines):,} sentence{'' if len(lines) == 1 else 's'} with words of deals, money or trials", items
    )


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]
