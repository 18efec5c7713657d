"""A question's name and its parameters in, rows of the answer out; the questions are the files of `queries/`, bound and never rewritten.

A question is a SPARQL file whose opening comment says what it asks:

    # title: Milestones that a company has earned
    # description: One paragraph; a line that begins with "#   " goes on with it.
    # question: 10
    # param: company company "who earned them" optional
    # param: months integer "how many months" default=12
    # evidence: ?milestone

A parameter has a name (the query's variable), a kind, a description and one of `required`, `optional`, `default=VALUE`; an optional one
that is not given leaves its variable free, which a query reads as "any". `evidence` names the column with the node that a row is about, or
the triple: `?compound kg:hasPayload ?payload`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.assets import asset_dir
from kg.errors import QueryError
from kg.key import fold, without_legal_form
from kg.store import PREFIXES, Answer, Store, Term

_Bindable = ox.NamedNode | ox.Literal

# Kinds of parameter that are found by name, with the class of what they find.
_CLASSES = {
    "company": "Company",
    "compound": "Compound",
    "antibody": "Antibody",
    "payload": "Payload",
    "linker": "Linker",
    "target": "Target",
    "indication": "Indication",
    "technology": "Technology",
    "agreement": "Agreement",
    "document": "Document",
}
KINDS = (*_CLASSES, "thing", "date", "integer", "text", "iri")
_THINGS = tuple(kind for kind in _CLASSES if kind not in {"agreement", "document"})  # what a "thing" may be: what has a name of its own
_EVENTS = ("payment", "milestone", "development", "statement")  # no kinds of parameter, yet their keys are taken as they are

_LABELS = "rdfs:label|skos:altLabel|kg:brandName|kg:codeName|kg:innName"
# An agreement has no name of its own in a filing: people call it by its parties. A document goes by its file, title or accession number.
_NAME_PATHS = {"agreement": f"{_LABELS}|(kg:party/({_LABELS}))", "document": "kg:fileName|dcterms:title|kg:accessionNumber"}
_PROLOGUE = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("kg", "rdf", "rdfs", "skos", "oa", "dcterms"))
_NAMES = _PROLOGUE + "SELECT DISTINCT ?thing ?name WHERE {{ ?thing a ?class ; {path} ?name }} ORDER BY ?thing ?name"
_EXISTS = "SELECT ?property WHERE { ?thing ?property ?value } LIMIT 1"
_SIGNED = _PROLOGUE + "SELECT (MAX(?day) AS ?signed) WHERE { ?thing kg:earliestDate ?day }"
_QUOTE = """
  ?evidence oa:hasSource ?source .
  OPTIONAL { ?evidence oa:start ?start }
  OPTIONAL { ?evidence oa:end ?end }
  OPTIONAL { ?evidence oa:exact ?exact }
  OPTIONAL { ?evidence kg:sentence ?tidied }
  OPTIONAL { ?source kg:fileName ?fileName }
  BIND(COALESCE(?tidied, ?exact) AS ?sentence)
  BIND(COALESCE(?fileName, STR(?source)) AS ?document)
} ORDER BY ?document ?start ?end ?sentence"""
_EVIDENCE_OF_NODE = (
    _PROLOGUE + "SELECT DISTINCT ?sentence ?document ?start ?end WHERE { ?node (^rdf:subject)?/kg:evidence ?evidence ." + _QUOTE
)
_EVIDENCE_OF_TRIPLE = (
    _PROLOGUE + "SELECT DISTINCT ?sentence ?document ?start ?end WHERE {"
    " ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ; kg:evidence ?evidence ." + _QUOTE
)

_HEADER = re.compile(r"#\s?(?P<key>\w+):\s*(?P<value>.*\S)\s*$")
_PARAMETER = re.compile(
    r'(?P<name>\w+)\s+(?P<kind>\w+)\s+"(?P<description>[^"]+)"\s+(?:(?P<need>required|optional)|default=(?P<default>\S+))'
)
_FACT = re.compile(r"\?(?P<subject>\w+)(?:\s+(?P<prefix>\w+):(?P<local>\w+)\s+\?(?P<object>\w+))?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question can be asked with: name is the query's variable, kind one of KINDS, default a value as a user would type it."""

    name: str
    kind: str
    description: str
    default: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the library. number is its place in the list of what analysts ask.

    evidence is how a row leads to its sentences: () for none, (column,) for the node it is about, or (column, property's IRI, column) for
    a triple.
    """

    name: str
    number: int
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str
    evidence: tuple[str, ...] = ()


def questions(folder: Path | None = None) -> dict[str, Question]:
    """Load the question library, by name in alphabetical order.

    folder is for tests; the library is that of the installation. Raises QueryError that names file and line of a bad header.
    """
    files = sorted((folder or asset_dir("queries")).glob("*.rq"))
    return {path.stem: parse_question(path.read_text(encoding="utf-8"), path.stem, path.name) for path in files}


def parse_question(sparql: str, name: str, where: str) -> Question:
    """Read the header of a query file; where names the file in errors."""
    said: dict[str, tuple[int, str]] = {}
    parameters: list[Parameter] = []
    key = ""
    for number, line in enumerate(sparql.splitlines(), start=1):
        if not line.startswith("#"):
            break
        if line.startswith("#   ") and key == "description":
            said[key] = (said[key][0], f"{said[key][1]} {line[1:].strip()}")
            continue
        match = _HEADER.match(line)
        if match is None:
            raise QueryError(
                f"{where}:{number}: not a header line: {line!r}; write '# title: …', '# param: …' or '#   ' to go on with a description"
            )
        key, value = match["key"], match["value"]
        if key == "param":
            parameters.append(_parse_parameter(value, f"{where}:{number}"))
            if parameters[-1].name in {each.name for each in parameters[:-1]}:
                raise QueryError(f"{where}:{number}: the parameter {parameters[-1].name} is declared twice")
        elif key not in {"title", "description", "question", "evidence"}:
            raise QueryError(f"{where}:{number}: unknown header {key!r}; known are title, description, question, param, evidence")
        elif key in said:
            raise QueryError(f"{where}:{number}: {key} is given twice")
        else:
            said[key] = (number, value)
    for needed in ("title", "description", "question"):
        if needed not in said:
            raise QueryError(f"{where}:1: the header has no '# {needed}: …'")
    line_number, text = said["question"]
    if not re.fullmatch(r"[1-9]\d?", text):
        raise QueryError(f"{where}:{line_number}: question must be the number of a question, not {text!r}")
    body = "\n".join(line for line in sparql.splitlines() if not line.startswith("#"))
    for parameter in parameters:
        if not re.search(rf"\?{parameter.name}\b", body):
            raise QueryError(f"{where}:1: the query has no variable ?{parameter.name} for the parameter of that name")
    evidence = _parse_evidence(said["evidence"][1], f"{where}:{said['evidence'][0]}") if "evidence" in said else ()
    return Question(name, int(text), said["title"][1], said["description"][1], tuple(parameters), sparql, evidence)


def _parse_parameter(text: str, where: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise QueryError(f'{where}: not a parameter: {text!r}; write name kind "description" and then required, optional or default=VALUE')
    if match["kind"] not in KINDS:
        raise QueryError(f"{where}: {match['kind']!r} is no kind of parameter; known are {', '.join(KINDS)}")
    parameter = Parameter(match["name"], match["kind"], match["description"], match["default"], match["need"] == "required")
    if parameter.default is not None:
        if parameter.kind not in {"date", "integer", "text"}:
            raise QueryError(
                f"{where}: only a date, an integer or a text can have a default: which {parameter.kind} is meant, the store decides"
            )
        try:
            _literal(parameter, parameter.default)
        except QueryError as error:
            raise QueryError(f"{where}: {error}") from error
    return parameter


def _parse_evidence(text: str, where: str) -> tuple[str, ...]:
    match = _FACT.fullmatch(text)
    if match is None or (match["prefix"] and match["prefix"] not in PREFIXES):
        raise QueryError(
            f"{where}: evidence must be a column, as ?milestone, or a triple, as ?compound kg:hasPayload ?payload, not {text!r}"
        )
    if not match["prefix"]:
        return (match["subject"],)
    return (match["subject"], PREFIXES[match["prefix"]] + match["local"], match["object"])


def ask(store: Store, name: str, /, *, evidence: bool = False, **parameters: object) -> Answer:
    """Ask a question of the library.

    Names are resolved to the things of the store that bear them, whatever their case, marks and legal form; an IRI or a key such as
    "company/immunogen" is taken as it is. A parameter that is None counts as not given. With evidence, each row comes once for every
    sentence that supports it, with two more columns: sentence and document (its file name); a row without one stays, with both empty.

    Raises QueryError for an unknown question or parameter, a missing or malformed value, a name that no thing or more than one bears.
    """
    question = question_called(name)
    bindings = bind(store, question, parameters)
    if evidence and not question.evidence:
        raise QueryError(f"a row of {name} sums up many facts and has no sentence of its own; ask without evidence")
    answer = store.query(question.sparql, bindings)
    return _with_evidence(store, question, answer) if evidence else answer


def question_called(name: str) -> Question:
    """Look a question up; raises QueryError with the nearest names for one that is not there."""
    library = questions()
    if name not in library:
        raise QueryError(f"there is no question {name!r}{_nearest(name, {each: each for each in library})}; kg ask lists them all")
    return library[name]


def bind(store: Store, question: Question, parameters: Mapping[str, object]) -> dict[str, _Bindable]:
    """Turn what a user gave into a term for each variable of the query; errors as in `ask`."""
    given = {key: value for key, value in parameters.items() if value is not None}
    known = {parameter.name: parameter for parameter in question.parameters}
    for key in given:
        if key not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise QueryError(f"{question.name} has no parameter {key!r}; {has}")
    bindings: dict[str, _Bindable] = {}
    for parameter in question.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is not None:
            bindings[parameter.name] = _term(store, parameter, value)
        elif parameter.required:
            raise QueryError(f"{question.name} needs {parameter.name}: {parameter.description}")
    return bindings


def find_one(store: Store, name: str) -> str:
    """Find the IRI of the one thing that bears a name (whatever its case, marks and legal form), or that a key or an IRI names.

    Raises QueryError with the nearest names where there is none, with the candidates' keys where there are several.
    """
    return _term(store, Parameter("name", "thing", "the thing", None, True), name).value


def names_like(store: Store, kind: str, start: str) -> list[str]:
    """List the names that begin so, whatever their case, of the things that a kind of parameter may be; none for a date or a number."""
    wanted = start.casefold()
    found: dict[str, None] = {}
    for each in _THINGS if kind == "thing" else (kind,) if kind in _CLASSES else ():
        names = _NAMES.format(path=_NAME_PATHS.get(each, _LABELS))
        for _, name in store.query(names, {"class": ox.NamedNode(PREFIXES["kg"] + _CLASSES[each])}).rows:
            if name is not None and name.value.casefold().startswith(wanted):
                found[name.value] = None
    return sorted(found, key=lambda name: (name.casefold(), name))


def _with_evidence(store: Store, question: Question, answer: Answer) -> Answer:
    """Add the sentences to each row, in order of document and place."""
    columns = [answer.columns.index(column) for column in (question.evidence[0], *question.evidence[2:])]
    found: dict[tuple[Term | None, ...], list[tuple[Term | None, ...]]] = {}
    rows: list[tuple[Term | None, ...]] = []
    for row in answer.rows:
        fact = tuple(row[column] for column in columns)
        if fact not in found:
            found[fact] = _sentences(store, question, fact)
        rows += [(*row, *sentence) for sentence in found[fact]]
    return Answer(columns=(*answer.columns, "sentence", "document"), rows=rows)


def _sentences(store: Store, question: Question, fact: tuple[Term | None, ...]) -> list[tuple[Term | None, ...]]:
    bound = [term for term in fact if isinstance(term, _Bindable)]
    if len(bound) < len(fact):
        return [(None, None)]
    if len(question.evidence) == 1:
        answer = store.query(_EVIDENCE_OF_NODE, {"node": bound[0]})
    else:
        subject, predicate, object_ = bound[0], ox.NamedNode(question.evidence[1]), bound[1]
        answer = store.query(_EVIDENCE_OF_TRIPLE, {"subject": subject, "predicate": predicate, "object": object_})
    return list(dict.fromkeys((row[0], row[1]) for row in answer.rows)) or [(None, None)]


def _term(store: Store, parameter: Parameter, value: object) -> _Bindable:
    """Turn what a user typed into the term that the query's variable is bound to."""
    if isinstance(value, _Bindable):
        return value
    if parameter.kind in {"date", "integer", "text"}:
        return _literal(parameter, value)
    text = str(value).strip()
    iri = text.removeprefix("<").removesuffix(">")
    if parameter.kind == "iri" or ":/" in iri:
        return _iri(store, parameter, iri)
    if text.partition("/")[0] in (*_CLASSES, *_EVENTS) and _exists(store, store.base + text):
        return ox.NamedNode(store.base + text)
    return _named(store, parameter, text, _THINGS if parameter.kind == "thing" else (parameter.kind,))


def _literal(parameter: Parameter, value: object) -> ox.Literal:
    """Make the literal of a date, an integer or a text."""
    text = str(value).strip()
    if parameter.kind == "date":
        try:
            day = dt.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError as error:
            raise QueryError(f"{parameter.name} must be a day such as 2007-07-31, not {text!r}") from error
        return ox.Literal(day.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
    if parameter.kind == "integer":
        if not re.fullmatch(r"[+-]?\d{1,9}", text):  # nine digits: what no question needs more of, and every engine's integer holds
            raise QueryError(f"{parameter.name} must be a whole number such as 12, not {text!r}")
        return ox.Literal(int(text))
    return ox.Literal(str(value))


def _iri(store: Store, parameter: Parameter, iri: str) -> ox.NamedNode:
    """Accept an IRI, or a key relative to the base of things, that the store knows."""
    whole = iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else store.base + iri
    try:
        node = ox.NamedNode(whole)
    except ValueError as error:
        raise QueryError(f"{parameter.name} must be an IRI such as {store.base}company/immunogen, not {iri!r}") from error
    if not _exists(store, whole):
        raise QueryError(f"{parameter.name}: the store says nothing of {whole}")
    return node


def _exists(store: Store, iri: str) -> bool:
    try:
        return bool(store.query(_EXISTS, {"thing": ox.NamedNode(iri)}).rows)
    except ValueError:  # a name that looks like a key, with characters that no IRI has
        return False


def _named(store: Store, parameter: Parameter, name: str, kinds: Iterable[str]) -> ox.NamedNode:
    """Find the one thing of these kinds that bears the name."""
    bearers: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for kind in kinds:
        names = _NAMES.format(path=_NAME_PATHS.get(kind, _LABELS))
        for thing, label in store.query(names, {"class": ox.NamedNode(PREFIXES["kg"] + _CLASSES[kind])}).rows:
            assert thing is not None and label is not None  # the pattern binds both
            for each in (label.value, *([label.value.rpartition(".")[0]] if kind == "document" else [])):
                folded = _fold(each, kind)
                bearers.setdefault(folded, set()).add(thing.value)
                spelled.setdefault(folded, each)
    wanted = {_fold(name, kind) for kind in kinds} - {""}
    found = sorted(set().union(*(bearers.get(each, set()) for each in wanted)))
    what = parameter.kind
    if not found:
        near = _nearest(fold(name), {key: spelled[key] for key in bearers if key})
        raise QueryError(f"{parameter.name}: no {what} in the store is called {name!r}{near}")
    if len(found) > 1:
        listed = "; ".join(_described(store, iri) for iri in found[:8]) + (f"; and {len(found) - 8} more" if len(found) > 8 else "")
        raise QueryError(f"{parameter.name}: {name!r} may be {len(found)} things, give one's key: {listed}")
    return ox.NamedNode(found[0])


def _fold(name: str, kind: str) -> str:
    """Fold a name for comparing; legal forms are a company's, and an agreement goes by its parties."""
    return fold(without_legal_form(name)) if kind in {"company", "agreement"} else fold(name)


def _described(store: Store, iri: str) -> str:
    """Say which thing is meant: its key, and for an agreement its parties and the first day it can be of."""
    names = store.query(_NAMES.format(path="rdfs:label|(kg:party/rdfs:label)").replace("a ?class ; ", ""), {"thing": ox.NamedNode(iri)})
    shown: dict[str, str] = {}
    for _, label in names.rows:
        if label is not None:
            shown.setdefault(_fold(label.value, "company"), label.value)
    signed = [row[0].value for row in store.query(_SIGNED, {"thing": ox.NamedNode(iri)}).rows if row[0] is not None]
    return f"{iri.removeprefix(store.base)} ({', '.join([*(shown[key] for key in sorted(shown)), *signed])})"


def _nearest(name: str, shown: Mapping[str, str]) -> str:
    """Suggest what may have been meant: names that are near or that contain it; shown maps what is compared to what a reader sees."""
    folded = name.casefold()
    near = difflib.get_close_matches(folded, sorted(shown), n=3, cutoff=0.6)
    inside = [each for each in sorted(shown) if folded and folded in each]
    meant = [shown[each] for each in dict.fromkeys([*near, *inside])][:5]
    return f"; did you mean {', '.join(meant)}?" if meant else ""
