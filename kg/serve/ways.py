"""The addresses of the service, and of what it shows of a thing or a sentence."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from kg.card.page import Links

SPARQL, GRAPHS, VOID = "/sparql", "/graphs", "/.well-known/void"
EDITOR, QUESTIONS, NETWORK, NAMES, CLASSES, STATIC = "/query", "/questions", "/network", "/names", "/classes", "/static"


def to_thing(key: str, as_of: str = "") -> str:
    """Give the address of a thing's page.

    >>> to_thing("company/immunogen", "2007-07-31")
    '/id/company/immunogen?as-of=2007-07-31'
    """
    return f"/id/{quote(key)}" + (f"?{urlencode({'as-of': as_of})}" if as_of else "")


def to_place(key: str, start: int, end: int) -> str:
    """Give the address of a quote in the page of its document.

    >>> to_place("document/a-1", 5, 9)
    '/id/document/a-1#at-5-9'
    """
    return f"{to_thing(key)}#at-{start}-{end}"


def links(base: str, as_of: str = "") -> Links:
    """Lead from a page's things and sentences to their pages."""
    return Links(
        lambda key: to_thing(key, as_of),
        lambda reason, quoted: (
            to_place(reason.document.removeprefix(base), quoted.start, quoted.end) if reason.document.startswith(base) else ""
        ),
    )
