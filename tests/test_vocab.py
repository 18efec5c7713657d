"""The closed set of names: the program and `ontology/*.ttl` hold the same, and a typo is an error."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg.errors import OntologyError
from kg.rdf import vocab
from kg.rdf.vocab import KG, NAMESPACE, concept, klass, prop

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"

# What other tools rely on, as agreed with them: none of these names may ever go or change its kind.
AGREED_CLASSES = """
    Company Compound AntibodyDrugConjugate Antibody Payload Linker Target Indication Technology Agreement Amendment Payment Milestone
    Development Document Filing Evidence Statement
"""
AGREED_PROPERTIES = """
    hasAntibody hasPayload hasLinker targets developedBy ownedBy usesTechnology developedFor payloadClass ticker exchange cik party
    licensor licensee collaborator acquirer acquiree supplier customer optionor optionee agreementType exclusive coversCompound
    coversTarget coversTechnology territory excludedTerritory field agreementStatus developmentBy manufacturingBy commercializationBy
    amends paymentType underAgreement payer payee amount minAmount maxAmount currency bound rate amountText forCompound triggeredBy
    triggerType ofCompound stage event sponsor inIndication factuality date earliestDate latestDate announcedOn dateText brandName
    codeName innName fileName sha256 formType accessionNumber filedBy evidence derivation rule sentence
"""
AGREED_CONCEPTS = {
    "agreementType": """License Collaboration Option Supply Acquisition Access Research Manufacturing Distribution Termination AmendmentOnly
        OtherAgreement""",
    "agreementStatus": "Active Planned Terminated Expired",
    "paymentType": "MilestonePayment Upfront Royalty Fee Equity Reimbursement AcquisitionPrice OtherPayment",
    "bound": "Exactly UpTo AtLeast About Range Undisclosed",
    "triggerType": """INDActive Phase1Start Phase2Start Phase3Start TrialStart DataReadout SubmissionMade ApprovalGranted SalesReached
        CandidateSelected TechnologyTransferred Signing Extension OtherTrigger""",
    "stage": "Preclinical IND Phase1 Phase1_2 Phase2 Phase2_3 Phase3 Submission Approval Marketed Clinical",
    "event": "Started Ongoing Completed DataReported Accepted Granted Discontinued OnHold",
    "factuality": "Occurred Committed Expected Potential Ended Denied",
    "derivation": "Stated Resolved Inferred",
}
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        graph.parse(path)
    return graph


def defined(graph: Graph, *kinds: URIRef) -> set[str]:
    return {str(s).removeprefix(NAMESPACE) for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(NAMESPACE)}


def test_classes_are_those_of_the_ontology(ontology: Graph) -> None:
    assert defined(ontology, OWL.Class) == vocab.CLASSES


def test_properties_are_those_of_the_ontology(ontology: Graph) -> None:
    assert defined(ontology, *PROPERTY_KINDS) == vocab.PROPERTIES


def test_concepts_are_those_of_the_schemes(ontology: Graph) -> None:
    found: dict[str, set[str]] = {}
    for name, scheme in ontology.subject_objects(RDFS.seeAlso):
        found[str(name).removeprefix(NAMESPACE)] = {str(s).removeprefix(NAMESPACE) for s in ontology.subjects(SKOS.inScheme, scheme)}
    assert found == {name: set(concepts) for name, concepts in vocab.CONCEPTS.items()}
    assert defined(ontology, SKOS.Concept) == {one for concepts in vocab.CONCEPTS.values() for one in concepts}


def test_nothing_else_is_defined(ontology: Graph) -> None:
    subjects = {str(s).removeprefix(NAMESPACE) for s in ontology.subjects() if str(s).startswith(NAMESPACE)}
    known = vocab.CLASSES | vocab.PROPERTIES | {one for concepts in vocab.CONCEPTS.values() for one in concepts}
    assert subjects - known == defined(ontology, SKOS.ConceptScheme)


def test_superclasses_and_superproperties_are_those_of_the_ontology(ontology: Graph) -> None:
    for table, relation in ((vocab.SUPERCLASSES, RDFS.subClassOf), (vocab.SUPERPROPERTIES, RDFS.subPropertyOf)):
        found: dict[str, set[str]] = {}
        for narrow, wide in ontology.subject_objects(relation):
            if str(wide).startswith(NAMESPACE):
                found.setdefault(str(narrow).removeprefix(NAMESPACE), set()).add(str(wide).removeprefix(NAMESPACE))
        assert {name: set(wider) for name, wider in table.items()} == found


def test_agreed_names_are_there() -> None:
    assert set(AGREED_CLASSES.split()) <= vocab.CLASSES
    assert set(AGREED_PROPERTIES.split()) <= vocab.PROPERTIES
    for name, concepts in AGREED_CONCEPTS.items():
        assert set(concepts.split()) <= vocab.CONCEPTS[name], name


def test_no_name_has_two_meanings() -> None:
    concepts = [one for names in vocab.CONCEPTS.values() for one in names]
    assert len(set(concepts)) == len(concepts), "a concept of two schemes would need two definitions"
    assert not set(concepts) & (vocab.CLASSES | vocab.PROPERTIES)
    assert not vocab.CLASSES & vocab.PROPERTIES


@pytest.mark.parametrize(
    ("call", "near", "reason"),
    [
        (lambda: prop("hasPaylod"), "'hasPayload'", "a typo in a property"),
        (lambda: klass("Milestones"), "'Milestone'", "a plural"),
        (lambda: concept("Milestonepayment"), "'MilestonePayment'", "another case"),
        (lambda: concept("Phase2", "event"), "concept of event", "a concept of another property"),
        (lambda: concept("Phase2", "amount"), "'amount' are no concepts", "a property whose values are no concepts"),
        (lambda: KG.hasPaylod, "'hasPayload'", "a typo in an attribute"),
        (lambda: prop("Milestone"), "no property 'Milestone'", "a class is no property"),
        (lambda: klass("payer"), "no class 'payer'", "a property is no class"),
        (lambda: prop(""), "no property ''", "an empty name"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_an_unknown_name_is_an_error(call: object, near: str, reason: str) -> None:
    assert callable(call)
    with pytest.raises(OntologyError) as error:
        call()
    assert near in str(error.value), reason


def test_a_known_name_is_its_iri() -> None:
    for name in vocab.CLASSES:
        assert klass(name).value == NAMESPACE + name == getattr(KG, name).value
    for name in vocab.PROPERTIES:
        assert prop(name).value == NAMESPACE + name == getattr(KG, name).value
    for name, concepts in vocab.CONCEPTS.items():
        for one in concepts:
            assert concept(one) == concept(one, name) == getattr(KG, one)


def test_names_can_be_copied() -> None:
    """Worker processes pickle and copy: what Python looks up for that is no term of ours."""
    assert copy.copy(KG).hasPayload == KG.hasPayload
