# ruff: noqa: E501  a statement of the graph and a row of the table read best on one line
"""A small graph about true ADC facts in the shape of the ontology, and a store that has nothing but quads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

BASE = "https://w3id.org/conjugate/id/"
KG = "https://w3id.org/conjugate/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OA = "http://www.w3.org/ns/oa#"
SKOS_ALT = "http://www.w3.org/2004/02/skos/core#altLabel"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

_HEAD = """
@prefix : <https://w3id.org/conjugate/id/> .
@prefix kg: <https://w3id.org/conjugate/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# IRIs with a slash have no short form in TriG: they are written out with the base left away.
TRIG = (
    "@base <https://w3id.org/conjugate/id/> ."
    + _HEAD
    + """
<document/milestone-2007> {
  <company/immunogen> a kg:Company ; rdfs:label "ImmunoGen, Inc." ; skos:altLabel "ImmunoGen" ; kg:ticker "IMGN" ; kg:exchange "Nasdaq" .
  <company/genentech> a kg:Company ; rdfs:label "Genentech" .
  <compound/t-dm1> a kg:Compound, kg:AntibodyDrugConjugate ; rdfs:label "trastuzumab emtansine" ; skos:altLabel "trastuzumab-DM1", "T-DM1" ;
    kg:codeName "T-DM1" ; kg:hasAntibody <antibody/trastuzumab> ; kg:hasPayload <payload/dm1> ; kg:hasLinker <linker/smcc> ;
    kg:targets <target/her2> ; kg:developedBy <company/genentech> ; kg:usesTechnology <technology/tap> ; kg:developedFor <indication/breast-cancer> .
  <antibody/trastuzumab> a kg:Antibody, kg:Compound ; rdfs:label "trastuzumab" ; skos:altLabel "Herceptin" ; kg:brandName "Herceptin" ;
    kg:targets <target/her2> ; kg:ownedBy <company/genentech> .
  <payload/dm1> a kg:Payload ; rdfs:label "DM1" ; kg:payloadClass "maytansinoid" ; kg:ownedBy <company/immunogen> .
  <linker/smcc> a kg:Linker ; rdfs:label "SMCC" .
  <target/her2> a kg:Target ; rdfs:label "HER2" .
  <indication/breast-cancer> a kg:Indication ; rdfs:label "HER2-positive metastatic breast cancer" .
  <technology/tap> a kg:Technology ; rdfs:label "Tumor-Activated Prodrug technology" ; skos:altLabel "TAP technology" ; kg:ownedBy <company/immunogen> .
  <agreement/2000> a kg:Agreement ; kg:agreementType kg:License ; kg:licensor <company/immunogen> ; kg:licensee <company/genentech> ;
    kg:party <company/immunogen>, <company/genentech> ; kg:coversTarget <target/her2> ; kg:coversTechnology <technology/tap> ; kg:exclusive true ;
    kg:date "2000"^^xsd:gYear ; kg:factuality kg:Occurred .
  <agreement/2006> a kg:Agreement, kg:Amendment ; kg:amends <agreement/2000> ; kg:party <company/immunogen>, <company/genentech> ;
    kg:date "2006"^^xsd:gYear ; kg:factuality kg:Occurred .
  <milestone/phase2> a kg:Payment, kg:Milestone ; kg:paymentType kg:MilestonePayment ; kg:payer <company/genentech> ; kg:payee <company/immunogen> ;
    kg:amount 5000000.0 ; kg:currency "USD" ; kg:bound kg:Exactly ; kg:underAgreement <agreement/2000> ; kg:forCompound <compound/t-dm1> ;
    kg:triggeredBy <development/phase2> ; kg:triggerType kg:Phase2Start ; kg:factuality kg:Occurred ; kg:announcedOn "2007-07-31"^^xsd:date .
  <milestone/process> a kg:Payment, kg:Milestone ; kg:paymentType kg:MilestonePayment ; kg:payee <company/immunogen> ; kg:payer <company/genentech> ;
    kg:underAgreement <agreement/2006> ; kg:factuality kg:Potential .
  <development/phase2> a kg:Development ; kg:ofCompound <compound/t-dm1> ; kg:stage kg:Phase2 ; kg:event kg:Started ; kg:sponsor <company/genentech> ;
    kg:inIndication <indication/breast-cancer> ; kg:date "2007-07-31"^^xsd:date ; kg:factuality kg:Occurred .
  <compound/hu-c242-dm4> a kg:Compound, kg:AntibodyDrugConjugate ; rdfs:label "huC242-DM4" ; skos:altLabel "IMGN242" ; kg:hasAntibody <antibody/hu-c242> ;
    kg:hasPayload <payload/dm4> ; kg:developedBy <company/immunogen> ; kg:ownedBy <company/immunogen> ; kg:usesTechnology <technology/tap> .
  <antibody/hu-c242> a kg:Antibody ; rdfs:label "huC242" .
  <payload/dm4> a kg:Payload ; rdfs:label "DM4" ; kg:payloadClass "maytansinoid" ; kg:ownedBy <company/immunogen> .
  <development/hu-c242-phase2> a kg:Development ; kg:ofCompound <compound/hu-c242-dm4> ; kg:stage kg:Phase2 ; kg:event kg:Started ;
    kg:dateText "imminently" ; kg:factuality kg:Expected .
}
<document/sanofi-2003> {
  <company/immunogen> a kg:Company ; rdfs:label "ImmunoGen, Inc." .
  <company/sanofi-aventis> a kg:Company ; rdfs:label "sanofi-aventis" ; skos:altLabel "Aventis" .
  <compound/ave9633> a kg:Compound ; rdfs:label "AVE9633" ; kg:developedBy <company/sanofi-aventis> .
  <indication/aml> a kg:Indication ; rdfs:label "acute myeloid leukemia" .
  <compound/ave9633> kg:developedFor <indication/aml> ; kg:targets <target/cd33> .
  <target/cd33> a kg:Target ; rdfs:label "CD33" .
  <agreement/2003> a kg:Agreement ; kg:agreementType kg:Collaboration ; kg:collaborator <company/immunogen>, <company/sanofi-aventis> ;
    kg:party <company/immunogen>, <company/sanofi-aventis> ; kg:date "2003-07"^^xsd:gYearMonth ; kg:coversCompound <compound/ave9633> ; kg:factuality kg:Occurred .
  <payment/upfront> a kg:Payment ; kg:paymentType kg:Upfront ; kg:payer <company/sanofi-aventis> ; kg:payee <company/immunogen> ; kg:amount 12000000 ;
    kg:currency "USD" ; kg:bound kg:Exactly ; kg:underAgreement <agreement/2003> ; kg:factuality kg:Occurred .
  <payment/royalty> a kg:Payment ; kg:paymentType kg:Royalty ; kg:payer <company/sanofi-aventis> ; kg:payee <company/immunogen> ;
    kg:bound kg:Undisclosed ; kg:underAgreement <agreement/2003> ; kg:factuality kg:Potential .
}
<graph/catalogue> {
  <document/milestone-2007> a kg:Filing ; kg:fileName "milestone-2007.txt" ; dcterms:title "ImmunoGen earns a milestone" ; dcterms:date "2007-07-31"^^xsd:date .
  <document/sanofi-2003> a kg:Document ; kg:fileName "sanofi-2003.html" ; dcterms:date "2003-07-30"^^xsd:date .
}
<graph/reference> { <target/her2> kg:hgnc "3430" ; rdfs:label "erb-b2 receptor tyrosine kinase 2" . }
<graph/identity> { <merge/1> a kg:Merge ; rdfs:label "a judgement, not a thing" . }
<graph/run> { <run/1> a kg:Run ; rdfs:label "a run, not a thing" . }
"""
)

