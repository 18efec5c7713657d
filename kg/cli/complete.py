"""What has been typed so far in, what may come next out: questions, their parameters, and the names in the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from kg.ask import Question, names_like, questions
from kg.errors import KgError
from kg.graph import store_path
from kg.store import Store

_MANY = 50  # names that a shell lists without asking


@dataclass(frozen=True, slots=True)
class Item:
    """What a shell may put in: of the form that click's own items have, whose class is in another place in each release of typer."""

    value: str
    help: str | None = None
    type: str = "plain"


class AskCommand(TyperCommand):
    """`kg ask`, whose options depend on the question: completes them, and the names that they take."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """List options that begin so, or, after the option of a parameter, the names in the store that do."""
        name = ctx.params.get("name")
        question = questions().get(str(name))
        if question is None:
            return super().shell_complete(ctx, incomplete)
        asked = ctx.args[-1] if ctx.args and ctx.args[-1].startswith("--") and "=" not in ctx.args[-1] else ""
        if asked and not incomplete.startswith("--"):
            return [Item(each) for each in _values(question, asked[2:].replace("-", "_"), incomplete, ctx.params.get("store"))]
        given = {word.partition("=")[0] for word in ctx.args}
        own = [Item(f"--{p.name}", help=p.description) for p in question.parameters if f"--{p.name}" not in given]
        return [item for item in own if item.value.startswith(incomplete)] + super().shell_complete(ctx, incomplete)


def complete_question(incomplete: str) -> list[tuple[str, str]]:
    """List the questions that begin so, each with its title."""
    return [(name, question.title) for name, question in questions().items() if name.startswith(incomplete)]


def complete_name(ctx: typer.Context, incomplete: str) -> list[str]:
    """List the names of things in the store that begin so, whatever their case, with what was typed as it was typed.

    Typer keeps only what begins as typed, letter case and all; names are found in any.
    """
    return list(dict.fromkeys(incomplete + name[len(incomplete) :] for name in _names("thing", incomplete, ctx.params.get("store"))))


def _values(question: Question, parameter: str, incomplete: str, store: object) -> list[str]:
    kind = next((p.kind for p in question.parameters if p.name == parameter), "")
    return _names(kind, incomplete, store)


def _names(kind: str, incomplete: str, store: object) -> list[str]:
    """Look names up; where there is no store, or none that can be read, there is nothing to complete, and a shell is no place to say so."""
    try:
        with Store.open(store_path(Path(str(store)) if store else None), read_only=True) as opened:
            return names_like(opened, kind, incomplete)[:_MANY]
    except KgError:
        return []
