"""Sorted quads in, one record for each thing out: its classes, its values and what it leads to, as graph programs and tables want them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from kg.export.order import triples
from kg.rdf import vocab
from kg.store import BASE

# A thing of two classes goes by the narrower one.
_NARROW = ("AntibodyDrugConjugate", "Milestone", "Amendment", "Filing", "EdgarSubmission")
# An event has no name of its own: what it is called by, in this order.
_TOLD_BY = ("agreementType", "paymentType", "amount", "maxAmount", "currency", "triggerType", "stage", "event", "latestDate")


@dataclass(slots=True)
class Thing:
    """A node: its IRI, the local names of its classes, values by property (sorted, as written), and (property, IRI) of its links."""

    iri: str
    classes: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Give the narrowest class, "Thing" where none is told."""
        return next((name for name in _NARROW if name in self.classes), self.classes[0] if self.classes else "Thing")

    @property
    def label(self) -> str:
        """Give its first name, or for an event its kind with amount, stage and date."""
        for naming in ("label", "title", "fileName", "sentence"):
            if naming in self.values:
                return self.values[naming][0]
        values = (self.values[name][0] for name in _TOLD_BY if name in self.values)
        told = [value for value in values if not value.startswith(self.kind)]  # a Milestone is a MilestonePayment
        return " ".join([self.kind, *told]) if self.classes else short(self.iri)


def things(quads: Iterable[ox.Quad]) -> Iterator[Thing]:
    """Give a record for each subject; quads sorted as lines. What leads to a concept of the ontology is a value: `factuality Occurred`."""
    for subject, members in groupby(triples(quads), key=lambda quad: quad.subject):
        thing = Thing(_written(subject))
        for quad in members:
            name = local(quad.predicate.value)
            value = quad.object
            if quad.predicate == vocab.RDF_TYPE:
                thing.classes.append(local(_written(value)))
            elif isinstance(value, ox.NamedNode) and not value.value.startswith(vocab.NAMESPACE):
                thing.links.append((name, value.value))
            else:
                thing.values.setdefault(name, []).append(local(_written(value)) if isinstance(value, ox.NamedNode) else _written(value))
        thing.classes.sort()
        yield thing


def facts_only(quads: Iterable[ox.Quad], base: str) -> Iterator[ox.Quad]:
    """Leave out evidence, catalogue, judgements and background: what is left is what documents say of things."""
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, ox.DefaultGraph) or not (graph.value.endswith("/evidence") or graph.value.startswith(base + "graph/")):
            yield quad


def local(iri: str) -> str:
    """Give what stands after the last # or / of an IRI; a property of elsewhere goes by it too."""
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :] or iri


def short(iri: str) -> str:
    """Leave out the base of this program's own IRIs."""
    return iri.removeprefix(BASE)


def _written(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
