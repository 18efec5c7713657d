"""A store in, a picture of it out: a networkx graph, or one HTML page."""
