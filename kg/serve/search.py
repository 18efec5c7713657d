"""Words in, the things that bear them in a name out, the likeliest first; and the things of a class by how many documents tell of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyoxigraph as ox

from kg.card import class_of
from kg.store import PREFIXES, Store
from kg.view.style import printable

_NAMING = "rdfs:label|skos:altLabel|kg:brandName|kg:codeName|kg:innName"
_BEARING = """
SELECT DISTINCT ?thing ?name WHERE {{
  {{ ?thing {naming} ?name FILTER NOT EXISTS {{ ?thing a kg:Filer }} }} UNION {{ ?thing dcterms:title|kg:fileName ?name }}
  FILTER({tests})
}} ORDER BY STRLEN(?name) ?name ?thing LIMIT {most}"""
_MOST = 2000  # names that are ranked: the shortest, for a longer one holds the words by chance
_LABEL = "SELECT (MIN(?l) AS ?label) WHERE { ?thing rdfs:label|dcterms:title ?l }"
_OF_CLASS = """
SELECT ?thing (COUNT(DISTINCT ?document) AS ?documents) (SAMPLE(?n) AS ?name) WHERE {{
  GRAPH ?document {{ ?thing a ?class }} ?document kg:fileName ?file .
  OPTIONAL {{ {{ SELECT ?thing (MIN(?l) AS ?n) WHERE {{ ?thing rdfs:label ?l }} GROUP BY ?thing }} }}
}} GROUP BY ?thing ORDER BY DESC(?documents) ?name ?thing LIMIT {most} OFFSET {first}"""
_DOCUMENTS = """
SELECT ?thing (MAX(?day) AS ?date) (MIN(?t) AS ?name) WHERE {{
  ?thing kg:fileName ?file . OPTIONAL {{ ?thing dcterms:date ?day }} OPTIONAL {{ ?thing dcterms:title ?title }}
  BIND(COALESCE(?title, ?file) AS ?t)
}} GROUP BY ?thing ORDER BY DESC(?date) ?name ?thing LIMIT {most} OFFSET {first}"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its key, what it is called, its class, and what was found of it where that is another name."""

    key: str
    label: str
    kind: str
    also: str = ""
    said: str = ""


def find(store: Store, words: str, most: int) -> list[Hit]:
    """Find the things that have all the words in one name, whatever their case: whole names first, then beginnings, then short names."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    tests = " && ".join(f"CONTAINS(LCASE(STR(?name)), {ox.Literal(word)})" for word in wanted)
    whole = " ".join(wanted)
    best: dict[str, tuple[tuple[int, int, str], str]] = {}
    for thing, name in store.query(_BEARING.format(naming=_NAMING, tests=tests, most=_MOST)).rows:
        if not isinstance(thing, ox.NamedNode) or not isinstance(name, ox.Literal) or not thing.value.startswith(store.base):
            continue
        folded = name.value.casefold()
        rank = 0 if folded == whole else 1 if folded.startswith(whole) else 2 if re.search(rf"\b{re.escape(whole)}", folded) else 3
        is_document = thing.value.startswith(f"{store.base}document/")
        order = (4 + rank if is_document else rank, len(folded), folded)
        if thing.value not in best or order < best[thing.value][0]:
            best[thing.value] = (order, name.value)
    ranked = sorted(best, key=lambda iri: (best[iri][0], iri))[:most]
    return [_hit(store, iri, best[iri][1]) for iri in ranked]


def of_class(store: Store, kind: str, most: int, first: int = 0) -> list[Hit]:
    """List things of a class, those of most documents first; documents by date, the newest first."""
    if kind == "Document":
        rows = store.query(_DOCUMENTS.format(most=most, first=first)).rows
    else:
        rows = store.query(_OF_CLASS.format(most=most, first=first), {"class": ox.NamedNode(PREFIXES["kg"] + kind)}).rows
    hits = []
    for thing, said, name in rows:
        if isinstance(thing, ox.NamedNode) and thing.value.startswith(store.base):
            key = thing.value.removeprefix(store.base)
            hits.append(Hit(key, printable(name.value) if name else key, class_of(store, thing.value), said=said.value if said else ""))
    return hits


def _hit(store: Store, iri: str, name: str) -> Hit:
    label = store.query(_LABEL, {"thing": ox.NamedNode(iri)}).rows[0][0]
    called = label.value if label is not None else name
    return Hit(iri.removeprefix(store.base), printable(called), class_of(store, iri), printable(name) if name != called else "")
