"""PDF files. The stored text is derived from the lines of the pages, joined to paragraphs, without page numbers, heads
and feet."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document
from kg.read.extras import BREAKS, needed
from kg.read.items import Item, whole_bytes
from kg.read.options import Reading

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import PdfObject

MAX_PAGES = 2000
MAX_STEPS = 3_000_000
"""So many drawing steps are followed in one file: a page of text takes some thousands."""

_EDGE_LINES = 2
_REPEATED = 0.5
_FEWEST_PAGES = 3
_NARROW = 0.8
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—\s]*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_SPACES = re.compile(r"[ \t\u00a0]+")
_BULLET = re.compile(r"(?:[•◦▪‣●■]|[-–*]|\(?\d{1,2}[.)])\s+\S")
_SENTENCE_END = re.compile(r"""[.!?…:]["'”’)\]]*$""")
_HYPHENATED = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_TITLE = re.compile(r"\S*|untitled.*|microsoft word.*|.*\.(?:docx?|pdf|indd|qxd|pptx?|tex)", re.IGNORECASE)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def read_pdf(item: Item, options: Reading) -> list[Document]:
    """A PDF file with a text layer. Its day is that of its text, else that of its creation.

    Raises `ReadError`: `format`, `bomb`, `encrypted`, `too-long` (pages, drawing steps, characters, bytes), `empty` (as
    scans are), `extra`.
    """
    pypdf = needed("pypdf", source=item.source)
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # else it writes to standard error
    data = whole_bytes(item, options)
    try:
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(item.source, "encrypted", "opens with a password only; save it without one")
        pages = list(_pages(reader, item.source, options))
        said, otherwise = _properties(reader)
    except (ReadError, MemoryError):
        raise
    except pypdf.errors.LimitReachedError as error:
        raise ReadError(item.source, "bomb", f"grows too far when unpacked ({_short(error)})") from error
    except (pypdf.errors.PyPdfError, pypdf.errors.DependencyError) as error:
        raise ReadError(item.source, "format", f"is no PDF file that can be read ({_short(error)})") from error
    except BREAKS as error:
        raise ReadError(item.source, "format", f"is a damaged PDF file ({_short(error)}); save it anew") from error
    text = "\n\n".join(_paragraphs(_without_edges(pages)))
    if not text:
        raise ReadError(item.source, "empty", "holds no text, as scans do; run text recognition on it first")
    return [
        derived_document(
            item.name, text, source=item.source, said=said, otherwise=otherwise, max_chars=options.max_chars
        )
    ]


def _pages(reader: PdfReader, source: str, options: Reading) -> Iterator[list[str]]:
    """The lines of each page."""
    steps = chars = 0

    def count(operator: PdfObject, operands: list[PdfObject], *_: object) -> None:
        nonlocal steps
        steps += 1
        if steps > MAX_STEPS:
            raise ReadError(source, "too-long", f"takes more than {MAX_STEPS:,} steps to draw; it is no article")

    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            raise ReadError(source, "too-long", f"has more than {MAX_PAGES:,} pages; split it")
        text = page.extract_text(visitor_operand_before=count)
        chars += len(text)
        if chars > 2 * options.max_chars:
            raise ReadError(source, "too-long", f"has more than {options.max_chars:,} characters; split it")
        yield [line for line in (_SPACES.sub(" ", line).strip() for line in text.splitlines()) if line]


def _without_edges(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """The pages without page numbers and without the lines at top and bottom that come again on most of them."""
    often: Counter[str] = Counter()
    for page in pages:
        often.update({_DIGITS.sub("0", line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])})
    least = max(_FEWEST_PAGES, _REPEATED * len(pages))

    def repeated(line: str) -> bool:
        return often[_DIGITS.sub("0", line)] >= least or bool(_PAGE_NUMBER.fullmatch(line))

    for page in pages:
        start, end = 0, len(page)
        while start < min(_EDGE_LINES, end) and repeated(page[start]):
            start += 1
        while end > max(start, len(page) - _EDGE_LINES) and repeated(page[end - 1]):
            end -= 1
        yield page[start:end]


def _paragraphs(pages: Iterator[list[str]]) -> Iterator[str]:
    """The lines of all pages joined to paragraphs, also over the end of a page."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    words = Counter(_WORD.findall(" ".join(lines).lower()))
    lengths = [len(line) for line in lines]
    width = quantiles(lengths, n=10)[-1] if len(lengths) > 1 else float(lengths[0])
    paragraph = lines[0]
    for before, line in pairwise(lines):
        if _is_break(before, line, width):
            yield paragraph
            paragraph = line
        elif _HYPHENATED.search(paragraph) and line[:1].islower():
            paragraph = (paragraph if _keeps_hyphen(paragraph, line, words) else paragraph[:-1]) + line
        else:
            paragraph = f"{paragraph.removesuffix(chr(0xAD))} {line}"
    yield paragraph


def _keeps_hyphen(before: str, line: str, words: Counter[str]) -> bool:
    """Whether a hyphen at the end of a line belongs to the word: so it is written elsewhere, or its parts are."""
    head, tail = _WORD.findall(before.lower())[-1], _WORD.findall(line.lower())[0]
    if head + tail in words:
        return False
    elsewhere = words[head.rpartition("-")[2]] > 1 and words[tail] > 1  # once they stand here
    return before[-1] == "-" and (elsewhere or f"{head}-{tail}" in words)


def _is_break(before: str, line: str, width: float) -> bool:
    """Whether a paragraph ends between two lines: a line that stops short, or a bullet; never inside a word."""
    if _BULLET.match(line):
        return True
    if line[:1].islower() or _HYPHENATED.search(before):
        return False
    room = len(before) + 1 + len(line.split(maxsplit=1)[0]) <= _NARROW * width
    return room or (bool(_SENTENCE_END.search(before)) and len(before) < 0.9 * width)


def _properties(reader: PdfReader) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """What the properties of the file say: the title; and, less surely, the day of creation."""
    known = reader.metadata
    title, created = (str(known.get(key) or "") if known else "" for key in ("/Title", "/CreationDate"))
    day = _DATE.match(created)
    return (
        {} if _NO_TITLE.fullmatch(title.strip()) else {"title": " ".join(title.split())},
        {"date": "-".join(day.groups())} if day else {},
    )


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:150]
