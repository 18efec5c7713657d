"""Arguments in, lines on the terminal out: the command `kg`, which does no work of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.ask import Question, question_called, questions
from kg.build import Summary, build, trace
from kg.cli import card, out, terminal, trust
from kg.cli.arguments import parameters_of, query_text
from kg.cli.complete import AskCommand, complete_name, complete_question
from kg.cli.coverage import kinds_called, print_coverage, print_coverage_json
from kg.cli.demo import run_demo
from kg.cli.identity import app as identity_app
from kg.cli.inspect import PARTS, choose, parts_called, print_trace
from kg.cli.results import ASK_FORMATS, SPARQL_FORMATS, print_ask, print_sparql
from kg.coverage import KINDS, coverage
from kg.errors import KgError, QueryError, StoreError
from kg.graph import Graph, store_path
from kg.view.inspect import write_traces

app = typer.Typer(
    name="kg",
    help="Turn biopharma filings into a graph in which every fact keeps its sentence, and ask it.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help, the same in a terminal, a pipe and a test
    pretty_exceptions_enable=False,  # a fault of ours is a plain traceback, fit for a bug report
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(identity_app, name="identity")
trust.register(app)
card.register(app)
out.register(app)


def _examples(*lines: str) -> str:
    """Write the examples that end a command's help; the mark keeps their lines apart."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


StoreOption = Annotated[Path | None, typer.Option("--store", help="The store's folder; else that of KG_STORE, else ./kg-store.")]
_SHOWN_ISSUES = 20  # a terminal's worth; --issues shows all
_STANDARD = "-"  # stdin or stdout


@app.command(
    "build",
    epilog=_examples(
        "kg build filings/",
        "kg build report.htm 'releases/2007*.txt' --store adc",
        "kg build 20070731.nc.tar.gz",
        "kg build - < release.txt",
    ),
)
def build_command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files, archives, folders (searched to the bottom) and globs; - for stdin.")
    ],
    store: StoreOption = None,
    workers: Annotated[int | None, typer.Option(help="Processes that read; by default as many as there are processors.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Read files again that are as they were when they were read last.")] = False,
    issues: Annotated[bool, typer.Option("--issues", help="Print every Issue, not only the first.")] = False,
) -> None:
    """Read filings into the store; files that it has already, unchanged, are passed over."""
    target = store_path(store)
    try:
        with terminal.progress() as report:
            summary = build(paths, target, workers=workers, progress=report, again=again)
    except KeyboardInterrupt:
        terminal.fail(f"interrupted; the documents finished so far are in {target}")
        raise typer.Exit(130) from None  # 128 + SIGINT, as shells have it
    _print_summary(summary, len(summary.issues) if issues else _SHOWN_ISSUES)


@app.command(
    "ask",
    cls=AskCommand,
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog=_examples("kg ask", "kg ask milestones-earned --company ImmunoGen --evidence", "kg ask compounds-by-payload --help"),
)
def ask_command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A question of the library; without it they are listed.", autocompletion=complete_question),
    ] = None,
    format: Annotated[str, typer.Option("--format", help="One of: " + ", ".join(ASK_FORMATS) + ".")] = "table",
    evidence: Annotated[bool, typer.Option("--evidence", help="Print the sentences behind the answer as well.")] = False,
    store: StoreOption = None,
    help: Annotated[bool, typer.Option("--help", "-h", help="Show this message, or a question's parameters.")] = False,
) -> None:
    """Ask a question of the library, its parameters given as --PARAM VALUE."""
    if help and name is None:
        terminal.write(context.get_help() + "\n")
        return
    library = questions()
    if name is None:
        terminal.table(("question", "asks", "parameters"), [_listed(question) for question in library.values()])
        return
    question = question_called(name)
    if help:
        _print_question(question)
        return
    parameters = parameters_of(context.args)
    with Graph.open(store_path(store)) as graph:
        answer = graph.ask(name, evidence=evidence and format != "table", **parameters)
        supporting = graph.support(name, answer) if evidence and format == "table" else []
    print_ask(answer, format)
    if supporting:
        terminal.say()
        terminal.reasons(supporting)


