"""A store in, every fault of it out: quotes that do not stand in their texts, triples that nothing supports, names that mean nothing.

Nothing is believed because a build wrote it: a store may have been edited, copied in part or damaged since.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import StoreError
from kg.rdf import iri, vocab
from kg.rdf.shapes import validate_all
from kg.rdf.vocab import KG, NAMESPACE
from kg.store import Store

# The names of the checks, in the order in which they are made.
CHECKS = ("text", "quote", "statement", "support", "dangling", "term", "identity", "shape", "catalogue", "union")
Progress = Callable[[int, int, str], None]  # documents done, in all, the last one's file

_TYPE, _LABEL, _ALT = vocab.RDF_TYPE, vocab.RDFS_LABEL, vocab.SKOS_ALT_LABEL
_NAMING = frozenset({_TYPE, _LABEL, _ALT, KG.brandName, KG.codeName, KG.innName})
_EVENT_CLASSES = frozenset({KG.Agreement, KG.Payment, KG.Development, KG.Amendment, KG.Milestone})
_CHAR = re.compile(r"#char=(\d+),(\d+)$")
_SHOWN = 60  # characters of a quote or a value that a line of the terminal can spare

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_About = tuple[Node, Node, Node]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong: which check found it, in which document or graph, at what node, and what."""

    check: str
    where: str
    node: str
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """All faults of a store, sorted by document; how many things each check looked at; shapes is conforms, violations or not run.

    left: how many texts of no document a build left that was interrupted or is at work; the next build clears them.
    """

    faults: tuple[Fault, ...]
    checked: dict[str, int] = field(default_factory=dict)
    shapes: str = "not run"
    left: int = 0

    @property
    def is_clean(self) -> bool:
        """Answer whether there is no fault; a store without documents has none, and nothing of it was checked."""
        return not self.faults


def verify(store: Store, *, shapes: bool = True, progress: Progress | None = None) -> Verified:
    """Check all that a store holds, document by document. shapes: also against the ontology's shapes, which takes most of the time."""
    checked: Counter[str] = Counter()
    faults: list[Fault] = []
    documents = store.documents()
    known = {document.iri for document in documents}
    catalogue = store.graph(store.base + "graph/catalogue")
    evidences: set[Node] = set()
    nodes: set[Node] = set()
    conforms: list[bool] = []
    for number, document in enumerate(documents, 1):
        one = _Document(store, document.iri, document.file_name, document.sha256)
        faults += one.faults(checked)
        evidences |= one.evidence.keys()
        nodes |= one.typed
        if shapes:
            report = validate_all([*one.domain, *one.support])
            checked["shape"] += report.checked
            conforms.append(report.conforms is not False)
            faults += [Fault("shape", document.file_name, "", issue.problem) for issue in report.issues]
        if progress is not None:
            progress(number, len(documents), document.file_name)
    faults += _catalogue(store, catalogue, known, checked)
    faults += _identity(store, known, evidences, nodes, checked)
    strays = sorted(store.texts.kept() - {document.sha256 for document in documents})  # texts that no document points into
    left = len(strays) if store.texts.is_left_open else 0
    faults += [Fault("text", f"texts/{digest}.txt", "", "is the text of no document") for digest in strays if not left]
    for problem in store.union_faults():
        faults.append(Fault("union", "", "", problem))
    checked["union"] += 1
    if shapes and documents:
        rest = validate_all([*catalogue, *store.graph(store.base + "graph/identity")])
        conforms.append(rest.conforms is not False)
        faults += [Fault("shape", issue.where, "", issue.problem) for issue in rest.issues]
    verdict = "not run" if not conforms else "conforms" if all(conforms) else "violations"
    return Verified(tuple(sorted(set(faults), key=_order)), {check: checked[check] for check in CHECKS}, verdict, left)


def _order(fault: Fault) -> tuple[str, int, str, str]:
    return fault.where, CHECKS.index(fault.check), fault.node, fault.problem


