"""The closed set of names: a name in, its IRI out; one that the ontology lacks is an error here, never a new predicate.

`ontology/*.ttl` defines the same names with their meaning; tests/test_vocab.py holds the two together.
"""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.errors import OntologyError

NAMESPACE: Final = "https://w3id.org/conjugate/ontology#"

CLASSES: Final = frozenset(
    [
        "Company",
        "Compound",
        "AntibodyDrugConjugate",
        "Antibody",
        "Payload",
        "Linker",
        "Target",
        "Indication",
        "Technology",
        "Agreement",
        "Amendment",
        "Payment",
        "Milestone",
        "Development",
        "Document",
        "Filing",
        "EdgarSubmission",
        "Filer",
        "Evidence",
        "Statement",
        "Judgement",
    ]
)
PROPERTIES: Final = frozenset(
    [
        "hasAntibody",
        "hasPayload",
        "hasLinker",
        "targets",
        "developedBy",
        "ownedBy",
        "usesTechnology",
        "developedFor",
        "payloadClass",
        "ticker",
        "exchange",
        "cik",
        "parent",
        "brandName",
        "codeName",
        "innName",
        "party",
        "licensor",
        "licensee",
        "collaborator",
        "acquirer",
        "acquiree",
        "supplier",
        "customer",
        "optionor",
        "optionee",
        "agreementType",
        "exclusive",
        "coversCompound",
        "coversTarget",
        "coversTechnology",
        "territory",
        "excludedTerritory",
        "field",
        "agreementStatus",
        "developmentBy",
        "manufacturingBy",
        "commercializationBy",
        "amends",
        "paymentType",
        "underAgreement",
        "payer",
        "payee",
        "amount",
        "minAmount",
        "maxAmount",
        "currency",
        "bound",
        "rate",
        "amountText",
        "forCompound",
        "triggeredBy",
        "triggerType",
        "ofCompound",
        "stage",
        "event",
        "sponsor",
        "inIndication",
        "factuality",
        "date",
        "earliestDate",
        "latestDate",
        "announcedOn",
        "dateText",
        "evidence",
        "sentence",
        "derivation",
        "rule",
        "fileName",
        "sha256",
        "formType",
        "accessionNumber",
        "filedBy",
        "documentType",
        "periodOfReport",
        "item",
        "filer",
        "filerRole",
        "formerName",
        "unread",
        "section",
        "leftName",
        "rightName",
        "judgement",
        "joinedIn",
        "reason",
    ]
)
CONCEPTS: Final = MappingProxyType(
    {
        "agreementType": frozenset(
            [
                "License",
                "Collaboration",
                "Option",
                "Supply",
                "Acquisition",
                "Access",
                "Research",
                "Manufacturing",
                "Distribution",
                "Termination",
                "AmendmentOnly",
                "OtherAgreement",
            ]
        ),
        "agreementStatus": frozenset(["Active", "Planned", "Terminated", "Expired"]),
        "paymentType": frozenset(
            ["MilestonePayment", "Upfront", "Royalty", "Fee", "Equity", "Reimbursement", "AcquisitionPrice", "OtherPayment"]
        ),
        "bound": frozenset(["Exactly", "UpTo", "AtLeast", "About", "Range", "Undisclosed"]),
        "triggerType": frozenset(
            [
                "INDActive",
                "Phase1Start",
                "Phase2Start",
                "Phase3Start",
                "TrialStart",
                "DataReadout",
                "SubmissionMade",
                "ApprovalGranted",
                "SalesReached",
                "CandidateSelected",
                "TechnologyTransferred",
                "Signing",
                "Extension",
                "OtherTrigger",
            ]
        ),
        "stage": frozenset(
            ["Preclinical", "IND", "Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Submission", "Approval", "Marketed", "Clinical"]
        ),
        "event": frozenset(["Started", "Ongoing", "Completed", "DataReported", "Accepted", "Granted", "Discontinued", "OnHold"]),
        "factuality": frozenset(["Occurred", "Committed", "Expected", "Potential", "Ended", "Denied"]),
        "derivation": frozenset(["Stated", "Resolved", "Inferred"]),
    }
)