# subject, predicate or "type", object or class, rule, then (place in the text, sentence, quote) for each sentence.
_EARNED = (
    (120, "ImmunoGen earned $5 million from Genentech when Phase II testing of trastuzumab-DM1 began.", "earned $5 million from Genentech"),
    (940, "The start of the trial triggers a $5 million payment to ImmunoGen.", "triggers a $5 million\npayment to ImmunoGen"),
    (2210, "ImmunoGen was paid $5 million under its agreement of 2000 with Genentech.", "was paid $5 million"),
)
_SUPPORT = (
    ("milestone-2007", "milestone/phase2", "type", "Milestone", "payment/milestone-earned", _EARNED),
    (
        "milestone-2007", "milestone/process", "type", "Milestone", "payment/milestone-possible",
        ((2500, "ImmunoGen could earn further milestones once process development goals are met.", "could earn further milestones"),),
    ),
    (
        "milestone-2007", "agreement/2000", "type", "Agreement", "agreement/licence-granted",
        ((1500, "In 2000 ImmunoGen granted Genentech an exclusive licence to its TAP technology for antibodies to HER2.", "granted Genentech an exclusive licence"),),
    ),
    (
        "milestone-2007", "agreement/2006", "type", "Amendment", "agreement/amended",
        ((1700, "The two companies amended the licence in 2006.", "amended the licence in 2006"),),
    ),
    (
        "milestone-2007", "development/phase2", "type", "Development", "development/started",
        ((120, "ImmunoGen earned $5 million from Genentech when Phase II testing of trastuzumab-DM1 began.", "Phase II testing of trastuzumab-DM1 began"),),
    ),
    (
        "milestone-2007", "development/hu-c242-phase2", "type", "Development", "development/expected",
        ((3000, "Phase II testing of huC242-DM4 is due to start imminently.", "huC242-\nDM4 is due to start"),),
    ),
    (
        "milestone-2007", "compound/t-dm1", "hasPayload", "payload/dm1", "compound/comprises",
        ((600, "Trastuzumab-DM1 links ImmunoGen's DM1 to Genentech's antibody trastuzumab through SMCC.", "links ImmunoGen's DM1"),),
    ),
    (
        "milestone-2007", "compound/t-dm1", "hasAntibody", "antibody/trastuzumab", "compound/comprises",
        ((600, "Trastuzumab-DM1 links ImmunoGen's DM1 to Genentech's antibody trastuzumab through SMCC.", "Genentech's antibody trastuzumab"),),
    ),
    (
        "milestone-2007", "compound/t-dm1", "developedBy", "company/genentech", "compound/developed-by",
        ((800, "Genentech develops trastuzumab-DM1 for HER2-positive metastatic breast cancer.", "Genentech develops trastuzumab-DM1"),),
    ),
    (
        "milestone-2007", "company/immunogen", "ticker", '"IMGN"', "company/ticker",
        ((10, "ImmunoGen, Inc. (Nasdaq: IMGN) reported a milestone today.", "Nasdaq: IMGN"),),
    ),
    (
        "sanofi-2003", "agreement/2003", "type", "Agreement", "agreement/collaboration",
        ((40, "ImmunoGen and Aventis agreed in July 2003 to work together on AVE9633 and other compounds.", "agreed in July 2003 to work together"),),
    ),
    (
        "sanofi-2003", "payment/upfront", "type", "Payment", "payment/upfront",
        ((300, "Aventis pays ImmunoGen $12 million upfront.", "pays ImmunoGen $12 million upfront"),),
    ),
    (
        "sanofi-2003", "payment/royalty", "type", "Payment", "payment/royalty",
        ((500, "ImmunoGen is entitled to royalties on sales, at rates that were not disclosed.", "entitled to royalties on sales"),),
    ),
)  # fmt: skip


