"""What every test may use: the bundled samples as a store, figures for the closing report, and the rule that CI skips nothing it needs."""

from __future__ import annotations

import importlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
_FIGURES: list[str] = []

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def figures() -> list[str]:
    """Lines that the closing report of the run prints."""
    return _FIGURES


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the bundled samples; do not write to it."""
    # By importlib, for the function kg.build hides the module of that name.
    recipe = importlib.import_module("kg.build")
    store = tmp_path_factory.mktemp("samples") / "store"
    recipe.build([ROOT / "kg" / "samples"], store)
    return store


@pytest.fixture(scope="session")
def sample_graph(sample_store: Path) -> Iterator[object]:
    """The samples' store as an open `kg.Graph`."""
    from kg.graph import Graph

    with Graph.open(sample_store) as graph:
        yield graph


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _FIGURES:
        terminalreporter.section("figures")
        for line in _FIGURES:
            terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _require((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _require((yield))


def _require(report: Report) -> Report:
    """Turn a skip for want of a browser or server into a failure where KG_CI says that they are installed."""
    if os.environ.get("KG_CI") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason.startswith("needs "):
            report.outcome = "failed"
            report.longrepr = f"skipped in CI, where everything a test needs is installed: {reason}"
    return report
