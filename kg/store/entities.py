"""Entities straight from a store: by name without reading what is stated of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from kg.model import Entity
from kg.schema import ID_BASE, NAMESPACE
from kg.store.names import RDF, RDFS, SKOS, Ids, as_literal
from kg.store.readback import index_of, read_entity

if TYPE_CHECKING:
    from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

    Quads = Callable[[NamedNode | None, NamedNode | None, Literal | None, DefaultGraph | None], Iterator[Quad]]
    """The quads that fit, as stores give them: `quads_for_pattern` of pyoxigraph, `quads` of ours."""

_PROPERTIES = (RDF + "type", RDFS + "label", SKOS + "altLabel", NAMESPACE + "registered")
_NAMES = (RDFS + "label", SKOS + "altLabel")


def read_entities(quads: Quads, *, id_base: str = ID_BASE) -> dict[str, Entity]:
    """All entities by id, sorted: the same as those of the whole statement set. Raises `StoreError` like it."""
    from pyoxigraph import DefaultGraph, NamedNode

    # Entities stand in the default graph, and only statements have a type there beside them.
    patterns = [quads(None, NamedNode(name), None, DefaultGraph()) for name in _PROPERTIES]
    return _entities(chain.from_iterable(patterns), id_base)


def entities_called(names: Iterable[str], quads: Quads, *, id_base: str = ID_BASE) -> Mapping[str, Entity]:
    """Enough of the entities that `kg.store.explain.find_entities` finds for `names` what it would among all.

    An id or a name as written is looked up; for one that is neither, all names are read; for one that is not even
    a name in other capitals, all entities.
    """
    found: dict[str, Entity] = {}
    for name in names:
        fitting = _fitting(name, quads, id_base)
        if not fitting:
            return read_entities(quads, id_base=id_base)
        found |= fitting
    return found


def _fitting(name: str, quads: Quads, id_base: str) -> dict[str, Entity]:
    """The entity of that id, else those that have the name or alias as written, else whatever its case."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    found = _read(NamedNode(Ids(id_base).entity(name)), quads, id_base) or _called(as_literal(name), quads, id_base)
    if not found:
        given = name.casefold()
        named = (quad for each in _NAMES for quad in quads(None, NamedNode(each), None, DefaultGraph()))
        forms = {quad.object.value for quad in named if isinstance(quad.object, Literal)}
        for form in sorted(form for form in forms if form.casefold() == given):
            found |= _called(form, quads, id_base)
    return found


def _called(form: str, quads: Quads, id_base: str) -> dict[str, Entity]:
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    found: dict[str, Entity] = {}
    for predicate in _NAMES:
        for quad in quads(None, NamedNode(predicate), Literal(form), DefaultGraph()):
            if isinstance(quad.subject, NamedNode):
                found |= _read(quad.subject, quads, id_base)
    return found


def _read(iri: NamedNode, quads: Quads, id_base: str) -> dict[str, Entity]:
    from pyoxigraph import DefaultGraph

    return _entities(quads(iri, None, None, DefaultGraph()), id_base)


def _entities(quads: Iterable[Quad], id_base: str) -> dict[str, Entity]:
    index, ids, found = index_of(quads), Ids(id_base), {}
    for iri in index:
        for kind in (each.removeprefix(NAMESPACE) for each in index[iri].get(RDF + "type", ())):
            if kind != "Statement" and iri.startswith(id_base):
                entity = read_entity(index, iri, kind, ids)
                found[entity.id] = entity
    return dict(sorted(found.items()))
