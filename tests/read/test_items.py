"""What a user points at becomes items, each once, with what is known of it from outside."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import sys
from pathlib import Path

import pytest

from kg.errors import KgError, ReadError
from kg.read.containers import SPLITTERS
from kg.read.forms import CONTAINERS, MEDIA_TYPES, SINGLE, form_of, sniffed, stem_of
from kg.read.items import Item, item_key, items, split
from kg.read.options import Reading
from kg.read.readers import READERS, documents_of, read


def all_items(*paths: str | Path, options: Reading = Reading()) -> tuple[list[Item], list[ReadError]]:  # noqa: B008
    errors: list[ReadError] = []
    return list(items(paths, on_error=errors.append, options=options)), errors


def test_every_form_has_what_reads_it() -> None:
    assert set(READERS) == SINGLE
    assert set(SPLITTERS) == CONTAINERS
    assert set(MEDIA_TYPES.values()) <= SINGLE | CONTAINERS


@pytest.mark.parametrize(
    ("name", "form", "stem"),
    [
        ("news/a.HTML", ".html", "a"),
        ("a.b.jsonl.gz", ".jsonl.gz", "a.b"),
        ("crawl.warc.zst", ".warc.zst", "crawl"),
        ("a.html.gz", None, "a.html"),
        ("https://n.example/feed.xml", ".xml", "feed"),
        ("README", None, "README"),
    ],
)
def test_names_tell_the_form(name: str, form: str | None, stem: str) -> None:
    assert (form_of(name), stem_of(name)) == (form, stem)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"%PDF-1.7\n", ".pdf"),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", ".html"),
        (b'<?xml version="1.0"?>\n<rss version="2.0">', ".rss"),
        (b'{"text": "Acme grew."}\n', ".jsonl"),
        (b"WARC/1.0\r\n", ".warc"),
        (b"From a@b.example Fri May  3\nSubject: x\n", ".mbox"),
        (b"Subject: x\nFrom: a@b.example\n\nAcme", ".eml"),
        (b"Acme grew.", ".txt"),
        (b"\x7fELF\x00\x00", None),
    ],
)
def test_first_bytes_tell_the_form(head: bytes, form: str | None) -> None:
    assert sniffed(head) == form


def test_a_folder_gives_files_of_all_forms_and_rows(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text("<p>Acme grew.")
    (tmp_path / "a.jsonl").write_text('{"id": "x y", "text": "Acme grew."}\n\n{"text": "So did Globex."}\n')
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    found, errors = all_items(tmp_path)
    assert errors == []
    assert [(item.source, item.name, item.form) for item in found] == [
        (f"{tmp_path}/a.jsonl#1", "x y", ".txt"),
        (f"{tmp_path}/a.jsonl#3", "a-3", ".txt"),
        (f"{tmp_path}/b.html", "b", ".html"),
    ]
    assert found[2].data == tmp_path / "b.html"


def test_globs_and_repeated_files(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.png", ".d.md", "sub/e.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Acme grew.")
    found, errors = all_items(tmp_path / "*", tmp_path / "a.md", tmp_path / "**" / "e.*")
    assert [item.name for item in found] == ["a", "b", "e"]
    assert errors == []
    assert [error.reason for error in all_items(tmp_path / "z*")[1]] == ["missing"]


def test_a_file_without_a_known_suffix_is_told_by_its_first_bytes_or_by_the_caller(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("<html><p>Acme grew.")
    (tmp_path / "rows.log").write_text('{"text": "Acme grew."}')
    assert [item.form for item in all_items(tmp_path / "page")[0]] == [".html"]
    assert [error.reason for error in all_items(tmp_path / "rows.log")[1]] == ["format"]
    assert [item.name for item in all_items(tmp_path / "rows.log", options=Reading(form=".jsonl"))[0]] == ["rows-1"]


@pytest.mark.parametrize(
    ("given", "forms"),
    [
        (b"Acme grew.", [".txt"]),
        (b'{"text": "A"}\n{"text": "B"}', [".txt", ".txt"]),
        (b"\x00\x01", []),
        (b"", [".txt"]),
    ],
)
def test_standard_input(given: bytes, forms: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    found, errors = all_items("-")
    assert [item.form for item in found] == forms
    assert [error.reason for error in errors] == ([] if forms else ["binary"])


def test_a_container_comes_from_an_open_file_too() -> None:
    data = gzip.compress(b'{"text": "Acme grew."}\n')
    errors: list[ReadError] = []
    found = list(split(io.BytesIO(data), source="s3://b/part.jsonl.gz", form=".jsonl.gz", on_error=errors.append))
    assert [(item.source, item.name, item.data) for item in found] == [
        ("s3://b/part.jsonl.gz#1", "part-1", b"Acme grew.")
    ]


def test_the_key_is_of_what_documents_are_made_of(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"Acme grew.")
    item = Item("a.md", "a", ".md", b"Acme grew.")
    assert item_key(item) == item_key(Item("elsewhere/a.md", "a", ".md", path))
    others = [
        Item("a.md", "a", ".md", b"Acme grew!"),
        Item("a.md", "a", ".html", b"Acme grew."),
        Item("a.md", "b", ".md", b"Acme grew."),
        Item("a.md", "a", ".md", b"Acme grew.", {"date": "2024"}),
    ]
    assert len({item_key(each) for each in (item, *others)}) == 5
    path.unlink()
    with pytest.raises(ReadError, match="missing"):
        item_key(Item("a.md", "a", ".md", path))


def test_roles_and_forms_that_are_none_are_refused() -> None:
    with pytest.raises(KgError, match="titel"):
        Reading(columns={"titel": "head"})
    with pytest.raises(KgError, match="jsonl"):
        Reading(form=".json")
    assert Reading(form=".warc.gz").form == ".warc.gz"


def test_metadata_of_a_row_and_of_the_caller(tmp_path: Path) -> None:
    row = {"text": "Acme grew.", "title": "Row", "date": "May 3, 2024", "url": "https://a.example"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    errors: list[ReadError] = []
    known = {"a-1": {"title": "Caller"}}
    documents = list(read([tmp_path], on_error=errors.append, metadata=known))
    assert [(d.title, d.date, d.url, d.path) for d in documents] == [
        ("Caller", "2024-05-03", "https://a.example", f"{tmp_path}/a.jsonl#1")
    ]


def test_items_documents_and_errors_come_whole_out_of_another_process() -> None:
    item = Item("a.md", "a", ".md", b"Acme grew.", {"date": "2024"})
    error = ReadError("a.md", "empty", "holds no text")
    for each in (item, documents_of(item), Reading(columns={"text": "body"})):
        assert pickle.loads(pickle.dumps(each)) == each
    again = pickle.loads(pickle.dumps(error))
    assert (again.path, again.reason, str(again)) == (error.path, error.reason, str(error))


def test_an_item_of_unknown_form() -> None:
    with pytest.raises(ReadError, match="format"):
        documents_of(Item("a.xyz", "a", ".xyz", b"Acme"))
