"""A query as tokens: what is a word, a string, an IRI or a comment, decided so that the engine cannot disagree.

Oxigraph's parser has no tokens of its own: `1<?b)SERVICE:x#>` is one IRI to a tokenizer and a comparison, a SERVICE
and a comment to Oxigraph. So an IRI here begins with a scheme that is no prefix, comments are blanked before the
engine sees them, words must be SPARQL's, and BASE (which would make `<?b>` an IRI) is refused by the guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import QueryError

_LINE_SHOWN = 100
_TOKEN = re.compile(
    r"""
      (?P<space>[\x20\t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<string>\"{3}(?:\"{0,2}+(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3}
               | (?!\"{3})\"(?:[^"\\\r\n]|\\[^\r\n])*+\" | (?!'{3})'(?:[^'\\\r\n]|\\[^\r\n])*+')
    | (?P<iri><[A-Za-z][A-Za-z0-9]*:[^<>"{}|^`\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:\w(?:[\w·-]|\.+(?=[\w·-]))*+)
    | (?P<name>(?:[^\W\d_][\w.·-]{0,99}+)?:(?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]|\.+(?=[\w:·%\\-]))*+)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
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


def tokenize(query: str) -> list[Token]:
    """The tokens of a query, without space and comments. Raises `QueryError` for a string that is not closed."""
    tokens = []
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "sign"
        if kind == "sign" and match.group() in "\"'":
            raise error_at(query, match.start(), "this string is not closed")
        if kind == "sign" and match.group() == "\\":
            raise error_at(query, match.start(), "a backslash stands only in strings and in names after their prefix")
        if kind not in ("space", "comment"):
            tokens.append(Token(kind, match.group(), match.start()))
    return tokens


def without_comments(query: str) -> str:
    """The query with each comment as spaces: no character moves."""
    return _TOKEN.sub(lambda m: " " * len(m.group()) if m.lastgroup == "comment" else m.group(), query)


def with_depth(tokens: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with the number of brackets that are open after it."""
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in "{([") - (token.text in "})]")
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
