"""Query text in, a query that is safe to hand to the engine out, or a QueryError with a caret under its fault.

The engine parses by recursion on a native stack, has no timeout and fetches what SERVICE names, so everything that could kill it or
leave this machine is refused here. What is sent is written anew from the tokens that were checked, comments dropped and a wide gap where
white space was: what was checked is what the engine reads, even where `<` could open an IRI or be a comparison.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError


@dataclass(frozen=True, slots=True)
class Caps:
    """What a query may have at most, so that the engine survives it.

    length: characters without comments and white space, so that a query may explain itself; raw: with them. depth: of brackets. patterns:
    of triples, groups and unions. steps: of property paths. joins: both together. operators: each nests. services: IRIs of endpoints that
    SERVICE may name.
    """

    length: int
    raw: int
    depth: int
    patterns: int
    steps: int
    joins: int
    operators: int
    services: frozenset[str] = frozenset()


# For a process that must live, and waits however long it takes. Oxigraph 0.5.13 overflows its stack on some queries of 10-16 KB (3,900
# additions, where a thread has 1 MB); 2,000 nested EXISTS kill it, 200 nested collections take it 6 s; its optimiser takes 1 s over 120
# patterns on one variable, 11 s over 200, and does not return from 400.
CAREFUL = Caps(length=8_000, raw=100_000, depth=40, patterns=120, steps=100, joins=120, operators=400)
# For a process that may be ended, on a stack of KILLABLE_STACK bytes: the longest chains of any construct that fit in 64 KiB need a tenth
# of it, but for operators.
KILLABLE = Caps(length=65_536, raw=65_536, depth=64, patterns=200, steps=200, joins=400, operators=4_000)
KILLABLE_STACK = 512 * 1024**2

# The engine reports a keyword that did not match at its start plus its length; a gap longer than any keyword keeps that near its token.
_GAP = " " * 16 + "\n"

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
        | "(?!"")(?:[^"\\\r\n]|\\[^\r\n])*" | '(?!'')(?:[^'\\\r\n]|\\[^\r\n])*' )
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<var>[?$]\w+)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?|_)?:(?:[\w:%](?:[\w:%.-]*[\w:%-])?)?)
    | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>\d+\.\d*[eE][+-]?\d+|(?:\d*\.)?\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>\^\^|\|\||&&|!=|<=|>=|<<|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_COMBINING = frozenset({"OPTIONAL", "UNION", "MINUS", "EXISTS", "LATERAL", ".", ";", ",", "/", "|", "{"})
_STEPS = frozenset({"/", "|"})
_OPERATORS = frozenset({"+", "-", "*", "/", "!", "=", "!=", "<", ">", "<=", ">=", "&&", "||", "^", "^^", "?"})
_TERMS = frozenset({"string", "iri", "var", "name", "number"})

Bindable = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a query; `start` is its offset in the query as written."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """A keyword in upper case, "" for anything that is none."""
        return self.text.upper() if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group graph pattern by the indexes of its two braces, and whether it may start with a VALUES clause."""

    first: int
    last: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query: its form (SELECT, ASK, CONSTRUCT or DESCRIBE), its groups, and the IRIs of its FROM clauses."""

    source: str
    tokens: tuple[Token, ...]
    form: str
    groups: tuple[Group, ...]
    graphs: tuple[str, ...]
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What the engine is given for a query, with the offset of each of the query's tokens in it."""

    query: Query
    text: str
    offsets: tuple[int, ...]

    def fault(self, message: str) -> QueryError:
        """Turn the engine's complaint about this text into an error that points into the query as its user wrote it.

        The engine lists the character classes that it expected; only a whole sentence among them says something to people.
        """
        place = re.match(r"error at (\d+):(\d+):(.*)", message, re.DOTALL)
        if place is None:
            return QueryError(f"query: {message}")
        sentence = re.search(r"(?:one of|expected|,) ((?:The |Variable |[A-Z]\w+ )[a-zA-Z][\w ]{12,})", place[3])
        if sentence is not None:
            return QueryError(f"query: {sentence[1].strip()}")
        lines = self.text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: int(place[1]) - 1]) + int(place[2]) - 1
        if offset >= len(self.text):
            return _fault(self.query.source, self.query.tokens[-1].end, "the query ends too early")
        token = self.query.tokens[bisect_right(self.offsets, offset) - 1]
        return _fault(self.query.source, token.start, f"{token.text[:40]} is not expected here")


