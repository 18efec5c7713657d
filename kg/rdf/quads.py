"""A document and what was resolved in it in, sorted quads out: the domain graph, its evidence, the catalogue line and the judgements.

The domain graph holds nothing but what the document says. All that supports it stands in `<document>/evidence`, one kg:Statement for each
triple or event node, one kg:Evidence for each sentence however many statements it supports.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.model import Concept, Document, Entity, Evidence, Filing, Link, PartialDate, Ref, Resolution, Statement, Value
from kg.rdf import iri, vocab
from kg.rdf.iri import BASE
from kg.rdf.vocab import klass, prop

__all__ = ["BASE", "quads"]

_NAME_KINDS = ("brandName", "codeName", "innName")
_ACCESSION = re.compile(r"[0-9-]{1,40}")  # what iri.filing takes; a header of another kind gives no submission, and no fault
# Lone surrogates, which UTF-8 cannot hold. Control characters stay: N-Quads escapes them, and a quote must read as its text does.
_UNWRITABLE = re.compile("[\ud800-\udfff]")


class _Writer:
    """Collects the quads of one document."""

    def __init__(self, document: Document, base: str):
        self.base = base
        self.document = iri.thing(base, document.source.id)
        self.support = iri.evidence_graph(self.document)
        self.out: set[ox.Quad] = set()

    def domain(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        self.out.add(ox.Quad(subject, predicate, value, self.document))

    def proof(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        self.out.add(ox.Quad(subject, predicate, value, self.support))

    def types(self, subject: ox.NamedNode, name: str) -> None:
        for one in (name, *vocab.SUPERCLASSES.get(name, ())):
            self.domain(subject, vocab.RDF_TYPE, klass(one))

    def value(self, value: Value, predicate: str) -> ox.NamedNode | ox.Literal:
        if isinstance(value, Ref):
            return iri.thing(self.base, value.key)
        if isinstance(value, Concept):
            return vocab.concept(value.name, predicate) if predicate in vocab.CONCEPTS else vocab.concept(value.name)
        return literal(value)

    def evidence(self, evidence: Evidence) -> ox.NamedNode:
        node = iri.evidence(self.document, evidence.span.start, evidence.span.end)
        self.proof(node, vocab.RDF_TYPE, klass("Evidence"))
        self.proof(node, vocab.RDF_TYPE, vocab.OA_SPECIFIC_RESOURCE)
        self.proof(node, vocab.OA_HAS_SOURCE, self.document)
        self.proof(node, vocab.OA_EXACT, text(evidence.quote))
        self.proof(node, vocab.OA_START, literal(evidence.span.start))
        self.proof(node, vocab.OA_END, literal(evidence.span.end))
        self.proof(node, prop("sentence"), text(evidence.sentence))
        if evidence.section:
            self.proof(node, prop("section"), text(evidence.section))
        return node

    def supported(
        self,
        subject: ox.NamedNode,
        predicate: ox.NamedNode,
        value: ox.NamedNode | ox.Literal,
        evidence: Iterable[Evidence],
        derivation: str,
    ) -> None:
        node = iri.statement(self.base, subject.value, predicate.value, str(value), self.document.value)
        self.proof(node, vocab.RDF_TYPE, klass("Statement"))
        self.proof(node, vocab.RDF_TYPE, vocab.RDF_STATEMENT)
        self.proof(node, vocab.RDF_SUBJECT, subject)
        self.proof(node, vocab.RDF_PREDICATE, predicate)
        self.proof(node, vocab.RDF_OBJECT, value)
        self.proof(node, prop("derivation"), vocab.concept(derivation, "derivation"))
        for one in evidence:
            self.proof(node, prop("evidence"), self.evidence(one))
            self.proof(node, prop("rule"), text(one.rule))


def text(value: str) -> ox.Literal:
    """Make a plain literal; what UTF-8 cannot hold becomes U+FFFD, so that its length stays."""
    return ox.Literal(_UNWRITABLE.sub("\ufffd", value))


def literal(value: str | bool | int | Decimal | PartialDate | dt.date) -> ox.Literal:
    """Make a literal of the datatype that the ontology gives the value.

    >>> str(literal(PartialDate(2006, 4)))
    '"2006-04"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    if isinstance(value, bool):
        return _typed("true" if value else "false", "boolean")
    if isinstance(value, int):
        return _typed(str(value), "integer")
    if isinstance(value, Decimal):
        return _typed(_decimal(value), "decimal")
    if isinstance(value, PartialDate):
        return _typed(str(value), "gYear" if value.month is None else "gYearMonth" if value.day is None else "date")
    if isinstance(value, dt.date):
        return _typed(value.isoformat(), "date")
    return text(value)


