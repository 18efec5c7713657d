"""Quads in any order in, the same sorted and each once out, in bounded memory: what does not fit is sorted in runs on the disk."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import ExportError

_HELD = 200_000  # quads in memory at a time: about 150 MB with their lines
_PARSED = 4_000  # lines handed to the parser at a time


def in_order(quads: Iterable[ox.Quad], *, by_graph: bool = False, held: int = _HELD) -> Iterator[ox.Quad]:
    """Give quads as their N-Quads lines sort, or by_graph with the graph before the subject; a graph's or a subject's stay together.

    Raises ExportError for a blank node: its name would differ from run to run.
    """
    line = _by_graph if by_graph else _by_line
    source = iter(quads)
    first = _run(source, line, held)
    if len(first) < held:
        last = b""
        for key, quad in first:
            if key != last:
                yield quad
            last = key
        return
    with ExitStack() as stack:
        runs = [_spilled(stack, (key for key, _ in first))]
        del first
        while run := _run(source, line, held):
            runs.append(_spilled(stack, (key for key, _ in run)))
            del run
        yield from _parsed(_distinct(heapq.merge(*runs)))


def triples(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Give sorted quads without their graphs, each triple once."""
    last: ox.Triple | None = None
    for quad in quads:
        triple = quad.triple
        if triple != last:
            yield ox.Quad(triple.subject, triple.predicate, triple.object)
        last = triple


def _by_line(quad: ox.Quad) -> bytes:
    # a blank keeps the graph apart from what is before it, so that a triple's quads follow one another
    return f"{quad.triple} {_graph(quad)}.\n".encode()


def _by_graph(quad: ox.Quad) -> bytes:
    graph = _graph(quad)
    name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value  # without >, so that a/b comes after a
    return f"{name}\t{quad.triple} {graph}.\n".encode()


def _graph(quad: ox.Quad) -> str:
    return "" if isinstance(quad.graph_name, ox.DefaultGraph) else f"{quad.graph_name} "


def _run(source: Iterator[ox.Quad], line: Callable[[ox.Quad], bytes], held: int) -> list[tuple[bytes, ox.Quad]]:
    """Take the next quads, sorted, each with the line that it is sorted by."""
    keyed = []
    for quad in islice(source, held):
        if isinstance(quad.graph_name, ox.BlankNode) or isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise ExportError(f"only IRIs and literals are exported, not {quad}")
        keyed.append((line(quad), quad))
    keyed.sort(key=lambda pair: pair[0])
    return keyed


def _spilled(stack: ExitStack, lines: Iterable[bytes]) -> BinaryIO:
    """Write a sorted run to a file that goes with the stack, and give the file to read from its start."""
    run: BinaryIO = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 # the stack closes it
    run.writelines(lines)
    run.seek(0)
    return run


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in lines:
        if line != last:
            yield line
        last = line


def _parsed(lines: Iterator[bytes]) -> Iterator[ox.Quad]:
    """Read the lines back; what stands before a tab was there to sort by: neither an IRI nor a line of N-Quads holds one."""
    while batch := list(islice(lines, _PARSED)):
        text = b"".join(line.rpartition(b"\t")[2] for line in batch)
        yield from ox.parse(text, format=ox.RdfFormat.N_QUADS)