def parse_query(source: str, prefixes: Mapping[str, str], caps: Caps = CAREFUL) -> Query:
    """Cut a query into tokens and refuse what is no read-only query of one store, or could kill or hang the engine.

    prefixes are those that the query need not declare. Raises QueryError.
    """
    tokens = _tokens(source, caps)
    form = _form(source, tokens)
    groups = _groups(source, tokens, caps)
    names = dict(prefixes)
    graphs: list[str] = []
    is_ordered = False
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
        following = tokens[index + 1 : index + 3] if token.word in {"SERVICE", "PREFIX", "FROM"} else ()
        if token.word == "SERVICE":
            _require_service(source, token, next((t for t in following if t.word != "SILENT"), token), names, caps)
        if token.word == "PREFIX" and len(following) > 1 and following[1].kind == "iri":
            names[following[0].text.removesuffix(":")] = following[1].text[1:-1]
        elif token.word == "FROM" and depth == 0:
            graphs.append(_graph(source, next((t for t in following if t.word != "NAMED"), token), names))
        elif token.word == "ORDER" and depth == 0:
            is_ordered = True
        elif token.kind == "name" and not token.text.startswith("_:"):
            prefix = token.text.partition(":")[0]
            if prefix not in names and tokens[index - 1].word != "PREFIX":
                raise _fault(source, token.start, f"unknown prefix {prefix}: (known are {', '.join(sorted(names))})")
    return Query(source, tokens, form, groups, tuple(graphs), is_ordered)


def write_request(query: Query, bindings: Mapping[str, Bindable]) -> Request:
    """Write a query for the engine, its variables bound to terms.

    Every group that mentions a bound variable starts with a VALUES clause of serialised terms, so that filters of nested groups and
    subqueries see the value; the engine's own substitutions do not reach subqueries, and want every variable in the SELECT clause.
    Raises QueryError for a variable that the query does not have and for a query without a group that can take values.
    """
    clauses = _values(query, bindings)
    parts: list[str] = []
    offsets: list[int] = []
    size = 0
    for index, token in enumerate(query.tokens):
        text = token.text
        is_last = index + 1 == len(query.tokens)
        # `?a <kg:b#> "…"` may be a comparison and a comment: the line end of the gap stops that comment where the token stops.
        if is_last or text in "{}(),;." or query.tokens[index + 1].start > token.end or (token.kind == "iri" and "#" in text):
            text += _GAP
        text += clauses.get(index, "")
        offsets.append(size)
        parts.append(text)
        size += len(text)
    return Request(query, "".join(parts), tuple(offsets))


def _tokens(source: str, caps: Caps) -> tuple[Token, ...]:
    if len(source) > caps.raw:
        raise QueryError(f"the query has {len(source):,} characters, more than {caps.raw:,}")
    try:
        source.encode()
    except UnicodeEncodeError as error:
        raise _fault(source, error.start, "half of a surrogate pair is no character") from error
    found = [Token(match.lastgroup or "", match[0], match.start()) for match in _TOKEN.finditer(source)]
    tokens = tuple(token for token in found if token.kind not in {"space", "comment"})
    operators = [token for token in tokens if token.kind == "mark" and token.text in _OPERATORS]
    if len(operators) > caps.operators:
        raise _fault(source, operators[caps.operators].start, f"the query has more than {caps.operators} operators: split it")
    size = sum(len(token.text) for token in tokens)
    if size > caps.length:
        raise QueryError(f"the query has {size:,} characters without comments and spaces, more than {caps.length:,}: split it")
    for token in tokens:
        if token.kind != "mark":
            continue
        if token.text in {'"', "'"}:
            raise _fault(source, token.start, "the string is not closed")
        if token.text == "\\":
            raise _fault(source, token.start, "a backslash stands only inside a string; write the character itself or the full IRI")
        if token.text == "<<":
            raise _fault(source, token.start, "triple terms are refused: the graph is RDF 1.1")
    return tokens


