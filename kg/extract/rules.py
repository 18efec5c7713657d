"""The files of kg/rules in, compiled relations, phrases and word classes out.

`words.toml` holds word classes (@earned), `phrases.toml` the noun phrases that events hang on ("a $5 million milestone payment"), and every
other file one relation. What a file may say is checked here, all faults of a file at once; that the names are in the ontology is
checked by the tests.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.assets import asset_dir
from kg.errors import RuleError
from kg.extract.pattern import Pattern, compile_pattern
from kg.extract.view import TYPES

SetValue = str | bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say a relation: a pattern, what it sets, and the examples that prove it. `name` is "relation/id"."""

    name: str
    pattern: Pattern
    sets: Mapping[str, SetValue | tuple[str, ...]]
    unless: re.Pattern[str] | None  # a match whose sentence says this is left alone
    derivation: str
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a relation: the types of mention that fill it, the property that it becomes, and whether several may fill it."""

    name: str
    types: tuple[str, ...]
    property: str | None
    many: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: edges between things, or an event (a node of class `klass`) that hangs on an anchor role."""

    name: str
    klass: str | None
    anchor: str | None
    roles: Mapping[str, Role]
    edges: tuple[tuple[str, str, str], ...]  # subject role, property, object role
    required: tuple[str, ...]  # roles without which an event says nothing
    rules: tuple[Rule, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word inside a phrase says about it: `match` found in its words sets these values; the first that sets a value wins."""

    match: re.Pattern[str]
    sets: Mapping[str, SetValue | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a type (payment, agreement, event), its patterns and how its words are read."""

    id: str
    type: str
    patterns: tuple[Pattern, ...]
    readings: tuple[Reading, ...]
    sets: Mapping[str, SetValue]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the engine knows about language."""

    phrases: tuple[Phrase, ...]
    relations: tuple[Relation, ...]
    words: Mapping[str, str]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """List the rules of all relations, in order of file and place."""
        return tuple(rule for relation in self.relations for rule in relation.rules)


_RULE_KEYS = {"id", "pattern", "patterns", "set", "unless", "derivation", "examples", "near_misses"}
_PHRASE_TYPES: dict[str, tuple[str, ...]] = {t: (t,) for t in TYPES}


@cache
def load_rules(folder: Path | None = None) -> Rules:
    """Load and compile every file of a rules folder, by default the bundled one.

    Raises RuleError with all faults of the first faulty file.
    """
    folder = folder or asset_dir("rules")
    words = _words(folder / "words.toml")
    phrases = _phrases(folder / "phrases.toml", words)
    relations = [_relation(path, words) for path in sorted(folder.glob("*.toml")) if path.name not in {"words.toml", "phrases.toml"}]
    return Rules(phrases, tuple(relations), words)


def parse_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file; a RuleError names the file and the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise RuleError(f"{path.name}: the file is missing from {path.parent}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RuleError(f"{path.name}: not TOML: {fault}") from fault


def _words(path: Path) -> dict[str, str]:
    """Read the word classes; a class may use those above it."""
    words: dict[str, str] = {}
    for name, alternatives in parse_toml(path)["words"].items():
        regex = "|".join(alternatives)
        regex = re.sub(r"@([a-z_]+)", lambda m: f"(?:{words[m[1]]})", regex)
        words[name] = re.sub(r"\((?!\?)", "(?:", regex)
    return words


def _phrases(path: Path, words: dict[str, str]) -> tuple[Phrase, ...]:
    phrases = []
    for table in parse_toml(path)["phrase"]:
        where = f"{path.name}: phrase {table.get('id')!r}"
        patterns = tuple(compile_pattern(p, _PHRASE_TYPES, words, where) for p in table["patterns"])
        readings = []
        for reading in table.get("reads", []):
            regex = re.sub(r"@([a-z_]+)", lambda m: f"(?:{words[m[1]]})", reading["match"])
            sets = {k: tuple(v) if isinstance(v, list) else v for k, v in reading["set"].items()}
            readings.append(Reading(re.compile(regex, re.IGNORECASE), sets))
        phrases.append(
            Phrase(
                table["id"], table["type"], patterns, tuple(readings), table.get("set", {}),
                tuple(table.get("examples", ())), tuple(table.get("near_misses", ())),
            )
        )  # fmt: skip
    return tuple(phrases)


def _sets(table: dict[str, Any]) -> dict[str, SetValue | tuple[str, ...]]:
    """Read what a rule sets; a list sets several values at once."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _relation(path: Path, words: dict[str, str]) -> Relation:
    data = parse_toml(path)
    faults: list[str] = []
    head = data.get("relation", {})
    name = head.get("name", path.stem)
    roles = {
        role: Role(role, tuple(spec["types"]), spec.get("property"), spec.get("many", False))
        for role, spec in data.get("roles", {}).items()
    }
    faults += [f"role {r.name!r} has unknown types" for r in roles.values() if not set(r.types) <= set(TYPES)]
    edges = tuple((e[0], e[1], e[2]) for e in head.get("edges", []))
    faults += [f"edge {e} names no role" for e in edges if e[0] not in roles or (e[2] not in roles and e[1] != "type")]
    if bool(edges) == bool(head.get("class")):
        faults.append("a relation has either edges or a class")
    types = {role: r.types for role, r in roles.items()}
    rules: list[Rule] = []
    seen: set[str] = set()
    for table in data.get("rule", []):
        rule_id = table.get("id", "?")
        where = f"{path.name}: rule {rule_id!r}"
        if unknown := set(table) - _RULE_KEYS:
            faults.append(f"rule {rule_id!r} has unknown keys {sorted(unknown)}")
        if rule_id in seen:
            faults.append(f"rule {rule_id!r} stands twice")
        seen.add(rule_id)
        if not table.get("examples"):
            faults.append(f"rule {rule_id!r} has no example")
        try:
            patterns = [
                compile_pattern(p, types, words, where, of_names=True)
                for p in [*table.get("patterns", []), *([table["pattern"]] if "pattern" in table else [])]
            ]
            unless = (
                re.compile(re.sub(r"@([a-z_]+)", lambda m: f"(?:{words[m[1]]})", table["unless"]), re.IGNORECASE)
                if "unless" in table
                else None
            )
        except (RuleError, KeyError, re.error) as fault:
            faults.append(str(fault))
            continue
        for pattern in patterns:
            rules.append(
                Rule(
                    f"{name}/{rule_id}", pattern, _sets(table.get("set", {})), unless, table.get("derivation", "Stated"),
                    tuple(table.get("examples", ())), tuple(table.get("near_misses", ())),
                )
            )  # fmt: skip
    if faults:
        raise RuleError(f"{path.name}: " + "; ".join(faults))
    return Relation(
        name, head.get("class"), head.get("anchor"), roles, edges, tuple(head.get("required", ())), tuple(rules), path.name
    )  # fmt: skip
