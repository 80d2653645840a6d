"""Input that is broken or hostile is named with a reason, in bounds of time and memory, and costs nothing else."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.model import Document
from kg.read import pdf as pdf_module
from kg.read.documents import document_from_text
from kg.read.fragments import markdown_of, parsed_page
from kg.read.items import Item
from kg.read.options import Reading
from kg.read.readers import documents_of, read

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "<p>Acmelo bought Borealis for $5 million on Friday, the two companies said in a joint statement.</p>"


def docx(document: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def lying_docx() -> bytes:
    """A part of 20 MB that says it has 1 KB."""
    data = docx(f'<w:document xmlns:w="{WORD}">' + " " * 20_000_000)
    real = (20_000_000 + len(f'<w:document xmlns:w="{WORD}">')).to_bytes(4, "little")
    assert data.count(real) == 2
    return data.replace(real, (1000).to_bytes(4, "little"))


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"word/{number}.xml", b"")
    return out.getvalue()


def entities(root: str) -> str:
    """Ten levels that grow tenfold each."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>{root}'


def pdf(*objects: bytes) -> bytes:
    """A PDF file with these objects and without a table of them, which readers then build themselves."""
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    return b"%PDF-1.4\n" + numbered + b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF"


def stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), keys, data)


def page_of(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A PDF file of one page; what is drawn is object 4, `more` begins with 5."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>" % resources
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, content, *more)


FONT = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
DRAWN = b"BT /F1 9 Tf (x) Tj ET "


def nested_forms() -> bytes:
    """Eight levels of drawings that each draw the next ten times: a hundred million steps."""
    forms = []
    for number in range(5, 13):
        inner = b"/F Do " * 10 if number < 12 else DRAWN
        keys = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s /XObject << /F %d 0 R >> >>" % (
            FONT,
            number + 1,
        )
        forms.append(stream(inner, keys))
    return page_of(stream(b"/F Do"), *forms, resources=FONT + b"/XObject << /F 5 0 R >>")


def zipped_stream() -> bytes:
    return page_of(stream(zlib.compress(DRAWN * 5_000_000), b"/Filter /FlateDecode"), resources=FONT)


def many_pages() -> bytes:
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 90000 /Kids [" + b"3 0 R " * 90_000 + b"] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )


def circular_pages() -> bytes:
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>")