_CONCEPT_NAMES: Final = frozenset(name for names in CONCEPTS.values() for name in names)
_TERMS: Final = CLASSES | PROPERTIES | _CONCEPT_NAMES

SUPERCLASSES: Final = MappingProxyType(
    {"AntibodyDrugConjugate": ("Compound",), "Milestone": ("Payment",), "Amendment": ("Agreement",), "Filing": ("Document",)}
)
_PARTY_ROLES = ["licensor", "licensee", "collaborator", "acquirer", "acquiree", "supplier", "customer", "optionor", "optionee"]
SUPERPROPERTIES: Final = MappingProxyType(dict.fromkeys(_PARTY_ROLES, ("party",)))

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCT: Final = "http://purl.org/dc/terms/"
OA: Final = "http://www.w3.org/ns/oa#"
SHACL: Final = "http://www.w3.org/ns/shacl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

RDF_TYPE: Final = ox.NamedNode(RDF + "type")
RDF_STATEMENT: Final = ox.NamedNode(RDF + "Statement")
RDF_SUBJECT: Final = ox.NamedNode(RDF + "subject")
RDF_PREDICATE: Final = ox.NamedNode(RDF + "predicate")
RDF_OBJECT: Final = ox.NamedNode(RDF + "object")
RDFS_LABEL: Final = ox.NamedNode(RDFS + "label")
SKOS_ALT_LABEL: Final = ox.NamedNode(SKOS + "altLabel")
DCT_TITLE: Final = ox.NamedNode(DCT + "title")
DCT_DATE: Final = ox.NamedNode(DCT + "date")
DCT_SOURCE: Final = ox.NamedNode(DCT + "source")
DCT_IS_PART_OF: Final = ox.NamedNode(DCT + "isPartOf")
OA_SPECIFIC_RESOURCE: Final = ox.NamedNode(OA + "SpecificResource")
OA_HAS_SOURCE: Final = ox.NamedNode(OA + "hasSource")
OA_EXACT: Final = ox.NamedNode(OA + "exact")
OA_START: Final = ox.NamedNode(OA + "start")
OA_END: Final = ox.NamedNode(OA + "end")


def _named(name: str, known: frozenset[str], what: str) -> ox.NamedNode:
    if name not in known:
        near = difflib.get_close_matches(name, sorted(known), n=1)
        raise OntologyError(f"the ontology has no {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return ox.NamedNode(NAMESPACE + name)


def klass(name: str) -> ox.NamedNode:
    """Look up a class. Raises OntologyError for a name that the ontology lacks.

    >>> klass("Milestone").value
    'https://w3id.org/conjugate/ontology#Milestone'
    """
    return _named(name, CLASSES, "class")


def prop(name: str) -> ox.NamedNode:
    """Look up a property. Raises OntologyError for a name that the ontology lacks."""
    return _named(name, PROPERTIES, "property")


def concept(name: str, scheme: str | None = None) -> ox.NamedNode:
    """Look up a concept, of the scheme of one property where given. Raises OntologyError for a name that the ontology lacks."""
    if scheme is None:
        return _named(name, _CONCEPT_NAMES, "concept")
    if scheme not in CONCEPTS:
        raise OntologyError(f"the values of {scheme!r} are no concepts")
    return _named(name, CONCEPTS[scheme], f"concept of {scheme}")


def is_term(name: str) -> bool:
    """Answer whether the ontology has a class, property or concept of this local name."""
    return name in _TERMS


class _Names:
    """Typed access to one kind of name: `KG.hasPayload`. An unknown attribute is an OntologyError."""

    def __getattr__(self, name: str) -> ox.NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(name, _TERMS, "term")


KG: Final = _Names()
