"""A store in, an HTTP service for reading it out: SPARQL 1.1, graphs, and the things behind IRIs."""

from __future__ import annotations

from kg.serve.app import make_app
from kg.serve.once import ask_once
from kg.serve.pool import Limits
from kg.serve.run import serve

__all__ = ["Limits", "ask_once", "make_app", "serve"]
