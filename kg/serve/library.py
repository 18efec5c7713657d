"""A question of the library and what was filled into its form in, the form with the answer and its sentences out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from urllib.parse import urlencode

import pyoxigraph as ox
from markupsafe import Markup

from kg.ask import Parameter, Question, bind, question_called, questions
from kg.card.page import NOWHERE, Links, row
from kg.errors import QueryError
from kg.export import RESULT_FORMATS, serialise
from kg.serve.shell import Page, shell
from kg.serve.ways import EDITOR, QUESTIONS, to_thing
from kg.store import PREFIXES, Answer, Store, Term
from kg.store.guard import parse_query, write_request
from kg.view.style import printable
from kg.view.words import spell
from kg.why import Reason, support

SHOWN = 500  # rows of a table that is read; the files beside it have all
_WITH_SENTENCES = 100  # rows that are looked up one by one
_FORMATS = ("csv", "json")
_DIGEST = re.compile(r"[0-9a-f]{16}")
_NUMBERS = frozenset(PREFIXES["xsd"] + name for name in ("integer", "decimal"))
_TYPES = {"date": "date", "integer": "number"}


def library_page() -> Page:
    """List the questions."""
    item = Markup('<li><a href="{}/{}"><strong>{}</strong></a><p>{}</p></li>')
    listed = [item.format(QUESTIONS, each.name, each.title, each.description) for each in _ordered()]
    main = Markup('<h1>Questions</h1><p>{}</p><ul class="library">{}</ul>').format(
        "What analysts ask, ready to be filled in; each answer shows its sentences where it has some.", Markup("\n").join(listed)
    )
    return shell("Questions", main, here="questions")


def _ordered() -> list[Question]:
    return sorted(questions().values(), key=lambda each: (each.number, each.name))


def question_page(store: Store, name: str, given: Mapping[str, str], links: Links, most: int) -> Page:
    """Answer a question, or show the form of one that needs something; what was filled in wrongly is said above the form.

    Raises QueryError for a question that there is not.
    """
    question = question_called(name)
    wanted: dict[str, object] = {key: value.strip() for key, value in given.items() if value.strip() and key != "format"}
    if given.get("format"):
        return _file(_ask(store, name, wanted), given["format"], most)
    fault, table, status = Markup(""), Markup(""), 200
    if wanted or not any(each.required for each in question.parameters):
        try:
            table = _table(store, question, _ask(store, name, wanted), wanted, links)
        except QueryError as error:
            fault, status = Markup('<p role="alert">{}</p>').format(str(error)), 400
    main = Markup("<h1>{}</h1>\n<p>{}</p>\n{}{}\n{}").format(question.title, question.description, fault, _form(question, given), table)
    return shell(question.title, main, here="questions", status=status)


def _ask(store: Store, name: str, wanted: Mapping[str, object]) -> Answer:
    question = question_called(name)
    return store.query(question.sparql, bind(store, question, wanted))


def _form(question: Question, given: Mapping[str, str]) -> Markup:
    """Write the fields of a question; those for names suggest some as one types."""
    fields = Markup("\n").join(_field(each, given.get(each.name, each.default or "")) for each in question.parameters)
    return Markup('<form class="question" action="{}/{}">{}<button>Ask</button></form>').format(QUESTIONS, question.name, fields)


def _field(parameter: Parameter, value: str) -> Markup:
    is_named = parameter.kind not in {"date", "integer", "text", "iri"}
    names = Markup(' list="names-{0}" data-kind="{1}"').format(parameter.name, parameter.kind) if is_named else Markup("")
    suggested = Markup('<datalist id="names-{}"></datalist>').format(parameter.name) if is_named else Markup("")
    return Markup(
        '<p><label for="in-{name}">{words} <span class="hint">{description}{optional}</span></label>'
        '<input id="in-{name}" name="{name}" type="{type}" value="{value}"{required}{names} autocomplete="off">{suggested}</p>'
    ).format(
        name=parameter.name,
        words=spell(parameter.name),
        description=parameter.description,
        optional="" if parameter.required else "; may be left out",
        type=_TYPES.get(parameter.kind, "text"),
        value=value,
        required=Markup(" required") if parameter.required else Markup(""),
        names=names,
        suggested=suggested,
    )


def _table(store: Store, question: Question, answer: Answer, wanted: Mapping[str, object], links: Links) -> Markup:
    """Write the answer, with what it leaves out said above it."""
    told = {key: str(value) for key, value in wanted.items()}
    files = Markup(", ").join(
        Markup('<a href="{}/{}?{}">{}</a>').format(QUESTIONS, question.name, urlencode({**told, "format": each}), each.upper())
        for each in _FORMATS
    )
    asked = write_request(parse_query(_body(question.sparql), PREFIXES), bind(store, question, wanted)).text
    editor = Markup('<a href="{}?{}">edit the query</a>').format(EDITOR, urlencode({"query": asked}))
    count = f"{len(answer.rows):,} row{'' if len(answer.rows) == 1 else 's'}"
    said = [count] + ([f"the first {SHOWN:,} are shown"] if len(answer.rows) > SHOWN else [])
    if question.evidence and len(answer.rows) > _WITH_SENTENCES:
        said.append(f"the first {_WITH_SENTENCES:,} with their sentences")
    summary = Markup('<p id="summary" role="status">{} · {} · {}</p>').format("; ".join(said), files, editor)
    if not answer.rows:
        return summary
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(spell(name)) for name in answer.columns)
    last = Markup('<th scope="col">sentences</th>') if question.evidence else Markup("")
    rows = Markup("\n").join(_rows(store, question, answer, links))
    return Markup(
        '{}<div class="wide" tabindex="0" role="region" aria-label="Answer"><table><thead><tr>{}{}</tr></thead>\n{}\n</table></div>'
    ).format(summary, head, last, rows)


def _rows(store: Store, question: Question, answer: Answer, links: Links) -> Iterator[Markup]:
    for number, terms in enumerate(answer.rows[:SHOWN]):
        reasons: list[Reason] = []
        if question.evidence and number < _WITH_SENTENCES:
            reasons = support(store, question, Answer(columns=answer.columns, rows=[terms]))
        written = row([_cell(store, term) for term in terms], reasons, links or NOWHERE)
        yield written if question.evidence else written.replace(Markup('<td class="why"></td>'), Markup(""))


def _cell(store: Store, term: Term | None) -> str:
    """Write a value; a thing leads to its page."""
    if isinstance(term, ox.NamedNode):
        if term.value.startswith(store.base):
            key = term.value.removeprefix(store.base)
            kind, _, rest = key.partition("/")
            said = f"{kind} {rest[:6]}" if _DIGEST.fullmatch(rest) else rest  # an event has no name; its page says what it is
            return Markup('<a href="{}">{}</a>').format(to_thing(key), printable(said))
        return spell(term.value.removeprefix(PREFIXES["kg"])) if term.value.startswith(PREFIXES["kg"]) else term.value
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        return f"{Decimal(term.value):,f}"
    return "" if term is None else printable(term.value)


def _file(answer: Answer, form: str, most: int) -> Page:
    if form not in _FORMATS:
        raise QueryError(f"there are {' and '.join(_FORMATS)}")
    if len(answer.rows) > most:
        raise QueryError(f"the answer has {len(answer.rows):,} rows, more than the {most:,} that are given at once")
    return Page(serialise(answer, form), RESULT_FORMATS[form].media_type)


def _body(sparql: str) -> str:
    """Leave out the header of a question's file."""
    return "\n".join(line for line in sparql.splitlines() if not line.startswith("#")).strip() + "\n"