class _Document:
    """One document's graphs, and what is wrong with them."""

    def __init__(self, store: Store, name: str, file_name: str, sha256: str) -> None:
        self.store, self.iri, self.file_name, self.sha256 = store, name, file_name, sha256
        self.domain = store.graph(name)
        self.support = store.graph(name + "/evidence")
        self.typed: set[Node] = {q.subject for q in self.domain if q.predicate == _TYPE}
        self.evidence: dict[Node, dict[Node, Node]] = {}
        self.statements: dict[Node, dict[Node, list[Node]]] = {}
        for quad in self.support:
            if quad.predicate == _TYPE and quad.object == KG.Evidence:
                self.evidence.setdefault(quad.subject, {})
            elif quad.predicate == _TYPE and quad.object == KG.Statement:
                self.statements.setdefault(quad.subject, {})
        for quad in self.support:
            if quad.subject in self.evidence:
                self.evidence[quad.subject][quad.predicate] = quad.object
            elif quad.subject in self.statements:
                self.statements[quad.subject].setdefault(quad.predicate, []).append(quad.object)

    def faults(self, checked: Counter[str]) -> Iterator[Fault]:
        """Find all faults of the document."""
        for check, found in (
            ("text", self._quotes(checked)), ("statement", self._statements(checked)), ("support", self._unsupported(checked)),
            ("dangling", self._dangling(checked)), ("term", self._terms(checked)),
        ):  # fmt: skip
            for node, problem in found:
                yield Fault("quote" if check == "text" and node else check, self.file_name, self._short(node), problem)

    def _short(self, node: Node | None) -> str:
        if node is None:
            return ""
        return _value(node).removeprefix(self.iri).removeprefix(self.store.base) or self.file_name

    def _quotes(self, checked: Counter[str]) -> Iterator[tuple[Node | None, str]]:
        """Compare each quote with the text at its offsets, and the text with its digest."""
        checked["text"] += 1
        text: str | None = None
        try:
            text = self.store.text_of(self.sha256)
        except StoreError as fault:
            yield None, str(fault)
        for node, said in self.evidence.items():
            checked["quote"] += 1
            if said.get(vocab.OA_HAS_SOURCE) != ox.NamedNode(self.iri):
                yield node, "oa:hasSource is not its document"
            place = _CHAR.search(_value(node))
            quote, start, end = (_value(said[p]) if p in said else "" for p in (vocab.OA_EXACT, vocab.OA_START, vocab.OA_END))
            if place is None or place.groups() != (start, end):
                yield node, f"oa:start and oa:end are {start or 'missing'} and {end or 'missing'}, not those of its IRI"
            elif text is not None and text[int(start) : int(end)] != quote:
                yield node, f"the text reads “{_cut(text[int(start) : int(end)])}”, the quote “{_cut(quote)}”"

    def _statements(self, checked: Counter[str]) -> Iterator[tuple[Node | None, str]]:
        """Check that what each statement is on is said, and that its sentences are there."""
        said = {(q.subject, q.predicate, q.object) for q in self.domain}
        for node, parts in self.statements.items():
            checked["statement"] += 1
            about = self._about(parts)
            if about is None:
                yield node, "is not on one triple"
            elif about not in said:
                yield node, f"is on a triple that its document does not have: {_triple(about)}"
            elif iri.statement(self.store.base, _value(about[0]), _value(about[1]), str(about[2]), self.iri) != node:
                yield node, f"its IRI is not that of a statement on {_triple(about)}"
            for evidence in parts.get(KG.evidence, ()):
                if evidence not in self.evidence:
                    yield node, f"rests on {_value(evidence)}, which is not there"

    @staticmethod
    def _about(parts: dict[Node, list[Node]]) -> _About | None:
        about = [parts.get(p, []) for p in (vocab.RDF_SUBJECT, vocab.RDF_PREDICATE, vocab.RDF_OBJECT)]
        return (about[0][0], about[1][0], about[2][0]) if all(len(each) == 1 for each in about) else None

    def _unsupported(self, checked: Counter[str]) -> Iterator[tuple[Node | None, str]]:
        """Find the triples that no sentence supports: by themselves, with their event, or by what follows from a narrower one."""
        whole: set[Node] = set()  # events that a statement supports whole
        supported: set[_About] = set()
        taking_part: set[Node] = set()
        for parts in self.statements.values():
            about = self._about(parts)
            if about is None or not any(e in self.evidence for e in parts.get(KG.evidence, ())):
                continue
            supported.add(about)
            taking_part |= {about[0], about[2]}
            if about[1] == _TYPE and about[2] in _EVENT_CLASSES:
                whole.add(about[0])
        taking_part |= {q.object for q in self.domain if q.subject in whole and q.predicate != _TYPE}
        for quad in self.domain:
            checked["support"] += 1
            triple = (quad.subject, quad.predicate, quad.object)
            is_named = quad.predicate in _NAMING and quad.subject in taking_part
            if quad.subject not in whole and triple not in supported and not is_named and not self._follows(triple, supported):
                yield quad.subject, f"no sentence supports {_triple(triple)}"
        for quad in self.domain:
            if quad.subject in whole and quad.predicate == KG.evidence and quad.object not in self.evidence:
                yield quad.subject, f"rests on {_value(quad.object)}, which is not there"

    @staticmethod
    def _follows(triple: _About, supported: set[_About]) -> bool:
        """Answer whether a triple follows from a supported one by a superproperty."""
        subject, predicate, value = triple
        wider = _value(predicate).removeprefix(NAMESPACE)
        narrower = [ox.NamedNode(NAMESPACE + name) for name, wide in vocab.SUPERPROPERTIES.items() if wider in wide]
        return any((subject, name, value) in supported for name in narrower)

    def _dangling(self, checked: Counter[str]) -> Iterator[tuple[Node | None, str]]:
        """Find things that are spoken of and not named."""
        labelled = {q.subject for q in self.domain if q.predicate == _LABEL}
        events = {q.subject for q in self.domain if q.predicate == _TYPE and q.object in _EVENT_CLASSES}
        for quad in self.domain:
            checked["dangling"] += 1
            value = quad.object
            if isinstance(value, ox.NamedNode) and value.value.startswith(self.store.base) and value not in self.typed:
                yield value, f"has no type in its document, where {_triple((quad.subject, quad.predicate, value))}"
            if quad.subject not in self.typed:
                yield quad.subject, "has no type in its document"
        for thing in self.typed - labelled - events:
            yield thing, "has no rdfs:label in its document"

    def _terms(self, checked: Counter[str]) -> Iterator[tuple[Node | None, str]]:
        """Find names of the ontology's namespace that the ontology does not have."""
        for quad in (*self.domain, *self.support):
            for term in (quad.predicate, quad.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith(NAMESPACE):
                    checked["term"] += 1
                    if not vocab.is_term(term.value.removeprefix(NAMESPACE)):
                        yield quad.subject, f"kg:{term.value.removeprefix(NAMESPACE)} is no term of the ontology"


def _catalogue(store: Store, lines: Iterable[ox.Quad], known: set[str], checked: Counter[str]) -> Iterator[Fault]:
    """Find graphs of no document, documents without a digest, and lines that lead nowhere."""
    subjects = {q.subject for q in lines}
    for name in store.graphs():
        checked["catalogue"] += 1
        if name.removesuffix("/evidence") not in known and not name.startswith(store.base + "graph/"):
            yield Fault("catalogue", name.removeprefix(store.base), "", "is a graph of no document in the catalogue")
    for quad in lines:
        checked["catalogue"] += 1
        whole = quad.object
        if quad.predicate == vocab.DCT_IS_PART_OF and whole not in subjects:
            yield Fault("catalogue", _value(quad.subject).removeprefix(store.base), _value(whole), "is part of a filing that is not there")
        name = quad.predicate.value.removeprefix(NAMESPACE)
        if quad.predicate.value.startswith(NAMESPACE) and not vocab.is_term(name):
            yield Fault("term", "catalogue", _value(quad.subject), f"kg:{name} is no term of the ontology")


def _identity(store: Store, known: set[str], evidences: set[Node], nodes: set[Node], checked: Counter[str]) -> Iterator[Fault]:
    """Find judgements on what is not there."""
    for quad in store.graph(store.base + "graph/identity"):
        checked["identity"] += 1
        where, value = _value(quad.subject).removeprefix(store.base), _value(quad.object)
        if quad.predicate == vocab.DCT_SOURCE and value not in known:
            yield Fault("identity", where, value, "is a judgement on a document that is not there")
        elif quad.predicate == KG.evidence and quad.object not in evidences:
            yield Fault("identity", where, value, "rests on a sentence that is not there")
        elif quad.predicate == KG.joinedIn and quad.object not in nodes:
            yield Fault("identity", where, value, "joins names in a thing that is not there")


def _value(term: Node) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _triple(about: _About) -> str:
    """Write a triple for people."""
    return " ".join(_cut(_value(term).rpartition("/id/")[2].rpartition("#")[2] or _value(term)) for term in about)
