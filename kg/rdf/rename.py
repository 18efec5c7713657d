"""A document's quads and new names for its things and events in, the quads with those names out: each triple still with its support."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.rdf import iri, vocab
from kg.rdf.vocab import klass, prop

_DERIVATION = prop("derivation")
_NAME_KINDS = tuple(prop(kind) for kind in ("brandName", "codeName", "innName"))

_DERIVATIONS = tuple(vocab.concept(name, "derivation") for name in ("Stated", "Resolved", "Inferred"))  # the surest first
_ABOUT = (vocab.RDF_SUBJECT, vocab.RDF_PREDICATE, vocab.RDF_OBJECT)

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Node = Subject | ox.Literal
_Support = tuple[ox.NamedNode, tuple[Subject, ox.NamedNode, Node]]  # a statement, and what it supports


def renamed(quads: Iterable[ox.Quad], document: ox.NamedNode, names: Mapping[str, str], base: str) -> set[ox.Quad]:
    """Give a document's quads with things and events called by other keys.

    Two things that become one keep one label (that of the thing whose key stays, else the longest); the other becomes another name of it.
    An edge between the two is dropped, and what supported it supports the thing's type. A statement's IRI is a hash of what it supports,
    and is made anew.
    """
    to = {ox.NamedNode(base + old): ox.NamedNode(base + new) for old, new in names.items()}
    given = set(quads)
    supports = _supports(given, to, document, base)
    out: set[ox.Quad] = set()
    for quad in given:
        if quad.subject in supports:
            node, about = supports[quad.subject]
            value: Node = about[_ABOUT.index(quad.predicate)] if quad.predicate in _ABOUT else quad.object
            out.add(ox.Quad(node, quad.predicate, value, quad.graph_name))
            continue
        subject, value = _subject(to, quad.subject), _of(to, quad.object)
        if subject != value:
            out.add(ox.Quad(subject, quad.predicate, value, quad.graph_name))
    return _one_derivation(_one_label(out, given, document, set(to.values())), {node for node, _ in supports.values()})


def _of(to: Mapping[ox.NamedNode, ox.NamedNode], node: Node) -> Node:
    return to.get(node, node) if isinstance(node, ox.NamedNode) else node


def _subject(to: Mapping[ox.NamedNode, ox.NamedNode], node: Subject) -> Subject:
    return to.get(node, node) if isinstance(node, ox.NamedNode) else node


def _supports(quads: set[ox.Quad], to: Mapping[ox.NamedNode, ox.NamedNode], document: ox.NamedNode, base: str) -> dict[Subject, _Support]:
    """Name the statements on what is renamed anew."""
    parts: dict[Subject, dict[ox.NamedNode, Node]] = {}
    for quad in quads:
        if quad.predicate in _ABOUT:
            parts.setdefault(quad.subject, {})[quad.predicate] = quad.object
    made: dict[Subject, _Support] = {}
    for node, about in parts.items():
        subject, predicate, value = (about[each] for each in _ABOUT)
        if (subject not in to and value not in to) or isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
            continue
        new, value = _subject(to, subject), _of(to, value)
        if new == value:
            predicate, value = vocab.RDF_TYPE, _class_of(quads, subject)
        made[node] = (iri.statement(base, _iri(new), predicate.value, str(value), document.value), (new, predicate, value))
    return made


def _class_of(quads: set[ox.Quad], thing: Subject) -> ox.NamedNode:
    """Give the narrowest class of a thing in a document."""
    classes = [q.object for q in quads if q.subject == thing and q.predicate == vocab.RDF_TYPE and isinstance(q.object, ox.NamedNode)]
    return min(classes, key=lambda c: (c.value.rpartition("#")[2] not in vocab.SUPERCLASSES, c.value))


def _one_derivation(quads: set[ox.Quad], statements: set[ox.NamedNode]) -> set[ox.Quad]:
    """Leave each statement the surest way in which it came about."""
    lines: dict[Node, list[ox.Quad]] = {}
    for quad in quads:
        if quad.predicate == _DERIVATION and quad.subject in statements:
            lines.setdefault(quad.subject, []).append(quad)
    for said in lines.values():
        quads -= {*sorted(said, key=lambda q: _DERIVATIONS.index(q.object))[1:]} if len(said) > 1 else set()
    return quads


def _iri(node: Node) -> str:
    return "" if isinstance(node, ox.Triple) else node.value


def _one_label(out: set[ox.Quad], given: set[ox.Quad], document: ox.NamedNode, changed: set[ox.NamedNode]) -> set[ox.Quad]:
    """Leave each thing one label."""
    labels: dict[Subject, list[ox.Quad]] = {}
    for quad in out:
        if quad.predicate == vocab.RDFS_LABEL and quad.graph_name == document and quad.subject in changed:
            labels.setdefault(quad.subject, []).append(quad)
    for subject, lines in labels.items():
        kept = min(lines, key=lambda q: (q not in given, -len(_iri(q.object)), _iri(q.object)))
        for line in lines:
            if line != kept:
                out.discard(line)
                out.add(ox.Quad(subject, vocab.SKOS_ALT_LABEL, line.object, document))
        named = any(ox.Quad(subject, kind, kept.object, document) in out for kind in _NAME_KINDS)
        if not named:
            out.discard(ox.Quad(subject, vocab.SKOS_ALT_LABEL, kept.object, document))
    return out


def judgement_quads(
    base: str, document: ox.NamedNode, left: str, right: str, key: str, rule: str, reason: str, evidence: Iterable[tuple[str, int, int]]
) -> set[ox.Quad]:
    """Write a judgement on what a document tells beside others; evidence are places (document's key, start, end) in stored texts."""
    graph = iri.thing(base, "graph/identity")
    verdict = "same" if key else "unsure"
    node = iri.judgement(base, left, right, key, verdict, rule, document.value)
    lines: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (vocab.RDF_TYPE, klass("Judgement")),
        (prop("leftName"), ox.Literal(left)),
        (prop("rightName"), ox.Literal(right)),
        (prop("judgement"), ox.Literal(verdict)),
        (prop("rule"), ox.Literal(rule)),
        (prop("reason"), ox.Literal(reason)),
        (vocab.DCT_SOURCE, document),
    ]
    if key:
        lines.append((prop("joinedIn"), iri.thing(base, key)))
    lines += [(prop("evidence"), iri.evidence(iri.thing(base, source), start, end)) for source, start, end in evidence]
    return {ox.Quad(node, predicate, value, graph) for predicate, value in lines}
