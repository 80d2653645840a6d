"""However input is cut into shards, its items are the same, each once."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.read.items import Item, items
from kg.scale import inputs
from kg.scale.inputs import items_of, shards_of
from tests.scale.sharded import files, table, text_of

Seen = list[tuple[str, str, str, bytes | Path, list[tuple[str, str]]]]


def seen(found: Iterable[Item]) -> Seen:
    return sorted(
        ((each.source, each.name, each.form, each.data, sorted(each.given.items())) for each in found),
        key=lambda each: each[0],
    )


def whole(paths: list[Path]) -> tuple[Seen, list[str]]:
    failures: list[ReadError] = []
    return seen(items(paths, on_error=failures.append)), sorted(map(str, failures))


def cut(paths: list[Path], shards: int) -> tuple[Seen, list[str]]:
    failures: list[ReadError] = []
    found = shards_of(paths, on_error=failures.append, shards=shards)
    return seen(item for shard in found for item in items_of(shard, on_error=failures.append)), sorted(
        map(str, failures)
    )


@pytest.mark.parametrize("shards", [1, 2, 5, 40])
def test_any_form_is_cut_without_loss(shards: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "READ_AGAIN", 1)
    paths = [files(tmp_path / "files", 5), table(tmp_path / "rows.jsonl", 30), tmp_path / "nowhere"]
    compressed = tmp_path / "more.jsonl.gz"
    compressed.write_bytes(gzip.compress(paths[1].read_bytes()))
    wide = tmp_path / "wide.jsonl"
    wide.write_bytes(paths[1].read_text(encoding="utf-8").encode("utf-16"))
    comma = tmp_path / "rows.csv"
    comma.write_text("id,text\n" + "".join(f'{n},"{text_of(n)}"\n' for n in range(9)), encoding="utf-8")
    paths += [compressed, wide, comma, paths[1]]
    assert cut(paths, shards) == whole(paths)
    assert len(whole(paths)[0]) == 5 + 2 + 3 * 30 + 9


def test_a_parquet_file_is_cut_without_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed: no Parquet file to read")
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(inputs, "READ_AGAIN", 1)
    path = tmp_path / "rows.parquet"
    parquet.write_table(arrow.table({"id": ["a", "b", "c"], "text": [text_of(1), text_of(2), text_of(3)]}), path)
    assert cut([path], 2) == whole([path])
    assert [name for _, name, *_ in whole([path])[0]] == ["a", "b", "c"]


OBJECTS = (b'{"text": "Acmelo grows."}', b'{"text": "Zorbu  \xe2\x80\xa8 grows.", "id": "z"}')
LINES = st.lists(st.sampled_from([*OBJECTS, b"", b"no JSON", b"\r"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(lines=LINES, end=st.sampled_from([b"\n", b"\r\n"]), closed=st.booleans(), shards=st.integers(1, 20))
def test_lines_keep_their_numbers(lines: list[bytes], end: bytes, closed: bool, shards: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        path.write_bytes(b"\xef\xbb\xbf" + end.join(lines) + (end if closed else b""))
        assert cut([path], shards) == whole([path])


def test_the_cut_is_the_same_each_time_and_follows_the_files(tmp_path: Path) -> None:
    folder, failures = files(tmp_path / "files", 9), list[ReadError]()
    first = shards_of([folder], on_error=failures.append, shards=4)
    assert first == shards_of([folder], on_error=failures.append, shards=4)
    assert len(first) > 3
    (folder / "news-08.md").write_text("Acmelo acquired Zorbu.", encoding="utf-8")
    after = shards_of([folder], on_error=failures.append, shards=4)
    assert sum(one != other for one, other in zip(first, after, strict=True)) == 1


def test_small_input_is_one_shard_and_large_input_is_cut_by_size(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"text": "Acmelo grows."}\n' * 400_000)
    shards = shards_of([files(tmp_path / "files", 3), tmp_path / "rows.jsonl"], on_error=lambda error: None)
    assert [sum(piece.size for piece in shard) // 1_000_000 for shard in shards] == [0, 4, 4, 2]


def test_addresses_are_read_like_paths(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed: no addresses to read")
    folder, failures = files(tmp_path / "files", 3), list[ReadError]()
    (folder / ".hidden.md").write_text("not seen", encoding="utf-8")
    table(folder / "rows.jsonl", 4)
    address = f"file://{folder}"
    for where, count in ((address, 9), (f"{address}/news-*.md", 3), (f"{address}/rows.jsonl", 4)):
        shards = shards_of([where], on_error=failures.append, shards=3)
        found = seen(item for shard in shards for item in items_of(shard, on_error=failures.append))
        assert len(found) == count
        assert {source.startswith("file://") for source, *_ in found} == {True}
    assert {failure.reason for failure in failures} == {"format"}
    shards_of([f"{address}/nothing/"], on_error=failures.append)
    assert failures[-1].reason == "missing"
