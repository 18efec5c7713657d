"""A networkx graph with places in, one self-contained HTML page out, through pyvis's data model and template hook."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kg.view.graph import Network, Support
from kg.view.layout import Places
from kg.view.style import LOOKS, lines, look, printable, size
from kg.view.words import class_words, property_order, wording

_HERE = Path(__file__).resolve().parent
_VIS = Path("templates/lib/vis-9.1.2")  # the newest vis-network that pyvis 0.3.2 carries
_KINDS = ("money", "deal", "science")  # the first that an arrow with several words has gives its colour
_ORDER = {name: rank for rank, name in enumerate(LOOKS)}
# Until it happens, an event is drawn with a broken outline.
_OPEN = frozenset({"Committed", "Expected", "Potential"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What part of a store a page shows: total counts all its nodes, focus is the IRI in the middle.

    links is the base of the IRIs and what stands for it in the address of a thing's own page; None where things have none.
    """

    total: int
    focus: str | None
    hops: int
    limit: int
    links: tuple[str, str] | None = None


def render(graph: Network, places: Places, drawn: Mapping[str, Sequence[str]], shown: Shown) -> str:
    """Write the page: every script in it is named by its hash in the content policy, so that nothing else on it can run or load.

    drawn holds the lines of each node's label.
    """
    # Imported here since pyvis imports IPython, which would cost every command half a second.
    from pyvis import network as pyvis

    net = pyvis.Network(directed=True, cdn_resources="in_line")
    net.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "hideEdgesOnDrag": len(graph) > 400, "keyboard": {"enabled": False}},
    }
    supports = _Supports()
    number = {iri: place for place, iri in enumerate(sorted(graph, key=lambda iri: _reading_order(graph, iri)))}
    details = []
    for iri, place in number.items():
        node = graph.nodes[iri]
        width, height = size(node["class"], list(drawn[iri]))
        spot = dict(zip(("x", "y"), places[iri], strict=True)) if iri in places else {}  # what is not drawn at first has no place yet
        # Not by add_node, which looks each up in a list of all ids.
        net.nodes.append(
            {"id": place, "label": "\n".join(drawn[iri]), "w": width, "h": height, "open": node["factuality"] in _OPEN, **spot}
        )
        facts = [[fact["words"], fact["said"], supports.refer(fact["evidence"])] for fact in node["facts"]]
        names = [name for name in node["names"] if name != node["label"]]
        states = [[date, printable(label), *_drawn(node["class"], label), fact in _OPEN] for date, label, fact in node["states"]]
        detail = {"iri": iri, "label": printable(node["label"]), "kind": node["class"], "names": names, "facts": facts}
        details.append({**detail, "since": node["since"], "states": states if len(states) > 1 else []})
    for (start, end), relations in _arrows(graph, number, supports).items():
        words = list(dict.fromkeys(relation["drawn"] for relation in relations))
        label = " · ".join(words[:3]) + (" …" if len(words) > 3 else "")
        kind = min((relation["kind"] for relation in relations), key=_KINDS.index)
        since = min(relation["since"] for relation in relations)
        net.edges.append({"from": start, "to": end, "label": label, "kind": kind, "since": since, "relations": relations})
    return _fill(net, graph, details, supports.table, shown, number)


def _drawn(kind: str, label: str) -> tuple[str, int, int]:
    """Give the lines of a label as one text, and the width and height of the node that bears it."""
    broken = lines(kind, label)
    return ("\n".join(broken), *size(kind, broken))


def _fill(net: Any, graph: Network, details: list[dict[str, Any]], supports: list[Support], shown: Shown, number: Mapping[str, int]) -> str:
    vis = Path(_pyvis_folder()) / _VIS
    scripts = [_script(vis / "vis-network.min.js"), _script(_HERE / "draw.js"), _script(_HERE / "part.js"), _script(_HERE / "page.js")]
    styles = [(vis / "vis-network.css").read_text(encoding="utf-8"), (_HERE / "page.css").read_text(encoding="utf-8")]
    counts: Counter[str] = Counter(node["class"] for _, node in graph.nodes(data=True))
    looks = {
        kind: asdict(look(kind)) | {"words": class_words(kind), "count": counts[kind]}
        for kind in sorted(counts, key=lambda kind: (_ORDER.get(kind, len(_ORDER)), kind))
    }
    days = _dates(supports)
    net.set_template_dir(str(_HERE), "page.html")
    net.templateEnv.autoescape = True  # pyvis leaves it off: labels would be markup
    net.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    net.templateEnv.globals.update(
        styles=[Markup(style) for style in styles],  # our own files and pyvis's, no data
        scripts=[Markup(script) for script in scripts],
        hashes=" ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts),
        page={
            "looks": looks,
            "details": details,
            "supports": supports,
            "focus": number.get(shown.focus) if shown.focus else None,
            "dates": days,
            "links": shown.links,
        },
        heading_text=_heading(graph, shown),
        summary=_summary(graph, net),
        notice=_notice(graph, shown),
        dates=days,
    )
    html: str = net.generate_html()
    return html


