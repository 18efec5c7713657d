"""What a page says in, the page with the bar that all pages of the explorer have out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from kg.card.page import short
from kg.serve.ways import STATIC
from kg.view.style import LOOKS

_HTML = Path(__file__).resolve().parent / "html"


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser is sent."""

    body: bytes
    media_type: str = "text/html"
    status: int = 200


def template(name: str) -> Markup:
    """Read one of our own pieces of HTML, with places to fill in."""
    return Markup((_HTML / f"{name}.html").read_text(encoding="utf-8"))


def shell(
    title: str,
    main: Markup,
    *,
    words: str = "",
    kind: str = "",
    here: str = "",
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    status: int = 200,
) -> Page:
    """Make a page. words stand in the search box, kind is the class whose hue it has, scripts and styles are files of ours."""
    on = Markup(' aria-current="page"')
    script, style = Markup('<script src="{}/{}" defer></script>\n'), Markup('<link rel="stylesheet" href="{}/{}">\n')
    text = template("shell").format(
        title=f"{short(title)} · " if title else "",
        main=main,
        words=words,
        kind=kind if kind in LOOKS else "other",
        on_questions=on if here == "questions" else "",
        on_query=on if here == "query" else "",
        scripts=Markup("").join(script.format(STATIC, each) for each in scripts),
        styles=Markup("").join(style.format(STATIC, each) for each in styles),
    )
    return Page(str(text).encode("utf-8", errors="replace"), status=status)


def fault_page(status: int, message: str) -> Page:
    """Say what is wrong."""
    titles = {404: "Not found", 503: "Too busy", 504: "Took too long"}
    title = titles.get(status, "That did not work")
    return shell(title, Markup('<h1>{}</h1>\n<p role="alert">{}</p>').format(title, message), status=status)


def hues() -> str:
    """Write the style that gives each class its hue, on a light and on a dark page."""
    light = "".join(f".{name}{{--hue:{seen.light}}}" for name, seen in LOOKS.items())
    dark = "".join(f".{name}{{--hue:{seen.dark}}}" for name, seen in LOOKS.items())
    return f".other{{--hue:#6b7280}}{light}@media (prefers-color-scheme:dark){{.other{{--hue:#a3abb8}}{dark}}}\n"
