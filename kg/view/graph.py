"""A store's quads in, a networkx graph of its things and events, with their facts and sentences, out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypedDict

import networkx as nx
from pyoxigraph import Literal, NamedNode, Quad

from kg.view.words import EVENTS, FACTUALITY_RANK, NARROWER, event_label, property_order, value_words, wording

KG = "https://w3id.org/conjugate/ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OA = "http://www.w3.org/ns/oa#"
_DCTERMS = "http://purl.org/dc/terms/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NAMES = frozenset(
    {_LABEL, "http://www.w3.org/2004/02/skos/core#altLabel", f"{KG}brandName", f"{KG}codeName", f"{KG}innName"},
)
# The most specific first; a thing with two classes side by side (trastuzumab is an antibody and a drug) is drawn as the first.
_SPECIFIC = (
    "AntibodyDrugConjugate", "Amendment", "Milestone", "Antibody", "Payload", "Linker", "Compound", "Company", "Target",
    "Indication", "Technology", "Agreement", "Payment", "Development",
)  # fmt: skip
_NOT_DRAWN = frozenset({"Document", "Filing", "Evidence", "Statement"})

# A string, since the class takes no parameters at run time. Its attributes are plain dicts and lists, which nx.node_link_data, JSON
# and pandas take as they are.
Network: TypeAlias = "nx.MultiDiGraph[str]"

# The title of the section in which an offset of a document stands, "" where it has none.
SectionOf: TypeAlias = Callable[[str, int], str]


class HasQuads(Protocol):
    """What the view needs of a store."""

    def quads(self) -> Iterable[Quad]:
        """Yield every quad of every exported graph."""


class Support(TypedDict):
    """A sentence that supports a fact: `sentence[mark[0]:mark[1]]` is the quote, mark is None where the quote is not a part of it."""

    evidence: str
    sentence: str
    quote: str
    mark: tuple[int, int] | None
    document: str
    title: str
    file: str
    date: str
    section: str
    rules: list[str]
    derivation: str


class Property(TypedDict):
    """A fact of one node: the property's local name, how it is said, its value as stored and as said, and its sentences."""

    property: str
    words: str
    value: str
    said: str
    evidence: list[Support]


_Key = tuple[str, str, NamedNode | Literal]


@dataclass(slots=True)
class _Reading:
    """What one pass over the quads collects."""

    types: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: defaultdict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    triples: defaultdict[_Key, set[str]] = field(default_factory=lambda: defaultdict(set))  # with the documents that state them
    provenance: defaultdict[str, defaultdict[str, set[NamedNode | Literal]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set)),
    )
    origin: dict[str, str] = field(default_factory=dict)  # of a provenance node: its document
    catalogue: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    dated: dict[str, str] = field(default_factory=dict)  # of a node: the date of the first document that tells of it

    def first_date(self, documents: Iterable[str]) -> str:
        """Give the earliest date of some documents; one without a date may be older than all."""
        return min((self.catalogue.get(document, {}).get(f"{_DCTERMS}date", "") for document in documents), default="")

    def date_nodes(self) -> None:
        """Find for each end of each triple when it was first told of."""
        for (subject, _, value), documents in self.triples.items():
            date = self.first_date(documents)
            for node in (subject, value.value):
                self.dated[node] = min(date, self.dated.get(node, date))

    def since(self, node: str) -> str:
        """Give the date of the first document that tells of a node, "" where none has one."""
        return self.dated.get(node, "")


