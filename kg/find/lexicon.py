"""A TOML file of names in, its groups and a matcher out. A lexicon entry lets us recognise a name; it never states a fact."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from kg.assets import asset_dir
from kg.errors import RuleError

T = TypeVar("T")

_WIDTH = 138  # columns that a line of words may fill, to stay under the house's 140
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Group:
    """One table of a lexicon file: where its names come from, and its lines, each a name with its other spellings."""

    source: str
    key: str  # "names": a line each; "words": many on a line
    lines: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """List every spelling."""
        return tuple(name for line in self.lines for name in line)


def parse_lexicon(text: str, where: str) -> dict[str, Group]:
    """Read the groups of a lexicon file.

    Raises RuleError naming every table that is not a source with either names or words.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RuleError(f"{where}: no TOML: {fault}") from fault
    groups: dict[str, Group] = {}
    faults: list[str] = []
    for name, table in data.items():
        keys = sorted(set(table) - {"source"}) if isinstance(table, dict) else []
        if keys not in (["names"], ["words"]) or not isinstance(table.get("source"), str):
            faults.append(f"[{name}] needs a source and either names or words")
            continue
        lines = tuple((line,) if isinstance(line, str) else tuple(line) for line in table[keys[0]])
        if not all(line and all(isinstance(item, str) and item.strip() == item != "" for item in line) for line in lines):
            faults.append(f"[{name}] holds a line that is no name")
            continue
        groups[name] = Group(table["source"], keys[0], lines)
    if faults:
        raise RuleError(f"{where}: " + "; ".join(faults))
    return groups


@cache
def load_lexicon(name: str) -> dict[str, Group]:
    """Read a lexicon file of the package by its stem; read once in a process."""
    path = asset_dir("lexicon") / f"{name}.toml"
    try:
        return parse_lexicon(path.read_text(encoding="utf-8"), path.name)
    except OSError as fault:
        raise RuleError(f"the lexicon {path.name} cannot be read: {fault}") from fault


@cache
def words_of(name: str, *groups: str) -> frozenset[str]:
    """Gather the names of some groups of a file (all of them where none is given); gathered once in a process."""
    lexicon = load_lexicon(name)
    return frozenset(item for group in (groups or tuple(lexicon)) for item in lexicon[group].names)


def format_lexicon(path: Path) -> str:
    """Spell a lexicon file as it should be: every group sorted without regard to case, no line twice; comments at its head stay."""
    text = path.read_text(encoding="utf-8")
    out = [line for line in text.split("[", 1)[0].splitlines() if line.startswith("#")]
    for name, group in parse_lexicon(text, path.name).items():
        lines = sorted({line[0]: line for line in reversed(group.lines)}.values(), key=lambda line: (line[0].casefold(), line[0]))
        out += ["", f"[{name}]", f"source = {_quoted(group.source)}", f"{group.key} = ["]
        if group.key == "words":
            row = "   "
            for line in lines:
                item = f" {_quoted(line[0])},"
                if len(row) + len(item) > _WIDTH:
                    out.append(row)
                    row = "   "
                row += item
            out.append(row)
        else:
            out += [
                "    " + (_quoted(line[0]) if len(line) == 1 else "[" + ", ".join(_quoted(item) for item in line) + "]") + ","
                for line in lines
            ]
        out.append("]")
    return "\n".join(out) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lowered(text: str) -> str:
    """Lower the case of a text without changing its length (Turkish İ would grow)."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class Matcher(Generic[T]):
    """Finds every occurrence of many names by the words they begin with: look-ups only, no regular expression.

    Case does not count here; callers look at the hit's own spelling.
    """

    def __init__(self, names: Iterable[tuple[str, T]]):
        buckets: dict[str, list[tuple[str, T]]] = {}
        for name, payload in names:
            low = lowered(name)
            first = _WORD.search(low)
            if first is not None and first.start() == 0:
                buckets.setdefault(first.group(), []).append((low, payload))
        self._buckets = {k: sorted(v, key=lambda item: -len(item[0])) for k, v in buckets.items()}

    def scan(self, lower: str, places: Mapping[str, Sequence[int]]) -> list[tuple[int, int, T]]:
        """Give start, end and payload of each hit by place, of all names that match at a place the longest first.

        `places` maps each word of the text to where it stands, so that a text costs nothing for the names it does not hold.
        """
        buckets = self._buckets
        hits: list[tuple[int, int, int, T]] = []
        for word in places.keys() & buckets.keys():
            for order, (name, payload) in enumerate(buckets[word]):
                size = len(name)
                for start in places[word]:
                    if lower.startswith(name, start) and is_bounded(lower, start, start + size):
                        hits.append((start, order, start + size, payload))
        hits.sort(key=lambda hit: hit[:2])
        return [(start, end, payload) for start, _, end, payload in hits]


_LOOSE_PREFIX = re.compile(r"(?:^|[^\w-])(?:anti|non|pre|post|co|pro|ex|bi|tri|the|and|or|of|with|by|in|to|for|from)-$")


def is_bounded(lower: str, start: int, end: int) -> bool:
    """Answer whether a range is a name of its own and not the inside of a longer word, a code, an address or a number."""
    if start:
        before = lower[start - 1]
        if before.isalnum() or before == "_" or before == "\x01":
            return False
        if before in "-" and start > 1 and lower[start - 2].isalnum() and not _LOOSE_PREFIX.search(lower[max(0, start - 8) : start]):
            return False
        if before in "@.&#$\\" and start > 1 and lower[start - 2].isalnum():
            return False
    if end < len(lower):
        after = lower[end]
        if after.isalnum() or after == "_" or after == "\x01":
            return False
        following = lower[end + 1] if end + 1 < len(lower) else " "
        if after in "+@&." and following.isalnum():
            return False
    return True
