"""A graph folder that changes: byte for byte what a build would write, whatever cuts it off."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import KgError, StoreError
from kg.model import Document, Evidence, Extracted, Mention, RelationMention
from kg.resolve.registry import Entry, Registry
from kg.resolve.statements import resolve
from kg.schema import load_schema
from kg.store.edit import Edit, edit_folder
from kg.store.folder import open_folder, write_folder
from kg.store.index import FILE

SCHEMA = load_schema()
REGISTRY = Registry({"acmelo": Entry("acmelo", "Acmelo", "Company")}, {"acmelo": ("acmelo",)})
ROOT = Path(__file__).parent.parent.parent


def told(name: str, *facts: str, date: str | None = None) -> Extracted:
    """A document of sentences such as `Zorbu acquires Acmelo`, all about companies."""
    text = ". ".join(facts) + "."
    whole = Document(name, text, (), date=date)
    mentions, relations = {}, []
    for fact in facts:
        subject, relation, other = fact.split(" ")
        for end in (subject, other):
            mentions[end] = Mention(end, text.index(end), text.index(end) + len(end), "Company", "test")
        start = text.index(fact)
        evidence = Evidence(whole.hash, start, start + len(fact), fact, "test", "asserted")
        relations.append(RelationMention(relation, mentions[subject], mentions[other], evidence))
    return Extracted(whole, tuple(mentions.values()), tuple(relations))


ONE = told("one", "Zorbu acquires Acmelo", "Zorbu competesWith Quillon", date="2024-01-05")
TWO = told("two", "ZORBU acquires Acmelo", "Quillon partnersWith Acmelo", date="2024-02-01")
THREE = told("three", "Acmelo investsIn Quillon")
ALL = (ONE, TWO, THREE)


def built(folder: Path, *documents: Extracted, registry: Registry = REGISTRY) -> Path:
    write_folder(folder, resolve(documents, registry, SCHEMA), SCHEMA, extracted=documents)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """What is promised byte for byte, and what the store holds."""
    files = [folder / "graph.nq", folder / "kg.json", *(folder / "documents").iterdir()]
    held = "".join(sorted(f"{quad} .\n" for quad in open_folder(folder)._oxigraph()))
    return {"": held.encode(), **{file.name: file.read_bytes() for file in files}}


def test_adding_and_retracting_write_what_a_build_would(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", ONE)
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([TWO])
        edit.add([THREE])
        assert [document.name for document in edit.documents.values()] == [
            each.document.name for each in sorted(ALL, key=lambda each: each.document.hash)
        ]
    assert content(folder) == content(built(tmp_path / "all", *ALL))
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.retract("one", THREE.document.hash)
    assert content(folder) == content(built(tmp_path / "two", TWO))
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.retract("two")
    assert content(folder) == content(built(tmp_path / "none"))


def test_reprints_follow_their_original_in_and_out(tmp_path: Path) -> None:
    wire = told("wire", "Zorbu acquires Acmelo", "Zorbu competesWith Quillon", date="2024-01-01")
    text = wire.document.text.replace(".", "!")
    post = replace(wire.document, name="post", text=text, date="2024-01-02")
    evidence = [replace(each.evidence, document=post.hash) for each in wire.relations]
    found = (replace(each, evidence=said) for each, said in zip(wire.relations, evidence, strict=True))
    reprint = Extracted(post, wire.mentions, tuple(found))
    folder = built(tmp_path / "g", TWO, reprint)
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([wire])
    assert content(folder) == content(built(tmp_path / "all", TWO, reprint, wire))
    assert open_folder(folder).statement_set.reprints == {post.hash: wire.document.hash}
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.retract("wire")
    assert content(folder) == content(built(tmp_path / "two", TWO, reprint))
    assert open_folder(folder).statement_set.reprints == {}


def test_adding_what_is_there_changes_nothing(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", *ALL)
    before = content(folder)
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        later = replace(ONE, document=replace(ONE.document, name="z copy"))
        made = edit.add([ONE, later])
    assert (made.removed, made.added) == ({}, {})
    assert content(folder) == before


def test_a_copy_that_comes_first_counts(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", *ALL)
    first = replace(ONE, document=replace(ONE.document, name="a copy", date="2020-01-01"))
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([first])
    assert content(folder) == content(built(tmp_path / "all", first, TWO, THREE))


def test_an_unknown_document_changes_nothing(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", *ALL)
    before = content(folder)
    with (
        edit_folder(folder, REGISTRY, SCHEMA) as edit,
        pytest.raises(KgError, match="no document 'thre'; did you mean 'three'"),
    ):
        edit.retract("one", "thre")
    assert content(folder) == before


def test_a_graph_by_other_names_is_resolved_anew_first(tmp_path: Path) -> None:
    known = Registry({"zorbu-group": Entry("zorbu-group", "Zorbu", "Company")}, {"zorbu": ("zorbu-group",)})
    folder = built(tmp_path / "g", ONE, TWO, registry=known)
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([THREE])
    assert content(folder) == content(built(tmp_path / "all", *ALL))
    with edit_folder(folder, known, SCHEMA) as edit:
        edit.retract("three")
    assert content(folder) == content(built(tmp_path / "two", ONE, TWO, registry=known))


def test_only_one_may_change_a_folder_at_a_time(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", ONE)
    with (
        edit_folder(folder, REGISTRY, SCHEMA) as edit,
        pytest.raises(StoreError, match=r"cannot be changed: .*is another program changing it"),
        edit_folder(folder, REGISTRY, SCHEMA),
    ):
        pass
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([TWO])
    assert content(folder) == content(built(tmp_path / "two", ONE, TWO))


def test_readers_see_the_graph_as_it_was_when_they_opened_it(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", ONE)
    before = open_folder(folder)
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([TWO])
        assert len(before.query("SELECT ?d { ?d a kg:Document }", trusted=True).rows) == 1
        assert len(open_folder(folder).query("SELECT ?d { ?d a kg:Document }").rows) == 2


def test_a_graph_without_what_reading_found_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "g"
    write_folder(folder, resolve([ONE], REGISTRY, SCHEMA), SCHEMA)
    with (
        pytest.raises(StoreError, match=r"\.json: missing or damaged .*build the graph again"),
        edit_folder(folder, REGISTRY, SCHEMA) as edit,
    ):
        edit.add([TWO])
    assert [d.name for d in open_folder(folder).statement_set.documents.values()] == ["one"]


def test_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    folder = built(tmp_path / "g", ONE)
    (folder / FILE).write_bytes(b"no database" * 100)
    with (
        pytest.raises(StoreError, match=r"index\.sqlite: cannot be opened: .*delete it"),
        edit_folder(folder, REGISTRY, SCHEMA),
    ):
        pass
    (folder / FILE).unlink()
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        edit.add([TWO])
    assert content(folder) == content(built(tmp_path / "two", ONE, TWO))


@pytest.mark.parametrize("where", ["_apply", "_write_lines", "finish"])
@pytest.mark.parametrize("step", ["add", "retract"])
def test_what_was_cut_off_is_finished_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, step: str
) -> None:
    folder = built(tmp_path / "g", ONE, TWO)
    with edit_folder(folder, REGISTRY, SCHEMA):
        pass

    def cut_off(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):  # noqa: PT012
        patched.setattr(Edit, where, cut_off)
        if where != "_write_lines":
            patched.setattr(Edit, "finish", lambda edit: (edit._index.close(), delattr(edit, "_store")))
        with edit_folder(folder, REGISTRY, SCHEMA) as edit:
            if step == "add":
                edit.add([THREE])
            else:
                edit.retract("two")
            raise KeyboardInterrupt
    with edit_folder(folder, REGISTRY, SCHEMA):
        pass
    expected = ALL if step == "add" else (ONE,)
    assert content(folder) == content(built(tmp_path / "expected", *expected))


KILLED = """
import sys
from pathlib import Path
from kg.store.edit import edit_folder
from tests.store.test_edit import REGISTRY, SCHEMA, told
with edit_folder(Path(sys.argv[1]), REGISTRY, SCHEMA) as edit:
    print("open", flush=True)
    for number in range(10_000):
        edit.add([told(f"d{number}", f"Zorbu investsIn Quillon{number}")])
"""


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [0, 3, 20, 60, 150])
def test_a_killed_change_is_made_wholly_or_not_at_all(tmp_path: Path, milliseconds: int) -> None:
    folder = built(tmp_path / "g", ONE)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, env=env)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(milliseconds / 1000)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with edit_folder(folder, REGISTRY, SCHEMA) as edit:
        count = len(edit.documents) - 1
    made = [told(f"d{number}", f"Zorbu investsIn Quillon{number}") for number in range(count)]
    assert content(folder) == content(built(tmp_path / "expected", ONE, *made))
    shutil.rmtree(folder)