def to_networkx(store: HasQuads, section_of: SectionOf | None = None) -> Network:
    """Draw up the things and events of a store as nodes and the object properties between them as edges.

    A node is named by its IRI and has `iri`, `label`, `class` (local name of the most specific), `names`, `factuality` (of an event, as
    the latest document has it), `facts` (a list of Property), `since` (the date of the first document that tells of it, "" where one has
    no date) and `states` (of an event: from which date on it has which label and factuality). An edge has `predicate` (local name, also
    its key), `iri` of the property, `label` in words, `evidence` (a list of Support), `since`, and `implied`, true where a narrower
    property says the same. Documents, evidence, statements and background knowledge are no nodes. Nodes and edges are added in sorted
    order. `section_of` names the section of a sentence; without it a `kg:section` of the evidence does, if there is one.
    """
    reading = _read(store.quads())
    support = _Supports(reading, section_of)
    kinds = {iri: kind for iri in sorted(reading.types) if (kind := _most_specific(reading.types[iri]))}
    facts: defaultdict[str, list[tuple[Property, list[str]]]] = defaultdict(list)
    edges: list[tuple[str, str, str, _Key]] = []
    reading.date_nodes()
    for key in sorted(reading.triples, key=lambda key: (key[0], key[1], str(key[2]))):
        subject, predicate, value = key
        if subject not in kinds:
            continue
        if isinstance(value, NamedNode) and value.value in kinds:
            edges.append((subject, value.value, predicate, key))
        else:
            facts[subject].append((_property(key, support.of(key)), sorted(reading.triples[key])))
    graph: Network = nx.MultiDiGraph()
    for iri, kind in kinds.items():
        own = sorted(facts[iri], key=lambda item: (property_order(item[0]["property"]), item[0]["value"]))
        names = sorted(reading.names[iri], key=lambda pair: (pair[0] != _LABEL, pair[1]))
        ranked = _ranked(own, reading.catalogue) if kind in EVENTS else {}
        attributes = {
            "iri": iri,
            "label": event_label(kind, ranked) if kind in EVENTS else next((name for _, name in names), _local(iri)),
            "class": kind,
            "names": list(dict.fromkeys(name for _, name in names)),
            "factuality": next(iter(ranked.get("factuality", ())), ""),
            "facts": [fact for fact, _ in own],
            "since": reading.since(iri),
            "states": _states(kind, own, reading.catalogue) if kind in EVENTS else [],
        }
        graph.add_node(iri, **attributes)
    pairs = {(subject, target, _local(predicate)) for subject, target, predicate, _ in edges}
    for subject, target, predicate, key in edges:
        name = _local(predicate)
        implied = any((subject, target, narrower) in pairs for narrower in NARROWER.get(name, ()))
        graph.add_edge(
            subject, target, key=name, predicate=name, iri=predicate, label=wording(name).forward, evidence=support.of(key),
            since=reading.first_date(reading.triples[key]), implied=implied,
        )  # fmt: skip
    return graph


def _read(quads: Iterable[Quad]) -> _Reading:
    reading = _Reading()
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue  # the core has no blank nodes and no triple terms; a foreign graph's are not ours to draw
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        predicate = quad.predicate.value
        if graph.endswith("/evidence"):
            reading.provenance[subject.value][predicate].add(value)
            reading.origin[subject.value] = graph.removesuffix("/evidence")
        elif graph.endswith("/graph/catalogue"):
            line = reading.catalogue[subject.value]
            line[predicate] = min(value.value, line.get(predicate, value.value))
        elif re.search(r"/graph/[^/]+$", graph):
            continue  # identity, reference and run: about the graph, or background
        elif predicate == f"{_RDF}type":
            reading.types[subject.value].add(value.value)
        elif predicate in _NAMES:
            reading.names[subject.value].add((predicate, value.value))
        else:
            reading.triples[subject.value, predicate, value].add(graph)
    return reading


class _Supports:
    """Finds the sentences of a triple: its own statement's, else those of the event that it is a part of."""

    def __init__(self, reading: _Reading, section_of: SectionOf | None) -> None:
        self._reading = reading
        self._section_of = section_of
        self._by_triple: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._whole: defaultdict[str, list[str]] = defaultdict(list)
        for node in sorted(reading.provenance):
            properties = reading.provenance[node]
            for subject in properties.get(f"{_RDF}subject", ()):
                for predicate in properties.get(f"{_RDF}predicate", ()):
                    if predicate.value == f"{_RDF}type":
                        self._whole[subject.value].append(node)
                    for value in properties.get(f"{_RDF}object", ()):
                        self._by_triple[subject.value, predicate.value, str(value)].append(node)

    def of(self, key: _Key) -> list[Support]:
        """List the sentences of a triple, by document and place."""
        subject, predicate, value = key
        documents = self._reading.triples[key]
        statements: Iterable[str] = self._by_triple.get((subject, predicate, str(value)), [])
        if not statements:
            statements = [node for node in self._whole.get(subject, ()) if self._reading.origin[node] in documents]
        found: dict[tuple[str, tuple[str, ...]], Support] = {}
        for node in statements:
            properties = self._reading.provenance[node]
            rules = sorted(rule.value for rule in properties.get(f"{KG}rule", ()))
            derivation = min((_local(term.value) for term in properties.get(f"{KG}derivation", ())), default="")
            for evidence in sorted(term.value for term in properties.get(f"{KG}evidence", ())):
                found[evidence, tuple(rules)] = self._support(evidence, rules, derivation)
        return sorted(
            found.values(), key=lambda each: (each["date"], each["document"], _start(each["evidence"]), each["evidence"], each["rules"])
        )

    def _support(self, evidence: str, rules: list[str], derivation: str) -> Support:
        properties: Mapping[str, set[NamedNode | Literal]] = self._reading.provenance.get(evidence, {})

        def one(name: str) -> str:
            return min((term.value for term in properties.get(name, ())), default="")

        quote = one(f"{_OA}exact")
        sentence = one(f"{KG}sentence") or " ".join(quote.split())
        document = one(f"{_OA}hasSource") or evidence.partition("#")[0]
        line: Mapping[str, str] = self._reading.catalogue.get(document, {})
        section = self._section_of(document, _start(evidence)) if self._section_of else one(f"{KG}section")
        return Support(
            evidence=evidence,
            sentence=sentence,
            quote=quote,
            mark=find_quote(sentence, quote),
            document=document,
            title=line.get(f"{_DCTERMS}title", ""),
            file=line.get(f"{KG}fileName", "") or _local(document),
            date=line.get(f"{_DCTERMS}date", ""),
            section=section,
            rules=rules,
            derivation=derivation,
        )


