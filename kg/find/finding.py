"""The two values that finding gives: the mentions of a document, and what it says about their names."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Issue, Mention


@dataclass(frozen=True, slots=True)
class Parts:
    """What the name of an antibody-drug conjugate is made of: "huC242-DM4" has huC242, DM4 and no linker.

    antibody is None where the name only abbreviates it ("T-DM1"), payload where it is only called one ("HuMax-TAC-ADC").
    """

    antibody: str | None
    payload: str | None
    linker: str | None


@dataclass(frozen=True, slots=True)
class Definition:
    """What the text says about a name.

    kind is alias or defined-term (right is another name of left), formerly (an older one), ticker (right is left's symbol) or
    parts (right is None, parts tells what the name of left is made of). An alias that a wider mention swallows, such as the NSCLC
    of "non-small cell lung cancer (NSCLC)", is on the right here though it is no mention of its own.
    """

    kind: str
    left: Mention
    right: Mention | None
    by: str
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """All mentions, sorted by place and free of overlaps within a sentence, with the definitions and what was left open."""

    mentions: tuple[Mention, ...]
    definitions: tuple[Definition, ...] = ()
    issues: tuple[Issue, ...] = ()
