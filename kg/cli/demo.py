"""A folder in, a graph of the bundled samples, three answers with their sentences and a drawing out."""

from __future__ import annotations

from pathlib import Path

from kg.assets import asset_dir
from kg.build import build
from kg.cli import terminal
from kg.cli.results import print_ask
from kg.graph import Graph

# Three kinds of question that the samples answer: money, science, deals.
_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("milestones-earned", {"company": "ImmunoGen"}),
    ("compounds-by-payload", {}),
    ("agreements-between", {"company": "ImmunoGen"}),
)


def run_demo(folder: Path) -> None:
    """Build the samples into a store in the folder, ask three questions, draw the network, and say where everything is."""
    store, page = folder / "store", folder / "graph.html"
    with terminal.progress() as report:
        summary = build([asset_dir("samples")], store, progress=report)
    terminal.say(f"Read {summary.documents} sample filings in {summary.seconds:.1f} s: {sum(summary.facts.values())} statements.", "bold")
    with Graph.open(store) as graph:
        for name, parameters in _QUESTIONS:
            asked = " ".join([name, *(f"--{key} {value}" for key, value in parameters.items())])
            terminal.say()
            terminal.say(f"kg ask {asked} --evidence", "bold cyan")
            answer = graph.ask(name, evidence=False, **parameters)
            print_ask(answer, "table")
            terminal.say()
            terminal.reasons(graph.support(name, answer))
        graph.show(page)
    terminal.say(f"The network: {page} (open it in a browser)", "bold")
    terminal.say(f"The store:   {store} (ask on with: kg ask --store {store})", "bold")
