"""The graph as RDF: export it, load it elsewhere, and ask the same question of the copy. Run it in a folder that it may write to."""

import rdflib

import kg
from kg.assets import asset_dir

EARNED = """
PREFIX kg: <https://w3id.org/conjugate/ontology#>
SELECT ?payment ?amount ?quote WHERE {
  ?payment a kg:Milestone ; kg:factuality kg:Occurred ; kg:amount ?amount ; kg:evidence/<http://www.w3.org/ns/oa#exact> ?quote .
} ORDER BY ?payment ?amount ?quote
"""

with kg.build([asset_dir("samples")], store="example-store") as graph:
    graph.export("nquads", "graph.nq")  # sorted, the same bytes each time; a named graph for each document
    here = [tuple(str(value) for value in row) for row in graph.to_rdflib().query(EARNED)]  # rdflib over the store itself

copy = rdflib.Dataset(default_union=True).parse("graph.nq", format="nquads")
there = [tuple(str(value) for value in row) for row in copy.query(EARNED)]
assert here == there
for payment, amount, quote in there:
    print(payment.rpartition("/")[2], amount, quote)