def find_quote(sentence: str, quote: str) -> tuple[int, int] | None:
    """Find where a raw quote stands in a tidied sentence, which may differ from it in white space and in hyphens at line ends.

    >>> find_quote("We own huC242-DM4.", "huC242-" + chr(10) + "DM4")
    (7, 17)
    """
    places = [place for place, char in enumerate(sentence) if not char.isspace()]
    squeezed = "".join(sentence[place] for place in places)
    for wanted in ("".join(quote.split()), "".join(re.sub(r"-\s*\n\s*", "", quote).split())):
        start = squeezed.find(wanted) if wanted else -1
        if start >= 0:
            return places[start], places[start + len(wanted) - 1] + 1
    return None


def _property(key: _Key, evidence: list[Support]) -> Property:
    _, predicate, value = key
    is_concept = isinstance(value, NamedNode)
    plain = _local(value.value) if is_concept else value.value
    name = _local(predicate)
    return Property(property=name, words=wording(name).forward, value=plain, said=value_words(name, plain, is_concept), evidence=evidence)


def _ranked(facts: Iterable[tuple[Property, list[str]]], catalogue: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Order the values of each property: what the latest document says first, since an event's standing changes with time."""
    dated: defaultdict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for fact, documents in facts:
        latest = max((catalogue.get(document, {}).get(f"{_DCTERMS}date", "") for document in documents), default="")
        rank = FACTUALITY_RANK.index(fact["value"]) if fact["value"] in FACTUALITY_RANK else 0
        dated[fact["property"]].append((latest, -rank, fact["value"]))
    ordered = {name: sorted(values, key=lambda item: item[:2], reverse=True) for name, values in dated.items()}
    return {name: [value for _, _, value in values] for name, values in ordered.items()}


def _states(
    kind: str, facts: Sequence[tuple[Property, list[str]]], catalogue: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str, str]]:
    """List from which date on an event has which label and factuality: a milestone is possible in 2000 and earned in 2007."""

    def date_of(document: str) -> str:
        return catalogue.get(document, {}).get(f"{_DCTERMS}date", "")

    states: list[tuple[str, str, str]] = []
    for date in sorted({date_of(document) for _, documents in facts for document in documents}):
        known = [(fact, [each for each in documents if date_of(each) <= date]) for fact, documents in facts]
        ranked = _ranked([(fact, documents) for fact, documents in known if documents], catalogue)
        state = (event_label(kind, ranked), next(iter(ranked.get("factuality", ())), ""))
        if not states or states[-1][1:] != state:
            states.append((date, *state))
    return states


def _most_specific(types: set[str]) -> str:
    names = {iri.removeprefix(KG) for iri in types if iri.startswith(KG)}
    if names & _NOT_DRAWN:
        return ""
    return next((name for name in _SPECIFIC if name in names), min(names, default=""))


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1] or iri


def _start(evidence: str) -> int:
    match = re.search(r"#char=([0-9]{1,12}),", evidence)
    return int(match[1]) if match else 0