@app.command(
    "sparql", epilog=_examples("kg sparql 'SELECT ?name { ?c a kg:Company ; rdfs:label ?name }'", "kg sparql deals.rq --format csv")
)
def sparql_command(
    query: Annotated[str, typer.Argument(metavar="QUERY|FILE|-", help="SPARQL 1.1: the text, a file that holds it, or - for stdin.")],
    format: Annotated[str | None, typer.Option("--format", help="One of: " + ", ".join(SPARQL_FORMATS) + ".")] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds that the query may take.")] = 10.0,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows that the answer may have; more are an error, never cut off.")] = 10_000,
    allow_service: Annotated[
        list[str] | None, typer.Option("--allow-service", metavar="IRI", help="An endpoint that SERVICE may name; else none may.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Ask in SPARQL; updates are refused, and the usual prefixes need no declaration."""
    from kg.serve import Limits, ask_once  # here, as few commands need it

    limits = Limits(seconds=timeout, rows=rows, services=frozenset(allow_service or ()))
    print_sparql(ask_once(store_path(store), query_text(query), limits), format)


@app.command("why", epilog=_examples("kg why trastuzumab-DM1", "kg why trastuzumab-DM1 hasPayload DM1"))
def why_command(
    thing: Annotated[
        str, typer.Argument(metavar="NAME-OR-IRI", help="A name, a key such as payment/ab12…, or an IRI.", autocompletion=complete_name)
    ],
    predicate: Annotated[str | None, typer.Argument(help="A property, such as hasPayload.")] = None,
    object: Annotated[str | None, typer.Argument(help="What the property leads to: a name, key, IRI or value.")] = None,
    store: StoreOption = None,
) -> None:
    """Show the sentences that support what the graph says of a thing."""
    with Graph.open(store_path(store)) as graph:
        found = graph.why(thing, predicate, object)
    if not found:
        asked = " ".join(part for part in (thing, predicate, object) if part)
        raise QueryError(f"the graph does not say: {asked}; kg why {thing!r} shows what it says of it")
    terminal.reasons(found)


@app.command("show", epilog=_examples("kg show", "kg show --focus trastuzumab-DM1 --hops 2 --out t-dm1.html"))
def show_command(
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")] = Path("graph.html"),
    focus: Annotated[str | None, typer.Option("--focus", help="Draw only what is near this thing.", autocompletion=complete_name)] = None,
    hops: Annotated[int, typer.Option("--hops", min=0, help="How many steps from the focus.")] = 1,
    store: StoreOption = None,
) -> None:
    """Draw the network as one HTML file that needs no network."""
    with Graph.open(store_path(store)) as graph:
        terminal.say(f"wrote {graph.show(out, focus=focus, hops=hops)}")


@app.command("validate", epilog=_examples("kg validate --store adc"))
def validate_command(store: StoreOption = None) -> None:
    """Check the graph against the ontology's shapes: exit code 0 if it conforms, 1 if not."""
    with Graph.open(store_path(store)) as graph:
        report = graph.validate()
    if report.conforms is None:
        raise StoreError(f"the store in {graph.path} holds no documents to check: run kg build first")
    if report.issues:
        terminal.table(("where", "problem"), [(issue.where, issue.problem) for issue in report.issues])
    terminal.say(f"{report.checked} graphs checked: {'all conform' if report.conforms else 'not all conform'} to the ontology's shapes")
    if not report.conforms:
        raise typer.Exit(1)


@app.command(
    "inspect",
    epilog=_examples(
        "kg inspect release.txt",
        "kg inspect release.txt --only mentions | grep money",
        "kg inspect filing.txt --document EX-99 --html read.html",
    ),
)
def inspect_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to read; no store is needed, and none is touched.")],
    only: Annotated[str | None, typer.Option("--only", metavar="PARTS", help=f"Print these, or all: {', '.join(PARTS)}.")] = None,
    document: Annotated[str | None, typer.Option("--document", help="One document of a submission: number or part of a name.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that shows all of it in the text.")] = None,
) -> None:
    """Show how a file was read: header, sections, mentions, and the facts with their sentences and rules."""
    parts = parts_called(only)
    numbered = choose(trace(file), document)
    if html is not None:
        terminal.say(f"wrote {write_traces([each for _, each in numbered], html)}")
    if html is None or only is not None:
        for number, each in numbered:
            print_trace(each, number, parts)


@app.command(
    "coverage",
    epilog=_examples("kg coverage filings/", "kg coverage filings/ --kind money --top 5 --examples 10", "kg coverage feed.tar.gz --json"),
)
def coverage_command(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, archives, folders and globs; no store is touched.")],
    kind: Annotated[list[str] | None, typer.Option("--kind", help=f"Only these, of: {', '.join(KINDS)}; can be given again.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many constructions to list.")] = 25,
    examples: Annotated[int, typer.Option("--examples", min=0, help="How many sentences to show of each.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON, every sentence with its place.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes that read; by default as many as there are processors.")] = None,
) -> None:
    """List the sentences that speak of money, trials, deals or make-up and gave no fact, grouped by construction."""
    wanted = kinds_called(kind or [])
    with terminal.progress() as report:
        found = coverage(paths, kinds=wanted, workers=workers, progress=report)
    print_coverage_json(found) if as_json else print_coverage(found, top, examples)


@app.command("demo", epilog=_examples("kg demo"))
def demo_command(
    out: Annotated[Path | None, typer.Option("--out", help="A folder for store and HTML file; else a temporary one.")] = None,
) -> None:
    """Build a graph from the bundled samples, ask it three questions and draw it."""
    run_demo(out or Path(tempfile.mkdtemp(prefix="kg-demo-")))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; the only place where a KgError becomes a line on stderr and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without a character must not end the program
    try:
        app(args=arguments, prog_name="kg")
    except KgError as fault:
        terminal.fail(str(fault))
        sys.exit(2)


def _print_summary(summary: Summary, shown: int) -> None:
    """Print what a build did, and its Issues up to a number."""
    if summary.facts:
        terminal.table(("fact", "statements"), [(relation, f"{count:,}") for relation, count in summary.facts.items()])
    for issue in summary.issues[:shown]:
        terminal.note(f"Issue ({issue.stage}) {issue.where}: {issue.problem}")
    if len(summary.issues) > shown:
        terminal.note(f"… and {len(summary.issues) - shown} more Issues (--issues shows them)")
    kinds = summary.issues_by_kind()
    if len(summary.issues) > 1:
        terminal.table(
            ("Issues", "stage", "kind"), [(f"{count:,}", stage, kind) for (stage, kind), count in list(kinds.items())[:_SHOWN_ISSUES]]
        )
    counts = ", ".join(f"{count} {stage}" for stage, count in summary.issues_by_stage().items())
    issues = f"{len(summary.issues)} Issues" + (f" ({counts})" if counts else "")
    if summary.skipped:
        terminal.note("passed over: " + ", ".join(f"{count:,} {kind}" for kind, count in summary.skipped.items()))
    unchanged = f" and {summary.unchanged:,} unchanged" if summary.unchanged else ""
    terminal.say(f"{summary.documents} documents{unchanged}, {sum(summary.facts.values()):,} statements, {issues}, {summary.seconds:.1f} s")
    terminal.say(f"store: {summary.store}")


def _listed(question: Question) -> tuple[str, str, str]:
    return question.name, question.title, " ".join(f"--{p.name}" if p.required else f"[--{p.name}]" for p in question.parameters)


def _print_question(question: Question) -> None:
    """Print what a question asks and the parameters that it takes."""
    terminal.say(f"Usage: kg ask {question.name} [--PARAM VALUE...]")
    terminal.say()
    terminal.say(f"  {question.title}. {question.description}")
    terminal.say()
    rows = [
        (f"--{p.name}", p.kind, "required" if p.required else f"else {p.default}" if p.default else "optional", p.description)
        for p in question.parameters
    ]
    terminal.table(("parameter", "type", "", "meaning"), rows)
    terminal.say()
    example = " ".join(f"--{p.name} …" for p in question.parameters if p.required)
    terminal.say(f"Example: kg ask {question.name} {example}".rstrip())
