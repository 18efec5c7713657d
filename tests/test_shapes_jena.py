"""The shapes mean the same to Jena's SHACL engine as to pyshacl: over right graphs, planted faults, odd values and whole stores.

A result is its focus node, path, constraint component, value, severity and message. `kg` checks with pyshacl; a shape that the two
understand in two ways would let a graph pass here and fail with whoever validates an export.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import BNode, Node
from test_shapes import FAULTS, FILES, ROOT, fixture, report_of, with_fault

from kg.rdf import vocab
from kg.rdf.shapes import to_rdflib
from kg.store import Store

VALIDATE = ROOT / "tests" / "readers" / "ValidateJena.java"
SH = Namespace("http://www.w3.org/ns/shacl#")
JENA = os.environ.get("KG_JENA_CLASSPATH", "")  # of tests/readers/jena-pom.xml, as Jena has no package on PyPI
pytestmark = pytest.mark.skipif(
    not JENA or shutil.which("java") is None, reason="needs java, and the class path of jena-shacl in KG_JENA_CLASSPATH"
)

PARTS = ("focusNode", "resultPath", "sourceConstraintComponent", "value", "resultSeverity", "resultMessage")
Result = tuple[tuple[str, ...], ...]  # of each part all that is told of it
Inputs = dict[str, list[ox.Quad]]


def written(report: Graph, term: Node) -> str:
    """A term; a path of alternatives, which is a blank node, as its list (which Jena nests: a or (b or c))."""
    if isinstance(term, BNode):
        alternatives = report.value(term, SH.alternativePath)
        return "|".join(written(report, each) for each in Collection(report, alternatives))
    return term.n3()


def told(report: Graph) -> Counter[Result]:
    """Every result, with how often it is told."""
    return Counter(
        tuple(tuple(sorted(written(report, each) for each in report.objects(node, SH[part]))) for part in PARTS)
        for node in report.subjects(RDF.type, SH.ValidationResult)
    )


def literal(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(vocab.XSD + datatype))


# What a value can be beside what the planted faults have: other datatypes, ill-formed ones, languages, line ends, nodes of nowhere.
ODD = [
    ox.Literal(""),
    ox.Literal("USD\n"),
    ox.Literal("\U0001f600"),
    ox.Literal("USD", language="en"),
    ox.NamedNode("urn:nowhere"),
    vocab.concept("Occurred", "factuality"),
    ox.Literal("x", datatype=ox.NamedNode("urn:unknown")),
    *(literal(*each.split("^")) for each in (
        "2021-02-30^date", "2021-02-28^date", "2021-02-28Z^date", "2021-02-28T00:00:00^dateTime", "2021^gYear", "21^gYear",
        "2021-13^gYearMonth", "07^integer", "-1^integer", "five^integer", "7^int", "-7^nonNegativeInteger", "5.^decimal", "-0.0^decimal",
        "1e3^decimal", " 5 ^decimal", "NaN^double", "INF^double", "1^boolean", "yes^boolean", "0012345678^token",
    )),
]  # fmt: skip


def odd_values(file: str, value: ox.NamedNode | ox.Literal) -> list[ox.Quad]:
    """The right graph of a file with one value for everything but the classes."""
    right = fixture(file)["urn:right"]
    triples = {t if t.predicate == vocab.RDF_TYPE else ox.Triple(t.subject, t.predicate, value) for t in right}
    return [ox.Quad(t.subject, t.predicate, t.object) for t in sorted(triples, key=str)]


def stored(store: Path) -> Inputs:
    """Each graph of a store, and all of them as one: there documents contradict one another, which gives results."""
    graphs: Inputs = {"union": []}
    with Store.open(store) as opened:
        for quad in opened.quads():
            graphs.setdefault(str(quad.graph_name), []).append(quad)
            graphs["union"].append(quad)
    return graphs


@pytest.fixture(scope="module")
def chain_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("chain") / "store"
    # By importlib, for the function kg.build hides the module of that name.
    importlib.import_module("kg.build").build([ROOT / "tests" / "chain" / "filings"], store)
    return store


@pytest.fixture(scope="module")
def inputs(sample_store: Path, chain_store: Path) -> dict[str, Inputs]:
    """Everything to validate, by what it is."""
    return {
        "right": {file: [ox.Quad(t.subject, t.predicate, t.object) for t in fixture(file)["urn:right"]] for file in FILES},
        "fault": {name: with_fault(file, name) for file, name in FAULTS},
        "odd": {f"{file} {value}": odd_values(file, value) for file in FILES for value in ODD},
        "samples": stored(sample_store),
        "chain": stored(chain_store),
    }


Told = dict[str, Counter[Result]]


@pytest.fixture(scope="module")
def jena(inputs: dict[str, Inputs], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """What Jena reports of each, in one run of Java, which starts slowly."""
    folder = tmp_path_factory.mktemp("jena")
    numbered = [(kind, name) for kind, each in inputs.items() for name in each]
    for number, (kind, name) in enumerate(numbered):
        triples = sorted({quad.triple for quad in inputs[kind][name]}, key=str)
        (folder / f"{number}.nt").write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    command = ["java", "-cp", JENA, str(VALIDATE), str(ROOT / "ontology" / "shapes.ttl"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    reports: dict[str, Told] = {}
    for number, (kind, name) in enumerate(numbered):
        lines = ox.parse(path=folder / f"{number}.nt.report", format=ox.RdfFormat.N_TRIPLES)
        reports.setdefault(kind, {})[name] = told(to_rdflib(list(lines)))
    return reports


def pyshacl_told(quads: list[ox.Quad]) -> Counter[Result]:
    return told(report_of(list({quad.triple: quad for quad in quads}.values())))


def assert_same(ours: Counter[Result], theirs: Counter[Result]) -> None:
    assert (sorted((ours - theirs).elements()), sorted((theirs - ours).elements())) == ([], []), "only pyshacl, only Jena"


@pytest.mark.parametrize("file", FILES)
def test_both_pass_the_right_graphs(file: str, inputs: dict[str, Inputs], jena: dict[str, Told]) -> None:
    assert pyshacl_told(inputs["right"][file]) == jena["right"][file] == Counter()


COMPARISONS = {SH[name + "ConstraintComponent"].n3() for name in ("MinInclusive", "LessThan", "LessThanOrEquals")}
DATATYPE, PATTERN = SH.DatatypeConstraintComponent.n3(), SH.PatternConstraintComponent.n3()
DECIMAL = f"^^<{vocab.XSD}decimal>"


def without_second_faults(results: Counter[Result]) -> Counter[Result]:
    """Leave out what is found only because a value is not of its datatype, where that is found itself.

    SHACL has a result where two values cannot be compared (sections 4.3, 4.5.3 and 4.5.4). Of an ill-formed literal, or another datatype,
    pyshacl often gives none, as rdflib orders what SPARQL does not; Jena gives none for NaN. And for rdflib "1e3" is an xsd:decimal, so
    that pyshacl finds it by its pattern only, Jena by its datatype too.
    """

    def found_by(component: str) -> set[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
        return {(focus, path, value) for focus, path, found, value, *_ in results if found == (component,)}

    no_decimal = {(focus, path, value) for focus, path, value in found_by(PATTERN) if value[0].endswith(DECIMAL)}
    wrong = found_by(DATATYPE) | no_decimal
    kept: Counter[Result] = Counter()
    for result, times in results.items():
        focus, path, (component,), value, *_ = result
        is_second = (component in COMPARISONS and (focus, path, value) in wrong) or (
            component == DATATYPE and (focus, path, value) in no_decimal
        )
        if not is_second:
            kept[result] = times
    return kept


# The planted faults of which the engines tell second faults; in all the others every result is the same.
SECOND = {f"urn:add:Payment/{name}/pattern" for name in ("amount", "minAmount", "maxAmount")}


@pytest.mark.parametrize("name", [name for _, name in FAULTS])
def test_both_find_the_same_in_a_planted_fault(name: str, inputs: dict[str, Inputs], jena: dict[str, Told]) -> None:
    ours, theirs = pyshacl_told(inputs["fault"][name]), jena["fault"][name]
    assert theirs
    if name in SECOND:
        assert ours != theirs, "no exception is needed any more"
        ours, theirs = without_second_faults(ours), without_second_faults(theirs)
    assert_same(ours, theirs)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")  # rdflib's of "yes"^^xsd:boolean, which is here to be found
@pytest.mark.parametrize("value", ODD, ids=str)
def test_both_find_the_same_in_odd_values(value: ox.NamedNode | ox.Literal, inputs: dict[str, Inputs], jena: dict[str, Told]) -> None:
    for file in FILES:
        name = f"{file} {value}"
        assert jena["odd"][name]
        assert_same(without_second_faults(pyshacl_told(inputs["odd"][name])), without_second_faults(jena["odd"][name]))


@pytest.mark.parametrize("store", ["samples", "chain"])
def test_both_find_the_same_in_a_store(store: str, inputs: dict[str, Inputs], jena: dict[str, Told], figures: list[str]) -> None:
    for name, quads in inputs[store].items():
        assert_same(pyshacl_told(quads), jena[store][name])
    apart = sum(sum(each.values()) for name, each in jena[store].items() if name != "union")
    figures.append(f"SHACL: Jena and pyshacl agree on the {len(jena[store]) - 1} graphs of the {store}, and on their union")
    assert apart == 0, "each graph by itself fits its shapes"
    assert (store == "chain") == bool(jena[store]["union"]), "documents of the chain say different things of one event"
