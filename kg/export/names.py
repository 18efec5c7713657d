"""An IRI in, a short name of the prefixes that exports declare out."""

from __future__ import annotations

import re

from kg.store import BASE, PREFIXES

_KINDS = (
    "agreement",
    "antibody",
    "company",
    "compound",
    "development",
    "document",
    "graph",
    "indication",
    "linker",
    "milestone",
    "payload",
    "payment",
    "statement",
    "target",
    "technology",
)

# Each kind of thing has a prefix of its own: company:genmab, where one prefix for all would need company\/genmab.
EXPORT_PREFIXES: dict[str, str] = dict(sorted({**PREFIXES, **{kind: f"{BASE}{kind}/" for kind in _KINDS}}.items()))

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in EXPORT_PREFIXES.items()}
_SPLIT = re.compile(r"(.*[/#])(\w(?:[\w-]*\w)?)", re.ASCII)  # a local name that no format needs to escape


def short_name(iri: str) -> str | None:
    """Shorten an IRI to prefix:local, None where no prefix fits.

    >>> short_name("https://w3id.org/conjugate/id/company/genmab")
    'company:genmab'
    """
    match = _SPLIT.fullmatch(iri)
    prefix = None if match is None else _BY_NAMESPACE.get(match[1])
    return None if match is None or prefix is None else f"{prefix}:{match[2]}"
