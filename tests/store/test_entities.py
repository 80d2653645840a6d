"""Entities looked up in the store are those that the whole set of statements would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import KgError
from kg.model import Entity, StatementSet
from kg.query.named import named_query
from kg.schema import Schema, load_schema
from kg.store import graph as graph_module
from kg.store.entities import entities_called, read_entities
from kg.store.explain import find_entities
from kg.store.folder import open_folder, write_folder
from kg.store.rdf import to_quads

# Few letters, so that ids, names and aliases of several entities meet; ß and ẞ fold to more than one letter.
_FORMS = st.text("aAbßẞ é", min_size=1, max_size=3)


def _store(statements: StatementSet, schema: Schema) -> Store:
    store = Store()
    store.bulk_extend(to_quads(statements, schema))
    return store


def _found(name: str, entities: dict[str, Entity]) -> tuple[str, ...]:
    try:
        return tuple(sorted(find_entities(name, entities)))
    except KgError as error:
        return ("error", str(error))


@given(
    known=st.dictionaries(_FORMS, st.tuples(_FORMS, st.lists(_FORMS, max_size=3, unique=True)), max_size=5),
    names=st.lists(_FORMS, min_size=1, max_size=2),
)
def test_a_name_means_what_it_means_among_all(known: dict[str, tuple[str, list[str]]], names: list[str]) -> None:
    entities = {
        id_: Entity(id_, name, "Company", tuple(sorted(aliases))) for id_, (name, aliases) in sorted(known.items())
    }
    store = _store(StatementSet(entities=entities), load_schema())
    assert read_entities(store.quads_for_pattern) == entities
    called = dict(entities_called(names, store.quads_for_pattern))
    for name in names:
        assert _found(name, called) == _found(name, entities)


def test_documents_and_statements_are_no_entities(sample: StatementSet, schema: Schema) -> None:
    store = _store(sample, schema)
    assert read_entities(store.quads_for_pattern) == sample.entities
    assert list(read_entities(store.quads_for_pattern)) == list(sample.entities)
    assert dict(entities_called(["jane roe"], store.quads_for_pattern)) == {"jane-roe": sample.entities["jane-roe"]}
    assert dict(entities_called(["news"], store.quads_for_pattern)) == sample.entities  # the name of a document alone


def test_a_named_query_reads_no_statements(
    tmp_path: Path, sample: StatementSet, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "g", sample, schema)

    def refuse(*_: object, **__: object) -> StatementSet:
        raise AssertionError("the statements were read")

    monkeypatch.setattr(graph_module, "from_quads", refuse)
    graph = open_folder(tmp_path / "g")
    assert [row[0] for row in graph.ask("investors", {"company": "Acmelo inc."}).rows] == ["id:oak-ventures"]
    assert graph.ask("investors", {"company": "acmelo"}, time_limit=30) == graph.ask("investors", {"company": "acmelo"})
    with pytest.raises(KgError, match=r"investors: company: no entity is called 'Acmela'; did you mean 'Acmelo'"):
        graph.ask("investors", {"company": "Acmela"})
    assert graph.entities == sample.entities
    assert len(graph.query(named_query("investors").sparql, company=graph.entities["acmelo"]).rows) == 1
