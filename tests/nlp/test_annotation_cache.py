"""The annotation cache: with it nothing changes but that the models rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from kg.build import extract
from kg.errors import KgError
from kg.model import Extracted
from kg.nlp.cache import AnnotationCache, open_cache, remembered, version_of
from kg.nlp.loading import Pipeline
from kg.nlp.patterns import Patterns
from kg.read.readers import document_from_text

TEXTS = (
    "Acmelo will acquire Globexa, a chip start-up, for $5 million. The company is based in Oslo.",
    "# Initechia Raises $20M\n\nInitechia raised $20 million in a Series A round led by Globexa. It sells robots.",
)


@dataclass(slots=True)
class Counted:
    """Stands for a model and counts what it is asked."""

    model: Any
    asked: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def pipe(self, docs: Any, **given: Any) -> Any:
        for doc in self.model.pipe(docs, **given):
            self.asked += 1
            yield doc

    def run(self, *given: Any) -> Any:
        self.asked += 1
        return self.model.run(*given)

    def get_pipe(self, name: str) -> Any:
        self.asked += 1
        return self.model.get_pipe(name)


@dataclass(frozen=True, slots=True)
class Watched:
    pipeline: Pipeline
    models: tuple[Counted, ...]

    def facts(self, cache: AnnotationCache | None) -> list[Extracted]:
        documents = [document_from_text(str(i), text) for i, text in enumerate(TEXTS)]
        return list(extract(documents, self.pipeline, cache=cache))

    def asked(self) -> list[int]:
        counts = [model.asked for model in self.models]
        for model in self.models:
            model.asked = 0
        return counts


@pytest.fixture
def watched(pipeline: Pipeline) -> Watched:
    nlp, recogniser = Counted(pipeline.nlp), Counted(pipeline.recogniser)
    session = Counted(pipeline.component.session)
    component = replace(pipeline.component, session=session)  # type: ignore[arg-type]
    counted = replace(pipeline, nlp=nlp, recogniser=recogniser, component=component)  # type: ignore[arg-type]
    return Watched(counted, (nlp, recogniser, session))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnnotationCache]:
    with open_cache(tmp_path / "new" / "cache.db") as found:
        yield found


def test_a_warm_cache_gives_the_same_and_asks_no_model(watched: Watched, cache: AnnotationCache) -> None:
    plain = watched.facts(None)
    assert any(each.relations for each in plain)
    assert min(watched.asked()) > 0
    assert watched.facts(cache) == plain
    assert min(watched.asked()) > 0
    assert watched.facts(cache) == plain
    assert watched.asked() == [0, 0, 0]


def test_other_patterns_ask_no_model_where_names_stay_the_same(watched: Watched, cache: AnnotationCache) -> None:
    before = watched.facts(cache)
    watched.asked()
    bare = Watched(replace(watched.pipeline, patterns=Patterns({}, ())), watched.models)
    after = bare.facts(cache)
    assert watched.asked()[:2] == [0, 0]
    assert after != before
    assert bare.facts(cache) == after
    assert watched.asked() == [0, 0, 0]


def test_only_what_is_new_is_asked(watched: Watched, cache: AnnotationCache) -> None:
    def say(some: list[int]) -> Iterator[bytes]:
        asked.extend(some)
        return (str(i).encode() for i in some)

    asked: list[int] = []
    assert remembered(cache, lambda: "v1", ["a", "b", "a"], say) == [b"0", b"1", b"0"]
    assert remembered(cache, lambda: "v1", ["c", "b"], say) == [b"0", b"1"]
    assert asked == [0, 1, 0]
    assert remembered(cache, lambda: "v2", ["b"], say) == [b"0"]
    assert asked == [0, 1, 0, 0]
    assert remembered(None, lambda: "v1", ["b", "b"], say) == [b"0", b"1"]


def _fill(path: Path, first: int) -> None:
    with open_cache(path) as cache:
        for number in range(first, first + 200):
            cache.add({f"{number % 300}".encode(): b"said"})


def test_several_processes_write_one_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    workers = [get_context("spawn").Process(target=_fill, args=(path, first)) for first in (0, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    with open_cache(path) as cache:
        assert len(cache.find([str(number).encode() for number in range(400)])) == 300


def test_a_cache_that_is_too_large_loses_its_oldest_entries(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with open_cache(path) as cache:
        for number in range(8):
            cache.add({str(number).encode(): bytes(5000)})
    with open_cache(path, most_bytes=20_000) as cache:
        assert sorted(cache.find([str(number).encode() for number in range(8)])) == [b"2", b"3", b"4", b"5", b"6", b"7"]


def test_a_file_that_is_no_cache_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_text("this is no database, but long enough to be taken for one " * 20)
    with pytest.raises(KgError, match=r"cache\.db.*delete it"), open_cache(path):
        pass
    with pytest.raises(KgError, match="delete it"), open_cache(tmp_path):
        pass


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(cache: AnnotationCache) -> None:
    cache.connection.execute("PRAGMA query_only=ON")
    cache.add({b"key": b"said"})
    assert cache.find([b"key"]) == {}
    cache.connection.execute("PRAGMA query_only=OFF")
    cache.connection.execute("DROP TABLE said")
    with pytest.raises(KgError, match="delete it"):
        cache.find([b"key"])
    assert issubclass(sqlite3.OperationalError, sqlite3.DatabaseError)


def test_the_version_of_a_model_is_that_of_its_files(tmp_path: Path) -> None:
    versions = set()
    for name, text in (("one", "a"), ("two", "a"), ("two", "b")):
        folder = tmp_path / str(len(versions))
        folder.mkdir()
        (folder / name).write_text(text)
        versions |= {version_of(folder, "software 1"), version_of(folder, "software 2")}
    assert len(versions) == 6