def _pyvis_folder() -> str:
    import pyvis

    return str(Path(pyvis.__file__).parent)


def _script(path: Path) -> str:
    """Read a script that is to stand inside the page; the map that its last line names is not shipped, and would be fetched."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\n//# sourceMappingURL=\S*\s*\Z", "\n", text)


class _Supports:
    """Numbers the sentences, each written into the page once."""

    def __init__(self) -> None:
        self.table: list[Support] = []
        self._place: dict[tuple[str, tuple[str, ...], str], int] = {}

    def refer(self, supports: Sequence[Support]) -> list[int]:
        numbers = []
        for support in supports:
            key = (support["evidence"], tuple(support["rules"]), support["derivation"])
            if key not in self._place:
                self._place[key] = len(self.table)
                self.table.append(support)
            numbers.append(self._place[key])
        return numbers


def _arrows(graph: Network, number: Mapping[str, int], supports: _Supports) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Gather the edges that are drawn as one arrow: those with the same two ends in the same direction."""
    arrows: dict[tuple[int, int], list[dict[str, Any]]] = {}
    edges = [(number[a], number[b], data) for a, b, data in graph.edges(data=True)]
    for a, b, data in sorted(edges, key=lambda edge: (edge[0], edge[1], property_order(edge[2]["predicate"]), edge[2]["iri"])):
        said = wording(data["predicate"])
        relation = {
            "s": a,
            "o": b,
            "forward": said.forward,
            "inverse": said.inverse,
            "drawn": said.drawn,
            "kind": said.kind,
            "since": data["since"],
            "refs": supports.refer(data["evidence"]),
        }
        arrows.setdefault((b, a) if said.flip else (a, b), []).append(relation)
    return dict(sorted(arrows.items()))


def _reading_order(graph: Network, iri: str) -> tuple[int, str, str, str]:
    node = graph.nodes[iri]
    return (_ORDER.get(node["class"], len(_ORDER)), node["class"], node["label"].casefold(), iri)


def _dates(supports: Sequence[Support]) -> list[str]:
    """List the days of the documents, for the slider; a single one is nothing to slide over."""
    days = sorted({support["date"] for support in supports} - {""})
    return days if len(days) > 1 else []


def _heading(graph: Network, shown: Shown) -> str:
    return printable(graph.nodes[shown.focus]["label"]) if shown.focus else "Deal network"


def _summary(graph: Network, net: Any) -> str:
    documents = {support["document"] for _, _, edge in graph.edges(data=True) for support in edge["evidence"]}
    documents |= {support["document"] for _, node in graph.nodes(data=True) for fact in node["facts"] for support in fact["evidence"]}
    counts = ((len(net.nodes), "node"), (len(net.edges), "arrow"), (len(documents), "document"))
    return " · ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)


def _notice(graph: Network, shown: Shown) -> str:
    """Say what is not on the page; an empty string where all is."""
    missing, sought = shown.total - len(graph), max(0, len(graph) - shown.limit)
    if shown.total == 0:
        return "The store holds no things yet: build it from some filings first."
    said = []
    if shown.focus and missing:
        near = f"within {shown.hops} step{'' if shown.hops == 1 else 's'} of this node"
        said.append(f"Only what lies {near}: {missing:,} of {shown.total:,} nodes are not on this page")
    elif missing:
        said.append(f"Only the most connected part: {missing:,} of {shown.total:,} nodes are not on this page; --focus NAME shows others")
    if sought:
        which = "the nearest" if shown.focus else "the most connected"
        said.append(f"{shown.limit:,} of {len(graph):,} nodes are drawn, {which}: search for another, and it is drawn with its neighbours")
    return f"{'. '.join(said)}." if said else ""
