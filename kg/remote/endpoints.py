"""A store's URL in, what it can be asked and told by out: found by trying, on a graph of one triple that is taken away again.

Where stores listen, by their manuals: Fuseki and Stardog `/DATASET`, Oxigraph `/query /update /store`, GraphDB and RDF4J
`/repositories/NAME` with `/statements` and `/rdf-graphs/service`, Virtuoso `/sparql`, `/sparql-auth` and `/sparql-graph-crud-auth`,
Neptune `/sparql` with `/sparql/gsp/`, Blazegraph `/namespace/NAME/sparql`, QLever the root.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from kg.errors import ExportError
from kg.remote.client import Client, told

RESULTS = "application/sparql-results+json"
TRIPLES, QUADS = "application/n-triples", "application/n-quads"
# An update goes as its own media type, or as a form; Virtuoso takes it as a query.
_UPDATE_STYLES = ("body", "update", "query")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """URLs of a store; None where it has no such way in. style: how an update is sent (body, or a form's update or query)."""

    query: str
    update: str | None = None
    style: str = "body"
    graphs: str | None = None  # the Graph Store Protocol
    bulk: str | None = None  # takes quads of many graphs at once

    @property
    def ways(self) -> str:
        """Say which ways in there are."""
        named = (("bulk", self.bulk), ("graph store", self.graphs), ("update", self.update))
        return ", ".join(name for name, url in named if url is not None) or "queries only"


def find_endpoints(client: Client, probe: str, *, write: bool = True) -> Endpoints:
    """Try the store's URL; probe is the IRI of a graph that may be written and dropped.

    Raises ExportError where nothing there answers a query, or (if write) nothing takes a graph.
    """
    query = _find_query(client, probe)
    if not write:
        return Endpoints(query)  # graphs are read by CONSTRUCT, which every endpoint answers
    update, style = _find_update(client, query, probe)
    found = Endpoints(query, update, style)
    graphs = _find_graphs(client, found, probe)
    found = Endpoints(query, update, style, graphs)
    bulk = _find_bulk(client, found, probe)
    if update is None and graphs is None:
        raise ExportError(
            f"{client.url} answers queries, but takes neither updates nor graphs: is it read-only, or are credentials missing?"
        )
    return Endpoints(query, update, style, graphs, bulk)


def select(client: Client, query_url: str, query: str) -> list[dict[str, str]]:
    """Ask for rows; each is a dict of the values of its bound variables."""
    answer = client.require("POST", query_url, data={"query": query}, headers={"Accept": RESULTS})
    try:
        rows = answer.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ExportError(f"{query_url} answered a query with something else than SPARQL's JSON: {told(answer)}") from None


def update(client: Client, endpoints: Endpoints, text: str) -> None:
    """Send an update; raises ExportError where the store refuses it."""
    if endpoints.update is None:
        raise ExportError(f"{client.url} takes no updates")
    client.require("POST", endpoints.update, **_update(endpoints.style, text))


def _update(style: str, text: str) -> dict[str, object]:
    if style == "body":
        return {"content": text.encode(), "headers": {"Content-Type": "application/sparql-update; charset=utf-8"}}
    return {"data": {style: text}}


def _find_query(client: Client, probe: str) -> str:
    answers = []
    for url in (client.url, f"{client.url}/query", f"{client.url}/sparql"):
        # a SELECT, as Virtuoso answers an ASK with a table
        answer = client.attempt("POST", url, data={"query": _any(probe)}, headers={"Accept": RESULTS})
        try:
            if answer is not None and answer.is_success and isinstance(answer.json()["results"]["bindings"], list):
                return url
        except (ValueError, KeyError, TypeError):
            pass
        answers.append(f"{url}: {'no answer' if answer is None else told(answer)}")
    raise ExportError("no SPARQL endpoint there; tried " + "; ".join(answers))


def _roots(client: Client, query: str) -> Iterator[str]:
    """Give the places that a store's other endpoints are beside or below."""
    yield client.url
    if query != client.url:
        yield query
    for ending in ("/query", "/sparql"):
        if client.url.endswith(ending):
            yield client.url.removesuffix(ending)


def _holds(client: Client, query: str, probe: str) -> bool:
    return bool(select(client, query, _any(probe)))


def _any(graph: str) -> str:
    return f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 1"


def _line(probe: str) -> str:
    return f'<{probe}> <http://purl.org/dc/terms/description> "written to see whether this store takes a graph"'


def _find_update(client: Client, query: str, probe: str) -> tuple[str | None, str]:
    places = [f"{root}/{name}" for root in _roots(client, query) for name in ("update", "statements")]
    places += [f"{root}-auth" for root in _roots(client, query) if root.endswith("/sparql")]
    for url in [*places, *_roots(client, query)]:
        for style in _UPDATE_STYLES:
            text = f"INSERT DATA {{ GRAPH <{probe}> {{ {_line(probe)} }} }}"
            answer = client.attempt("POST", url, **_update(style, text))
            if answer is None or answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}:
                break
            if answer.is_success and _holds(client, query, probe):
                client.require("POST", url, **_update(style, f"DROP SILENT GRAPH <{probe}>"))
                return url, style
    return None, "body"


def _find_graphs(client: Client, found: Endpoints, probe: str) -> str | None:
    places = [str(httpx.URL(client.url).copy_with(path="/sparql-graph-crud-auth"))] if client.url.endswith("/sparql") else []
    places += [f"{root}/{name}" for root in _roots(client, found.query) for name in ("data", "store", "rdf-graphs/service", "gsp/")]
    for url in [*places, *_roots(client, found.query)]:
        content, headers = f"{_line(probe)} .\n".encode(), {"Content-Type": TRIPLES}
        answer = client.attempt("PUT", url, params={"graph": probe}, content=content, headers=headers)
        if answer is not None and answer.is_success and _holds(client, found.query, probe):
            client.send("DELETE", url, params={"graph": probe})
            if not _holds(client, found.query, probe):
                return url
            if found.update is not None:
                update(client, found, f"DROP SILENT GRAPH <{probe}>")
    return None


def _find_bulk(client: Client, found: Endpoints, probe: str) -> str | None:
    """Look for a place that takes N-Quads; it only adds, so what is there already must be dropped otherwise."""
    if found.update is None and found.graphs is None:
        return None
    roots = list(_roots(client, found.query))
    for url in [*(f"{root}/{name}" for root in roots for name in ("data", "store", "statements")), *roots]:
        content = f"{_line(probe)} <{probe}> .\n".encode()
        answer = client.attempt("POST", url, content=content, headers={"Content-Type": QUADS})
        if answer is not None and answer.is_success and _holds(client, found.query, probe):
            drop(client, found, probe)
            return url
    return None


def drop(client: Client, endpoints: Endpoints, graph: str) -> None:
    """Take a graph away, whether it is there or not."""
    if endpoints.update is not None:
        update(client, endpoints, f"DROP SILENT GRAPH <{graph}>")
    elif endpoints.graphs is not None:
        answer = client.send("DELETE", endpoints.graphs, params={"graph": graph})
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            raise ExportError(f"DELETE of {graph}: {told(answer)}")
