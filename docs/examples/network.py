"""Who stands in the middle of the deals: the graph in networkx. Run it in a folder that it may write to."""

import networkx as nx

import kg
from kg.assets import asset_dir

with kg.build([asset_dir("samples")], store="example-store") as graph:
    network = graph.to_networkx()  # a MultiDiGraph: things and events, with their facts and sentences as attributes
    between = nx.betweenness_centrality(nx.Graph(network))
    for iri in sorted(between, key=lambda each: (-between[each], each))[:5]:
        print(f"{between[iri]:.3f}  {network.nodes[iri]['class']:<12} {network.nodes[iri]['label']}")
    companies = [iri for iri, node in network.nodes(data=True) if node["class"] == "Company"]
    print(len(companies), "companies,", network.number_of_edges(), "edges")
    graph.show("network.html")  # one file, to open in a browser
