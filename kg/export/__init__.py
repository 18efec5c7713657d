"""A store or an answer in, files in the formats of other tools out."""

from __future__ import annotations

from kg.export.registry import FORMATS, Exporter, export
from kg.export.results import RESULT_FORMATS, ResultFormat, serialise
from kg.export.selection import Selection

__all__ = ["FORMATS", "RESULT_FORMATS", "Exporter", "ResultFormat", "Selection", "export", "serialise"]
