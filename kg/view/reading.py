"""What the stages made of a document in, words for a person who checks the reading out: headers, values and places, none of them cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kg.model import Concept, Document, Fact, Filer, Mention, Money, Phrase, Ref, Span, Trace, When


def header(document: Document) -> list[tuple[str, str]]:
    """List what is known of a document as a whole, as pairs of a name and its value; what is not known is left out."""
    source, filing = document.source, document.source.filing
    filers = [("filer", _filer(filer)) for filer in filing.filers] if filing else [("filer", source.filer or "")]
    rows = [
        ("title", document.title),
        ("kind", source.kind),
        ("form", (filing.form_type if filing else None) or source.form_type),
        ("document", source.document_type),
        ("accession", (filing.accession_number if filing else None) or source.accession_number),
        ("filed", (filing.filed if filing else None) or source.filed),
        ("period", filing.period if filing else None),
        ("items", ", ".join(filing.items) if filing else None),
        *filers,
        ("url", source.url or (filing.url if filing else None)),
        ("published", document.published),
        ("issuer", document.issuer),
        *(("ticker", f"{exchange}: {symbol}") for exchange, symbol in document.tickers),
        ("text", f"{len(document.text):,} characters in {len(document.sentences):,} sentences, sha256 {source.sha256}"),
        ("key", source.id),
    ]
    return [(name, str(value)) for name, value in rows if value]


def counts(trace: Trace) -> list[tuple[str, str]]:
    """Count what was found and read, as pairs of a name and its counts, the most frequent first."""
    factual = [fact.factuality for fact in trace.facts if fact.factuality]
    rows = [
        ("mentions", len(trace.marks), Counter(mention.type for mention in trace.marks)),
        ("facts", len(trace.facts), Counter(fact.relation for fact in trace.facts)),
        ("factuality", len(factual), Counter(factual)),
        ("statements", len(trace.resolution.statements), Counter(s.relation for s in trace.resolution.statements)),
        ("Issues", len(trace.issues), Counter(issue.stage for issue in trace.issues)),
    ]
    return [(name, f"{total:,} ({_ranked(each)})" if each else f"{total:,}") for name, total, each in rows if total or name != "factuality"]


def _ranked(found: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _filer(filer: Filer) -> str:
    told = [f"CIK {filer.cik}" if filer.cik else "", filer.role.lower(), *(f"formerly {name}" for name in filer.former_names)]
    return f"{filer.name} ({', '.join(part for part in told if part)})"


def said(value: object) -> str:
    """Write a normalised value as it is kept, in one line.

    >>> from decimal import Decimal
    >>> said(Money(Decimal(5000000), "USD", "UpTo")), said(Concept("Phase2")), said(True), said(("Nasdaq", "IMGN"))
    ('5000000 USD UpTo', 'Phase2', 'yes', 'Nasdaq, IMGN')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Concept(name):
            return name
        case Ref(key):
            return key
        case Mention():
            return value.text
        case Money():
            return _money(value)
        case When():
            return _when(value)
        case Phrase():
            return _phrase(value)
        case tuple():
            return ", ".join(map(said, value))
        case _:
            return str(value)


def _money(money: Money) -> str:
    if money.amount is None:
        return money.bound
    low = f"{money.low:f}-" if money.low is not None else ""
    return " ".join(part for part in (f"{low}{money.amount:f}", money.currency, money.bound if money.bound != "Exactly" else "") if part)


def _when(when: When) -> str:
    """Write a date; where it has none, or bounds of its own, the bounds, open where the text leaves them open."""
    bounds = f"{when.earliest or ''}..{when.latest or ''}" if when.earliest or when.latest else ""
    if when.date is None:
        return bounds or when.text
    return str(when.date) if (when.earliest, when.latest) == (when.date.earliest, when.date.latest) else f"{when.date} ({bounds})"


def _phrase(phrase: Phrase) -> str:
    sets = [f"{name} {said(value)}" for name, value in sorted(phrase.sets.items())]
    return ", ".join([*sets, *(f"{name} {said(parts)}" for name, parts in sorted(phrase.parts.items()) if parts)])


def reading(mention: Mention) -> str:
    """Say what a mention was read as, an empty string where that is its text."""
    value = said(mention.value)
    return "" if value == mention.text else value


def place(span: Span) -> str:
    """Write a span as Issues do.

    >>> place(Span(68, 81))
    '68-81'
    """
    return f"{span.start}-{span.end}"


def rules(facts: Iterable[Fact]) -> list[str]:
    """List the rules that read the facts, sorted and each once."""
    return sorted({evidence.rule for fact in facts for evidence in fact.evidence})


def spans(fact: Fact) -> list[Span]:
    """List the spans of a fact's evidence, sorted and each once."""
    return sorted({evidence.span for evidence in fact.evidence})
