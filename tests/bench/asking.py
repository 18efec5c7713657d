"""Stores or folders of filings in, seconds for each question of the library out, beside rdflib's own memory store in one run.

    python tests/bench/asking.py STORE-OR-FOLDER… [--rdflib] [--check]

Each question is asked with what the store itself has most of (the company of most events, its partner, its compound, a document); the best
of three times counts. With --rdflib the same query is put to an rdflib Dataset in memory too, which takes minutes on large stores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rdflib

from kg.ask import Question, ask, bind, questions
from kg.build import build
from kg.store import PREFIXES, Store
from kg.store.guard import parse_query, write_request

ROUNDS = 3
LIMIT = 0.2  # seconds that a question may take over some hundreds of documents

# What the store has most of, for each kind of parameter that a question may require.
_MOST = """
SELECT ?thing WHERE {{ ?thing a kg:{kind} ; rdfs:label ?name . OPTIONAL {{ ?event ?role ?thing }} }}
GROUP BY ?thing ORDER BY DESC(COUNT(?event)) ?thing LIMIT 2"""
_ONE = "SELECT ?thing WHERE {{ ?thing a kg:{kind} }} ORDER BY ?thing LIMIT 1"
_KINDS = {
    "company": "Company",
    "compound": "Compound",
    "payload": "Payload",
    "target": "Target",
    "antibody": "Antibody",
    "thing": "Company",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each store; exit code 1 where a question takes longer than LIMIT and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="+", type=Path)
    parser.add_argument("--rdflib", action="store_true", help="ask rdflib's memory store as well")
    parser.add_argument("--check", action="store_true", help="fail where a question takes too long")
    options = parser.parse_args(arguments)
    slow = 0
    for path in options.stores:
        with tempfile.TemporaryDirectory() as folder:
            if not (path / "store.json").exists():
                build([path], Path(folder) / "store")
            with Store.open(path if (path / "store.json").exists() else Path(folder) / "store", read_only=True) as store:
                slow += measure(store, path, with_rdflib=options.rdflib)
    return 1 if options.check and slow else 0


def measure(store: Store, path: Path, *, with_rdflib: bool) -> int:
    """Print the times of one store, the slowest first, and give how many questions are over LIMIT."""
    peer = _peer(store) if with_rdflib else None
    rows = []
    for question in questions().values():
        given = parameters(store, question)
        if given is None:
            print(f"  {question.name}: the store has nothing to ask it of", file=sys.stderr)
            continue
        took, count = best(lambda question=question, given=given: len(ask(store, question.name, **given).rows))
        ratio = ""
        if peer is not None:
            text = write_request(parse_query(question.sparql, PREFIXES), bind(store, question, given)).text
            began = time.perf_counter()
            list(peer.query(text))
            ratio = f"{(time.perf_counter() - began) / took:8.0f} times as long in rdflib"
        rows.append((took, question.name, count, ratio))
    rows.sort(reverse=True)
    print(f"{path}: {len(store.documents()):,} documents, {len(rows)} questions, {sum(row[0] for row in rows):.2f} s in all")
    for took, name, count, ratio in rows:
        print(f"  {took:7.3f} s{'  over' if took > LIMIT else '      '}  {name:28}{count:7,} rows{ratio}")
    return sum(took > LIMIT for took, *_ in rows)


def parameters(store: Store, question: Question) -> dict[str, object] | None:
    """Choose a value for each parameter that the question requires, two different ones for two of a kind; None where the store has none."""
    given: dict[str, object] = {}
    taken: dict[str, int] = {}
    for parameter in question.parameters:
        if not parameter.required:
            continue
        if parameter.kind == "date":
            given[parameter.name] = "2008-01-01" if question.name != "falling-due" else "2006-02-01"
            continue
        if parameter.kind == "text":
            rules = store.query("SELECT ?rule WHERE { ?s kg:rule ?rule } GROUP BY ?rule ORDER BY DESC(COUNT(?s)) ?rule LIMIT 1").rows
            given[parameter.name] = rules[0][0].value if rules and rules[0][0] is not None else ""
            continue
        kind = {"document": "Document", "agreement": "Agreement", "iri": "Milestone"}.get(parameter.kind)
        found = store.query(_ONE.format(kind=kind) if kind else _MOST.format(kind=_KINDS[parameter.kind])).rows
        place = taken.get(parameter.kind, 0)
        if len(found) <= place or found[place][0] is None:
            return None
        taken[parameter.kind] = place + 1
        given[parameter.name] = found[place][0]
    return given


def best(act: Callable[[], int]) -> tuple[float, int]:
    """Give the best time of a few, and what the act gave."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = act()
        times.append(time.perf_counter() - began)
    return min(times), count


def _peer(store: Store) -> rdflib.Dataset:
    """Load the same quads into rdflib's memory store."""
    with tempfile.NamedTemporaryFile(suffix=".nq") as file:
        for quad in store.quads():
            file.write(f"{quad} .\n".encode())
        file.flush()
        return rdflib.Dataset(default_union=True).parse(file.name, format="nquads")


if __name__ == "__main__":
    sys.exit(main())