def _form(source: str, tokens: tuple[Token, ...]) -> str:
    first = next((token for token in tokens if token.word and token.word not in {"BASE", "PREFIX"}), None)
    if first is None:
        raise QueryError("the query is empty: it starts with SELECT, ASK, CONSTRUCT or DESCRIBE")
    if first.word in _UPDATES:
        raise _fault(source, first.start, f"kg sparql reads only: {first.word} is refused")
    if first.word not in _FORMS:
        raise _fault(source, first.start, "a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return first.word


def _groups(source: str, tokens: tuple[Token, ...], caps: Caps) -> tuple[Group, ...]:
    """Match the brackets, find the groups, and count what the engine must nest and join."""
    groups: list[Group] = []
    stack: list[tuple[int, str]] = []  # the index of an open bracket, and what it holds
    opening = "group"  # what the next brace holds: a group, VALUES data, a CONSTRUCT template, or the pattern of CONSTRUCT WHERE
    patterns = steps = 0
    previous: Token | None = None
    for index, token in enumerate(tokens):
        # An IRI may be a comparison with brackets behind it, so its brackets count as well.
        if len(stack) + (token.text in _CLOSING) + (token.text.count("(") if token.kind == "iri" else 0) > caps.depth:
            raise _fault(source, token.start, f"brackets are nested more than {caps.depth} deep")
        is_data = any(kind == "data" for _, kind in stack)
        is_item = bool(stack) and tokens[stack[-1][0]].text == "(" and _is_term(token, "([") and previous is not None
        if not is_data and (token.word in _COMBINING or token.text in _COMBINING or (is_item and _is_term(previous, ")]"))):
            steps, patterns = (steps + 1, patterns) if token.text in _STEPS else (steps, patterns + 1)
            if steps > caps.steps:
                raise _fault(source, token.start, f"the query has more than {caps.steps} path steps: split it")
            if patterns > caps.patterns or patterns + steps > caps.joins:
                most = min(caps.patterns, caps.joins)
                raise _fault(source, token.start, f"the query joins more than {most} patterns: split it, or list values in VALUES")
        if token.word in {"VALUES", "CONSTRUCT"}:
            opening = "data" if token.word == "VALUES" else "template"
        elif token.word == "WHERE" and opening == "template":
            opening = "short"
        elif token.text in _CLOSING:
            stack.append((index, opening if token.text == "{" else "brackets"))
            opening = "group" if token.text == "{" else opening
        elif token.text in _CLOSING.values():
            if not stack or _CLOSING[tokens[stack[-1][0]].text] != token.text:
                raise _fault(source, token.start, f"{token.text} closes nothing")
            first, kind = stack.pop()
            if kind in {"group", "short"}:
                groups.append(Group(first, index, kind == "group" and tokens[first + 1].word != "SELECT"))
        previous = token
    if stack:
        raise _fault(source, tokens[stack[-1][0]].start, f"{tokens[stack[-1][0]].text} is not closed")
    return tuple(sorted(groups, key=lambda group: group.first))


def _is_term(token: Token | None, brackets: str) -> bool:
    return token is not None and (token.kind in _TERMS or (token.kind == "mark" and token.text in brackets))


def _graph(source: str, token: Token, names: Mapping[str, str]) -> str:
    prefix, _, local = token.text.partition(":")
    iri = token.text[1:-1] if token.kind == "iri" else names.get(prefix, "") + local
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise _fault(source, token.start, "FROM needs the IRI of a graph of this store") from error


def _require_service(source: str, service: Token, name: Token, names: Mapping[str, str], caps: Caps) -> None:
    """Refuse an endpoint that nobody allowed; one in a variable is not known before it is asked."""
    prefix, _, local = name.text.partition(":")
    iri = name.text[1:-1] if name.kind == "iri" else names.get(prefix, "") + local if name.kind == "name" else ""
    if iri not in caps.services:
        allowed = f"only {', '.join(sorted(caps.services))} may be asked" if caps.services else "kg asks this store only, never the network"
        raise _fault(source, service.start, f"SERVICE is refused: {allowed}")


def _values(query: Query, bindings: Mapping[str, Bindable]) -> dict[int, str]:
    """Write the VALUES clauses, by the index of the brace that each follows."""
    if not bindings:
        return {}
    mentioned = {token.text[1:] for token in query.tokens if token.kind == "var"}
    for name, term in bindings.items():
        if name not in mentioned:
            raise QueryError(f"the query has no variable ?{name} to bind")
        if not isinstance(term, Bindable):
            raise QueryError(f"?{name} can be bound to an IRI or a literal, not to {term}")
    groups = [group for group in query.groups if group.is_open]
    if not groups:
        raise QueryError(f"this {query.form} query cannot take values: it needs a WHERE group of its own")
    clauses = {}
    for group in groups:
        inside = {token.text[1:] for token in query.tokens[group.first : group.last] if token.kind == "var"}
        names = sorted(bindings if group is groups[0] else inside & bindings.keys())
        if names:
            head, row = " ".join(f"?{name}" for name in names), " ".join(str(bindings[name]) for name in names)
            clauses[group.first] = f"VALUES ({head}) {{ ({row}) }}{_GAP}"
    return clauses


def _fault(source: str, offset: int, problem: str) -> QueryError:
    """Name the line and column of an offset, with a caret under it."""
    start = source.rfind("\n", 0, offset) + 1
    text = source[start:].partition("\n")[0].rstrip("\r")
    column = offset - start
    cut = max(0, column - 60)  # the neighbourhood of the fault, on a terminal's line
    indent = "".join("\t" if character == "\t" else " " for character in text[cut:column])
    place = f"line {source.count(chr(10), 0, offset) + 1}, column {column + 1}"
    return QueryError(f"query, {place}: {problem}\n  {text[cut : cut + 100]}\n  {indent}^")
