"""A rule's pattern in, a compiled matcher out.

A pattern is a regular expression over a view (view.py) with five additions:

    {payer}     a mention of one of the role's types          {payer+}   one or more of them, joined by commas, "and", "or"
    @earned     a word class of words.toml                    <...>      the words that an event without a noun phrase hangs on
    ...         up to 120 characters of the same clause        ..         up to 40, and no comma

A gap never runs over a semicolon, a colon or a mention of a type that stands on either side of it: "{payment} ... {payer}" takes the
nearest company. Case does not count. A space is a space; groups never capture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import RuleError
from kg.extract.literals import required_words
from kg.extract.view import View, charclass
from kg.model import Mention, Span

WIDE = 120  # characters of a view, in which a name is one character: about 20 words
NARROW = 40
# Sums stand in longer lists than names: "a fee of $5 million upon signing, together with (ii) milestones; and (iii) royalties".
_MORE = r",? (?:along with|together with|followed by|in addition to|plus),? |; (?:and )?"
_MARK = r"(?:\(?(?:[ivx]{1,4}|[a-f1-9])\) ?)?"
_TAIL = (
    r" (?:upon|on|for|within|following|after|at|related to|relating to|based on|in connection with|tied to|in)"
    r" (?:(?!(?:will|may|could|would|shall|paid|received|earned|eligible|entitled)\b)[^;:{barred}]){{1,70}}?"
)

_POSSESSIVE = re.compile(r"\b(?:its|their|our)\b")

_TOKEN = re.compile(
    r"(?P<raw>\{\d+(?:,\d*)?\}|\[[^\]]*\]|\(\?<?[=!][^)]*\))|\{(?P<slot>[a-z_0-9]+)(?P<list>\+)?\}|@(?P<macro>[a-z_]+)"
    r"|(?P<gap> ?\.\.\.? ?)|(?P<open><)|(?P<close>>)|(?P<group>\((?!\?))|(?P<word>[A-Za-z0-9]+)|(?P<escape>\\.)|(?P<rest>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched in a view: its mentions by role, its anchor's range if it marks one, and how much text it spans."""

    roles: dict[str, tuple[Mention, ...]]
    anchor: Span | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern with the roles that it fills."""

    source: str
    regex: re.Pattern[str]
    groups: dict[str, str]  # group name → role
    needs: tuple[frozenset[str], ...]  # sets of types; the view must hold a mention of one of each
    words: tuple[str, ...]  # in lower case; the view must hold one of these, if there are any

    def matches(self, view: View) -> list[Match]:
        """Find every place where the pattern matches, also overlapping ones, from left to right."""
        found: list[Match] = []
        for need in self.needs:
            if need.isdisjoint(view.types):
                return found
        if self.words and not any(word in view.low for word in self.words):
            return found
        at = 0
        while (hit := self.regex.search(view.text, at)) is not None:
            roles: dict[str, tuple[Mention, ...]] = {}
            for group, role in self.groups.items():
                filled = hit.group(group)
                if filled:
                    roles[role] = roles.get(role, ()) + tuple(view.mentions[c] for c in filled if c in view.mentions)
            anchor = None
            if "anchor_" in self.regex.groupindex and hit.group("anchor_"):
                anchor = view.span(*hit.span("anchor_"))
            found.append(Match(roles, anchor, *hit.span()))
            at = hit.start() + 1
        return found


def compile_pattern(
    source: str, types: dict[str, tuple[str, ...]], words: dict[str, str], where: str, *, of_names: bool = False
) -> Pattern:
    """Compile a pattern. types: role → mention types; words: word class → alternatives as a regex; of_names: "its" may be a company too.

    Raises RuleError naming `where` for an unknown role or word class, or for a pattern that is no regular expression.
    """
    tokens = list(_TOKEN.finditer(source))
    slots = [(i, types.get(m["slot"])) for i, m in enumerate(tokens) if m["slot"]]
    out: list[str] = []
    groups: dict[str, str] = {}
    needs: list[frozenset[str]] = []
    depth_optional = _optional_ranges(source)
    for i, token in enumerate(tokens):
        if token["slot"]:
            role = token["slot"]
            if role not in types:
                raise RuleError(f"{where}: no role {role!r} in this relation; it has {', '.join(sorted(types))}")
            group = f"g{len(groups)}_"
            groups[group] = role
            chars = charclass(types[role])
            item = f"[{chars}]"
            if not any(a <= token.start() < b for a, b in depth_optional):
                needs.append(frozenset(types[role]))
            if token["list"]:
                # "AVE9633 and AVE1642", "A, B, and C", "both A and B"; each item may have its own possessive or determiner
                joined = r"(?: ?, ?(?:and |or |as well as |plus )?| and | or | as well as | plus |/)"
                if types[role] == ("indication",):
                    # "in breast cancer and in patients with lymphoma"
                    joined += "(?:in |for |against )?(?:(?:adults?|patients|people|those) with )?"
                if "payment" in types[role]:
                    joined = (
                        rf"(?:{_TAIL.format(barred=charclass(('company', 'payment', 'money', 'agreement')))})?(?:{joined}|{_MORE}){_MARK}"
                    )
                item = rf"{item}(?:{joined}(?:the |its |both |an? )?[{chars}]){{0,12}}"
            # "Alder licensed it for use with its antibody and paid …": who acts is no one's possessive
            # and no last of several: "Pfizer's acquisition of Seagen and AbbVie's of ImmunoGen"
            follows = tokens[i + 1] if i + 1 < len(tokens) else None
            acts = "company" in types[role] and (
                (token["list"] and not source.startswith(("'", "('"), token.end())) or (follows is not None and bool(follows["gap"]))
            )
            out.append(f"(?P<{group}>{item})" + ("(?!'s)" if acts else ""))
        elif token["macro"]:
            if token["macro"] not in words:
                raise RuleError(f"{where}: no word class @{token['macro']} in words.toml")
            listed = words[token["macro"]]
            if token["macro"] == "adv":
                listed = f"{listed}|[{charclass(('date',))}]"  # "Alder today announced": today is a date, of one character
            out.append(rf"(?<!\w)(?:{_POSSESSIVE.sub(_or_whose, listed) if of_names else listed})(?!\w)")
        elif token["gap"]:
            beside = [next((t for j, t in reversed(slots) if j < i), None), next((t for j, t in slots if j > i), None)]
            barred = "".join(charclass(t) for t in beside if t)
            least = (
                1 if " " in token["gap"] else 0
            )  # the space beside it is part of the gap: "started ... {stage}" reads "started Phase II"
            if "..." in token["gap"]:
                out.append(f"[^;:{barred}]{{{least},{WIDE}}}?")
            else:
                out.append(f"[^;:,{barred}]{{{least},{NARROW}}}?")
        elif token["open"]:
            out.append("(?P<anchor_>")
        elif token["close"]:
            out.append(")")
        elif token["group"]:
            out.append("(?:")
        elif token["word"]:
            word = _POSSESSIVE.sub(_or_whose, token["word"]) if of_names else token["word"]
            word = f"(?:today|[{charclass(('date',))}])" if word == "today" else word
            out.append(rf"(?<!\w){word}(?!\w)" if _whole(source, token) else word)
        elif token["escape"] or token["raw"]:
            out.append(token["escape"] or token["raw"])
        elif token["rest"] in "?*+|)^":
            out.append(token["rest"])
        else:
            out.append(re.escape(token["rest"]))
    try:
        regex = re.compile(
            rf"(?<!\w){''.join(out)}(?!\w)" if "|" not in _top(source) else rf"(?<!\w)(?:{''.join(out)})(?!\w)", re.IGNORECASE
        )
    except re.error as fault:
        raise RuleError(f"{where}: the pattern is no regular expression: {fault}") from fault
    return Pattern(source, regex, groups, tuple(needs), required_words(regex))


def _or_whose(word: re.Match[str]) -> str:
    """Let a possessive stand for the company that it means as well: a view has "Alder's" where the text has "its"."""
    return f"(?:{word[0]}|[{charclass(('company',))}]'s)"


def _whole(source: str, token: re.Match[str]) -> bool:
    """Answer whether a run of letters stands for whole words: not before a quantifier or a suffix group, not after one, nor inside one."""
    after = source[token.end() : token.end() + 1]
    before = source[token.start() - 1 : token.start()] if token.start() else ""
    if after in {"?", "*", "("} or before in {")", "?", "]", "\\"} or after == "[":
        return False
    if before in {"(", "|"} and re.search(r"\w$", source[: _opening(source, token.start())]):
        return False  # "technolog(y|ies)"
    return not (after in {")", "|"} and re.match(r"\w", source[_closing(source, token.end()) + 1 :]))  # "(co|re)develop"


def _opening(source: str, place: int) -> int:
    """Find the parenthesis that opens the group around a place; 0 where none does."""
    depth = 0
    for i in range(place - 1, -1, -1):
        depth += (source[i] == ")") - (source[i] == "(")
        if depth < 0:
            return i
    return 0


def _closing(source: str, place: int) -> int:
    """Find the parenthesis that closes the group around a place; the end of the source where none does."""
    depth = 0
    for i in range(place, len(source)):
        depth += (source[i] == "(") - (source[i] == ")")
        if depth < 0:
            return i
    return len(source)


def _top(source: str) -> str:
    """Give what of a pattern stands outside all groups."""
    out, depth = "", 0
    for char in source:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            out += char
    return out


def _optional_ranges(source: str) -> list[tuple[int, int]]:
    """List the ranges of a pattern that may match nothing: groups before `?` or `*`, and every group with alternatives."""
    ranges: list[tuple[int, int]] = []
    stack: list[int] = []
    for i, char in enumerate(source):
        if char == "(":
            stack.append(i)
        elif char == ")" and stack:
            start = stack.pop()
            if source[i + 1 : i + 2] in {"?", "*"} or source[i + 1 : i + 3] == "{0" or "|" in source[start:i]:
                ranges.append((start, i))
    return ranges
