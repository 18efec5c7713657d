"""A card in, one self-contained HTML page out: no script, nothing from elsewhere; each line opens to its sentences.

The explorer of kg.serve puts the same sections into pages of its own, in which things and sentences lead on.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
_DAY = re.compile(r"(?:told |from |by )?\d{4}(?:-\d\d){0,2}(?: to [\d-]+)?")  # stays on one line
_SENTENCES = 25  # sentences under one line; the ticker of a company stands in every release


@dataclass(frozen=True, slots=True)
class Links:
    """Where a thing (by its key) and a sentence lead, as addresses; "" leads nowhere."""

    thing: Callable[[str], str] = lambda key: ""
    place: Callable[[Reason, Quote], str] = lambda reason, quote: ""


NOWHERE = Links()


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
            title=short(card.label),
            kind=class_words(card.kind),
            glyph=glyph(card.kind),
            names=names(card),
            summary=summary(card),
            key=card.key,
            pictures=Markup("").join(Markup("<figure>{}</figure>").format(Markup(picture)) for picture in pictures),
            sections=Markup("\n").join(sections(card)),
            style=Markup(style),
        )
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(card: Card) -> str:
    seen = LOOKS.get(card.kind, OTHER)
    hues = f":root{{--hue:{seen.light}}}@media (prefers-color-scheme:dark){{:root{{--hue:{seen.dark}}}}}"
    return (_HERE / "card.css").read_text(encoding="utf-8") + hues + "\n"


def glyph(kind: str) -> Markup:
    """Draw the outline of a class."""
    return Markup('<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(look(kind).path)


def short(text: str) -> str:
    """Cut a name that is too long for a line."""
    plain = printable(text)
    return plain if len(plain) <= _NAME else f"{plain[: _NAME - 1]}…"


def names(card: Card) -> Markup:
    """List the thing's other names."""
    also = [f"{short(name.text)}{f' ({name.kind})' if name.kind else ''}" for name in card.names if name.text != card.label]
    return Markup('<p class="names">Also {}</p>').format(", ".join(also)) if also else Markup("")


def summary(card: Card) -> str:
    """Count what the card holds."""
    counts = ((len(card.deals), "agreement"), (len(card.ledger), "payment"), (len(card.timeline), "event"), (card.documents, "document"))
    said = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return " · ".join([*said, *sums(card), *([f"as of {card.as_of}"] if card.as_of else [])])


def sections(card: Card, links: Links = NOWHERE) -> Iterable[Markup]:
    """Write the sections that hold something."""

    def to(key: str, text: str) -> Markup:
        where = links.thing(key) if key and text else ""
        return Markup('<a href="{}">{}</a>').format(where, _strong(text)) if where else _strong(text)

    if card.facts:
        rows = [row([line.words, to(line.key, line.said)], line.reasons, links) for line in card.facts]
        yield section("Facts", ("", ""), rows)
    if card.partners:
        partners = [
            row([to(p.key, p.label), str(p.agreements or ""), str(p.payments or ""), when(p.first, p.last) if p.last else ""], (), links)
            for p in card.partners
        ]
        yield section("Partners", ("company", "agreements", "payments", "between"), partners)
    if card.deals:
        deals = [
            row(
                [
                    when(d.first, d.last, d.told),
                    to(d.key, d.label),
                    "; ".join(f"{short(name)} ({role})" for role, name in d.roles),
                    "; ".join(f"{words} {short(said)}" for words, said in d.terms),
                    spell(d.status),
                ],
                d.reasons,
                links,
            )
            for d in card.deals
        ]
        yield section("Deals", ("when", "agreement", "parties", "terms", "status"), deals)
    if card.ledger:
        entries = [
            row(
                [
                    when(e.first, e.last, e.told),
                    status(e),
                    e.kind,
                    to(e.key, amount(e)),
                    parties(e),
                    purpose(e),
                    to(e.agreement, e.agreement_label) if links is not NOWHERE else e.agreement_label,
                    money(str(e.to_date), e.currency) if e.to_date is not None else "",
                ],
                e.reasons,
                links,
                "done" if e.status == "Occurred" else "open",
            )
            for e in card.ledger
        ]
        yield section("Ledger", ("when", "status", "kind", "amount", "who pays whom", "for", "under", "so far"), entries)
    if card.timeline:
        moments = [
            row([when(m.first, m.last, m.told), m.kind, to(m.key, m.words) if links is not NOWHERE else m.words], m.reasons, links)
            for m in card.timeline
        ]
        yield section("Timeline", ("when", "kind", "what"), moments)


def section(title: str, columns: Sequence[str], rows: Sequence[Markup]) -> Markup:
    """Write a table with its heading; a last column is added where a row has sentences."""
    head = Markup("").join(
        Markup('<th scope="col">{}</th>' if each else "<td></td>").format(each)
        for each in (*columns, "sentences" if any("<details>" in row for row in rows) else "")
    )
    return Markup(
        '<section aria-labelledby="{0}"><h2 id="{0}">{1} <span class="count">{2}</span></h2><div class="wide"><table>'
        "<thead{3}><tr>{4}</tr></thead>\n{5}\n</table></div></section>"
    ).format(
        title.lower(), title, f"{len(rows):,}", Markup(' class="hidden"') if not any(columns) else Markup(""), head, Markup("\n").join(rows)
    )


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(short(text)) if text else Markup("")


def row(cells: Sequence[str], reasons: Sequence[Reason], links: Links = NOWHERE, kind: str = "") -> Markup:
    """Write a line and, folded under it, its sentences; a line without any has an empty last cell."""
    said = Markup("").join(
        Markup("<td{}>{}</td>").format(
            Markup(' class="day"') if _DAY.fullmatch(each) else Markup(""), each if isinstance(each, Markup) else short(each)
        )
        for each in cells
    )
    quotes = [(reason, quote) for reason in reasons for quote in reason.quotes]
    opened = Markup("")
    if quotes:
        items = Markup("").join(_sentence(reason, quote, links) for reason, quote in quotes[:_SENTENCES])
        more = Markup("<li>and {} more</li>").format(f"{len(quotes) - _SENTENCES:,}") if len(quotes) > _SENTENCES else Markup("")
        opened = Markup("<details><summary>{}</summary><ol>{}{}</ol></details>").format(_counted(len(quotes)), items, more)
    return Markup('<tbody class="{}"><tr>{}<td class="why">{}</td></tr></tbody>').format(kind, said, opened)


def _counted(count: int) -> str:
    return f"{count:,} sentence{'' if count == 1 else 's'}"


def _sentence(reason: Reason, quote: Quote, links: Links) -> Markup:
    place = [reason.title, reason.file_name, reason.date, quote.section, f"characters {quote.start}–{quote.end}", ", ".join(reason.rules)]
    source = " · ".join(dict.fromkeys(printable(part) for part in place if part))
    where = links.place(reason, quote)
    led = Markup('<a href="{}">{}</a>').format(where, source) if where else source
    return Markup('<li><blockquote>{}</blockquote><p class="source">{}</p></li>').format(_marked(quote, reason.names), led)


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
