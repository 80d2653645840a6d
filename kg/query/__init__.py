"""Guarded SPARQL over a graph, and the table of its results."""
