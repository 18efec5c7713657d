"""An answer as Python has it: named tuples, a pandas frame, a table in a notebook; and the network in one."""

from __future__ import annotations

import datetime as dt
import html
import re
import sys
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.graph import Graph
from kg.store import PREFIXES, Answer, Store

XSD = PREFIXES["xsd"]
HOSTILE = '<img src=x onerror=alert(1)></td><script>alert(1)</script>"\u202egnp.exe'


def literal(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


MIXED = Answer(
    columns=("name", "amount", "day", "count", "sure", "share", "class", "odd"),
    rows=[
        (ox.Literal("A"), literal("5000000.50", "decimal"), literal("2007-07-31", "date"), ox.Literal(3), ox.Literal(True), ox.Literal(0.5),
         ox.NamedNode(PREFIXES["kg"] + "Milestone"), literal("2007-02-30", "date")),
        (ox.Literal("B"), None, literal("2006-01-18", "date"), None, None, None, None, None),
    ],
)  # fmt: skip


def test_records_have_values_of_python() -> None:
    first, second = MIXED.records()
    assert (first.name, first.amount, first.day, first.count) == ("A", Decimal("5000000.50"), dt.date(2007, 7, 31), 3)
    assert (first.sure, first.share) == (True, 0.5)
    assert first._6 == PREFIXES["kg"] + "Milestone", "a name that Python has taken goes by its place"
    assert first.odd == "2007-02-30", "a literal that is not what it claims stays text"
    assert second.amount is None
    assert Answer(columns=("a",)).records() == []


def test_a_frame_has_columns_to_reckon_with() -> None:
    pytest.importorskip("pandas", reason="needs pandas")
    frame = MIXED.to_pandas()
    assert list(frame.columns) == list(MIXED.columns)
    assert frame["amount"].sum() == 5000000.5
    assert str(frame["day"].dtype) == "datetime64[s]"
    assert frame["day"].dt.year.tolist() == [2007, 2006]
    assert frame["name"].tolist() == ["A", "B"]
    assert list(Answer(columns=("a", "b")).to_pandas().columns) == ["a", "b"]


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        MIXED.to_pandas()


def test_a_notebook_shows_a_table_that_no_value_breaks() -> None:
    shown = Answer(columns=("name",), rows=[(ox.Literal(HOSTILE),), (ox.Literal("x" * 5000),)])._repr_html_()
    assert re.findall(r"<(\w+)", shown) == ["table", "thead", "tr", "th", "tbody", "tr", "td", "tr", "td"]
    assert "\u202e" not in shown and "x" * 400 not in shown
    assert Answer(boolean=True)._repr_html_() == "yes"
    assert "and 50 more rows" in Answer(columns=("n",), rows=[(ox.Literal(n),) for n in range(150)])._repr_html_()
    triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(HOSTILE))
    assert "<script" not in Answer(triples=[triple])._repr_html_()


def test_a_graph_shows_its_network_in_a_frame_that_reaches_nothing(sample_graph: Graph) -> None:
    shown = sample_graph._repr_html_()
    frame = re.search(r'<iframe ([^>]*)srcdoc="([^"]*)"></iframe>', shown)
    assert frame, "one frame, whose page no quote ends"
    assert 'sandbox="allow-scripts allow-downloads"' in frame[1]
    page = html.unescape(frame[2])
    assert (page.startswith("<!DOCTYPE html>") and "default-src &#39;none&#39;" in page) or "default-src 'none'" in page
    assert "ImmunoGen" in page
    focused = sample_graph.network("Genentech", hops=1)._repr_html_()
    assert len(focused) < len(shown)


def test_an_empty_and_a_closed_graph_show_themselves(tmp_path: Path, sample_store: Path) -> None:
    assert "<iframe" not in Graph(Store.memory())._repr_html_()
    closed = Graph.open(sample_store)
    closed.close()
    assert "closed" in closed._repr_html_()


def test_answers_of_the_library_come_as_objects(sample_graph: Graph) -> None:
    rows = sample_graph.ask("milestones-earned", company="ImmunoGen").records()
    assert all(isinstance(row.amount, Decimal | None) and isinstance(row.latest, dt.date | None) for row in rows)
    assert {row.payerName for row in rows} >= {"Genentech"}
    assert kg.Answer is Answer
