"""Words of the command line in, parameters of a question and the text of a query out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kg.errors import QueryError

STANDARD = "-"  # stdin or stdout


def parameters_of(extra: Sequence[str]) -> dict[str, str]:
    """Read --PARAM VALUE and --PARAM=VALUE pairs."""
    found: dict[str, str] = {}
    rest = list(extra)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            raise QueryError(f"{word!r} is not expected here: give parameters as --PARAM VALUE")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not rest:
                raise QueryError(f"--{name} needs a value")
            value = rest.pop(0)
        name = name.replace("-", "_")
        if name in found:
            raise QueryError(f"--{name} is given twice")
        found[name] = value
    return found


def query_text(given: str) -> str:
    """Take a query as it is, from a file, or from stdin."""
    if given == STANDARD:
        return sys.stdin.read()
    if "{" in given or "\n" in given:
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise QueryError(f"{given!r} is neither a query (it has no braces) nor a file") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise QueryError(f"{given}: the query cannot be read: {fault}") from fault