BAD: dict[str, tuple[str, Callable[[], bytes], set[str]]] = {
    "empty file": (".txt", lambda: b"", {"empty"}),
    "empty page": (".html", lambda: b"", {"empty"}),
    "page without text": (".html", lambda: b"<title>Acme</title><body><script>x</script></body>", {"empty"}),
    "empty feed": (".rss", lambda: b" ", {"empty"}),
    "empty mail": (".eml", lambda: b"Subject: \n\n", {"empty"}),
    "empty pdf": (".pdf", lambda: b"", {"format"}),
    "empty docx": (".docx", lambda: b"", {"format"}),
    "binary named txt": (".txt", lambda: b"\x7fELF\x02\x01\x01\x00" * 50, {"binary"}),
    "binary named html": (".html", lambda: b"\x89PNG\r\n\x00\x00\x00\rIHDR" * 50, {"binary"}),
    "nul bytes": (".md", lambda: b"Acme\x00 grew.", {"binary"}),
    "utf-16 without mark": (".txt", lambda: "Acme grew.".encode("utf-16-le"), {"binary"}),
    "half of utf-16": (".txt", lambda: b"\xff\xfe" + "Acme".encode("utf-16-le")[:-1] + b"\xd8\x00", {"encoding"}),
    "malformed utf-8": (".txt", lambda: "Łódź grew. ".encode() * 9 + b"\xc5\x90\xff\x81" * 4, {"encoding"}),
    "200,000 nested divs": (".html", lambda: b"<div>" * 200_000 + SENTENCE.encode(), {"nesting"}),
    "50,000 nested divs in a feed": (
        *(".rss", lambda: b"<rss version='2.0'><channel><item>" + b"<div>" * 50_000, {"empty"}),
    ),
    "entity bomb in a feed": (
        *(
            ".rss",
            lambda: entities("<rss version='2.0'><channel><title>&e9;</title></channel></rss>").encode(),
            {"entities"},
        ),
    ),
    "entity bomb in a feed in utf-16": (".xml", lambda: entities("<rss>&e9;</rss>").encode("utf-16"), {"entities"}),
    "entity bomb in docx": (
        ".docx",
        lambda: docx(entities(f'<w:document xmlns:w="{WORD}">&e9;</w:document>')),
        {"entities"},
    ),
    "entity bomb in docx in utf-16": (".docx", lambda: docx(entities("<x>&e9;</x>").encode("utf-16")), {"entities"}),
    "zip bomb as docx": (".docx", lambda: docx(b" " * 100_000_000), {"bomb"}),
    "zip bomb that lies": (".docx", lying_docx, {"bomb", "format"}),
    "docx of 20,000 parts": (".docx", many_parts, {"bomb"}),
    "pdf: zipped stream": (".pdf", zipped_stream, {"bomb"}),
    "pdf: many pages": (".pdf", many_pages, {"too-long"}),
    "pdf: pages that hold themselves": (".pdf", circular_pages, {"format", "empty"}),
    "too many mail parts": (
        ".eml",
        lambda: b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1000,
        {"too-long"},
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_with_its_reason(name: str) -> None:
    form, make, reasons = BAD[name]
    with pytest.raises(ReadError) as error:
        documents_of(Item(f"in/a{form}", "a", form, make()))
    assert error.value.reason in reasons
    assert error.value.path.partition("#")[0] == f"in/a{form}"
    assert len(str(error.value)) < 500


def of(form: str, data: bytes | str) -> Document:
    return documents_of(Item("a", "a", form, data if isinstance(data, bytes) else data.encode()))[0]


@pytest.mark.slow
def test_pdf_drawings_within_drawings_end() -> None:
    assert set(of(".pdf", nested_forms()).text) <= {"x", " ", "\n"}


def test_pdf_drawing_steps_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = page_of(stream(DRAWN * 10), resources=FONT)
    assert of(".pdf", drawn).text
    monkeypatch.setattr(pdf_module, "MAX_STEPS", 20)
    with pytest.raises(ReadError) as error:
        of(".pdf", drawn)
    assert error.value.reason == "too-long"


@pytest.mark.slow
def test_40_000_links() -> None:
    links = "".join(f'<li><a href="/{number}">Story {number}</a></li>' for number in range(40_000))
    assert "Acmelo bought Borealis" in of(".html", f"<article>{SENTENCE * 3}<ul>{links}</ul></article>").text
    many = "".join(f"[Story {number}](https://n.example/{number}) " for number in range(20_000))
    assert of(".md", f"Acmelo grew.\n\n{many}").blocks


@pytest.mark.parametrize("run", ["(" * 16_000, ")" * 16_000, "([" * 8_000, "_" * 16_000, "\u201c" * 16_000])
def test_a_run_of_marks_that_a_tokenizer_chokes_on_is_no_part_of_a_block(run: str) -> None:
    text = f"Acmelo grew {run} by far."
    document = document_from_text("a", text)
    assert document.text == text
    (block,) = document.blocks
    assert block.text == "Acmelo grew by far."
    assert document.text[slice(*block.stored_span(12, 19))] == "by far."


@pytest.mark.slow
def test_open_brackets_do_not_take_time_in_their_square() -> None:
    document = document_from_text("a", "Acmelo grew. " + "[a " * 300_000)
    assert document.blocks[0].text.startswith("Acmelo grew. a a")


def test_open_brackets_in_a_page_do_not_either() -> None:
    assert len(markdown_of(parsed_page("<p>" + "[ " * 400_000, source="a"))) == 799_999


def test_a_lone_surrogate_is_replaced_in_place() -> None:
    document = document_from_text("a", "Acmelo \ud83d grew, and Globex did so in the same year.")
    assert document.text[7] == "\ufffd"
    document.text.encode()
    with pytest.raises(ReadError) as error:
        document_from_text("a", "\ud83d\udc00\ud800")
    assert error.value.reason == "encoding"


def test_a_few_malformed_bytes_lose_no_text() -> None:
    assert (
        of(".txt", "Łódź – ".encode() + b"Acme\x92s chips, \xff and so on").text == "Łódź – Acme’s chips, ÿ and so on"
    )
    assert of(".txt", b"caf\xe9 \x96 fine").text == "café – fine"
    assert of(".txt", b"caf\xe9 \x81" + b" and so on" * 20).text.startswith("café \ufffd and")


def test_an_unread_extra_is_named_for_that_item_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "b.html").write_text("<p>Acme grew.")
    (tmp_path / "c.md").write_text("Acme grew.")
    (tmp_path / "d.xml").write_text("<rss version='2.0'></rss>")
    (tmp_path / "e.warc").write_bytes(b"WARC/1.0\r\n\r\n")
    (tmp_path / "f.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "g.parquet").write_bytes(b"PAR1")
    missing = {"pypdf", "lxml", "trafilatura", "feedparser", "fastwarc", "zstandard", "pyarrow", "py3langid", "ftfy"}
    for name in [name for name in sys.modules if name.partition(".")[0] in missing]:
        monkeypatch.setitem(sys.modules, name, None)
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    errors: list[ReadError] = []
    documents = list(read([tmp_path], on_error=errors.append))
    assert [document.name for document in documents] == ["c"]
    assert {error.reason for error in errors} == {"extra"}
    assert len(errors) == 6
    assert all("aiindkg[read]" in str(error) for error in errors)


def test_memory_holds_for_a_compressed_line_without_end(tmp_path: Path) -> None:
    """A gigabyte in a line that takes a megabyte on disk is passed over in bounds."""
    script = (
        "import gzip, resource, sys\n"
        "path = sys.argv[1]\n"
        "with gzip.open(path, 'wb', 1) as out:\n"
        '    out.write(b\'{"text": "one"}\\n{"text": "\')\n'
        "    for _ in range(400): out.write(b'x' * 1_000_000)\n"
        '    out.write(b\'"}\\n{"text": "two"}\\n\')\n'
        "from kg.read.items import items\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "errors = []\n"
        "found = [item.data for item in items([path], on_error=errors.append)]\n"
        "assert found == [b'one', b'two'], found\n"
        "assert [error.reason for error in errors] == ['too-long'], errors\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert grown < 150_000, grown\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.jsonl.gz")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_nothing_is_written_to_the_streams(capfd: pytest.CaptureFixture[str]) -> None:
    for form, data in ((".pdf", b"%PDF-1.4\n1 0 obj << >> endobj\nnothing"), (".html", b"<p>"), (".rss", b"<rss>")):
        with pytest.raises(ReadError):
            documents_of(Item("a", "a", form, data), options=Reading())
    assert capfd.readouterr() == ("", "")
