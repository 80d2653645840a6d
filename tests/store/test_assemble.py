"""A graph folder put together batch by batch, or brought in line with other documents, is what a build of them is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.model import Extracted
from kg.resolve.judgements import NO_JUDGEMENTS
from kg.resolve.registry import Registry
from kg.resolve.statements import one_of_each_text, resolve
from kg.store import assemble as assemble_module
from kg.store.assemble import assemble, bring_up_to_date, take_in
from kg.store.extracted import extracted_hash
from kg.store.folder import LEDGER, PLACES, open_folder, write_folder
from kg.store.index import FILE as INDEX
from kg.store.rejoin import Rules
from tests.store.test_change import REGISTRY, SCHEMA, documents
from tests.store.test_edit import told

RULES = Rules(REGISTRY, SCHEMA, NO_JUDGEMENTS)


def content(folder: Path) -> dict[str, bytes]:
    """What is promised byte for byte, and what the store holds."""
    files = [folder / "graph.nq", folder / "kg.json", *(folder / "documents").iterdir()]
    held = "".join(sorted(f"{quad} .\n" for quad in open_folder(folder)._oxigraph()))
    return {"": held.encode(), **{file.name: file.read_bytes() for file in files}}


def built(folder: Path, *extracted: Extracted) -> dict[str, bytes]:
    """What a build of everything at once writes."""
    write_folder(folder, resolve(extracted, REGISTRY, SCHEMA), SCHEMA, extracted=one_of_each_text(extracted))
    found = content(folder)
    shutil.rmtree(folder)
    return found


class Kept:
    """Documents as a ledger has them."""

    def __init__(self, extracted: Sequence[Extracted]) -> None:
        self._by_hash = {each.document.hash: each for each in one_of_each_text(extracted)}
        self.read: list[str] = []

    @property
    def hashes(self) -> dict[str, str]:
        return {document: extracted_hash(each) for document, each in self._by_hash.items()}

    def __call__(self, wanted: Iterable[str]) -> Iterator[Extracted]:
        for document in wanted:
            self.read.append(document)
            yield self._by_hash[document]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "graph"


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_it_becomes_the_graph_of_whatever_documents(data: st.DataObject) -> None:
    every = [data.draw(documents(number), label=f"document {number}") for number in range(6)]
    some = st.lists(st.sampled_from(every), min_size=1, max_size=6)
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        folder = Path(place) / "graph"
        patch.setattr(assemble_module, "BATCH", data.draw(st.integers(1, 4), label="batch"))
        patch.setattr(assemble_module, "FEW", data.draw(st.sampled_from([0, 1, 4]), label="few"))
        for step in range(3):
            wanted = Kept(data.draw(some, label=f"step {step}"))
            bring_up_to_date(folder, wanted.hashes, wanted, RULES)
            assert content(folder) == built(Path(place) / "whole", *wanted(wanted.hashes))


def some(count: int) -> list[Extracted]:
    return [told(f"d{number}", f"Zorbu acquires Acmelo{number}") for number in range(count)]


def test_where_little_differs_only_that_is_read(folder: Path) -> None:
    first = Kept(some(12))
    assemble(folder, first.hashes, first, RULES)
    changed = replace(some(12)[3], mentions=())
    wanted = Kept([*some(12)[:3], changed, *some(12)[5:]])
    bring_up_to_date(folder, wanted.hashes, wanted, RULES)
    assert wanted.read == [changed.document.hash]
    assert content(folder) == built(folder.with_name("whole"), *wanted(wanted.hashes))


def test_where_much_differs_it_is_put_together_anew_and_what_is_no_part_of_it_stays(folder: Path) -> None:
    first, second = Kept(some(4)), Kept(some(12)[4:])
    assemble(folder, first.hashes, first, RULES)
    for name in (PLACES, LEDGER, "stray.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    bring_up_to_date(folder, second.hashes, second, RULES)
    assert content(folder) == built(folder.with_name("whole"), *second(second.hashes))
    assert [(folder / name).exists() for name in (PLACES, LEDGER, "stray.txt")] == [True, True, False]


def test_a_graph_without_index_or_by_other_rules_is_put_together_anew(folder: Path) -> None:
    kept = Kept(some(4))
    assemble(folder, kept.hashes, kept, RULES)
    expected = content(folder)
    (folder / INDEX).unlink()
    bring_up_to_date(folder, kept.hashes, kept, RULES)
    assert content(folder) == expected
    other = Rules(Registry({}, {}), SCHEMA, NO_JUDGEMENTS)
    kept.read.clear()
    bring_up_to_date(folder, kept.hashes, kept, other)
    assert sorted(kept.read) == sorted(kept.hashes)


def test_it_appears_whole_or_not_at_all(folder: Path) -> None:
    kept = Kept(some(4))
    assemble(folder, kept.hashes, kept, RULES)
    expected = content(folder)

    def broken(documents: Iterable[str]) -> Iterator[Extracted]:
        yield from kept(list(documents)[:1])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assemble(folder, kept.hashes, broken, RULES)
    assert content(folder) == expected
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_stranger_is_not_replaced(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("ten years of work", encoding="utf-8")
    kept = Kept(some(1))
    with pytest.raises(StoreError, match="not replaced"):
        assemble(folder, kept.hashes, kept, RULES)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_taken_in_documents_replace_what_their_source_held_before(folder: Path) -> None:
    first = Kept(some(3))
    assemble(folder, first.hashes, first, RULES)
    gone, *stays = first.hashes
    more = Kept([*some(5)[3:], *first(stays)])
    take_in(folder, more.hashes, more, RULES, gone=[gone, "not there"])
    expected = [*first(stays), *some(5)[3:]]
    assert content(folder) == built(folder.with_name("whole"), *expected)


def test_what_was_found_otherwise_in_the_same_copy_is_taken_in(folder: Path) -> None:
    first = Kept(some(3))
    assemble(folder, first.hashes, first, RULES)
    again = Kept([replace(some(3)[1], relations=())])
    take_in(folder, again.hashes, again, RULES)
    assert content(folder) == built(folder.with_name("whole"), some(3)[0], some(3)[2], *again(again.hashes))
