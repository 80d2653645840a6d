"""Markdown to blocks. Plain text is markdown too: newsletters are often saved so.

Where a text's own lines matter more than CommonMark says:

- Lines of one paragraph are joined by a blank, except at a forced break; before a literal bullet; after a line of more
  than 200 characters (no one wraps there: each line is a paragraph); and, when the next line begins with a capital or
  a digit, after a line wholly in bold and after one that ends a sentence, unless the text is wrapped, that is, its
  lines have at most 100 characters and the next line's first word would not have fitted.
- A line that begins with a literal bullet (`•`) is a list item.
- A fence that is never closed is no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from kg.model import Block
from kg.read.inline import BLOCK_TAGS, SILENT_TAGS, Line, clean_lines, markdown_parser
from kg.read.source import Source
from kg.read.traced import Traced, join

LONG_LINE = 200
WRAP_WIDTH = 100
LONGEST_UNDERLINED_HEADING = 120

_BULLET = re.compile(r"[•◦▪‣●■]\s*|\*\s+")
_CELL_MARKS = re.compile(r"[#*]+\s+")
_SENTENCE_END = re.compile(r"""[.!?…]["'”’)\]]*$""")
_OPENS_LINE = re.compile(r"""["'“‘(\[]*[^\W_a-z]""")
_HTML_SILENT = rf"<({'|'.join(sorted(SILENT_TAGS))})\b.*?(?:</\1\s*>|\Z)"
_HTML_BLOCK_TAG = rf"""</?({"|".join(sorted(BLOCK_TAGS, reverse=True))})\b(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*>"""
_HTML_EDGE = re.compile(rf"{_HTML_SILENT}|{_HTML_BLOCK_TAG}|\n[ \t]*\n", re.DOTALL | re.IGNORECASE)
_HTML_EDGE_OR_COMMENT = re.compile(rf"{_HTML_EDGE.pattern}|<!--.*?-->", re.DOTALL | re.IGNORECASE)


