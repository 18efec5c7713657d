"""An Accept header and what there is in, the choice out (RFC 9110, section 12.5)."""

from __future__ import annotations

from collections.abc import Sequence


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """Choose the media type that is liked most, the first offered of equals; None where none will do. No header likes all.

    >>> choose("text/turtle;q=0.5, application/*", ["text/turtle", "application/n-triples"])
    'application/n-triples'
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best, liked = None, 0.0
    for offer in offers:
        fitting = [(depth, quality) for name, quality, depth in ranges if _fits(name, offer)]
        quality = max(fitting)[1] if fitting else 0.0  # the most specific range decides
        if quality > liked:
            best, liked = offer, quality
    return best


def _range(part: str) -> tuple[str, float, int]:
    """Take a media range apart: its name, its quality and how specific it is."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return name, quality, 0 if name == "*/*" else 1 if name.endswith("/*") else 2


def _fits(name: str, offer: str) -> bool:
    return name in {"*/*", offer} or (name.endswith("/*") and offer.startswith(name[:-1]))