class Fake:
    """A store with quads and no more."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._quads = list(quads)

    def quads(self) -> Iterator[Quad]:
        """Yield what was put in."""
        yield from self._quads


def node(key: str) -> NamedNode:
    """Name a thing by its key."""
    return NamedNode(BASE + key)


def supported(
    document: str, subject: str, predicate: str, value: str, rule: str, sentences: tuple[tuple[int, str, str], ...]
) -> list[Quad]:
    """Write a statement with its sentences."""
    graph = node(f"document/{document}/evidence")
    statement = node(f"statement/{hashlib.sha256(repr((subject, predicate, value, document)).encode()).hexdigest()[:20]}")
    named = NamedNode(f"{RDF}type") if predicate == "type" else NamedNode(KG + predicate)
    about = NamedNode(KG + value) if predicate == "type" else Literal(value[1:-1]) if value.startswith('"') else node(value)
    lines: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (statement, f"{RDF}type", NamedNode(f"{KG}Statement")),
        (statement, f"{RDF}subject", node(subject)),
        (statement, f"{RDF}predicate", named),
        (statement, f"{RDF}object", about),
        (statement, f"{KG}rule", Literal(rule)),
        (statement, f"{KG}derivation", NamedNode(f"{KG}Stated")),
    ]
    for start, sentence, quote in sentences:
        evidence = node(f"document/{document}#char={start},{start + len(quote)}")
        lines += [
            (statement, f"{KG}evidence", evidence),
            (evidence, f"{RDF}type", NamedNode(f"{KG}Evidence")),
            (evidence, f"{OA}hasSource", node(f"document/{document}")),
            (evidence, f"{OA}exact", Literal(quote)),
            (evidence, f"{KG}sentence", Literal(sentence)),
        ]
        if predicate == "type":
            lines.append((node(subject), f"{KG}evidence", evidence))
    return [Quad(s, NamedNode(p), o, graph) for s, p, o in lines]


def adc_quads() -> list[Quad]:
    """Give the graph of this file."""
    quads = list(parse(TRIG, format=RdfFormat.TRIG))
    for row in _SUPPORT:
        quads += supported(*row)
    return quads


def adc_store(extra: Iterable[Quad] = ()) -> Fake:
    """Give a store with the graph of this file, in the engine's order, and more quads if wanted."""
    engine = Store()
    engine.extend([*adc_quads(), *extra])
    return Fake(engine)


