"""What was searched and found in, the first page of the service out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from kg.view.style import printable

SPARQL, GRAPHS, VOID = "/sparql", "/graphs", "/.well-known/void"

_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conjugate</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b2333; background: #fcfcfa }}
input {{ font: inherit; width: min(100%, 24rem); padding: .4rem .6rem; border: 1px solid #6b7383; border-radius: .4rem }}
button {{ font: inherit; padding: .4rem 1rem; border: 1px solid #6b7383; border-radius: .4rem; background: #eef0f4; color: inherit }}
label {{ display: block; margin-bottom: .3rem }}
small {{ color: #565e6e; overflow-wrap: anywhere }}
a {{ color: #0a5a8c; overflow-wrap: anywhere }}
</style></head>
<body><main><h1>Conjugate</h1>
<form role="search"><label for="q">Find a company, compound or other thing by any of its names</label>
<input id="q" name="q" type="search" value="{words}"> <button>Find</button></form>
{found}
<p>For programs: SPARQL 1.1 at <a href="{sparql}"><code>{sparql}</code></a>; graphs at <code>{graphs}?graph=IRI</code>;
the data described at <a href="{void}"><code>{void}</code></a>; <code>/id/KEY</code> gives a thing as a page or as RDF.</p>
</main></body></html>
""")
_LONG = 200  # letters of a name that a line shows


def home(words: str, things: Sequence[tuple[str, str]] | None) -> str:
    """Make the page; things are the keys and names that hold the words, None where nothing was searched."""
    found = Markup()
    if things is not None:
        item = Markup('<li><a href="/id/{}">{}</a> <small>{}</small></li>')
        items = [item.format(quote(key), printable(name)[:_LONG], key) for key, name in things]
        found = Markup("<ul>{}</ul>").format(Markup("").join(items)) if items else Markup("<p>No name holds that.</p>")
    return str(_PAGE.format(words=words, found=found, sparql=SPARQL, graphs=GRAPHS, void=VOID))
