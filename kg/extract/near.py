"""A document's sentences in, the rules that nearly read them out, each with what it wanted: for whoever asks why a fact is missing.

A rule nearly reads a sentence where its pattern matches and its `unless` forbids it, or where all of the pattern matches but one slot, in
which stands a name that nothing was found to be ("Commave paid the Company") or a thing of another type.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.extract import Found
from kg.extract.discourse import Discourse
from kg.extract.engine import chunk
from kg.extract.rules import Relation, Role, Rule, Rules, load_rules
from kg.extract.view import ANY_MENTION, View, view_of
from kg.model import Document, Evidence

_CAPITALS = r"(?-i:(?<![\w-])[A-Z][\w&-]{1,30}(?: [A-Z][\w&-]{0,30}){0,3}(?![\w-]))"
_ALIKE = frozenset({"company", "compound", "antibody", "payload", "technology", "target"})  # whose names may be taken for one another
_NO_NAMES = frozenset({"The", "This", "That", "These", "Such", "A", "An", "In", "On", "At", "For", "Under", "As", "It", "Its", "We", "Our"})
_MOST = 4  # rules told of one sentence; more are alike
_LEAST = 2  # slots of a pattern: one that has a single slot says nothing without it


def near(document: Document, finding: Found, rules: Rules | None = None) -> tuple[tuple[Evidence, str], ...]:
    """Pair the rules that nearly read a sentence with what kept them from it, where no rule of the same relation read it."""
    rules = rules or load_rules()
    discourse = Discourse(document, finding.mentions)
    found: list[tuple[Evidence, str]] = []
    for index, sentence in enumerate(document.sentences):
        if not document.section_of(sentence).is_factual:
            continue
        mentions = chunk(sentence, discourse.add(index), rules.phrases, index)
        view = view_of(sentence, mentions)
        told: dict[str, str] = {}
        for relation in rules.relations:
            if not _is_read(view, relation, sentence.text):
                told |= dict(_missed(view, relation, sentence.text))
        quote, heading = sentence.span.of(document.text), document.section_of(sentence).heading
        for rule in sorted(told)[:_MOST]:
            found.append((Evidence(document.source.id, sentence.span, quote, sentence.text, rule, heading), told[rule]))
    return tuple(found)


def _is_read(view: View, relation: Relation, text: str) -> bool:
    """Answer whether some rule of a relation with more than one slot reads a sentence."""
    return any(
        len(rule.pattern.groups) >= _LEAST and rule.pattern.matches(view) and not (rule.unless is not None and rule.unless.search(text))
        for rule in relation.rules
    )


def _missed(view: View, relation: Relation, text: str) -> list[tuple[str, str]]:
    """Pair the rules that nearly match with what kept them from it."""
    found: list[tuple[str, str]] = []
    for rule in relation.rules:
        if len(rule.pattern.groups) < _LEAST:
            continue
        if rule.unless is not None and rule.pattern.matches(view):
            vetoed = rule.unless.search(text)
            found += [(rule.name, f"left alone for “{vetoed[0].strip()}”")] if vetoed else []
        elif reason := _open_slot(view, relation, rule):
            found.append((rule.name, reason))
    return found


def _open_slot(view: View, relation: Relation, rule: Rule) -> str | None:
    """Say which one slot of a rule's pattern stays open, and what stands in its place; None where more is missing."""
    pattern = rule.pattern
    lacking = [need for need in pattern.needs if need.isdisjoint(view.types)]
    if len(lacking) > 1 or not pattern.words or not any(word in view.low for word in pattern.words):
        return None
    for group, role in pattern.groups.items():
        if lacking and lacking[0] != frozenset(relation.roles[role].types):
            continue
        hit = _widened(pattern.regex, group).search(view.text)
        if hit is not None and hit[group] and (reason := _said(relation.roles[role], hit[group], view)):
            return reason
    return None


def _said(role: Role, stands: str, view: View) -> str | None:
    """Say what stands in a slot, and what would have to; None of a thing that nobody would take for the other."""
    wanted = " or ".join(role.types)
    mention = view.mentions.get(stands)
    if mention is None and stands.split(" ")[0] in _NO_NAMES:
        return None
    if mention is None:
        return f"{{{role.name}}} wants {wanted}; “{stands}” is none that was found"
    if mention.type not in _ALIKE or not _ALIKE.intersection(role.types) or not mention.text[:1].isupper():
        return None
    return f"{{{role.name}}} wants {wanted}; “{mention.text}” is {mention.type}"


@lru_cache(maxsize=4096)
def _widened(regex: re.Pattern[str], group: str) -> re.Pattern[str]:
    """Let one slot of a pattern take any mention, or a name in capitals that is none."""
    slot = re.search(rf"\(\?P<{group}>\[[^\]]*\]", regex.pattern)
    if slot is None:
        return regex
    wide = f"(?P<{group}>(?:[{ANY_MENTION}]|{_CAPITALS})"
    return re.compile(regex.pattern[: slot.start()] + wide + regex.pattern[slot.end() :], regex.flags)
