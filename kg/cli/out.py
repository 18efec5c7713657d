"""A store in, its graph elsewhere out: files for other programs, and triple stores behind HTTP."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import terminal
from kg.cli.arguments import STANDARD, parameters_of, query_text
from kg.errors import QueryError
from kg.export import FORMATS
from kg.graph import Graph, store_path
from kg.remote import pull

_Store = Annotated[Path | None, typer.Option("--store", help="The store's folder; else that of KG_STORE, else ./kg-store.")]


def export_command(
    format: Annotated[str, typer.Option("--format", help="One of: " + ", ".join(FORMATS) + ".")],
    out: Annotated[str, typer.Option("--out", metavar="FILE|-", help="The file (or folder) to write; .gz compresses; - for stdout.")],
    documents: Annotated[list[str] | None, typer.Option("--document", help="Only this document, by file name or key.")] = None,
    classes: Annotated[list[str] | None, typer.Option("--class", help="Only the things of a class, such as Payment.")] = None,
    question: Annotated[
        str | None, typer.Option("--question", help="Only what answers it: 'milestones-earned --company ImmunoGen'.")
    ] = None,
    construct: Annotated[str | None, typer.Option("--construct", metavar="QUERY|FILE|-", help="Only the triples of a CONSTRUCT.")] = None,
    rdf12: Annotated[bool, typer.Option("--rdf12", help="Write statements as RDF 1.2 reifiers of triple terms.")] = False,
    licence: Annotated[str | None, typer.Option("--licence", metavar="IRI", help="The licence that the description names.")] = None,
    description: Annotated[
        bool, typer.Option("--description/--no-description", help="Write what was exported beside it, as FILE.void.ttl.")
    ] = True,
    store: _Store = None,
) -> None:
    """Write the graph, or a part with its sentences, in a format that other programs read; the same graph gives the same bytes."""
    name, parameters = _asked(question)
    with Graph.open(store_path(store)) as graph:
        issues = graph.export(
            format,
            out,
            documents=documents or (),
            classes=classes or (),
            question=name,
            parameters=parameters,
            construct=None if construct is None else query_text(construct),
            rdf12=rdf12,
            describe=description,
            licence=licence,
        )
    for issue in issues:
        terminal.note(f"Issue ({issue.stage}) {issue.where}: {issue.problem}")
    if out != STANDARD:
        terminal.note(f"wrote {out}")


def push_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="A dataset or SPARQL endpoint, such as http://localhost:3030/deals.")],
    reference: Annotated[bool, typer.Option("--reference", help="Send the background knowledge as well, in its own graph.")] = False,
    store: _Store = None,
) -> None:
    """Bring the graph into a triple store, by what it answers; only what changed is sent, and what is gone is dropped."""
    with Graph.open(store_path(store)) as graph, terminal.progress() as report:
        done = graph.push(url, reference=reference, progress=report)
    terminal.say(f"sent {done.sent:,} graphs ({done.triples_sent:,} triples), {done.unchanged:,} as they were, {done.dropped:,} dropped")
    terminal.say(f"{url} holds {done.triples:,} triples of {done.sent + done.unchanged:,} graphs, as the store here does ({done.ways})")


def pull_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="A dataset or SPARQL endpoint.")],
    out: Annotated[str, typer.Option("--out", metavar="FILE|-", help="The N-Quads file to write; .gz compresses; - for stdout.")],
    graphs: Annotated[list[str] | None, typer.Option("--graph", metavar="IRI", help="Only this graph; else all that were pushed.")] = None,
) -> None:
    """Bring named graphs back from a triple store, as sorted N-Quads."""
    number, quads = pull(url, out, graphs=graphs or ())
    terminal.note(f"wrote {out}: {quads:,} quads of {number:,} graphs" if out != STANDARD else f"{quads:,} quads of {number:,} graphs")


def serve_command(
    host: Annotated[str, typer.Option("--host", help="The address to listen on; only this machine reaches the default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port to listen on.")] = 8000,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name that requests may call this service by.")
    ] = None,
    cors: Annotated[list[str] | None, typer.Option("--cors", metavar="ORIGIN", help="An origin whose pages may ask, or *.")] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds that a query may take.")] = 10.0,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows that an answer may have.")] = 10_000,
    allow_service: Annotated[
        list[str] | None, typer.Option("--allow-service", metavar="IRI", help="An endpoint that a query's SERVICE may name.")
    ] = None,
    store: _Store = None,
) -> None:
    """Serve the store over HTTP, for reading: SPARQL 1.1, its graphs, and a page for each thing."""
    from kg.serve import Limits, serve  # here, as no other command needs it

    limits = Limits(seconds=timeout, rows=rows, services=frozenset(allow_service or ()))
    serve(store_path(store), host, port, limits=limits, hosts=allow_host or (), origins=cors or ())


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    lines = (
        "kg export --format trig --out graph.trig",
        "kg export --format nquads --out graph.nq.gz",
        "kg export --format tables --class Payment --class Agreement --out deals/",
        "kg export --format turtle --out - --question 'milestones-earned --company ImmunoGen'",
    )
    _add(app, "export", export_command, *lines)
    _add(app, "push", push_command, "kg push http://localhost:3030/deals", "KG_REMOTE_USER=dba kg push http://localhost:8890/sparql")
    _add(app, "serve", serve_command, "kg serve", "kg serve --host 0.0.0.0 --allow-host deals.example.org --cors https://app.example.org")
    _add(app, "pull", pull_command, "kg pull http://localhost:3030/deals --out deals.nq.gz")


def _add(app: typer.Typer, name: str, command: Callable[..., None], *examples: str) -> None:
    app.command(name, epilog="\b\nExamples:\n" + "\n".join(f"  {line}" for line in examples))(command)


def _asked(question: str | None) -> tuple[str | None, dict[str, str]]:
    """Take a question and its parameters apart."""
    if question is None:
        return None, {}
    try:
        name, *rest = shlex.split(question)
    except ValueError as fault:
        raise QueryError(f"--question {question!r}: {str(fault).lower()}; write NAME --PARAM VALUE") from None
    return name, parameters_of(rest)
