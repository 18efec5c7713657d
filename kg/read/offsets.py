"""Stretches of a stored text in, tidied text with its offsets out: where each character of what the rules read stands in the document.

Most characters of a tidied text stand right behind the one before, so offsets are kept as runs, and one is looked up when it is asked for:
a list of them all would take most of the time that reading takes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

_GAPS = re.compile(r"\s{2,}")


class Offsets(Sequence[int]):
    """The offsets of a tidied text: its character number `at[i]` and those behind it, up to `at[i + 1]`, stand at `to[i]` and behind."""

    __slots__ = ("_at", "_end", "_start", "_to")

    def __init__(self, at: list[int], to: list[int], start: int, end: int) -> None:
        """Look at the characters from start to end of the runs; at begins with 0 or less than start."""
        self._at = at
        self._to = to
        self._start = start
        self._end = end

    def __len__(self) -> int:
        return self._end - self._start

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Offsets: ...
    def __getitem__(self, place: int | slice) -> int | Offsets:
        if isinstance(place, slice):
            start, end, step = place.indices(self._end - self._start)
            if step != 1:
                raise ValueError("offsets are sliced in steps of one")
            return Offsets(self._at, self._to, self._start + start, self._start + max(start, end))
        if place < 0:
            place += self._end - self._start
        place += self._start
        if not self._start <= place < self._end:
            raise IndexError("no such offset")
        run = bisect_right(self._at, place) - 1
        return self._to[run] + place - self._at[run]

    def __iter__(self) -> Iterator[int]:
        for _, to, length in self.runs():
            yield from range(to, to + length)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """List the runs: the place of each in the tidied text, its offset in the document, and its length."""
        if self._start == self._end:
            return
        first = bisect_right(self._at, self._start) - 1
        for run in range(first, len(self._at)):
            begin = max(self._at[run], self._start)
            until = min(self._at[run + 1] if run + 1 < len(self._at) else self._end, self._end)
            if begin >= self._end:
                return
            yield begin - self._start, self._to[run] + begin - self._at[run], until - begin


class Tidied:
    """A tidied text while it grows, with the runs of its offsets."""

    __slots__ = ("_at", "_length", "_next", "_parts", "_to")

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[str] = []
        self._at: list[int] = []
        self._to: list[int] = []
        self._length = 0
        self._next = -1  # the offset that goes on with the last run

    def add(self, piece: str, offset: int) -> None:
        """Append a piece whose characters stand one behind the other from an offset on."""
        if offset != self._next:
            self._at.append(self._length)
            self._to.append(offset)
        self._parts.append(piece)
        self._length += len(piece)
        self._next = offset + len(piece)

    def add_spaced(self, raw: str, offset: int) -> None:
        """Append a stretch of the document with its white space made single spaces, and none at its ends."""
        words = raw.strip()
        offset += len(raw) - len(raw.lstrip())
        words, offsets = spaced(words, offset)
        for place, to, length in runs_of(offsets):
            self.add(words[place : place + length], to)

    def drop_last(self) -> None:
        """Take the last character back."""
        while self._parts and not self._parts[-1]:
            self._parts.pop()
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._next = -1
        while self._at and self._at[-1] >= self._length:
            self._at.pop()
            self._to.pop()

    def tail(self, length: int) -> str:
        """Give the last characters, without putting all together."""
        found = ""
        for part in reversed(self._parts):
            found = part[-length:] + found
            if len(found) >= length:
                break
        return found[-length:]

    def __bool__(self) -> bool:
        return self._length > 0

    @property
    def text(self) -> str:
        """What has been put together so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    @property
    def offsets(self) -> Offsets:
        """The offset of each of its characters."""
        return Offsets(self._at, self._to, 0, self._length)


def spaced(raw: str, offset: int) -> tuple[str, Sequence[int]]:
    """Make the white space of a stretch of the document, which begins and ends without, single spaces."""
    if "  " not in raw and "\n" not in raw and "\t" not in raw and "\u00a0" not in raw:
        return raw, range(offset, offset + len(raw))
    words = " ".join(raw.split())
    if len(words) == len(raw):
        return words, range(offset, offset + len(raw))
    at, to = [0], [offset]
    removed = 0
    for gap in _GAPS.finditer(raw):
        start, end = gap.span()
        start -= removed - 1
        removed += end - gap.start() - 1
        at.append(start)
        to.append(offset + end)
    return words, Offsets(at, to, 0, len(words))


def replaced(raw: str, offset: int, old: str, new: str) -> tuple[str, Sequence[int]]:
    """Put one string in the place of another, which is longer and ends as it begins and as the new one does."""
    words = raw.replace(old, new)
    at, to = [0], [offset]
    removed = 0
    shrink = (len(old) - len(new)) // 2
    found = raw.find(old)
    while found >= 0:
        at += (found - removed + 1, found - removed + len(new) - 1)
        to += (offset + found + 1 + shrink, offset + found + len(old) - 1)
        removed += 2 * shrink
        found = raw.find(old, found + len(old))
    return words, Offsets(at, to, 0, len(words))


def runs_of(offsets: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """List the runs of offsets of either make, a range or Offsets: place, offset and length."""
    if isinstance(offsets, Offsets):
        return offsets.runs()
    return iter([(0, offsets[0], len(offsets))] if offsets else [])
