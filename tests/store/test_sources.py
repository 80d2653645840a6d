"""Reprints in the graph: linked with their original, shown with it, and counted with it as one source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.errors import StoreError
from kg.export.text import explanation_lines
from kg.model import Document, Evidence, Extracted, Mention, RelationMention, StatementSet
from kg.query.reports import report
from kg.resolve.registry import Registry
from kg.resolve.statements import resolve
from kg.schema import load_schema
from kg.store.graph import Graph
from kg.store.multigraph import multigraph
from kg.store.rdf import from_quads, to_quads
from kg.store.time import as_of

SCHEMA = load_schema()


def told(
    name: str, text: str, date: str | None = None, *, relation: str = "usesChip", status: str = "asserted"
) -> Extracted:
    document = Document(name, text, (), date=date, title=name.title(), publisher="Widget Press")
    ends = (("Zorbu", "Company"), ("Quill 7", "Chip"))
    user, chip = (Mention(name, text.index(name), text.index(name) + len(name), kind, "test") for name, kind in ends)
    evidence = Evidence(document.hash, user.start, chip.end, text[user.start : chip.end], "test", status)
    return Extracted(document, (user, chip), (RelationMention(relation, user, chip, evidence),))


WIRE = told("wire", "Zorbu uses the Quill 7.", "2024-03-01")
HERALD = told("herald", "Zorbu uses the “Quill 7”!", "2024-03-02")
POST = told("post", "* Zorbu uses the Quill 7", "2024-03-03")
OWN = told("own", "Our reporter saw that Zorbu runs on the Quill 7.", "2024-03-04")
DENIAL = told("denial", "Zorbu does not use the Quill 7.", "2024-03-05", status="denied")


def a_set(*documents: Extracted) -> StatementSet:
    return resolve(documents, Registry({}, {}), SCHEMA)


def test_an_original_and_its_reprints_are_one_source() -> None:
    found = a_set(POST, HERALD, WIRE)
    (statement,) = found.statements
    assert len(statement.evidence) == 3
    assert found.sources(statement) == 1
    assert found.reprints == {each.document.hash: WIRE.document.hash for each in (HERALD, POST)}
    assert a_set(POST, HERALD).reprints == {POST.document.hash: HERALD.document.hash}


def test_another_story_is_another_source_and_another_status_is_none() -> None:
    found = a_set(WIRE, HERALD, OWN, DENIAL)
    (statement,) = found.statements
    assert found.sources(statement) == 2
    denied = replace(statement, status="denied")
    assert found.sources(denied) == 1
    ended = replace(statement, status="ended")  # no evidence has it: another statement took its place
    assert found.sources(ended) == 3


def test_reprints_are_read_back() -> None:
    found = a_set(WIRE, HERALD, POST, OWN)
    texts = {key: each.text for key, each in found.documents.items()}
    quads = to_quads(found, SCHEMA)
    read = from_quads(quads, texts=texts)
    assert read == found
    assert to_quads(read, SCHEMA) == quads
    links = [quad for quad in quads if quad.predicate.value.endswith("#reprintOf")]
    assert len(links) == 2
    assert all(quad.graph_name == quad.subject for quad in links)


def test_an_original_that_is_not_there_is_refused() -> None:
    found = replace(a_set(WIRE), reprints={WIRE.document.hash: "0" * 16})
    with pytest.raises(StoreError, match=r"reprint '.*' of '0000000000000000': one of them is missing"):
        to_quads(found, SCHEMA)


def test_explain_names_the_original_and_puts_its_reprints_after_it() -> None:
    documents = (POST, OWN, WIRE, HERALD)
    found = Graph(a_set(*documents)).explain("Zorbu", "usesChip")
    (explanation,) = found
    assert explanation.sources == 2
    by_group = [cited.document for cited in explanation.citations]
    at = by_group.index("wire")
    assert set(by_group[at + 1 : at + 3]) == {"herald", "post"}
    originals = {cited.document: cited.reprint_of for cited in explanation.citations}
    wire = "Wire, Widget Press, 2024-03-01"
    assert originals == {"wire": None, "herald": wire, "post": wire, "own": None}
    lines = "\n".join(explanation_lines(explanation, SCHEMA))
    assert lines.count(f"(reprint of {wire})") == 2


def test_an_original_that_says_nothing_of_it_is_named() -> None:
    silent = replace(WIRE, relations=())
    (explanation,) = Graph(a_set(silent, HERALD, POST)).explain("Zorbu", "usesChip")
    assert explanation.sources == 1
    assert {cited.reprint_of for cited in explanation.citations} == {"Wire, Widget Press, 2024-03-01"}


def test_reports_networks_and_tables_count_them_once() -> None:
    found = a_set(WIRE, HERALD, POST, OWN)
    assert report("dependence", found, SCHEMA).rows == (("Zorbu", "Quill 7", "100%", "1", "2"),)
    (row,) = report("timeline", found, SCHEMA, entity="Zorbu").rows
    assert dict(zip(report("timeline", found, SCHEMA, entity="Zorbu").columns, row, strict=True))["sources"] == "2"
    ((_, _, attributes),) = multigraph(found).edges(data=True)
    assert (attributes["evidence"], attributes["sources"]) == (4, 2)


def test_a_day_before_a_reprint_knows_only_the_original() -> None:
    found = a_set(WIRE, HERALD, POST)
    then = as_of(found, "2024-03-02", SCHEMA)
    assert then.reprints == {HERALD.document.hash: WIRE.document.hash}
    assert to_quads(then, SCHEMA)
    assert as_of(found, "2024-03-01", SCHEMA).reprints == {}


def test_an_original_without_a_date_counts_on_days_too() -> None:
    undated = replace(HERALD, document=replace(HERALD.document, date=None))
    then = as_of(a_set(WIRE, undated), "2024-12-31", SCHEMA)
    assert to_quads(then, SCHEMA)


def test_queries_count_them_once() -> None:
    graph = Graph(a_set(WIRE, HERALD, POST))
    assert len(graph.ask("single-source").rows) == 1
    table = graph.ask("evidence", {"subject": "Zorbu", "relation": "usesChip"})
    originals = [row[table.variables.index("original")] for row in table.rows]
    assert sorted(map(bool, originals)) == [False, True, True]
    table = graph.ask("documents")
    assert sum(bool(row[table.variables.index("original")]) for row in table.rows) == 2
    with_own = Graph(a_set(WIRE, HERALD, POST, OWN))
    assert with_own.ask("single-source").rows == ()
    timeline = with_own.ask("timeline", {"entity": "Zorbu"})
    assert [row[timeline.variables.index("sources")] for row in timeline.rows] == ["2"]
