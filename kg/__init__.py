"""A knowledge graph of AI-industry relationships from news, with the sentence behind every edge.

The public names are those in `__all__`; they are loaded when first used, so that `import kg` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import build_graph, edit_graph, extract_documents, extract_text, open_graph
    from kg.errors import KgError
    from kg.model import Amount, Binding, Document, Entity, Evidence, Statement
    from kg.read.options import Reading
    from kg.store.graph import Graph

_HOME = {
    "Amount": "kg.model",
    "Binding": "kg.model",
    "Document": "kg.model",
    "Entity": "kg.model",
    "Evidence": "kg.model",
    "Graph": "kg.store.graph",
    "KgError": "kg.errors",
    "Reading": "kg.read.options",
    "Statement": "kg.model",
    "build_graph": "kg.api",
    "edit_graph": "kg.api",
    "extract_documents": "kg.api",
    "extract_text": "kg.api",
    "open_graph": "kg.api",
}

__all__ = [
    "Amount",
    "Binding",
    "Document",
    "Entity",
    "Evidence",
    "Graph",
    "KgError",
    "Reading",
    "Statement",
    "build_graph",
    "edit_graph",
    "extract_documents",
    "extract_text",
    "open_graph",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