def _decimal(value: Decimal) -> str:
    """Spell a number canonically, as XSD 1.1 has it: no exponent, no trailing zeros; a store would rewrite any other form."""
    if not value.is_finite():
        raise OntologyError(f"{value} is no amount: xsd:decimal has neither infinity nor NaN")
    shown = f"{value:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def _typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(vocab.XSD + datatype))


def quads(document: Document, resolution: Resolution, base: str = BASE, unread: Iterable[tuple[str, str]] = ()) -> list[ox.Quad]:
    """Write a document's facts as quads, sorted; unread are the sentences that gave no fact, each after the kinds that it speaks of.

    Raises OntologyError for a name that the ontology lacks, a base or key that no IRI can hold, and a thing that nothing supports.
    """
    writer = _Writer(document, iri.check_base(base))
    for entity in resolution.entities:
        _entity(writer, entity)
    taking_part: set[str] = set()
    for statement in resolution.statements:
        _statement(writer, statement)
        taking_part.add(statement.subject)
        for value in (statement.object, *(v for _, v in statement.properties)):
            if isinstance(value, Ref):
                taking_part.add(value.key)
    for entity in resolution.entities:
        if entity.key not in taking_part:
            if not entity.evidence:
                raise OntologyError(f"{entity.key} takes part in no statement and has no evidence: nothing would support it")
            node = iri.thing(base, entity.key)
            writer.supported(node, vocab.RDF_TYPE, klass(entity.type), entity.evidence, "Stated")
    _catalogue(writer, document, unread)
    for link in resolution.links:
        _judgement(writer, link)
    return sorted(writer.out, key=str)


def _entity(writer: _Writer, entity: Entity) -> None:
    node = iri.thing(writer.base, entity.key)
    writer.types(node, entity.type)
    writer.domain(node, vocab.RDFS_LABEL, text(entity.label))
    for kind, name in entity.names:
        if kind != "altLabel":
            writer.domain(node, _name_property(kind), text(name))
        elif name == entity.label:
            continue  # its label, not another name
        writer.domain(node, vocab.SKOS_ALT_LABEL, text(name))


def _name_property(kind: str) -> ox.NamedNode:
    if kind not in _NAME_KINDS:
        raise OntologyError(f"{kind!r} is no kind of name: use altLabel, {', '.join(_NAME_KINDS)}")
    return prop(kind)


def _statement(writer: _Writer, statement: Statement) -> None:
    node = iri.thing(writer.base, statement.subject)
    if statement.predicate == "type":
        if not isinstance(statement.object, Concept):
            raise OntologyError(f"the type of {statement.subject} is no class: {statement.object!r}")
        writer.types(node, statement.object.name)
        for name, value in statement.properties:
            _edge(writer, node, name, value)
        writer.supported(node, vocab.RDF_TYPE, klass(statement.object.name), statement.evidence, statement.derivation)
        for one in statement.evidence:
            writer.proof(node, prop("evidence"), writer.evidence(one))
        return
    term = _edge(writer, node, statement.predicate, statement.object)
    writer.supported(node, prop(statement.predicate), term, statement.evidence, statement.derivation)


