"""Sorted quads in, N-Quads and N-Triples out, sorted as lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import pyoxigraph as ox

from kg.export.order import triples
from kg.model import Issue


def write_nquads(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write a line for each quad; `sort` of the file in the C locale changes nothing."""
    for quad in quads:
        out.write(f"{quad} .\n".encode())
    return []


def write_ntriples(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write a line for each triple, whichever graphs it is in."""
    for quad in triples(quads):
        out.write(f"{quad.triple} .\n".encode())
    return []
