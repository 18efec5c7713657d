"""A store and what is wanted of it in, the quads of that part out, with the sentences that support them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.rdf import vocab
from kg.rdf.vocab import KG
from kg.store import PREFIXES, Store

_SUBJECT, _SOURCE = ox.NamedNode(PREFIXES["rdf"] + "subject"), ox.NamedNode(PREFIXES["oa"] + "hasSource")
_PART_OF, _DCTERMS_SOURCE = ox.NamedNode(PREFIXES["dcterms"] + "isPartOf"), ox.NamedNode(PREFIXES["dcterms"] + "source")
_NAMING = (vocab.RDF_TYPE, vocab.RDFS_LABEL)


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export is to hold; nothing named is everything.

    documents: IRIs, whose graphs and evidence are taken. classes: names of the ontology's classes, all things of which are taken.
    things: IRIs. triples: the answer of a CONSTRUCT, which is taken as it is. Several of these add up.
    """

    documents: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    things: tuple[str, ...] | None = None
    triples: tuple[ox.Triple, ...] | None = None

    @property
    def is_everything(self) -> bool:
        """Answer whether nothing was named."""
        return not self.documents and not self.classes and self.things is None and self.triples is None


def selected(store: Store, selection: Selection) -> Iterator[ox.Quad]:
    """Give the quads of a selection, in no order and some more than once.

    A thing comes with all that is said of it, its statements with their evidence, the documents these come from, and the names of what it
    leads to. A document comes with its graph, its evidence, its catalogue entry and the judgements on its names.
    """
    if selection.is_everything:
        yield from store.quads()
        return
    for document in selection.documents:
        node = ox.NamedNode(document)
        yield from store.quads(graph=node)
        yield from store.quads(graph=ox.NamedNode(document + "/evidence"))
        yield from _catalogued(store, node)
        for quad in store.quads(predicate=_DCTERMS_SOURCE, object=node):
            yield from store.quads(subject=quad.subject)
    for thing in _things(store, selection):
        yield from _told(store, thing)
    for triple in selection.triples or ():
        yield ox.Quad(triple.subject, triple.predicate, triple.object)


def _things(store: Store, selection: Selection) -> Iterable[ox.NamedNode]:
    things = dict.fromkeys(ox.NamedNode(thing) for thing in selection.things or ())
    for name in selection.classes:
        for quad in store.quads(predicate=vocab.RDF_TYPE, object=vocab.klass(name)):
            if isinstance(quad.subject, ox.NamedNode):
                things[quad.subject] = None
    return things


def _told(store: Store, thing: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give all that is said of a thing, the sentences that say so, and the names of what it leads to."""
    for quad in store.quads(subject=thing):
        yield quad
        if isinstance(quad.object, ox.NamedNode):
            for naming in _NAMING:
                yield from store.quads(subject=quad.object, predicate=naming)
    for said in store.quads(predicate=_SUBJECT, object=thing):
        for quad in store.quads(subject=said.subject):
            yield quad
            if quad.predicate == KG.evidence and isinstance(quad.object, ox.NamedNode):
                yield from _quoted(store, quad.object)


def _quoted(store: Store, evidence: ox.NamedNode) -> Iterator[ox.Quad]:
    for quad in store.quads(subject=evidence):
        yield quad
        if quad.predicate == _SOURCE and isinstance(quad.object, ox.NamedNode):
            yield from _catalogued(store, quad.object)


def _catalogued(store: Store, document: ox.NamedNode) -> Iterator[ox.Quad]:
    """Give the line that the catalogue has on a document and on the submission that it came in."""
    for quad in store.quads(subject=document, graph=ox.NamedNode(store.base + "graph/catalogue")):
        yield quad
        if quad.predicate == _PART_OF and isinstance(quad.object, ox.NamedNode):
            for part in store.quads(subject=quad.object):
                yield part
                if part.predicate == KG.filer and isinstance(part.object, ox.NamedNode):
                    yield from store.quads(subject=part.object)
