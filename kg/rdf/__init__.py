"""Statements in, quads out: the closed vocabulary, the names of things, and the shapes that a document must fit."""
