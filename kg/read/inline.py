"""The inside of a block: mark-up becomes clean lines of traced text.

markdown-it gives inline tokens without offsets, but each stands for a known piece of the source (a text token for
itself, `strong_open` for its marks, ...), so a cursor that walks the source beside the tokens finds every character.
Where that piece cannot be told from the token alone (links, images, code), the parser's rule notes where it ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, backtick, emphasis, image, link
from markdown_it.token import Token

from kg.read.traced import Edit, Tape, Traced, rewrite

_BLOCK_TAGS = """
    address article aside blockquote body br button center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section summary table tbody td tfoot th thead
    title tr ul
"""
BLOCK_TAGS = frozenset(_BLOCK_TAGS.split())
"""HTML elements that begin a line of their own."""
SILENT_TAGS = frozenset(("script", "style", "template"))
"""HTML elements whose content is no text."""

_MAX_NESTING = 60
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_LINE_BREAK = re.compile(r"[ \t]*\\?\n[ \t]*")
_URL = r"""(?:https?://|www\.)[^\s<>"“”|]*[^\s<>"“”|.,;:!?'’)\]}*_]"""
_DROPPED = re.compile(
    rf"""[(\[]\s*{_URL}\s*[)\]]     # an address in brackets of its own
    | {_URL}
    | \[\^[^\]\s]{{1,40}}\]:?       # a footnote mark
    | (?<!\S)\*(?=[^\W\d])         # a mark of emphasis that nothing closes, or of a footnote
    | (?<!\S)(?:\(\s*\)|\[\s*\])    # brackets that lost their content
    | [\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]  # invisible characters""",
    re.VERBOSE,
)
_STARS = re.compile(r"\*+")
_BOLD_MARKS = re.compile(r"(?<!\d)\*{2,}|\*{2,}(?!\d)")
_STRAY_MARKS = re.compile(r"(?<!\d)\*{2,}|\*{2,}(?!\d)|~~+")
_STRAY_LINK = re.compile(r"!\[[^\[\]]*\]\([^()]*\)|\[(?=[^\[\]]+\]\([^()]*\))|(?<=[^\[\]])\]\([^()]*\)")
_SPACE = re.compile(r"\s+")
_LONG_RUN = re.compile(r"(?:[^\w\s]|_){65,}")
"""Leaders, rules and worse: a tokenizer that takes such marks off a word one by one needs time in their square."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block. `hard`: a forced break stands before it. `stored_break`: the stored offset of that break."""

    content: Traced
    hard: bool
    stored_break: int


@cache
def markdown_parser() -> MarkdownIt:
    """CommonMark with tables and HTML, without indented code, noting where links, images and code spans end."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable("table").disable(["code", "text_join"])
    for name, rule in (("link", link), ("image", image), ("autolink", autolink), ("backticks", backtick)):
        parser.inline.ruler.at(name, _noting_end(rule))
    parser.inline.ruler.at("emphasis", _emphasis)
    return parser


def _noting_end(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The inline rule, writing the source offset where it ended into its last token."""

    def noting(state: StateInline, silent: bool) -> bool:
        before = len(state.tokens)
        found = rule(state, silent)
        if found and not silent and len(state.tokens) > before:
            state.tokens[-1].meta["end"] = state.pos
        return found

    return noting


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Leave `**` as text: `_Walk` pairs them in turn.

    CommonMark pairs them by what stands beside them, which goes wrong wherever a converter glued them to the words:
    in `**Acme.**Its shop**opens**today` it sets `Its shop` in bold.
    """
    run = _STARS.match(state.src, state.pos, state.posMax)
    if run is None or len(run[0]) % 2:
        return emphasis.tokenize(state, silent)
    if silent:
        return False
    state.push("text", "", 0).content = run[0]
    state.pos = run.end()
    return True


def clean_lines(tokens: Sequence[Token], source: str, origin: Sequence[int]) -> list[Line]:
    """The clean lines of inline tokens. `source`: what they were parsed from; `origin`: its stored offsets."""
    lines = _Walk(source, origin).lines(tokens)
    cleaned = (Line(_clean(line.content), line.hard, line.stored_break) for line in lines)
    return [line for line in cleaned if line.content.text]


class _Walk:
    """A cursor in the source beside the tokens."""

    def __init__(self, source: str, origin: Sequence[int]) -> None:
        self._source, self._origin = source, origin
        self._cursor = self._bold = 0
        self._stars_left = 0
        self._silent = ""
        self._tape = Tape()
        self._lines: list[Line] = []
        self._break = (False, origin[0] if origin else 0)

    def lines(self, tokens: Sequence[Token]) -> list[Line]:
        stars = sum(len(_bold_marks(token.content)) for token in tokens if token.type == "text")
        self._stars_left = stars - stars % 2
        for token in tokens:
            self._step(token)
        self._end_line(hard=False)
        return self._lines

    def _step(self, token: Token) -> None:
        kind = token.type
        if kind == "text":
            self._text(token.content)
        elif kind == "text_special":
            self._decode(token)
        elif kind in ("softbreak", "hardbreak"):
            self._end_line(hard=kind == "hardbreak")
            if found := _LINE_BREAK.match(self._source, self._cursor):
                self._cursor = found.end()
        elif kind == "code_inline":
            width, end = len(token.markup), token.meta["end"]
            self._mark(width)
            self._copy(self._cursor, end - width)
            self._mark(width)
        elif kind == "html_inline":
            self._html(token)
        else:
            self._markup(token)

    def _text(self, content: str) -> None:
        """Words; each second `**` among them ends what the one before began. The last of an odd number is nothing."""
        start = self._source.find(content, self._cursor)
        for found in _bold_marks(content):
            self._copy(self._cursor, start + found.start())
            self._mark(len(found[0]))
            if self._stars_left:
                self._bold += 1 if self._stars_left % 2 == 0 else -1
                self._stars_left -= 1
        self._copy(max(start, self._cursor), start + len(content))

    def _markup(self, token: Token) -> None:
        """Links, images and emphasis: their marks go, and what is inside stays, an address or a footnote mark apart."""
        self._bold += token.nesting if token.tag == "strong" else 0
        if token.type == "link_open" and (token.markup == "autolink" or self._source.startswith("[^", self._cursor)):
            self._silent = "link"
        if token.type == "link_close" and self._silent == "link":
            self._silent = ""
        end = token.meta.get("end")
        width = max(1, len(token.markup)) if end is None else end - self._cursor
        self._mark(width)

    def _html(self, token: Token) -> None:
        found = _TAG_NAME.match(token.content)
        name = found[1].lower() if found else ""
        closing = token.content.startswith("</")
        if name in SILENT_TAGS and not self._silent and not closing:
            self._silent = name
        elif closing and name == self._silent:
            self._silent = ""
        if name in BLOCK_TAGS:
            self._end_line(hard=True)
        self._cursor = max(self._cursor, self._source.find(token.content, self._cursor))
        self._mark(len(token.content))

    def _decode(self, token: Token) -> None:
        """An entity or a backslash escape: what it means, at the offset where it begins."""
        at, width = self._cursor, len(token.markup)
        if token.info == "escape" and len(token.content) < width:
            at, width = at + 1, width - 1
        if not self._silent:
            stored = self._origin[at : at + width]
            self._tape.add(token.content, stored[: len(token.content)], bold=self._bold > 0)
        self._cursor = at + width

    def _copy(self, start: int, end: int) -> None:
        if not self._silent:
            self._tape.add(self._source[start:end], self._origin[start:end], bold=self._bold > 0)
        self._cursor = end

    def _mark(self, width: int) -> None:
        if self._cursor < len(self._origin):
            self._tape.mark(self._origin[self._cursor])
        self._cursor += width

    def _end_line(self, *, hard: bool) -> None:
        self._lines.append(Line(self._tape.take(), *self._break))
        self._tape = Tape()
        self._break = (hard, self._origin[min(self._cursor, len(self._origin) - 1)] if self._origin else 0)


def _clean(line: Traced) -> Traced:
    """Without stray marks, addresses and spare white space, and with blanks where mark-up glued words together."""
    if _STRAY_MARKS.search(line.text):
        line = rewrite(line, [Edit(*match.span(), mark=True) for match in _STRAY_MARKS.finditer(line.text)])
    if "](" in line.text:
        line = rewrite(line, [Edit(*match.span()) for match in _STRAY_LINK.finditer(line.text)])
    if found := list(_DROPPED.finditer(line.text)):
        line = rewrite(line, [_dropped(line.text, match) for match in found])
    if found := list(_LONG_RUN.finditer(line.text)):
        line = rewrite(line, [Edit(*match.span(), " ") for match in found])
    line = rewrite(
        line, [Edit(at, at, " ") for at in range(1, len(line.text)) if line.gap[at] >= 0 and _glued(line, at)]
    )
    spaces = [Edit(*match.span(), " ") for match in _SPACE.finditer(line.text) if match[0] != " "]
    line = rewrite(line, spaces) if spaces else line
    start = len(line.text) - len(line.text.lstrip())
    return line.cut(start, max(start, len(line.text.rstrip())))


def _dropped(text: str, match: re.Match[str]) -> Edit:
    """Drop the match, and the blanks before it where they would stand before punctuation or another blank."""
    start, end = match.span()
    after = text[end : end + 1]
    if match[0][-1:].isprintable() and (not after or after.isspace() or after in ".,;:!?)"):
        start = len(text[:start].rstrip())
    return Edit(start, end)


def _bold_marks(text: str) -> list[re.Match[str]]:
    """The `**` in a text that begin or end bold words: not alone between blanks, not a power."""
    return [
        mark for mark in _BOLD_MARKS.finditer(text) if len(mark[0]) % 4 == 2 and not _stands_alone(text, *mark.span())
    ]


def _stands_alone(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isspace() and text[end : end + 1].isspace()


def _glued(line: Traced, at: int) -> bool:
    """Whether dropping mark-up before character `at` glued together what its writer meant to stand apart.

    Converters write `raised**$5M**from[Acme](...)in` and `Acme’s**board**`. A single letter stays glued: `**GPU**s`,
    `**L**arge`.
    """
    text, left, right = line.text, line.text[at - 1], line.text[at]
    if left.isspace() or right.isspace():
        return False
    if right in "-–—" and at + 1 < len(text):
        return text[at + 1].isspace() or line.gap[at + 1] >= 0
    if left in "-–—":
        return line.gap[at - 1] >= 0 or text[at - 2 : at - 1].isspace()
    if right.isalnum() and left.isalnum():
        ends = left.isdigit() or text[at - 2 : at] in ("'s", "’s") or _word_length(text, at - 1, -1) > 1
        return _word_length(text, at, 1) > 1 and ends
    if right.isalpha() and left in ".,;:!?)]%+”":
        return _word_length(text, at, 1) > 1
    opens = right in "([“$€£" and (left.isalnum() or left in ".,;:!?)%")
    return opens or left in "|&" or right in "|&"


def _word_length(text: str, at: int, step: int) -> int:
    """How many letters and digits stand together from `at` on in the direction of `step`; counts no further than 2."""
    length = 0
    while length < 2 and 0 <= at < len(text) and text[at].isalnum():
        length, at = length + 1, at + step
    return length
