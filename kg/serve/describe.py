"""Where the service is and what it holds in, its description as Turtle out."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rdf import vocab
from kg.serve.ways import GRAPHS, SPARQL, VOID
from kg.store import PREFIXES

_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)


def describe_service(root: str) -> str:
    """Describe the endpoint (SPARQL 1.1 Service Description)."""
    here = root.rstrip("/")
    formats = " , ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in _FORMATS)
    return f"""@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix void: <http://rdfs.org/ns/void#> .

<{here}{SPARQL}> a sd:Service ;
    sd:endpoint <{here}{SPARQL}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:resultFormat {formats} ;
    sd:defaultDataset <{here}{VOID}#data> .
<{here}{VOID}#data> a sd:Dataset , void:Dataset ;
    sd:defaultGraph <{here}{GRAPHS}?default> .
<{here}{GRAPHS}?default> a sd:Graph .
"""


def describe_data(root: str, base: str, counts: Mapping[str, int]) -> str:
    """Describe the data (VoID): how many things of each class, and where they are asked for."""
    here = root.rstrip("/")
    parts = "".join(f" ;\n    void:classPartition [ void:class <{kind}> ; void:entities {n} ]" for kind, n in sorted(counts.items()))
    return f"""@prefix void: <http://rdfs.org/ns/void#> .
@prefix dcterms: <{PREFIXES["dcterms"]}> .

<{here}{VOID}#data> a void:Dataset ;
    dcterms:title "Biopharma deals, as filings and releases tell of them" ;
    dcterms:rights "The sentences that the graph quotes belong to those who wrote them." ;
    void:sparqlEndpoint <{here}{SPARQL}> ;
    void:uriSpace "{base}" ;
    void:vocabulary <{vocab.NAMESPACE.rstrip("#")}>{parts} .
"""
