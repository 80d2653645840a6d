"""HTML to markdown, all of it: for what is an article already, as in feeds and mails. Links are reduced to words.

Headings, paragraphs, lists, quotes and tables with a head become markdown; a table without one is taken for layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from kg.errors import ReadError
from kg.read.extras import needed
from kg.read.inline import BLOCK_TAGS, SILENT_TAGS

MAX_PAGE = 8_000_000
"""The longest HTML that is parsed, in characters."""

_SKIPPED = SILENT_TAGS | {"head", "noscript", "select", "svg", "math", "iframe", "object", "button"}
_HEADING = re.compile(r"h[1-6]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SPECIAL = re.compile(r"[\\`*]|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|\[(?=[^\]]{0,200}\]\()|(?<!\w)_|_(?!\w)")
_LINE_START = re.compile(r"(?m)^(#{1,6} |>|[-+] |~~~|---|===)")
_NUMBERED = re.compile(r"(?m)^(\d{1,9})([.)] )")
_BLANK_LINES = re.compile(r"\n{3,}")
_INVISIBLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)


def parsed_page(text: str, *, source: str) -> Element:
    """The root element of an HTML text. Raises `ReadError`: `empty`, `too-long`, `nesting`, `extra`."""
    etree = needed("lxml.etree", source=source)
    html = needed("lxml.html", source=source)
    if len(text) > MAX_PAGE:
        raise ReadError(source, "too-long", f"has more than {MAX_PAGE:,} characters of HTML; split it")
    parser = html.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, remove_pis=True)
    try:
        root: Element | None = etree.fromstring(_CONTROL.sub("", text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if any("depth" in error.message for error in parser.error_log):
        raise ReadError(source, "nesting", "its elements are nested too deep to be read; it is no article")
    if root is None:
        raise ReadError(source, "empty", "holds no text; remove it from the input")
    return root


def markdown_of(root: Element) -> str:
    """All text below an element as markdown."""
    walk = _Walk()
    walk.through(root)
    return _BLANK_LINES.sub("\n\n", "".join(walk.parts)).strip()


class Element(Protocol):
    """What is used of an element of lxml."""

    tag: object
    text: str | None
    tail: str | None

    def get(self, key: str) -> str | None: ...
    def find(self, path: str) -> Element | None: ...
    def iterancestors(self, tag: str) -> Iterator[Element]: ...
    def itertext(self) -> Iterator[str]: ...
    def __reversed__(self) -> Iterator[Element]: ...


@dataclass(slots=True)
class _Walk:
    """Collects markdown while walking a tree.

    `inline`: the text since the last block. `lists`: what marks the items of each open list. `opening`: what the next
    block begins with. `row`: the cells so far, inside a row of a table with a head. `heads`: the rows of it so far.
    `table`: the table that was looked at last, and whether it has a head.
    """

    parts: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    quotes: int = 0
    opening: str = ""
    row: list[str] | None = None
    heads: int = 0
    table: tuple[Element | None, bool] = (None, False)

    def through(self, root: Element) -> None:
        """Iteratively, since trees may be deeper than Python's stack."""
        stack: list[tuple[Element, bool]] = [(root, False)]
        while stack:
            element, left = stack.pop()
            name = element.tag if isinstance(element.tag, str) else ""
            skipped = not name or name in _SKIPPED or bool(_INVISIBLE.search(element.get("style") or ""))
            if not left and not skipped:
                self._enter(name, element)
                self.inline.append(element.text or "")
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
            if left:
                self._leave(name)
            if element is not root:
                self.inline.append(element.tail or "")
        self._flush()

    def _enter(self, name: str, element: Element) -> None:
        if name == "br":
            self.inline.append("\n" if self.row is None else " ")
        if name not in BLOCK_TAGS or name == "br":
            return
        self._flush()
        if _HEADING.fullmatch(name):
            self.opening = "#" * int(name[1]) + " "
        elif name in ("ul", "ol"):
            self.lists.append("1. " if name == "ol" else "- ")
        elif name == "li":
            self.opening = self.lists[-1] if self.lists else "- "
        elif name == "blockquote":
            self.quotes += 1
        elif name == "tr" and self.row is None and self._is_data(element):
            self.row = []

    def _leave(self, name: str) -> None:
        if name not in BLOCK_TAGS or name == "br":
            return
        if name in ("td", "th") and self.row is not None:
            self.row.append(self._taken().replace("\n", " ").replace("|", "\\|"))
            return
        self._flush()
        if name in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif name == "blockquote":
            self.quotes -= 1
        elif name == "tr" and self.row is not None:
            self._end_row(self.row)
        elif name == "table":
            self.heads = 0
            self.parts.append("\n\n")
        if _HEADING.fullmatch(name) or name == "li":
            self.opening = ""

    def _end_row(self, row: list[str]) -> None:
        self.row = None
        if any(row):
            self.parts.append(("\n\n" if not self.heads else "\n") + "| " + " | ".join(row) + " |")
            if not self.heads:
                self.parts.append("\n|" + " --- |" * len(row))
            self.heads += 1

    def _taken(self) -> str:
        lines = "".join(_SPACE.sub(" ", part) if part != "\n" else part for part in self.inline).split("\n")
        self.inline.clear()
        text = "\n".join(line.strip() for line in lines).strip()
        return _SPECIAL.sub(r"\\\g<0>", text)

    def _flush(self) -> None:
        """Write what was collected as a block of its own."""
        if self.row is not None:
            self.inline.append(" ")
            return
        text = self._taken()
        if not text:
            return
        depth = len(self.lists) - (1 if self.opening in ("- ", "1. ") else 0)
        prefix = "> " * self.quotes + "   " * max(0, depth)
        text = _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\\1", text))
        lines = [line if number else self.opening + line for number, line in enumerate(text.split("\n"))]
        self.parts.append("\n\n" + "\n".join(f"{prefix}{line}".rstrip() for line in lines))
        self.opening = ""

    def _is_data(self, row: Element) -> bool:
        """Whether a row is of a table with a head; nothing but such a table is more than layout."""
        table = next(row.iterancestors("table"), None)
        if table is not self.table[0]:
            self.table = (table, table is not None and table.find(".//th") is not None)
        return self.table[1]
