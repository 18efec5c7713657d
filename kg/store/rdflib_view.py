"""An open engine in, a read-only rdflib Dataset over the same quads out."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.term import Identifier, Node, Variable

from kg.errors import QueryError, StoreError
from kg.store.guard import Bindable
from kg.store.sparql import PREFIXES, Term, answer

_Pattern = tuple[Node | None, Node | None, Node | None]


class StoreView(OxigraphStore):
    """An oxrdflib store that shows the union of the documents as its default graph, hides the run record, and writes nothing.

    Writing through rdflib would bypass the store's transactions. Strings come as rdflib's plain literals, where oxrdflib gives
    them the datatype xsd:string, which rdflib holds unequal to none.
    """

    def __init__(self, engine: ox.Store, hidden: ox.NamedNode) -> None:
        """Wrap an open engine; hidden is the name of the graph that is not shown."""
        super().__init__(store=engine)
        self._hidden = hidden

    def triples(self, triple_pattern: _Pattern, context: Graph | None = None) -> Iterator[tuple[Any, Iterator[Graph | None]]]:
        """Iterate over the triples of a graph, or once over each of the union with the graphs that hold it."""
        if context is not None and context.identifier != DATASET_DEFAULT_GRAPH_ID:
            yield from ((_triple(quad), iter((context,))) for quad in self._match(triple_pattern, _name(context.identifier)))
        else:
            for quad in self._match(triple_pattern, ox.DefaultGraph()):
                yield _triple(quad), self._holders(quad) if context is None else iter((context,))

    def contexts(self, triple: tuple[Node, Node, Node] | None = None) -> Generator[Graph, None, None]:
        """Iterate over the named graphs, or those that hold a triple."""
        names = self._inner.named_graphs() if triple is None else (quad.graph_name for quad in self._match(triple, None))
        yield from (self._graph(name) for name in names if name not in (self._hidden, ox.DefaultGraph()))

    def __len__(self, context: Graph | None = None) -> int:
        """Count the triples of a graph, or of the union."""
        graph = ox.DefaultGraph() if context is None else _name(context.identifier)
        return len(list(self._match((None, None, None), graph)))

    def query(
        self,
        query: Any,
        initNs: Mapping[str, Any],
        initBindings: Mapping[str, Identifier],
        queryGraph: str,
        **kwargs: object,
    ) -> Result:
        """Ask through the same guard as `Store.query`.

        Raises QueryError, never NotImplementedError: on that, rdflib would fall back to its own engine, which reads files and URLs.
        """
        if not isinstance(query, str) or kwargs:
            raise QueryError("a query of this view is a text without options: rdflib's prepared queries are not supported")
        graph = str(queryGraph)
        default = None if graph in ("__UNION__", str(DATASET_DEFAULT_GRAPH_ID)) else ox.NamedNode(graph)
        prefixes = {**PREFIXES, **{prefix: str(namespace) for prefix, namespace in initNs.items()}}
        found = answer(self._inner, query, {str(name): _bindable(term) for name, term in initBindings.items()}, prefixes, default)
        if found.boolean is not None:
            result = Result("ASK")
            result.askAnswer = found.boolean
        elif found.triples is not None:
            result = Result("CONSTRUCT")
            result.graph = Graph()
            for triple in found.triples:
                result.graph.add(_triple(triple))
        else:
            result = Result("SELECT")
            result.vars = [Variable(name) for name in found.columns]
            result.bindings = [
                {name: _term(term) for name, term in zip(result.vars, row, strict=True) if term is not None} for row in found.rows
            ]
        return result

    def _match(self, pattern: _Pattern, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None) -> Iterator[ox.Quad]:
        subject, predicate, obj = pattern
        if isinstance(subject, Literal) or isinstance(predicate, Literal | BNode):
            return iter(())  # rdflib asks such things, and no triple holds them
        return self._inner.quads_for_pattern(
            None if subject is None else _resource(subject),
            None if predicate is None else ox.NamedNode(str(predicate)),
            None if obj is None else _object(obj),
            graph,
        )

    def _holders(self, quad: ox.Quad) -> Iterator[Graph | None]:
        others = self._inner.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        yield from (self._graph(other.graph_name) for other in others if other.graph_name not in (self._hidden, ox.DefaultGraph()))

    def _graph(self, name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Graph:
        return Graph(store=self, identifier=DATASET_DEFAULT_GRAPH_ID if isinstance(name, ox.DefaultGraph) else URIRef(name.value))

    def add_graph(self, graph: Graph) -> None:
        """Accept a graph that exists, which rdflib announces whenever one is looked at."""
        name = _name(graph.identifier)
        if not isinstance(name, ox.DefaultGraph) and not self._inner.contains_named_graph(name):
            self._refuse()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise StoreError("this view is read-only: change the graph with kg build, or copy it into an rdflib Dataset of your own")

    add = addN = remove = remove_graph = update = open = destroy = _refuse


def to_dataset(engine: ox.Store, hidden: ox.NamedNode) -> Dataset:
    """Make the Dataset, its default graph the union of the documents' graphs."""
    dataset = Dataset(store=StoreView(engine, hidden))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, Namespace(namespace))
    return dataset


def _name(node: Node) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
    if node == DATASET_DEFAULT_GRAPH_ID:
        return ox.DefaultGraph()
    return _resource(node)


def _resource(node: Node) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))


def _object(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if not isinstance(node, Literal):
        return _resource(node)
    if node.language is not None:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=None if node.datatype is None else ox.NamedNode(str(node.datatype)))


def _bindable(node: Node) -> Bindable:
    term = _object(node)
    if isinstance(term, ox.BlankNode):
        raise QueryError(f"a variable can be bound to an IRI or a literal, not to {term}")
    return term


def _term(term: Term | ox.Triple) -> URIRef | BNode | Literal:
    """Translate a term, strings into plain literals."""
    if isinstance(term, ox.Literal):
        if term.language is not None:
            return Literal(term.value, lang=term.language)
        return Literal(term.value, datatype=None if term.datatype.value == str(XSD.string) else URIRef(term.datatype.value))
    if isinstance(term, ox.Triple):
        raise StoreError(f"rdflib cannot hold the triple term {term}")
    return BNode(term.value) if isinstance(term, ox.BlankNode) else URIRef(term.value)


def _triple(statement: ox.Quad | ox.Triple) -> tuple[Node, Node, Node]:
    return _term(statement.subject), _term(statement.predicate), _term(statement.object)
