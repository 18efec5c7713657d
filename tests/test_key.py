"""Names in, keys out: readable, folded, safe in an IRI, never empty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.key import company_key, fold, key_hash, slug
from kg.rdf.iri import BASE, thing


@pytest.mark.parametrize(
    ("name", "key", "reason"),
    [
        ("ImmunoGen, Inc.", "company/immunogen", "a legal form tells nothing apart"),
        ("IMMUNOGEN INC", "company/immunogen", "nor does case"),
        ("RemeGen Co., Ltd.", "company/remegen", "two legal forms"),
        ("Genmab A/S", "company/genmab", "a Danish one"),
        ("Merck & Co., Inc.", "company/merck", "the American firm"),
        ("Merck KGaA", "company/merck-kgaa", "the German one is another firm"),
        ("Kadimastem, Ltd.", "company/kadimastem", "a comma before it"),
        ("The Walt Company", "company/walt", "an article"),
        ("Company", "company/company", "never empty"),
    ],
)
def test_company_key(name: str, key: str, reason: str) -> None:
    assert company_key(name) == key, reason


def test_siblings_stay_apart() -> None:
    assert slug("huC242-DM1") != slug("huC242-DM4")
    assert slug("XpressCF") != slug("XpressCF+")


@given(st.text(max_size=60))
def test_any_name_makes_an_iri(name: str) -> None:
    key = "compound/" + slug(name)
    assert thing(BASE, key).value == BASE + key
    assert slug(name) == slug(name.strip())


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_key_hash_keeps_fields_apart(left: list[str], right: list[str]) -> None:
    assert (key_hash(*left) == key_hash(*right)) == (left == right)
