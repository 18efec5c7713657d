"""The name of a page and its parameters in, the page out: what a worker makes of its view of the store for a person who looks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pyoxigraph as ox
from markupsafe import Markup

from kg.ask import KINDS, names_like, questions
from kg.card import Card, card, class_of
from kg.card.page import glyph, names, sections, short, summary
from kg.errors import QueryError
from kg.serve.around import network_page
from kg.serve.document import document_page
from kg.serve.library import library_page, question_page
from kg.serve.search import Hit, find, of_class
from kg.serve.shell import Page, shell, template
from kg.serve.ways import CLASSES, EDITOR, GRAPHS, NETWORK, QUESTIONS, SPARQL, VOID, links, to_thing
from kg.store import PREFIXES, Store
from kg.view.style import LOOKS
from kg.view.words import class_words

_LISTED, _SUGGESTED, _FIRST, _A_PAGE = (
    50,
    12,
    8,
    100,
)  # things of a search, of a list as one types, of a class on the first page and on its own
_CLASSES = (
    "Company",
    "AntibodyDrugConjugate",
    "Compound",
    "Antibody",
    "Payload",
    "Linker",
    "Target",
    "Indication",
    "Technology",
    "Document",
)
_ON_FIRST = ("Company", "Compound", "Document")
_EXAMPLES = ("milestones-earned", "agreements-between", "compounds-by-payload", "timeline")
_COUNTS = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE { ?thing a ?class } GROUP BY ?class"
_FORMATS = {"turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples", "rdfxml": "RDF/XML"}


class NoSuchPage(Exception):
    """Nothing is there."""


class Explorer:
    """Makes the pages of one view of a store; what is the same for all is made once."""

    def __init__(self, store: Store, rows: int = 10_000) -> None:
        """Rows are those of an answer that is given as a file."""
        self._store, self._rows = store, rows
        self._first = ""
        self._pages: dict[str, Callable[[Mapping[str, str]], Page]] = {
            "home": self._home,
            "names": self._names,
            "class": self._class,
            "thing": self._thing,
            "network": self._network,
            "questions": lambda _: library_page(),
            "question": self._question,
        }

    def page(self, name: str, parameters: Mapping[str, str]) -> Page:
        """Make a page. Raises NoSuchPage for a thing that there is not, QueryError for parameters that are for the asker to mend."""
        return self._pages[name](parameters)

    def _home(self, given: Mapping[str, str]) -> Page:
        words = " ".join(given.get("q", "").split())
        if words:
            hits = find(self._store, words, _LISTED)
            said = f"{len(hits):,} found" if len(hits) < _LISTED else f"the first {_LISTED} that were found"
            main = Markup('<h1>“{}”</h1>\n<p id="summary" role="status">{}</p>\n{}').format(
                short(words), said if hits else "No name holds that.", _list(hits)
            )
            return shell(words, main, words=words)
        self._first = self._first or str(self._welcome())
        return shell("", Markup(self._first))

    def _welcome(self) -> Markup:
        counts = {
            row[0].value.removeprefix(PREFIXES["kg"]): int(row[1].value) for row in self._store.query(_COUNTS).rows if row[0] and row[1]
        }
        item = Markup('<li class="{}"><a href="{}/{}">{}{}</a> <span class="count">{}</span></li>')
        kinds = [
            item.format(kind, CLASSES, kind, glyph(kind), class_words(kind), f"{counts[kind]:,}") for kind in _CLASSES if counts.get(kind)
        ]
        parts = [
            Markup('<section aria-labelledby="{0}"><h2 id="{0}">{1}</h2>{2}</section>').format(
                f"first-{kind}", "Newest documents" if kind == "Document" else f"{class_words(kind)}: most told of", _list(hits)
            )
            for kind in _ON_FIRST
            if (hits := of_class(self._store, kind, _FIRST))
        ]
        library = questions()
        asked = Markup("").join(
            Markup('<li><a href="{}/{}">{}</a></li>').format(QUESTIONS, name, library[name].title) for name in _EXAMPLES
        )
        return template("welcome").format(
            kinds=Markup("").join(kinds), parts=Markup("\n").join(parts), asked=asked, questions=QUESTIONS, editor=EDITOR, sparql=SPARQL,
            graphs=GRAPHS, void=VOID,
        )  # fmt: skip

    def _names(self, given: Mapping[str, str]) -> Page:
        """Suggest names as one types: of a kind of parameter those that begin so, else the things that bear the words."""
        kind, words = given.get("kind", ""), given.get("q", "").strip()
        if kind and kind not in KINDS:
            raise QueryError(f"{kind!r} is no kind of thing")
        found: list[object]
        if kind:
            found = list(names_like(self._store, kind, words)[:_SUGGESTED]) if words else []
        else:
            hits = find(self._store, words, _SUGGESTED)
            found = [{"href": to_thing(hit.key), "label": hit.label, "kind": class_words(hit.kind), "also": hit.also} for hit in hits]
        return Page(json.dumps(found).encode(), "application/json")

    def _class(self, given: Mapping[str, str]) -> Page:
        kind = given["class"]
        if kind not in _CLASSES:
            raise NoSuchPage("there is no such class to list")
        text = given.get("page", "1")
        number = int(text) if text.isdecimal() and len(text) < 7 else 0
        if number < 1:
            raise QueryError("page is a number from 1 on")
        hits = of_class(self._store, kind, _A_PAGE + 1, (number - 1) * _A_PAGE)
        turns = [(number - 1, "Before")] if number > 1 else []
        turns += [(number + 1, "More")] if len(hits) > _A_PAGE else []
        led = Markup(" ").join(Markup('<a href="{}/{}?page={}">{}</a>').format(CLASSES, kind, at, said) for at, said in turns)
        main = Markup("<h1>{}</h1>\n{}\n<p>{}</p>").format(class_words(kind), _list(hits[:_A_PAGE]), led)
        return shell(class_words(kind), main, kind=kind)

    def _thing(self, given: Mapping[str, str]) -> Page:
        key, as_of = given["key"], given.get("as-of", "")
        iri = self._known(key)
        if class_of(self._store, iri) in {"Document", "Filing"} and next(
            self._store.quads(subject=ox.NamedNode(iri), predicate=ox.NamedNode(PREFIXES["kg"] + "sha256")), None
        ):
            return document_page(self._store, iri, key)
        return _card_page(card(self._store, iri, as_of or None), self._store.base)

    def _network(self, given: Mapping[str, str]) -> Page:
        text = given.get("hops", "1")
        return Page(network_page(self._store, self._known(given.get("of", "")), int(text) if text.isdecimal() else -1).encode())

    def _question(self, given: Mapping[str, str]) -> Page:
        name = given["name"]
        if name not in questions():
            raise NoSuchPage("there is no such question")
        rest = {key.removeprefix("in."): value for key, value in given.items() if key.startswith("in.")}
        return question_page(self._store, name, rest, links(self._store.base), self._rows)

    def _known(self, key: str) -> str:
        iri = self._store.base + key
        try:
            is_known = next(self._store.quads(subject=ox.NamedNode(iri)), None) is not None
        except ValueError:
            is_known = False
        if not is_known:
            raise NoSuchPage("the store knows nothing of this")
        return iri


def _list(hits: list[Hit]) -> Markup:
    """Write things as a list that leads to their pages."""
    item = Markup('<li class="{}"><a href="{}">{}<span>{}</span></a> <span class="source">{}</span></li>')
    written = [
        item.format(
            hit.kind,
            to_thing(hit.key),
            glyph(hit.kind),
            short(hit.label),
            " · ".join(part for part in (class_words(hit.kind) if not hit.said else "", hit.also, _said(hit)) if part),
        )
        for hit in hits
    ]
    return Markup('<ul class="hits">{}</ul>').format(Markup("\n").join(written))


def _said(hit: Hit) -> str:
    return f"{int(hit.said):,} document{'' if hit.said == '1' else 's'}" if hit.said.isdecimal() else hit.said


def _card_page(found: Card, base: str) -> Page:
    """Put a card into a page, with the network around it and the ways to its RDF."""
    formats = Markup(" · ").join(
        Markup('<a href="{}?format={}">{}</a>').format(to_thing(found.key), name, said) for name, said in _FORMATS.items()
    )
    where = f"{NETWORK}?{urlencode({'of': found.key})}"
    around = template("around").format(where=where, label=short(found.label))
    main = template("thing").format(
        glyph=glyph(found.kind),
        kind=class_words(found.kind),
        label=short(found.label),
        names=names(found),
        summary=summary(found),
        key=found.key,
        here=to_thing(found.key),
        day=found.as_of,
        sections=Markup("\n").join(sections(found, links(base, found.as_of))),
        network=around if found.kind in LOOKS else Markup(""),  # what a picture draws
        formats=formats,
    )
    return shell(found.label, main, kind=found.kind)
