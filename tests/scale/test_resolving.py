"""What shards make of names and statements together is what a build in one piece makes of them, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Document, Evidence, Extracted, Mention, RelationMention
from kg.resolve.ids import in_document, new_id
from kg.resolve.judgements import Judgement, Judgements
from kg.resolve.statements import Refused, resolve
from kg.scale.engine import Here
from kg.scale.extracting import of_shard
from kg.scale.files import make_folder
from kg.scale.loading import merged
from kg.scale.project import Project, project_of, rules_of
from kg.scale.resolving import Resolved, resolve_shards
from kg.scale.tasks import MANIFEST, At, Done, Run, Task, do, notes_of, numbered
from kg.schema import load_schema
from kg.store.rdf import quads_by_line
from tests.store.test_change import ENTRIES, JUDGED, documents

SCHEMA = load_schema()
"""Names, definitions, shared and ordinary names, judgements: as the changes of a graph are tested."""


@pytest.fixture(scope="module")
def entities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The known names of the generated documents, as files."""
    folder = tmp_path_factory.mktemp("entities")
    rows = ({name: value for name, value in asdict(entry).items() if value} for entry in ENTRIES)
    (folder / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def project_with(judgements: Judgements, folder: Path, entities: Path) -> Project:
    path = folder / "own.jsonl"
    rows = ({name: value for name, value in asdict(each).items() if value} for each in judgements.everywhere.values())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return project_of([path], str(folder), entities=entities)


def extracted(run: Run, shards: Sequence[Sequence[Extracted]], project: Project) -> list[Done]:
    """The shards as extraction would leave them."""

    def task(number: int, found: Sequence[Extracted]) -> Task:
        name, at = numbered("extracted", number), At(number, run.parts, project)
        return Task(name, repr(found), run.folder, lambda: of_shard(at, found))

    return do(run, "extracting", [task(number, found) for number, found in enumerate(shards)])


def resolved(
    folder: Path, shards: Sequence[Sequence[Extracted]], project: Project, *, parts: int = 3
) -> tuple[Resolved, list[Done]]:
    make_folder(str(folder / MANIFEST))
    run = Run(str(folder), Here(), parts)
    done = extracted(run, shards, project)
    return resolve_shards(run, done, project), done


def dealt(found: Sequence[Extracted], shards: int) -> list[list[Extracted]]:
    return [list(found[number::shards]) for number in range(shards)]


DATES = st.none() | st.sampled_from(["2021-01-05", "2024-02-01"])


def reprint(each: Extracted, marks: int, date: str | None) -> Extracted:
    """The same words with so many marks more: another text, and the same story."""
    document = replace(each.document, text=each.document.text + "!" * marks, date=date, name=f"again {marks}")
    evidence = (replace(told.evidence, document=document.hash) for told in each.relations)
    relations = (replace(told, evidence=own) for told, own in zip(each.relations, evidence, strict=True))
    return Extracted(document, each.mentions, tuple(relations))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), judgements=st.just(Judgements()) | JUDGED)
def test_shards_are_resolved_as_if_they_were_one(data: st.DataObject, judgements: Judgements, entities: Path) -> None:
    found = [data.draw(documents(number)) for number in range(data.draw(st.integers(1, 6)))]
    copies = data.draw(st.lists(st.sampled_from(found), max_size=2))
    found += [replace(each, document=replace(each.document, name="copy", date="2022-02-02")) for each in copies]
    again = data.draw(st.lists(st.sampled_from(found), max_size=3))
    found += [reprint(each, marks, data.draw(DATES)) for marks, each in enumerate(again, 1)]
    found = data.draw(st.permutations(found))
    with TemporaryDirectory() as name:
        folder = Path(name)
        project = project_with(judgements, folder, entities)
        rules, refused = rules_of(project), list[Refused]()
        whole = resolve(found, rules.registry, SCHEMA, judgements=rules.judgements, on_refused=refused.append)
        made, _ = resolved(
            folder, dealt(found, data.draw(st.integers(1, 7))), project, parts=data.draw(st.integers(1, 4))
        )
        lines = [line[:-1].decode() for line in merged([each.path for each in made.quads], folder)]
        told = [Refused(*note) for each in made.linked for note in notes_of(str(folder), each.name)]
    assert lines == list(quads_by_line(whole, SCHEMA))
    assert sorted(map(repr, told)) == sorted(map(repr, refused))
    counts = {name: made.counts[name] for name in ("documents", "entities", "statements")}
    assert counts == {
        "documents": len(whole.documents), "entities": len(whole.entities), "statements": len(whole.statements)
    }  # fmt: skip


