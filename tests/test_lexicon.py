"""Lexicon files are sorted, hold nothing twice and say where each name comes from; `KG_FIX=1 pytest` rewrites the order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.assets import asset_dir
from kg.errors import RuleError
from kg.find.lexicon import format_lexicon, parse_lexicon

FILES = sorted(asset_dir("lexicon").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_sorted_without_duplicates(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tidy = format_lexicon(path)
    if os.environ.get("KG_FIX"):
        path.write_text(tidy, encoding="utf-8")
        text = tidy
    assert text == tidy, "KG_FIX=1 pytest tests/test_lexicon.py sorts it"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_group_says_where_it_comes_from(path: Path) -> None:
    groups = parse_lexicon(path.read_text(encoding="utf-8"), path.name)
    assert groups
    assert all(len(group.source.split()) >= 2 for group in groups.values())
    for group in groups.values():
        first = [line[0] for line in group.lines]  # what stands behind it is a spelling, or a stem's payload
        assert len(set(first)) == len(first), sorted(n for n in set(first) if first.count(n) > 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[a]\nnames = ['X']\n", "no source"),
        ("[a]\nsource = 'me'\n", "no names"),
        ("[a]\nsource = 'me'\nnames = ['X', ' ']\n", "an empty name"),
        ("[a\n", "no TOML"),
    ],
)
def test_a_faulty_file_is_named(text: str, reason: str) -> None:
    with pytest.raises(RuleError, match=r"faulty\.toml"):
        parse_lexicon(text, "faulty.toml")
    assert reason
