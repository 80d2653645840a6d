"""A query as tokens: what is a word, a string, an IRI or a comment.

Oxigraph's parser has no tokens of its own and takes another way where one fails: `e:a.b.SERVICE`, `'''x' } SERVICE ...
\\q'''` and `<a+b:c'>` are one token by the standard, and several, or longer ones, to Oxigraph. So it never sees the
user's own text: `kg.query.rewriting` writes these tokens anew, in a form that can be read in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from kg.errors import QueryError

_LINE_SHOWN = 100
# The standard's PN_CHARS_BASE and PN_CHARS, as the inside of a character class.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_LETTER += "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_CHAR = _LETTER + r"_0-9\u00b7\u0300-\u036f\u203f\u2040\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]"


def _pattern(scheme: str) -> re.Pattern[str]:
    return re.compile(
        rf"""
          (?P<space>[\x20\t\r\n]+)
        | (?P<comment>\#[^\r\n]*)
        | (?P<string>\"{{3}}(?:\"{{0,2}}+(?:[^"\\]|\\.))*+\"{{3}} | '{{3}}(?:'{{0,2}}+(?:[^'\\]|\\.))*+'{{3}}
                   | (?!\"{{3}})\"(?:[^"\\\r\n]|\\[^\r\n])*+\" | (?!'{{3}})'(?:[^'\\\r\n]|\\[^\r\n])*+')
        | (?P<iri><{scheme}[^<>"{{}}|^`\x00-\x20]*>)
        | (?P<variable>[?$]\w+)
        | (?P<language>@[A-Za-z]+(?:--?[A-Za-z0-9]+)*)
        | (?P<blank>_:[{_CHAR}](?:[{_CHAR}]|\.+(?=[{_CHAR}]))*+)
        | (?P<name>(?:[{_LETTER}][{_CHAR}.]{{0,99}}+)?:
                   (?:(?:[{_LETTER}_:0-9]|{_ESCAPED})(?:[{_CHAR}:]|{_ESCAPED}|\.+(?=[{_CHAR}:%\\]))*+)?)
        | (?P<word>[A-Za-z_]\w*)
        | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
        | (?P<sign>.)
        """,
        re.VERBOSE | re.DOTALL,
    )


_ABSOLUTE, _RELATIVE = _pattern("[A-Za-z][A-Za-z0-9+.-]*:"), _pattern("")
_ESCAPE = re.compile(
    r"""\\(?P<right>[tbnrf"'\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}
          |U(?:000(?!0[dD][89a-fA-F])[0-9a-fA-F]|0010)[0-9a-fA-F]{4})?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query. `kind` is a group of the pattern above; `start` counts characters from 0."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


def tokenize(query: str, *, relative: bool = False) -> list[Token]:
    """The tokens of a query, without space and comments; with `relative`, `<b>` is an IRI too, as in the standard.

    Raises `QueryError` for a string that is not closed or holds an escape that is none.
    """
    return list(_tokens(query, _RELATIVE if relative else _ABSOLUTE))


def declares_base(query: str) -> bool:
    """Whether a query has BASE at its head. Raises `QueryError` like `tokenize`."""
    head = takewhile(lambda t: t.is_word("PREFIX", "BASE") or t.kind in ("name", "iri"), _tokens(query, _RELATIVE))
    return any(token.is_word("BASE") for token in head)


def _tokens(query: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    for match in pattern.finditer(query):
        kind = match.lastgroup or "sign"
        if kind == "sign" and match.group() in "\"'":
            raise error_at(query, match.start(), "this string is not closed")
        if kind == "sign" and match.group() == "\\":
            raise error_at(query, match.start(), "a backslash stands only in strings and in names after their prefix")
        if kind == "string":
            _check_escapes(query, match.start(), match.group())
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


def _check_escapes(query: str, start: int, string: str) -> None:
    for escape in _ESCAPE.finditer(string):
        if escape["right"] is None:
            message = "not an escape: write \\t \\b \\n \\r \\f \\\" \\' \\\\ or \\u and the four digits of a character"
            raise error_at(query, start + escape.start(), message)


def with_depth(tokens: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with the number of brackets that are open after it; `<<` and `>>` are brackets too."""
    depth, angle = 0, None  # angle: the place behind a < or >, where another makes a bracket of the two
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in "{([") - (token.text in "})]")
        if token.kind == "sign" and token.text in "<>":
            double = angle == (token.text, token.start)
            depth += double * (1 if token.text == "<" else -1)
            angle = None if double else (token.text, token.end)
        yield token, depth


def outer_braces(tokens: Sequence[Token]) -> list[int]:
    """Where the outermost groups of a query open: characters from 0, after each brace."""
    return [
        token.end for token, depth in with_depth(tokens) if depth == 1 and token.kind == "sign" and token.text == "{"
    ]


def error_at(query: str, offset: int, message: str) -> QueryError:
    """A `QueryError` that shows the line of the query at `offset` (characters from 0), with a caret under the place."""
    line, begin = query.count("\n", 0, offset) + 1, query.rfind("\n", 0, offset) + 1
    column = offset - begin + 1
    shown, caret = query[begin:].partition("\n")[0], column - 1
    if len(shown) > _LINE_SHOWN:
        first = max(0, min(caret - _LINE_SHOWN // 2, len(shown) - _LINE_SHOWN))
        shown, caret = shown[first : first + _LINE_SHOWN], caret - first
    shown = "".join(c if c.isprintable() else " " for c in shown)
    message = f"line {line}, column {column}: {message}\n    {shown}\n    {' ' * caret}^"
    return QueryError(message, line=line, column=column)


def offset_of(query: str, line: int, column: int) -> int:
    """The character, from 0, at a line and a column that count from 1; the query's end where it has no such place."""
    begin = 0
    for _ in range(line - 1):
        begin = query.find("\n", begin) + 1
        if begin == 0:
            return len(query)
    return min(begin + column - 1, len(query))
