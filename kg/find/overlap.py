"""Candidates in, those that stay out: none overlaps another, the longest wins, then the surer type, then the first."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Mention

# Between two readings of the very same words. A ticker's form is unmistakable; a rate is the vaguest of all.
PRIORITY = (
    "ticker",
    "money",
    "date",
    "company",
    "compound",
    "antibody",
    "technology",
    "indication",
    "target",
    "payload",
    "linker",
    "stage",
    "rate",
)
_RANK = {name: rank for rank, name in enumerate(PRIORITY)}


def without_overlaps(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep, sentence by sentence, the longest of the mentions that share a character; sort what stays by place."""
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    kept: list[Mention] = []
    for index in sorted(by_sentence):
        taken: list[Mention] = []
        occupied = 0  # a bit for each character taken
        for mention in sorted(by_sentence[index], key=_order):
            bits = ((1 << len(mention.local)) - 1) << mention.local.start
            if not occupied & bits:
                occupied |= bits
                taken.append(mention)
        kept += sorted(taken, key=lambda m: m.local.start)
    return tuple(kept)


def _order(mention: Mention) -> tuple[int, int, int, str, str]:
    rank = _RANK.get(mention.type, len(_RANK))
    return (-len(mention.local), rank, mention.local.start, mention.found_by, str(mention.value))
