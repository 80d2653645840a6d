"""Tables, mailboxes and web archives are split, streaming, and what is wrong in them costs no more than it must."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
from collections.abc import Mapping

import pyarrow as arrow
import pytest
import zstandard
from pyarrow import parquet

from kg.errors import ReadError
from kg.read.columns import as_date, as_text
from kg.read.items import Item, split
from kg.read.options import Reading


def split_all(data: bytes, form: str, **options: object) -> tuple[list[Item], list[ReadError]]:
    errors: list[ReadError] = []
    reading = Reading(**options)  # type: ignore[arg-type]
    found = split(io.BytesIO(data), source=f"t{form}", form=form, on_error=errors.append, options=reading)
    return list(found), errors


def jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def http(body: bytes, headers: Mapping[str, str], status: str = "200 OK") -> bytes:
    lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def record(
    block: bytes, *, kind: str = "response", url: str = "https://n.example/a", length: int | None = None
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-03T10:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length or len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


HTML = {"Content-Type": "text/html; charset=windows-1251"}


def test_objects_with_nested_keys_and_named_columns() -> None:
    newsapi = {
        "source": {"id": None, "name": "Example Wire"},
        "content": "Acme grew.",
        "publishedAt": "2024-05-03T10:00Z",
    }
    nested = {"meta": {"title": "T", "date": 1714730400}, "data": {"body": ["One.", "Two."]}}
    found, errors = split_all(jsonl(newsapi, nested), ".jsonl")
    assert errors == []
    assert [(item.data, dict(item.given)) for item in found] == [
        (b"Acme grew.", {"publisher": "Example Wire", "date": "2024-05-03"}),
        (b"One.\n\nTwo.", {"title": "T", "date": "2024-05-03"}),
    ]
    own = {"a": {"b": "Acme grew."}, "text": "no", "when": "soon"}
    found, errors = split_all(jsonl(own), ".ndjson", columns={"text": "a.b", "date": "when"})
    assert [(item.data, dict(item.given)) for item in found] == [(b"Acme grew.", {"date": "soon"})]


def test_a_row_of_html_is_a_page() -> None:
    found, _ = split_all(jsonl({"html": "<!doctype html><p>Acme"}, {"text": "Acme <b>grew</b>"}), ".jsonl")
    assert [item.form for item in found] == [".html", ".txt"]


def test_bad_lines_cost_only_themselves() -> None:
    data = (
        b'{"text": "one"}\n{"text": \n[1, 2]\n{"body_of": "x"}\n{"text": "' + b"x" * 500 + b'"}\n'
        + b"[" * 300_000 + b"\n" + b'{"text": "\xe9t\xe9"}\n{"text": "a \\ud83d b \\u0000"}\n'
    )  # fmt: skip
    found, errors = split_all(data, ".jsonl", max_bytes=400_000)
    assert [item.source for item in found] == ["t.jsonl#1", "t.jsonl#5", "t.jsonl#7", "t.jsonl#8"]
    assert [(error.path, error.reason) for error in errors] == [
        *(("t.jsonl#2", "format"), ("t.jsonl#3", "format"), ("t.jsonl#4", "columns"), ("t.jsonl#6", "format")),
    ]
    assert found[2].data == "été".encode()
    assert found[3].data == "a \ufffd b \ufffd".encode()


def test_a_line_that_is_too_long_is_passed_over() -> None:
    data = jsonl({"text": "one"}) + b'{"text": "' + b"x" * 50_000_000 + b'"}\n' + jsonl({"text": "two"})
    found, errors = split_all(data, ".jsonl")
    assert [item.data for item in found] == [b"one", b"two"]
    assert [(error.path, error.reason) for error in errors] == [("t.jsonl#2", "too-long")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows(delimiter: str) -> None:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=delimiter)
    rows.writerow(["ID", "Head Line", "Article Text", "Pub-Date"])
    rows.writerow(["7", "Acme, it grows", 'It "grew";\nby far|', "20240503"])
    found, errors = split_all(b"\xef\xbb\xbf" + out.getvalue().encode(), ".csv")
    assert errors == []
    assert [(item.name, item.data, dict(item.given)) for item in found] == [
        ("7", b'It "grew";\nby far|', {"title": "Acme, it grows", "date": "2024-05-03"})
    ]


def test_rows_in_other_encodings() -> None:
    table = "id,text\n1,café\n"
    for encoding in ("utf-8", "utf-16", "cp1252"):
        assert [item.data for item in split_all(table.encode(encoding), ".csv")[0]] == ["café".encode()]


def test_a_long_field_is_read_and_the_limit_of_the_process_is_kept() -> None:
    before = csv.field_size_limit()
    long = "word " * 60_000
    found, _ = split_all(f"id,text\n1,{long}\n".encode(), ".csv")
    assert len(found[0].data) == len(long)  # type: ignore[arg-type]
    found, errors = split_all(b'id,text\n1,"open\n' + b"2,Acme\n" * 100, ".csv", max_bytes=100)
    assert [error.reason for error in errors][:1] == ["too-long"]
    assert found
    assert csv.field_size_limit() == before


def test_a_table_without_text_is_refused_once() -> None:
    found, errors = split_all(b"id,headline\n1,Acme\n2,Globex\n", ".csv")
    assert (found, [(error.path, error.reason) for error in errors]) == ([], [("t.csv", "columns")])
    assert "headline" in str(errors[0])


def parquet_bytes() -> bytes:
    day = datetime.datetime(2024, 5, 3, 10, tzinfo=datetime.UTC)
    table = arrow.table({"content": ["Acme grew.", None], "published": [day, day], "other": [b"x" * 100, None]})
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()


@pytest.mark.parametrize("form", [".parquet", ".parquet.gz"])
def test_parquet(form: str) -> None:
    data = parquet_bytes()
    found, errors = split_all(gzip.compress(data) if form.endswith("gz") else data, form)
    assert errors == []
    assert [(item.source, item.data, dict(item.given)) for item in found] == [
        (f"t{form}#1", b"Acme grew.", {"date": "2024-05-03"}),
        (f"t{form}#2", b"", {"date": "2024-05-03"}),
    ]


def test_a_damaged_parquet_file() -> None:
    found, errors = split_all(parquet_bytes()[:-20], ".parquet")
    assert (found, [error.reason for error in errors]) == ([], ["format"])


def test_mailbox() -> None:
    box = b"From a@b.example Fri May  3 10:00:00 2024\nSubject: One\n\n>From here on it grew.\n\n"
    box += b"From c@d.example Fri May  3 10:00:00 2024\nSubject: Two\n\nAcme grew.\nFrom now on.\n"
    found, errors = split_all(box, ".mbox")
    assert errors == []
    assert [(item.source, item.form, item.data) for item in found] == [
        ("t.mbox#1", ".eml", b"Subject: One\n\nFrom here on it grew.\n\n"),
        ("t.mbox#2", ".eml", b"Subject: Two\n\nAcme grew.\nFrom now on.\n"),
    ]
    found, errors = split_all(box + b"\nFrom x\nSubject: Long\n\n" + b"word\n" * 100, ".mbox", max_bytes=200)
    assert (len(found), [(error.path, error.reason) for error in errors]) == (2, [("t.mbox#3", "too-long")])


@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_archive(compression: str) -> None:
    chunked = b"5\r\n<p>on\r\n5\r\ne</p>\r\n0\r\n\r\n"
    records = [
        record(b"software: x\r\n", kind="warcinfo"),
        record(http(b"<p>one</p>", HTML), url="https://n.example/one"),
        record(http(b"not here", HTML, "404 Not Found")),
        record(http(b"\x89PNG", {"Content-Type": "image/png"})),
        record(http(gzip.compress(b"<p>two</p>"), {**HTML, "Content-Encoding": "gzip"})),
        record(http(chunked, {**HTML, "Transfer-Encoding": "chunked"})),
        record(http(b"<p>one</p>", {**HTML, "Transfer-Encoding": "chunked", "Content-Encoding": "gzip"})),
    ]
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}[compression]
    found, errors = split_all(b"".join(pack(each) for each in records), f".warc{compression}")
    assert errors == []
    assert [(item.source.partition("#")[2], item.form, item.data) for item in found] == [
        *(("2", ".html", b"<p>one</p>"), ("5", ".html", b"<p>two</p>"), ("6", ".html", b"<p>one</p>")),
        ("7", ".html", b"<p>one</p>"),
    ]
    assert dict(found[0].given) == {
        "url": "https://n.example/one", "fetched": "2024-05-03", "charset": "windows-1251",
    }  # fmt: skip


def pages_of(count: int) -> list[bytes]:
    return [record(http(f"<p>Page {number}</p>".encode() * 20, HTML)) for number in range(count)]


@pytest.mark.parametrize("form", [".warc", ".warc.gz", ".warc.zst", ".jsonl.gz", ".jsonl.zst", ".csv.gz"])
def test_what_comes_before_a_cut_is_kept(form: str) -> None:
    rows = {
        ".warc": pages_of(5),
        ".jsonl": [jsonl({"text": f"Acme grew {number}."}) for number in range(5)],
        ".csv": [b"id,text\n", *(b"%d,Acme grew.\n" % number for number in range(5))],
    }[f".{form.split('.')[1]}"]
    pack = gzip.compress if form.endswith("gz") else zstandard.ZstdCompressor().compress
    cut = (pack(b"".join(rows[:-1])) + pack(rows[-1])[:-16]) if form.count(".") == 2 else b"".join(rows)[:-99]
    found, errors = split_all(cut, form)
    assert len(found) == 4
    assert [error.reason for error in errors] == ["truncated"]


def test_a_damaged_middle_of_an_archive() -> None:
    found, errors = split_all(pages_of(1)[0] + b"nothing of the kind\r\n" * 5 + pages_of(1)[0], ".warc")
    assert (len(found), [error.reason for error in errors]) == (1, ["format"])


def test_a_record_that_is_too_long_is_passed_over() -> None:
    data = pages_of(1)[0] + record(http(b"x" * 5000, HTML)) + pages_of(1)[0]
    found, errors = split_all(data, ".warc", max_bytes=2000)
    assert (len(found), [(error.path, error.reason) for error in errors]) == (2, [("t.warc#2", "too-long")])


def test_a_page_that_grows_without_end_is_cut_off() -> None:
    bomb = gzip.compress(b"<p>" + b"x" * 50_000_000)
    found, _ = split_all(record(http(bomb, {**HTML, "Content-Encoding": "gzip"})), ".warc", max_bytes=1_000_000)
    assert [len(item.data) for item in found] == [1_000_000]  # type: ignore[arg-type]


def test_damaged_zstd() -> None:
    found, errors = split_all(b"\x28\xb5\x2f\xfd" + b"\xff" * 50, ".jsonl.zst")
    assert (found, [error.reason for error in errors]) == ([], ["truncated"])


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-05-03T10:00:00Z", "2024-05-03"),
        ("Fri, 03 May 2024 23:30:00 -0800", "2024-05-03"),
        (20240503, "2024-05-03"),
        ("20240503T100000", "2024-05-03"),
        ("2024/5/3 10:00", "2024-05-03"),
        ("03.05.2024", "2024-05-03"),
        ("5/22/2024", "2024-05-22"),
        ("22/5/2024", "2024-05-22"),
        ("3/5/2024", None),
        ("31.31.2024", None),
        ("3/22/24", None),
        (1714730400, "2024-05-03"),
        (1714730400000, "2024-05-03"),
        ("1714730400.5", "2024-05-03"),
        (1714730400000000000, "2024-05-03"),
        (datetime.date(2024, 5, 3), "2024-05-03"),
        ("soon", None),
        (None, None),
        (True, None),
    ],
)
def test_dates_of_cells(value: object, date: str | None) -> None:
    assert as_date(value) == date


def test_texts_of_cells() -> None:
    assert as_text(["a", None, ["b", ""], 3]) == "a\n\nb\n\n3"
    assert as_text(b"a\xff") == "a\ufffd"