def parse_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a text in reading order, without front matter, code blocks, images and empty blocks.

    Kinds: `heading`, `paragraph`, `item`, `cell` (one a table cell, row by row), `quote`. Every clean character that
    was copied stands at its stored offset; white space may differ.
    """
    source = Source(text)
    environment: dict[str, object] = {}
    tokens = markdown_parser().parse(source.parsed, environment)
    if opened := _unclosed_fences(tokens, source):
        source.blank_lines(opened)
        environment = {}
        tokens = markdown_parser().parse(source.parsed, environment)
    builder = _Builder(source, environment)
    for token in tokens:
        builder.step(token)
    return tuple(builder.blocks)


@dataclass(slots=True)
class _List:
    """An open list: the block that introduces it, and the first block of its open item."""

    lead_in: int | None
    item: int | None = None


@dataclass(slots=True)
class _Builder:
    """Walks block tokens and writes blocks. `previous`: the block that a list opening here would belong to."""

    source: Source
    environment: dict[str, object]
    blocks: list[Block] = field(default_factory=list)
    previous: int | None = None
    lists: list[_List] = field(default_factory=list)
    last_lead_in: int | None = None
    quotes: int = 0
    heading: Token | None = None
    cursor: tuple[int, int] = (-1, 0)
    in_cell: bool = False

    def step(self, token: Token) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(_List(self._lead_in(goes_on=int(str(token.attrs.get("start", 1))) > 1)))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.previous = self.last_lead_in = self.lists.pop().lead_in
        elif kind == "list_item_open":
            self.lists[-1].item = self.previous = None
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif kind in ("heading_open", "heading_close"):
            self.heading = token if token.nesting > 0 else None
        elif kind in ("th_open", "td_open", "th_close", "td_close"):
            self.in_cell = token.nesting > 0
        elif kind in ("hr", "table_close"):
            self.previous = None
        elif kind == "inline":
            self._inline(token)
        elif kind == "html_block":
            self._html(token)

    def _lead_in(self, *, goes_on: bool = False) -> int | None:
        """What introduces a list: the text right before it, else the item it stands in, else that item's own lead-in.

        A numbered list that goes on after an interruption (`2.`) keeps the lead-in of its first part.
        """
        if goes_on and not self.lists:
            return self.last_lead_in
        if self.previous is not None or not self.lists:
            return self.previous
        return self.lists[-1].item if self.lists[-1].item is not None else self.lists[-1].lead_in

    def _inline(self, token: Token) -> None:
        first = token.map[0] if token.map else 0
        if self.in_cell:
            column = self.cursor[1] if self.cursor[0] == first else 0
            origin, column = self.source.trace_cell(token.content, first, column)
            self.cursor = (first, column)
        else:
            origin = self.source.trace(token.content, first)
        if len(origin) != len(token.content):
            return
        lines = clean_lines(token.children or [], token.content, origin)
        if self.in_cell:
            text = join_all(lines)
            marks = _CELL_MARKS.match(text.text)
            self._add("cell", text.cut(marks.end() if marks else 0))
        elif self.heading and not self._is_underlined_text(lines):
            self._add("heading", join_all(lines), level=int(self.heading.tag[1:]))
        else:
            for text in join_lines(lines):
                self._add_text(text)

    def _is_underlined_text(self, lines: Sequence[Line]) -> bool:
        """Whether a rule under a paragraph made a heading of it, where none was meant."""
        if not self.heading or self.heading.markup.startswith("#"):
            return False
        length = sum(len(line.content.text) for line in lines)
        return len(lines) != 1 or length > LONGEST_UNDERLINED_HEADING or _ends_sentence(lines[0].content.text)

    def _add_text(self, text: Traced, *, kind: str = "") -> None:
        """A paragraph, a quote or a list item, by what contains it."""
        bullet = _BULLET.match(text.text)
        if bullet and len(bullet[0]) < len(text.text):
            self._add_loose_item(text.cut(bullet.end()))
        elif self.lists:
            inner = self.lists[-1]
            lead_in = inner.lead_in if inner.item is None else inner.item
            self._add("item", text, level=len(self.lists), lead_in=lead_in)
            inner.item = len(self.blocks) - 1 if inner.item is None else inner.item
        else:
            self._add(kind or ("quote" if self.quotes else "paragraph"), text)

    def _add_loose_item(self, text: Traced) -> None:
        """A list item that is none to CommonMark: a literal bullet, an HTML item."""
        before = self.blocks[self.previous] if self.previous is not None else None
        follows = before is not None and before.kind == "item" and not self.lists
        lead_in = before.lead_in if before and follows else self._lead_in()
        self._add("item", text, level=len(self.lists) + 1, lead_in=lead_in)

    def _add(self, kind: str, text: Traced, *, level: int = 0, lead_in: int | None = None) -> None:
        if not text.text:
            return
        self.blocks.append(Block(kind, text.text, text.segments(), level, lead_in, text.emphasis()))
        introduces = kind not in ("heading", "cell") or text.text.endswith(":")
        self.previous = len(self.blocks) - 1 if introduces else None

    def _html(self, token: Token) -> None:
        """Raw HTML: its text, in blocks at the elements that begin a line of their own."""
        origin = self.source.trace(token.content, token.map[0] if token.map else 0)
        start, name = 0, ""
        for edge in [*_html_edges(token.content), None]:
            end = edge.start() if edge else len(token.content)
            chunk = token.content[start:end]
            if chunk.strip():
                tokens = markdown_parser().parseInline(chunk, self.environment)[0].children or []
                self._html_text(name, clean_lines(tokens, chunk, origin[start:end]))
            if edge:
                start = edge.end()
                opened = edge[2] if edge[2] and not edge[0].startswith("</") else ""
                name = opened.lower() if edge[2] else name

    def _html_text(self, name: str, lines: Sequence[Line]) -> None:
        if re.fullmatch("h[1-6]", name):
            self._add("heading", join_all(lines), level=int(name[1]))
        elif name in ("td", "th"):
            self._add("cell", join_all(lines))
        elif name == "li":
            self._add_loose_item(join_all(lines))
        else:
            for text in join_lines(lines):
                self._add_text(text, kind="quote" if name == "blockquote" else "")


def _html_edges(content: str) -> Iterator[re.Match[str]]:
    """Where texts in raw HTML begin and end. Comments are looked for only before the last `-->`, to stay linear."""
    comments_end = content.rfind("-->") + 3 if "-->" in content else 0
    yield from _HTML_EDGE_OR_COMMENT.finditer(content, 0, comments_end)
    yield from _HTML_EDGE.finditer(content, comments_end)


def _unclosed_fences(tokens: Sequence[Token], source: Source) -> list[int]:
    """The lines that open a fence which nothing closes: taken for code, the rest of the text would be lost."""
    found = []
    for token in tokens:
        if token.type == "fence" and token.map:
            last = source.line(min(token.map[1], len(source.starts)) - 1).lstrip(" \t>").rstrip()
            closed = (
                token.map[1] - token.map[0] > 1 and last.startswith(token.markup) and not last.strip(token.markup[0])
            )
            if not closed:
                found.append(token.map[0])
    return found


def join_all(lines: Sequence[Line]) -> Traced:
    """The lines as one text."""
    return join([line.content for line in lines], [line.stored_break for line in lines])


def join_lines(lines: Sequence[Line]) -> list[Traced]:
    """The lines of one paragraph as the texts they were meant to be; the module says by which rule."""
    groups: list[list[Line]] = []
    width = max((len(line.content.text) for line in lines), default=0)
    for line in lines:
        if groups and not line.hard and not _is_break(groups[-1][-1].content, line.content.text, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [join_all(group) for group in groups]


def _is_break(line: Traced, following: str, width: int) -> bool:
    """Whether the end of a line ends a text. `width`: the length of the longest line of the paragraph."""
    length = len(line.text)
    if length > LONG_LINE or _BULLET.match(following):
        return True
    wrapped = width <= WRAP_WIDTH and length + 1 + len(following.split(maxsplit=1)[0]) > width
    ends = all(line.bold) or (_ends_sentence(line.text) and not wrapped)
    return ends and bool(_OPENS_LINE.match(following))


def _ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))
