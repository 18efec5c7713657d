"""Things in, files for graph programs out: GraphML, GEXF (Gephi) and Cytoscape's JSON, nodes first and then what joins them.

Nodes and edges are spooled to the disk, since each format wants to know all attributes, and all nodes, before the first edge; in memory
are the IRIs alone.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import BinaryIO

import pyoxigraph as ox

from kg.export.things import Thing, things
from kg.export.xmltext import escape, has_illegal
from kg.model import Issue

_JOIN = "; "  # between the values of a property that has several

_Node = Callable[[Thing, dict[str, int]], str]
_Edge = Callable[[int, str, str, str], str]


def write_graphml(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write GraphML: a node for each thing with its label, class and values as strings, an edge for each link with its property.

    Values with characters that XML cannot hold get U+FFFD, an Issue each.
    """

    def node(thing: Thing, attributes: dict[str, int]) -> str:
        data = "".join(f'<data key="d{attributes[name]}">{escape(_JOIN.join(values))}</data>' for name, values in thing.values.items())
        kind = f'<data key="label">{escape(thing.label)}</data><data key="class">{escape(thing.kind)}</data>'
        return f'<node id="{escape(thing.iri)}">{kind}{data}</node>\n'

    def edge(number: int, start: str, name: str, end: str) -> str:
        ends = f'source="{escape(start)}" target="{escape(end)}"'
        return f'<edge id="e{number}" {ends}><data key="property">{escape(name)}</data></edge>\n'

    with _Spool(quads, node, edge) as spool:
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for key in ("label", "class"):
            out.write(f'<key id="{key}" for="node" attr.name="{key}" attr.type="string"/>\n'.encode())
        out.write(b'<key id="property" for="edge" attr.name="property" attr.type="string"/>\n')
        for name, number in sorted(spool.attributes.items()):
            out.write(f'<key id="d{number}" for="node" attr.name="{escape(_free(name))}" attr.type="string"/>\n'.encode())
        out.write(b'<graph edgedefault="directed">\n')
        spool.copy_to(out)
        out.write(b"</graph>\n</graphml>\n")
        return spool.issues


def write_gexf(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write GEXF 1.3 for Gephi; as `write_graphml` in all else."""

    def node(thing: Thing, attributes: dict[str, int]) -> str:
        values = "".join(
            f'<attvalue for="{attributes[name]}" value="{escape(_JOIN.join(values))}"/>' for name, values in thing.values.items()
        )
        kind = f'<attvalue for="class" value="{escape(thing.kind)}"/>'
        return f'<node id="{escape(thing.iri)}" label="{escape(thing.label)}"><attvalues>{kind}{values}</attvalues></node>\n'

    def edge(number: int, start: str, name: str, end: str) -> str:
        return f'<edge id="{number}" source="{escape(start)}" target="{escape(end)}" label="{escape(name)}"/>\n'

    with _Spool(quads, node, edge) as spool:
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n')
        out.write(b'<graph defaultedgetype="directed" mode="static">\n<attributes class="node" mode="static">\n')
        out.write(b'<attribute id="class" title="class" type="string"/>\n')
        for name, number in sorted(spool.attributes.items()):
            out.write(f'<attribute id="{number}" title="{escape(_free(name))}" type="string"/>\n'.encode())
        out.write(b"</attributes>\n<nodes>\n")
        spool.copy_to(out, b"</nodes>\n<edges>\n")
        out.write(b"</edges>\n</graph>\n</gexf>\n")
        return spool.issues


def write_cytoscape(quads: Iterable[ox.Quad], out: BinaryIO) -> list[Issue]:
    """Write the JSON that Cytoscape and Cytoscape.js read; a property with several values is a list."""

    def node(thing: Thing, _: dict[str, int]) -> str:
        values: dict[str, object] = {_free(name): found[0] if len(found) == 1 else found for name, found in thing.values.items()}
        own = {"id": thing.iri, "value": thing.iri, "name": thing.label, "class": thing.kind}
        return f",\n{json.dumps({'data': values | own}, ensure_ascii=False)}"

    def edge(number: int, start: str, name: str, end: str) -> str:
        found = {"id": f"e{number}", "source": start, "target": end, "interaction": name, "key": number}
        return f",\n{json.dumps({'data': found}, ensure_ascii=False)}"

    with _Spool(quads, node, edge) as spool:
        out.write(b'{"data": [], "directed": true, "multigraph": true, "elements": {"nodes": [')
        spool.copy_to(out, b'\n], "edges": [', skip=1)
        out.write(b"\n]}}\n")
        return []


def _free(name: str) -> str:
    """Keep a property's name apart from the attributes that every node has."""
    return f"{name}_" if name in {"class", "label", "id", "name", "value", "property"} else name


class _Spool:
    """Nodes and edges as text on the disk, the attributes that nodes have, and the Issues of values that XML cannot hold."""

    def __init__(self, quads: Iterable[ox.Quad], node: _Node, edge: _Edge) -> None:
        self.attributes: dict[str, int] = {}
        self.issues: list[Issue] = []
        self._files = ExitStack()
        self._nodes: BinaryIO = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 # closed with the rest
        self._edges: BinaryIO = self._files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 # closed with the rest
        known: set[str] = set()
        wanted: dict[str, None] = {}
        number = 0
        for thing in things(quads):
            for name, values in thing.values.items():
                self.attributes.setdefault(name, len(self.attributes))
                if any(has_illegal(value) for value in values):
                    self.issues.append(Issue("export", thing.iri, f"XML cannot hold a control character of {name}: written as U+FFFD"))
            known.add(thing.iri)
            self._nodes.write(node(thing, self.attributes).encode())
            for name, end in thing.links:
                wanted[end] = None
                self._edges.write(edge(number, thing.iri, name, end).encode())
                number += 1
        for end in wanted:  # a link may lead to what nothing is told of
            if end not in known:
                self._nodes.write(node(Thing(end), self.attributes).encode())

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def copy_to(self, out: BinaryIO, between: bytes = b"", skip: int = 0) -> None:
        """Write the nodes, what stands between, and the edges; skip leaves out the first bytes of both, such as a comma."""
        self._nodes.seek(skip)
        shutil.copyfileobj(self._nodes, out)
        out.write(between)
        self._edges.seek(skip)
        shutil.copyfileobj(self._edges, out)
