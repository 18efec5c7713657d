"""A file of a person's decisions on identity in, pairs of things to join and to keep apart out; and the file written anew.

The file is TOML, sorted, small enough to read, edit and keep under version control. Every build honours it.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.key import drug_key

_HEAD = """# Decisions on what is one thing and what is two. kg build honours them; kg identity writes them, and so may you.
# left and right are keys of things, as kg identity shows them: "compound/t-dm1".
"""
KINDS = ("join", "split")


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """Two keys that are one thing (join) or two (split), whatever the texts say, and why."""

    kind: str
    left: str
    right: str
    why: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Give the two keys, sorted."""
        return (min(self.left, self.right), max(self.left, self.right))

    def is_on(self, left: str, right: str) -> bool:
        """Answer whether it is on these two things, in whichever order, an antibody being a drug."""
        return {drug_key(self.left), drug_key(self.right)} == {drug_key(left), drug_key(right)}


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of a file, sorted; of two on one pair the file must be rid."""

    made: tuple[Decision, ...] = ()

    def pairs(self, kind: str) -> list[tuple[str, str]]:
        """List the pairs of one kind."""
        return sorted(d.pair for d in self.made if d.kind == kind)

    def decide(self, decision: Decision) -> Decisions:
        """Add a decision: one that undoes another takes that away, and leaves things as the texts have them."""
        others = tuple(d for d in self.made if not d.is_on(decision.left, decision.right))
        known = next((d for d in self.made if d.is_on(decision.left, decision.right)), None)
        if known is not None and known.kind != decision.kind:
            return Decisions(others)
        return Decisions(tuple(sorted((*others, decision))))

    def without(self, left: str, right: str) -> Decisions:
        """Take back what was decided on two keys. Raises StoreError where nothing was."""
        others = tuple(d for d in self.made if not d.is_on(left, right))
        if others == self.made:
            raise StoreError(f"nothing was decided on {left} and {right}")
        return Decisions(others)


def decisions_path(store: Path) -> Path:
    """Say where the decisions on a store are: in the file of the variable KG_IDENTITY, else beside the store's folder."""
    given = os.environ.get("KG_IDENTITY")
    return Path(given).expanduser() if given else store.with_name(f"{store.resolve().name}.identity.toml")


def load_decisions(path: Path) -> Decisions:
    """Read a file of decisions; without one there are none. Raises StoreError that names the file and what is wrong in it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Decisions()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoreError(f"{path}: cannot be read as decisions on identity: {error}") from error
    made: list[Decision] = []
    for kind, entries in raw.items():
        if kind not in KINDS or not isinstance(entries, list):
            raise StoreError(f"{path}: [[{kind}]] is no decision; write [[join]] or [[split]] with left and right")
        for number, entry in enumerate(entries, 1):
            made.append(_decision(path, kind, number, entry))
    pairs = [d.pair for d in made]
    twice = next((d for d in made if pairs.count(d.pair) > 1), None)
    if twice is not None:
        raise StoreError(f"{path}: two decisions on {twice.left} and {twice.right}; keep one")
    return Decisions(tuple(sorted(made)))


def save_decisions(path: Path, decisions: Decisions) -> None:
    """Write a file of decisions, the same bytes for the same decisions; whole, or not at all. Raises StoreError."""
    text = _HEAD
    for decision in decisions.made:
        text += f"\n[[{decision.kind}]]\nleft = {json.dumps(decision.left)}\nright = {json.dumps(decision.right)}\n"
        text += f"why = {json.dumps(decision.why)}\n" if decision.why else ""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _decision(path: Path, kind: str, number: int, entry: object) -> Decision:
    where = f"{path}: [[{kind}]] number {number}"
    if not isinstance(entry, dict) or set(entry) - {"left", "right", "why"}:
        raise StoreError(f"{where}: has other entries than left, right and why")
    left, right, why = (entry.get(name, "") for name in ("left", "right", "why"))
    if not all(isinstance(value, str) for value in (left, right, why)):
        raise StoreError(f"{where}: left, right and why are texts")
    types = [drug_key(key).partition("/")[0] for key in (left, right)]
    if not left or not right or left == right or "/" not in left or types[0] != types[1]:
        raise StoreError(f"{where}: left and right must be two keys of one type, such as compound/t-dm1 and compound/trastuzumab-dm1")
    return Decision(kind, left, right, why)
