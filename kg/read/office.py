"""Word documents (DOCX). The stored text is markdown, derived from paragraphs, lists and tables."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kg.errors import ReadError
from kg.model import Document
from kg.read.documents import derived_document
from kg.read.items import Item, whole_bytes
from kg.read.options import Reading

MAX_PART = 64_000_000
"""The longest part of a document that is unpacked, in bytes."""
_MAX_PARTS = 10_000
_MAX_RATIO = 200
"""A part that grows more than this is a bomb; text in XML grows about tenfold."""
_SMALL = 1_000_000

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CORE = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_HEADING = re.compile(r"heading ([1-6])|(title)", re.IGNORECASE)
_DOCUMENT, _STYLES, _PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"


def read_docx(item: Item, options: Reading) -> list[Document]:
    """A Word document: headings, paragraphs, list items and tables in reading order; title as its properties have it.

    The day is that of its text, else that of its creation. Raises `ReadError`: `format`, `bomb`, `entities`,
    `too-long`, `empty`.
    """
    data = whole_bytes(item, options)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if len(archive.filelist) > _MAX_PARTS:
                raise ReadError(item.source, "bomb", f"has more than {_MAX_PARTS:,} parts; it is no document")
            root = _part(archive, _DOCUMENT, item.source)
            styles = _part(archive, _STYLES, item.source)
            properties = _part(archive, _PROPERTIES, item.source)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ReadError(item.source, "format", f"is no whole DOCX file ({error}); save it anew") from error
    if root is None:
        raise ReadError(item.source, "format", f"holds no {_DOCUMENT}: it is no Word document; save it as DOCX")
    text = "\n\n".join(_blocks(root, _levels(styles)))
    said, otherwise = _properties(properties)
    return [
        derived_document(
            item.name, text, source=item.source, said=said, otherwise=otherwise, max_chars=options.max_chars
        )
    ]


def _part(archive: zipfile.ZipFile, name: str, source: str) -> Element | None:
    """A part as XML, unpacked in bounds; None where there is none."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MAX_PART or info.file_size > max(_SMALL, _MAX_RATIO * info.compress_size):
        raise ReadError(source, "bomb", f"{name} grows to {info.file_size:,} bytes when unpacked; it is no document")
    with archive.open(info) as part:
        data = part.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise ReadError(source, "bomb", f"{name} is longer than it says; it is no document")
    # No Word document has a document type, and without one there are no entities that could grow.
    if b"<!DOCTYPE" in data or b"<\x00!\x00D\x00" in data or b"\x00<\x00!\x00D" in data:
        raise ReadError(source, "entities", f"{name} has a document type, which Word never writes")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ReadError(source, "format", f"{name} is not XML ({error}); save it anew") from error
    for element in root.iter():
        element.tag = element.tag.replace(_STRICT, _WORD)
    return root


def _levels(styles: Element | None) -> dict[str, int]:
    """By style, the level of the headings that have it."""
    levels = {}
    for style in styles.iter(f"{_WORD}style") if styles is not None else ():
        named = style.find(f"{_WORD}name")
        heading = _HEADING.fullmatch(_value(named))
        outline = _value(style.find(f"{_WORD}pPr/{_WORD}outlineLvl"))
        level = int(heading[1] or 1) if heading else int(outline) + 1 if outline.isdecimal() else 0
        if 0 < level <= 6:
            levels[style.get(f"{_WORD}styleId") or style.get(f"{_STRICT}styleId") or ""] = level
    return levels


def _blocks(root: Element, levels: dict[str, int]) -> Iterator[str]:
    """Paragraphs, list items and tables; a list or table is one block, so that it stays one in markdown."""
    items: list[str] = []
    body = root.find(f"{_WORD}body")
    for element in _content(body if body is not None else root):
        text, listed = "", False
        if element.tag == f"{_WORD}tbl":
            text = _table(element)
        elif element.tag == f"{_WORD}p":
            text, listed = _paragraph(element, levels)
        if items and not listed:
            yield "\n".join(items)
            items = []
        if listed:
            items.append(text)
        elif text:
            yield text
    if items:
        yield "\n".join(items)


def _content(parent: Element) -> Iterator[Element]:
    """The children, and in their place those of content controls and tracked insertions."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag in (f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins", f"{_WORD}customXml"):
            stack.extend(reversed(element))
        else:
            yield element


def _paragraph(paragraph: Element, levels: dict[str, int]) -> tuple[str, bool]:
    """The text of a paragraph with its mark, and whether it is a list item."""
    text = _text(paragraph).strip()
    if not text:
        return "", False
    properties = paragraph.find(f"{_WORD}pPr")
    if properties is None:
        return text, False
    style = _value(properties.find(f"{_WORD}pStyle"))
    outline = _value(properties.find(f"{_WORD}outlineLvl"))
    level = int(outline) + 1 if outline.isdecimal() else levels.get(style, 0)
    if 0 < level <= 6:
        return f"{'#' * level} {' '.join(text.split())}", False
    numbering = properties.find(f"{_WORD}numPr")
    if numbering is None and not style.lower().startswith("list"):
        return text, False
    depth = _value(numbering.find(f"{_WORD}ilvl")) if numbering is not None else ""
    return f"{'  ' * min(int(depth) if depth.isdecimal() else 0, 8)}- {' '.join(text.split())}", True


def _table(table: Element) -> str:
    rows = []
    for row in table.iter(f"{_WORD}tr"):
        cells = (" ".join(_text(cell).split()).replace("|", "\\|") for cell in row.iterfind(f"{_WORD}tc"))
        rows.append("| " + " | ".join(cells) + " |")
    columns = rows[0].count(" |") if rows else 0
    return "\n".join([*rows[:1], "|" + " --- |" * columns, *rows[1:]]) if rows else ""


def _text(element: Element) -> str:
    """The words below an element: tabs and breaks as white space, deleted words left out."""
    parts = []
    stack = [element]
    while stack:
        each = stack.pop()
        if each.tag == _FALLBACK:
            continue  # says again, for old programs, what stands beside it
        stack.extend(reversed(each))
        if each.tag == f"{_WORD}t":
            parts.append(each.text or "")
        elif each.tag == f"{_WORD}tab":
            parts.append(" ")
        elif each.tag in (f"{_WORD}br", f"{_WORD}cr"):
            parts.append("\n")
        elif each.tag == f"{_WORD}p":
            parts.append(" ")
    return "".join(parts)


def _properties(root: Element | None) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """What the properties say: the title; and, less surely, the day of creation."""
    if root is None:
        return {}, {}
    return {"title": (root.findtext(f"{_CORE}title") or "").strip()}, {"date": root.findtext(f"{_TERMS}created")}


def _value(element: Element | None) -> str:
    return (element.get(f"{_WORD}val") or element.get(f"{_STRICT}val") or "") if element is not None else ""
