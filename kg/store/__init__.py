"""The store: statements as RDF, in memory or in a graph folder on disk."""