def named_thing(key: str, label: str, *, kind: str = "Company", document: str = "milestone-2007") -> list[Quad]:
    """Write a thing with a label."""
    graph = node(f"document/{document}")
    return [
        Quad(node(key), NamedNode(f"{RDF}type"), NamedNode(KG + kind), graph),
        Quad(node(key), NamedNode(RDFS_LABEL), Literal(label), graph),
    ]


def large_quads(companies: int) -> list[Quad]:
    """Write a star of deals: each company pays one hub and every tenth has a compound; 2.1 nodes a company and one."""
    graph = node("document/large")
    quads = named_thing("company/hub", "Hub", document="large")
    for index in range(companies):
        quads += named_thing(f"company/c{index:05d}", f"Company {index}", document="large")
        payment = node(f"payment/{index:05d}")
        quads += [
            Quad(payment, NamedNode(f"{RDF}type"), NamedNode(f"{KG}Payment"), graph),
            Quad(payment, NamedNode(f"{KG}amount"), Literal(str(index * 1000 + 1000)), graph),
            Quad(payment, NamedNode(f"{KG}payer"), node(f"company/c{index:05d}"), graph),
            Quad(payment, NamedNode(f"{KG}payee"), node("company/hub" if index % 7 else f"company/c{index // 7:05d}"), graph),
        ]
        if index % 10 == 0:
            quads += named_thing(f"compound/x{index:05d}", f"X-{index}", kind="Compound", document="large")
            quads.append(Quad(node(f"compound/x{index:05d}"), NamedNode(f"{KG}developedBy"), node(f"company/c{index:05d}"), graph))
    return quads
