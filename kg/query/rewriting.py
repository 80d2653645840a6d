"""A query written anew for the engine, so that nothing in it can be read in two ways.

Prefixed and relative names become IRIs in full, blank nodes get plain labels, comments and the prologue become space.
All else (words, signs, variables, numbers, strings, space) stands as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.query.tokens import Token, error_at

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CHARACTER = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_NOT_IN_IRI = re.compile(r'[<>"{}|\\^`\x00-\x20\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Prologue:
    """What is known before a query begins: `prefixes` (without colon) and the base of relative IRIs, if there is one.

    `length`: of the declarations, in tokens.
    """

    prefixes: Mapping[str, str]
    base: str | None
    length: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`text` for the engine. `pieces`: where each begins in `text`, and in the query (characters from 0)."""

    text: str
    pieces: tuple[tuple[int, int], ...]

    def place(self, offset: int) -> int:
        """The place in the query of a place in `text`."""
        number = bisect_right(self.pieces, (offset, 2**62)) - 1
        begin, own = self.pieces[number]
        following = self.pieces[number + 1 :][:1]
        return min(own + offset - begin, following[0][1]) if following else own + offset - begin


def read_prologue(query: str, tokens: Sequence[Token], known: Mapping[str, str], base: str | None) -> Prologue:
    """The PREFIX and BASE declarations at the head of a query, on top of what is known. Raises `QueryError`."""
    prefixes, at = dict(known), 0
    while at < len(tokens) and tokens[at].is_word("PREFIX", "BASE"):
        if tokens[at].is_word("BASE"):
            if [token.kind for token in tokens[at + 1 : at + 2]] != ["iri"]:
                raise error_at(query, tokens[at].start, "write BASE <IRI>")
            base = full_iri(query, tokens[at + 1], base)
            at += 2
            continue
        if [token.kind for token in tokens[at + 1 : at + 3]] != ["name", "iri"] or tokens[at + 1].text[-1] != ":":
            raise error_at(query, tokens[at].start, "write PREFIX name: <IRI>")
        prefixes[tokens[at + 1].text[:-1]] = full_iri(query, tokens[at + 2], base)
        at += 3
    return Prologue(prefixes, base, at)


def full_iri(query: str, token: Token, base: str | None) -> str:
    """The IRI of a token, in full. Raises `QueryError` where it is none, or is relative to nothing."""
    text = _CHARACTER.sub(lambda match: _character(match[1] or match[2]), token.text[1:-1])
    if _NOT_IN_IRI.search(text):
        raise error_at(query, token.start, "not an IRI: it holds a space, a quote, a brace or a backslash")
    if base is None and not _SCHEME.match(text):
        raise error_at(query, token.start, "a relative IRI, and no base; write it in full or with a prefix")
    return _valid(query, token, text, base)


def full_name(query: str, token: Token, prefixes: Mapping[str, str]) -> str:
    """The IRI of a name with a prefix. Raises `QueryError` where what comes out is none; the prefix is known."""
    prefix, _, local = token.text.partition(":")
    return _valid(query, token, prefixes[prefix] + re.sub(r"\\(.)", r"\1", local), None)


def rewritten(query: str, tokens: Sequence[Token], prologue: Prologue, insert: Mapping[int, str]) -> Rewritten:
    """The query for the engine. `tokens`: all of the query's; `insert`: what to put in, by place in the query."""
    parts: list[str] = []
    pieces, length, labels = [(0, 0)], 0, dict[str, str]()

    def put(text: str, own: int) -> None:
        nonlocal length
        if text:
            pieces.append((length, own))
            parts.append(text)
            length += len(text)

    end = 0
    for number, token in enumerate(tokens):
        put(_space(query[end : token.start]), end)
        if number < prologue.length:
            put(_space(token.text), token.start)
        elif token.kind in ("iri", "name"):
            iri = (
                full_iri(query, token, prologue.base)
                if token.kind == "iri"
                else full_name(query, token, prologue.prefixes)
            )
            put(f" <{iri}>" if query[token.start - 1 : token.start] == "<" else f"<{iri}>", token.start)
        elif token.kind == "blank":
            put(labels.setdefault(token.text, f"_:b{len(labels)}"), token.start)
        else:
            put(token.text, token.start)
        end = token.end
        put(insert.get(end, ""), end)
    put(_space(query[end:]), end)
    return Rewritten("".join(parts), tuple(pieces))


def _space(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else "\\"


def _valid(query: str, token: Token, text: str, base: str | None) -> str:
    from pyoxigraph import NamedNode, RdfFormat, parse

    try:
        if base is None:
            return NamedNode(text).value
        subject = next(iter(parse(f"<{text}> <a:b> <a:b> .", RdfFormat.TURTLE, base_iri=base))).subject
        return str(subject)[1:-1]
    except (ValueError, SyntaxError) as error:
        raise error_at(query, token.start, f"not an IRI: {error}") from error