def naming(number: int, *names: tuple[str, str]) -> Extracted:
    """A document that names these things, each with its type."""
    text = f"{number}. " + ". ".join(name for name, _ in names) + "."
    places = {name: text.index(name) for name, _ in names}
    mentions = (Mention(name, places[name], places[name] + len(name), kind, "test") for name, kind in names)
    return Extracted(Document(f"d{number}", text, ()), tuple(mentions), ())


def stating(number: int, subject: str, relation: str, other: str, date: str) -> Extracted:
    """A document that states this of two companies."""
    found = naming(number, (subject, "Company"), (other, "Company"))
    document = replace(found.document, date=date)
    evidence = Evidence(document.hash, 0, len(document.text), document.text, "test", "asserted")
    return replace(found, document=document, relations=(RelationMention(relation, *found.mentions, evidence),))


def same(one: str, other: str) -> Judgements:
    row = Judgement(one, other, "same", "test", "2026-01-01")
    return Judgements({row.pair: row})


RIVALS = (
    stating(1, "Globexa", "primaryCloudFor", "Zorbu", "2023-01-05"),
    stating(2, "Acmelo", "primaryCloudFor", "Zorbu", "2024-02-01"),
)
LONG = "Blue Kiln Works (BKW)"
DEFINED = (
    Extracted(
        Document("d1", LONG, ()),
        (Mention(LONG[:15], 0, 15, "Company", "test"), Mention(LONG[17:20], 17, 20, "Company", "test")),
        (),
    ),
    naming(2, ("BKW", "Company")),
    naming(3, ("Quillstone", "Company")),
)
TWICE = (RIVALS[0], reprint(RIVALS[0], 1, "2022-01-05"), reprint(RIVALS[0], 2, None))
ORDINARY = (naming(1, ("John Smith", "Person")), naming(2, ("John Smith", "Person")))
APART = [in_document(new_id("John Smith", "Person"), each.document.hash) for each in ORDINARY]


@pytest.mark.parametrize(
    ("found", "judgements", "seen"),
    [
        (RIVALS, Judgements(), "validTo"),
        (TWICE, Judgements(), "#reprintOf> "),
        (DEFINED, Judgements(), "definition in another document"),
        (DEFINED, same("bkw-company", "quillstone-company"), "judgement"),
        (DEFINED, same("quillstone-company", "acmelo"), "id/acmelo> "),
        (ORDINARY, same(*APART), f"id/{min(APART)}> "),
    ],
    ids=["one at a time", "reprints", "defined", "judged and defined", "judged to be known", "ordinary names judged"],
)
def test_what_stands_in_several_shards_comes_together(
    found: tuple[Extracted, ...], judgements: Judgements, seen: str, tmp_path: Path, entities: Path
) -> None:
    project = project_with(judgements, tmp_path, entities)
    rules = rules_of(project)
    made, _ = resolved(tmp_path, [[each] for each in found], project, parts=5)
    lines = [line[:-1].decode() for line in merged([each.path for each in made.quads], tmp_path)]
    assert lines == list(quads_by_line(resolve(found, rules.registry, SCHEMA, judgements=rules.judgements), SCHEMA))
    assert any(seen in line for line in lines)
