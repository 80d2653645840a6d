"""A build in shards: the same bytes as a build in one piece, nothing done twice, no document that costs another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import build
from kg.errors import KgError, StoreError
from kg.scale.build import build_sharded
from tests.scale.sharded import content, files, table, text_of


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder of files, and a table."""
    folder = tmp_path_factory.mktemp("given")
    return [files(folder / "files", 7), table(folder / "table.jsonl", 5)]


@pytest.fixture(scope="module")
def whole(given: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], set[str]]:
    """What a build in one piece makes of it, and says of what cannot be read."""
    out = tmp_path_factory.mktemp("whole") / "graph"
    built = build(given, out=out)
    return content(out), {str(failure) for failure in built.failures}


@pytest.mark.parametrize("shards", [1, 3, 7])
def test_any_number_of_shards_makes_the_same_graph(
    given: list[Path], whole: tuple[dict[str, bytes], set[str]], shards: int, tmp_path: Path
) -> None:
    made = build_sharded(given, tmp_path / "graph", work_folder=tmp_path / "work", shards=shards)
    assert (content(tmp_path / "graph"), {str(failure) for failure in made.failures()}) == whole
    assert (made.read, made.counts["documents"], made.failed) == (13, 12, {"binary": 1, "format": 1})
    assert (made.shards, made.skipped) == (shards, 0)


def test_what_is_done_is_not_done_again(given: list[Path], tmp_path: Path) -> None:
    work = tmp_path / "work"
    first = build_sharded(given, tmp_path / "graph", work_folder=work, shards=3)
    made = {path: path.stat().st_mtime_ns for path in work.rglob("*") if path.is_file()}
    again = build_sharded(given, tmp_path / "again", work_folder=work, shards=3)
    assert (again.computed, again.skipped) == (0, first.computed)
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*") if path.is_file()} == made
    assert content(tmp_path / "again") == content(tmp_path / "graph")
    assert (again.counts, again.failed, again.quads) == (first.counts, first.failed, first.quads)


def test_only_what_has_changed_is_extracted_again(tmp_path: Path) -> None:
    folder, work = files(tmp_path / "files", 6), tmp_path / "work"
    first = build_sharded([folder], tmp_path / "graph", work_folder=work, shards=3)
    seen: list[tuple[str, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        seen.append((what, done))

    (folder / "news-05.md").write_text(text_of(50), encoding="utf-8")
    build_sharded([folder], tmp_path / "graph", work_folder=work, shards=3, progress=progress)
    assert [done for what, done in seen if what == "extracting"] == [first.shards - 1, first.shards]
    build([folder], out=tmp_path / "whole")
    assert content(tmp_path / "graph") == content(tmp_path / "whole")


def test_a_judgement_resolves_anew_and_extracts_nothing(tmp_path: Path) -> None:
    folder, work, judged = files(tmp_path / "files", 6), tmp_path / "work", tmp_path / "judgements.jsonl"
    build_sharded([folder], tmp_path / "graph", work_folder=work, shards=3, judgements=[judged])
    row = '{"left": "acmelo-company", "right": "zorbu-company", "judgement": "same", "by": "me", "at": "2026-01-01"}\n'
    judged.write_text(row, encoding="utf-8")
    made = build_sharded([folder], tmp_path / "graph", work_folder=work, shards=3, judgements=[judged])
    assert made.skipped == made.shards
    build([folder], out=tmp_path / "whole", judgements=[judged])
    assert content(tmp_path / "graph") == content(tmp_path / "whole")
    assert b"zorbu-company> <http" not in content(tmp_path / "graph")["graph.nq"]


@pytest.mark.parametrize("step", ["extracting", "linking names", "placing documents", "making statements"])
def test_a_run_that_is_cut_off_goes_on(
    given: list[Path], whole: tuple[dict[str, bytes], set[str]], step: str, tmp_path: Path
) -> None:
    def cut_off(what: str, done: int, total: int) -> None:
        if (what, done) == (step, 2):
            raise KeyboardInterrupt

    work, out = tmp_path / "work", tmp_path / "graph"
    with pytest.raises(KeyboardInterrupt):
        build_sharded(given, out, work_folder=work, shards=3, progress=cut_off)
    done = len(list((work / "manifest").iterdir()))
    assert not out.exists()
    made = build_sharded(given, out, work_folder=work, shards=3)
    assert (content(out), made.skipped) == (whole[0], done)


def test_a_run_may_keep_its_files_at_an_address(
    given: list[Path], whole: tuple[dict[str, bytes], set[str]], tmp_path: Path
) -> None:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: no addresses to write to")
    judged = tmp_path / "judgements.jsonl"
    judged.write_text("", encoding="utf-8")
    made = [
        build_sharded(given, tmp_path / name, work_folder="memory://run/one", shards=3, judgements=[judged])
        for name in ("graph", "again")
    ]
    assert content(tmp_path / "graph") == content(tmp_path / "again") == whole[0]
    assert (made[1].computed, made[1].skipped) == (0, made[0].computed)
    assert all(fsspec.filesystem("memory").exists(path) for path in made[0].quads)
    fsspec.filesystem("memory").store.clear()


def test_a_file_that_was_changed_or_lost_is_made_anew(given: list[Path], tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "graph"
    build_sharded(given, out, work_folder=work, shards=3)
    before = content(out)
    (work / "extracted-00001.jsonl.zst").unlink()
    (work / "stated-00000.parts").write_bytes(b"")
    (work / "manifest" / "shared-00002.json").write_text("{", encoding="utf-8")
    made = build_sharded(given, out, work_folder=work, shards=3)
    assert (content(out), made.computed) == (before, 3)


def test_what_a_killed_writer_left_goes(given: list[Path], tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / ".extracted-00000.jsonl.zst.host-1.unfinished").write_bytes(b"half")
    build_sharded(given, None, work_folder=work)
    assert list(work.glob(".*")) == []


def test_a_damaged_file_is_named(given: list[Path], tmp_path: Path) -> None:
    work = tmp_path / "work"
    build_sharded(given, None, work_folder=work, shards=3)
    place = work / "extracted-00001.jsonl.zst"
    place.write_bytes(place.read_bytes()[:-4] + b"oops")
    (work / "manifest" / "linked-00001.json").unlink()
    with pytest.raises(StoreError, match=r"extracted-00001\.jsonl\.zst: damaged .*delete it and run again"):
        build_sharded(given, None, work_folder=work, shards=3)


def test_where_nothing_can_be_read_the_old_graph_stays(given: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "graph"
    build_sharded(given, out, work_folder=tmp_path / "work")
    before = content(out)
    made = build_sharded([tmp_path / "nowhere"], out, work_folder=tmp_path / "other")
    assert (made.read, made.counts, [error.reason for error in made.failures()]) == (0, {}, ["missing"])
    assert content(out) == before


@pytest.mark.parametrize("path", ["-", "https://news.example/a.html"])
def test_what_cannot_be_read_by_several_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="cannot be read by several; store it in a file first"):
        build_sharded([path], None, work_folder=tmp_path / "work")
