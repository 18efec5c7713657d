"""A finder's guess in, one frozen value out: the candidate mention that every finder returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one candidate mention of a sentence.

    `start` and `end` are character offsets into the sentence's tidied text; `value` is what the words mean
    (Money, When, a stage name, ...); `by` names the finder and its rule, for the evidence.
    """

    type: str
    start: int
    end: int
    value: object
    by: str
