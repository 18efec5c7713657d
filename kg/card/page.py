"""A card in, one self-contained HTML page out: no script, nothing from elsewhere; each line opens to its sentences."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from markupsafe import Markup

from kg.card.records import Card
from kg.card.words import amount, parties, purpose, status, sums, when
from kg.view.graph import find_quote
from kg.view.style import LOOKS, OTHER, look, printable
from kg.view.words import class_words, money, spell
from kg.view.write import write_page
from kg.why import Quote, Reason

_HERE = Path(__file__).resolve().parent
_NAME = 200  # letters of a name that a line shows; a longer one is a fault of a text, and would push all else off the page
_SENTENCES = 25  # sentences under one line; the ticker of a company stands in every release


def write_card(card: Card, out: Path, pictures: Sequence[str] = ()) -> Path:
    """Write the page of a card; the same card gives the same bytes. Raises ExportError where the file cannot be written."""
    return write_page(out, render(card, pictures))


def render(card: Card, pictures: Sequence[str] = ()) -> str:
    """Make the page. pictures are SVG texts of our own making, drawn from this card."""
    style = _style(card)
    # matplotlib's drawings carry styles of their own; without one, nothing but our own style may act.
    allowed = "'unsafe-inline'" if pictures else f"'sha256-{_hash(style)}'"
    template = Markup((_HERE / "card.html").read_text(encoding="utf-8"))
    return str(
        template.format(
            policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src {allowed}",
            title=_short(card.label),
            kind=class_words(card.kind),
            glyph=Markup('<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(look(card.kind).path),
            names=_names(card),
            summary=_summary(card),
            key=card.key,
            pictures=Markup("").join(Markup("<figure>{}</figure>").format(Markup(picture)) for picture in pictures),
            sections=Markup("\n").join(_sections(card)),
            style=Markup(style),
        )
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(card: Card) -> str:
    seen = LOOKS.get(card.kind, OTHER)
    hues = f":root{{--hue:{seen.light}}}@media (prefers-color-scheme:dark){{:root{{--hue:{seen.dark}}}}}"
    return (_HERE / "card.css").read_text(encoding="utf-8") + hues + "\n"


def _short(text: str) -> str:
    plain = printable(text)
    return plain if len(plain) <= _NAME else f"{plain[: _NAME - 1]}…"


def _names(card: Card) -> Markup:
    also = [f"{_short(name.text)}{f' ({name.kind})' if name.kind else ''}" for name in card.names if name.text != card.label]
    return Markup('<p class="names">Also {}</p>').format(", ".join(also)) if also else Markup("")


def _summary(card: Card) -> str:
    counts = ((len(card.deals), "agreement"), (len(card.ledger), "payment"), (len(card.timeline), "event"), (card.documents, "document"))
    said = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return " · ".join([*said, *sums(card), *([f"as of {card.as_of}"] if card.as_of else [])])


def _sections(card: Card) -> Iterable[Markup]:
    """Write the sections that hold something."""
    if card.facts:
        rows = [_row([line.words, _strong(line.said)], line.reasons) for line in card.facts]
        yield _section("Facts", ("", ""), rows)
    if card.partners:
        partners = [
            _row([_strong(p.label), str(p.agreements or ""), str(p.payments or ""), when(p.first, p.last) if p.last else ""], ())
            for p in card.partners
        ]
        yield _section("Partners", ("company", "agreements", "payments", "between"), partners)
    if card.deals:
        deals = [
            _row(
                [
                    when(d.first, d.last, d.told),
                    _strong(d.label),
                    "; ".join(f"{_short(name)} ({role})" for role, name in d.roles),
                    "; ".join(f"{words} {_short(said)}" for words, said in d.terms),
                    spell(d.status),
                ],
                d.reasons,
            )
            for d in card.deals
        ]
        yield _section("Deals", ("when", "agreement", "parties", "terms", "status"), deals)
    if card.ledger:
        entries = [
            _row(
                [
                    when(e.first, e.last, e.told),
                    status(e),
                    e.kind,
                    _strong(amount(e)),
                    parties(e),
                    purpose(e),
                    e.agreement_label,
                    money(str(e.to_date), e.currency) if e.to_date is not None else "",
                ],
                e.reasons,
                "done" if e.status == "Occurred" else "open",
            )
            for e in card.ledger
        ]
        yield _section("Ledger", ("when", "status", "kind", "amount", "who pays whom", "for", "under", "so far"), entries)
    if card.timeline:
        moments = [_row([when(m.first, m.last, m.told), m.kind, m.words], m.reasons) for m in card.timeline]
        yield _section("Timeline", ("when", "kind", "what"), moments)


def _section(title: str, columns: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(each)
        for each in (*columns, "sentences" if any("<details>" in row for row in rows) else "")
    )
    return Markup(
        '<section aria-labelledby="{0}"><h2 id="{0}">{1} <span class="count">{2}</span></h2><div class="wide"><table>'
        "<thead{3}><tr>{4}</tr></thead>\n{5}\n</table></div></section>"
    ).format(
        title.lower(), title, f"{len(rows):,}", Markup(' class="hidden"') if not any(columns) else Markup(""), head, Markup("\n").join(rows)
    )


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(_short(text)) if text else Markup("")


def _row(cells: Sequence[str], reasons: Sequence[Reason], kind: str = "") -> Markup:
    """Write a line and, folded under it, its sentences; a line without any has an empty last cell."""
    said = Markup("").join(Markup("<td>{}</td>").format(each if isinstance(each, Markup) else _short(each)) for each in cells)
    quotes = [(reason, quote) for reason in reasons for quote in reason.quotes]
    opened = Markup("")
    if quotes:
        items = Markup("").join(_sentence(reason, quote) for reason, quote in quotes[:_SENTENCES])
        more = Markup("<li>and {} more</li>").format(f"{len(quotes) - _SENTENCES:,}") if len(quotes) > _SENTENCES else Markup("")
        opened = Markup("<details><summary>{}</summary><ol>{}{}</ol></details>").format(_counted(len(quotes)), items, more)
    return Markup('<tbody class="{}"><tr>{}<td class="why">{}</td></tr></tbody>').format(kind, said, opened)


def _counted(count: int) -> str:
    return f"{count:,} sentence{'' if count == 1 else 's'}"


def _sentence(reason: Reason, quote: Quote) -> Markup:
    place = [reason.title, reason.file_name, reason.date, quote.section, f"characters {quote.start}–{quote.end}", ", ".join(reason.rules)]
    source = " · ".join(dict.fromkeys(printable(part) for part in place if part))
    return Markup('<li><blockquote>{}</blockquote><p class="source">{}</p></li>').format(_marked(quote, reason.names), source)


def _marked(quote: Quote, names: Sequence[str]) -> Markup:
    """Mark the quote in its sentence; where the quote is all of it, the names of what is told of."""
    sentence = quote.sentence
    place = find_quote(sentence, quote.quote)
    if place is not None and place != (0, len(sentence)):
        spans = [place]
    else:
        wanted = [re.escape(name) for name in sorted(names, key=len, reverse=True) if 1 < len(name) <= _NAME]
        spans = [match.span() for match in re.finditer("|".join(wanted), sentence, re.IGNORECASE)] if wanted else []
    parts, at = [], 0
    for start, end in spans:
        parts += [Markup("{}<mark>{}</mark>").format(sentence[at:start], sentence[start:end])]
        at = end
    return Markup("").join([*parts, Markup("{}").format(sentence[at:])])
