"""Sorted quads in, N-Quads and N-Triples out, sorted as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import pyoxigraph as ox

from kg.model import Issue


def write_nquads(quads: Sequence[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write a line for each quad; `sort` of the file in the C locale changes nothing."""
    return _write((f"{quad}" for quad in quads), out)


def write_ntriples(quads: Sequence[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write a line for each triple, whichever graphs it is in."""
    return _write({f"{quad.triple}" for quad in quads}, out)


def _write(statements: Iterable[str], out: BinaryIO) -> list[Issue]:
    for statement in sorted(statements):
        out.write(f"{statement} .\n".encode())
    return []
