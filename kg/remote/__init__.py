"""A graph on one side and a triple store behind HTTP on the other: push and pull."""

from __future__ import annotations

from kg.remote.pull import pull
from kg.remote.push import Pushed, push

__all__ = ["Pushed", "pull", "push"]
