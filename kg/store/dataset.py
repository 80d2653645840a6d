"""The graph as rdflib knows graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.schema import ID_BASE
from kg.store.names import prefixes

if TYPE_CHECKING:
    from pyoxigraph import Store
    from rdflib import Dataset


def dataset(store: Store, *, id_base: str = ID_BASE) -> Dataset:
    """An rdflib `Dataset` over a store, all graphs as its default graph, with the prefixes of `kg.query` bound."""
    from oxrdflib import OxigraphStore
    from rdflib import Dataset

    found = Dataset(store=OxigraphStore(store=store), default_union=True)
    for prefix, namespace in prefixes(id_base).items():
        found.bind(prefix, namespace, replace=True)
    return found