def _edge(writer: _Writer, node: ox.NamedNode, name: str, value: Value) -> ox.NamedNode | ox.Literal:
    term = writer.value(value, name)
    for one in (name, *vocab.SUPERPROPERTIES.get(name, ())):
        writer.domain(node, prop(one), term)
    return term


def _catalogue(writer: _Writer, document: Document, unread: Iterable[tuple[str, str]]) -> None:
    source = document.source
    graph = iri.thing(writer.base, "graph/catalogue")

    def line(predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        writer.out.add(ox.Quad(writer.document, predicate, value, graph))

    is_filing = source.form_type is not None or source.accession_number is not None
    name = "Filing" if is_filing else "Document"
    for one in (name, *vocab.SUPERCLASSES.get(name, ())):
        line(vocab.RDF_TYPE, klass(one))
    line(prop("fileName"), text(source.file_name))
    line(prop("sha256"), text(source.sha256))
    if document.title:
        line(vocab.DCT_TITLE, text(document.title))
    if document.published is not None:
        line(vocab.DCT_DATE, literal(document.published))
    for header, value in (("formType", source.form_type), ("accessionNumber", source.accession_number), ("filedBy", source.filer)):
        if value:
            line(prop(header), text(value))
    for kinds, sentence in unread:
        line(prop("unread"), text(f"{kinds}: {sentence}"))
    if source.document_type:
        line(prop("documentType"), text(source.document_type))
    if source.url:
        line(vocab.DCT_SOURCE, text(source.url))
    if source.filing is not None and source.filing.accession_number and _ACCESSION.fullmatch(source.filing.accession_number):
        node = iri.filing(writer.base, source.filing.accession_number)
        line(vocab.DCT_IS_PART_OF, node)
        _submission(writer, node, source.filing)


def _submission(writer: _Writer, node: ox.NamedNode, filing: Filing) -> None:
    """Write what the header of a submission says: the same lines, whichever of its documents brings them."""
    graph = iri.thing(writer.base, "graph/catalogue")

    def line(subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        writer.out.add(ox.Quad(subject, predicate, value, graph))

    line(node, vocab.RDF_TYPE, klass("EdgarSubmission"))
    for name, value in (("accessionNumber", filing.accession_number), ("formType", filing.form_type)):
        if value:
            line(node, prop(name), text(value))
    if filing.filed is not None:
        line(node, vocab.DCT_DATE, literal(filing.filed))
    if filing.period is not None:
        line(node, prop("periodOfReport"), literal(filing.period))
    for item in filing.items:
        line(node, prop("item"), text(item))
    if filing.url is not None:
        line(node, vocab.DCT_SOURCE, text(filing.url))
    for filer in filing.filers:
        party = iri.filer(node, filer.name, filer.cik)
        line(node, prop("filer"), party)
        line(party, vocab.RDF_TYPE, klass("Filer"))
        line(party, vocab.RDFS_LABEL, text(filer.name))
        line(party, prop("filerRole"), text(filer.role))
        if filer.cik:
            line(party, prop("cik"), text(filer.cik))
        for former in filer.former_names:
            line(party, prop("formerName"), text(former))


def _judgement(writer: _Writer, link: Link) -> None:
    graph = iri.thing(writer.base, "graph/identity")
    node = iri.judgement(writer.base, link.left, link.right, link.key, link.judgement, link.by, writer.document.value)

    def line(predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        writer.out.add(ox.Quad(node, predicate, value, graph))

    line(vocab.RDF_TYPE, klass("Judgement"))
    line(prop("leftName"), text(link.left))
    line(prop("rightName"), text(link.right))
    line(prop("judgement"), text(link.judgement))
    line(prop("rule"), text(link.by))
    line(prop("reason"), text(link.reason))
    if link.key:
        line(prop("joinedIn"), iri.thing(writer.base, link.key))
    line(vocab.DCT_SOURCE, writer.document)
    for one in link.evidence:
        line(prop("evidence"), writer.evidence(one))
