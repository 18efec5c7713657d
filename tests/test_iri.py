"""Names in, IRIs out: readable, the same each time, never two things under one, whatever Unicode a filing holds."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import OntologyError
from kg.rdf import iri
from kg.rdf.iri import BASE, check_base, key_hash, slug, thing
from kg.store import BASE as STORE_BASE

SLUGS = (
    ("trastuzumab-DM1", "trastuzumab-dm1", "case"),
    ("HER2", "her2", "digits stay"),
    ("TAP  technology", "tap-technology", "a run of spaces"),
    ("Kadcyla®", "kadcyla", "a mark is no part of a name"),
    ("Élan Pharma", "elan-pharma", "accents fold"),
    ("sanofi-aventis", "sanofi-aventis", "hyphens stay"),
    ("ImmunoGen, Inc.", "immunogen-inc", "the legal form stays here: only a company's key drops it"),
    ("huC242‑DM4", "huc242-dm4", "a hyphen that does not break is a hyphen"),
    ("C+C", "c-plus-c", "a plus tells names apart"),
    ("ﬁbrin", "fibrin", "a ligature"),
    ("TNF-α", "tnf-α", "Greek letters stay, as an IRI may have them"),
    ("恒瑞", "恒瑞", "so do Chinese ones"),
)


@pytest.mark.parametrize(("name", "expected", "reason"), SLUGS, ids=[row[0] for row in SLUGS])
def test_slug(name: str, expected: str, reason: str) -> None:
    assert slug(name) == expected, reason


APART = (
    ("huC242-DM1", "huC242-DM4", "two payloads"),
    ("TNF-α", "TNF-β", "Greek letters are no punctuation"),
    ("恒瑞", "百济", "names without a Latin letter"),
    ("®", "™", "names that fold to nothing"),
    ("C", "C+", "a plus at the end"),
)


@pytest.mark.parametrize(("left", "right", "reason"), APART, ids=[row[2] for row in APART])
def test_slugs_keep_names_apart(left: str, right: str, reason: str) -> None:
    assert slug(left) != slug(right), reason


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_name_makes_an_iri(name: str) -> None:
    made = slug(name)
    assert made and made == slug(name)
    assert not set(made) & set("/?#%")
    node = thing(BASE, f"company/{made}")
    quad = ox.Quad(node, node, node, node)
    assert list(ox.parse(ox.serialize([quad], format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.N_QUADS)) == [quad]


@given(st.text(max_size=60))
def test_a_slug_is_its_own_slug(name: str) -> None:
    assert slug(slug(name)) == slug(name)


def test_key_hash_keeps_fields_apart() -> None:
    hashes = [key_hash("a", "bc"), key_hash("ab", "c"), key_hash("abc"), key_hash(["a", "bc"]), key_hash("a", "b", "c"), key_hash()]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 16 and set(each) <= set("0123456789abcdef") for each in hashes)
    assert key_hash("milestone", ["x"], "γ") == hashlib.sha256('["milestone",["x"],"γ"]'.encode()).hexdigest()[:16]


def test_statements_are_told_apart_by_each_term() -> None:
    names = [iri.statement(BASE, *terms) for terms in ("spod", "Spod", "sPod", "spOd", "spoD")]
    names += [
        iri.statement(BASE, "s", "p", str(term), "d")
        for term in (ox.NamedNode("urn:a"), ox.Literal("urn:a"), ox.Literal("1"), ox.Literal(1))
    ]
    assert len(set(names)) == len(names)
    assert all(len(name.value) == len(BASE) + len("statement/") + 20 for name in names)


def test_evidence_and_its_graph_belong_to_the_document() -> None:
    document = thing(BASE, "document/release-000000000000")
    assert iri.evidence(document, 3, 9).value == BASE + "document/release-000000000000#char=3,9"
    assert iri.evidence_graph(document).value == BASE + "document/release-000000000000/evidence"


def test_stores_have_the_same_base() -> None:
    assert BASE == STORE_BASE


GOOD = ("https://w3id.org/conjugate/id/", "http://example.org/", "https://example.org/a/b/", "https://例え.jp/")
BAD = (
    ("", "empty"),
    ("example.org/", "not absolute"),
    ("ftp://example.org/", "not of the web"),
    ("https://example.org/id", "keys would run into it"),
    ("https://example.org/id#", "leaves no fragment for the places in a document"),
    ("https://example.org/?id=/", "a query"),
    ("https://example.org/my things/", "a space"),
    ("https://example.org/<id>/", "no IRI"),
    ("https://example.org/\ud800/", "a lone surrogate"),
    ("https:///", "no host"),
    ("https://w3id.org/conjugate/ontology/", "the ontology's own"),
)


@pytest.mark.parametrize("base", GOOD)
def test_a_base_of_ones_own(base: str) -> None:
    assert check_base(base) == base


@pytest.mark.parametrize(("base", "reason"), BAD, ids=[row[1] for row in BAD])
def test_a_bad_base_is_an_error(base: str, reason: str) -> None:
    with pytest.raises(OntologyError, match="base of things"):
        check_base(base)
    assert reason


@pytest.mark.parametrize(
    "key", ["", "company/a b", "company/<a>", "company/\ud800", "company/a#b", "company/a?b", "company/%zz", "company/a\nb"]
)
def test_a_key_that_is_no_part_of_an_iri(key: str) -> None:
    with pytest.raises(OntologyError, match="part of an IRI"):
        thing(BASE, key)
