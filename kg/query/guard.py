"""What a query may not say: refused from its tokens, before any engine sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from kg.data import data_path, did_you_mean
from kg.errors import QueryError
from kg.query.rewriting import Prologue, full_iri, full_name, read_prologue
from kg.query.tokens import Token, declares_base, error_at, tokenize, with_depth
from kg.schema import NAMESPACE
from kg.store.names import PROP, PROP_STATEMENT, RDF, SCHEMA_ORG

MAX_LENGTH = 50_000
MAX_DEPTH = 100
MAX_CHAIN = 1_000
"""How often a query may use one operator or one kind of group. Each makes the engine's tree deeper; from some 2,500 on
it overflows the stack of the process, which trusted queries share with the caller."""

UPDATES = frozenset(["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "USING", "WITH"])
REFUSED = {
    "SERVICE": "SERVICE is refused: a query may not reach other servers",
    "FROM": "FROM is refused: a query always sees the whole graph; for one document's evidence use GRAPH",
}
_SPARQL = """
    A ABS ADJUST AS ASC ASK AVG BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY DESC
    DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS
    IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN
    MINUS MINUTES MONTH NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE RAND REDUCED REGEX REPLACE ROUND SAMETERM
    SAMPLE SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR
    STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR
"""
WORDS = frozenset(_SPARQL.split())
_CHAINED = dict.fromkeys(("!", "+", "-", "*", "/", "^", "EXISTS", "FILTER", "GRAPH", "MINUS", "UNION"), MAX_CHAIN)
_CHAINED |= {"BIND": MAX_CHAIN, "OPTIONAL": MAX_CHAIN, "|": 4 * MAX_CHAIN, "&": 4 * MAX_CHAIN}  # || are two


def scan(
    query: str, namespaces: Mapping[str, str], *, base: str | None = None, trusted: bool = False
) -> tuple[list[Token], Prologue]:
    """The tokens of a query that may run, and what its head declares on top of the prefixes `namespaces` and `base`.

    Raises `QueryError` (line, column, caret, hint) for what is too long or deep, reaches out, changes data, or names
    a word, a prefix or a term of the schema that does not exist. A trusted query may choose graphs with FROM.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query has {len(query):,} characters, more than {MAX_LENGTH:,}; shorten it or split it")
    for offset, character in enumerate(query):
        if "\ud800" <= character <= "\udfff":
            raise error_at(query, offset, "half a character (a lone surrogate); write the whole one")
    tokens = tokenize(query, relative=base is not None or declares_base(query))
    _check_depth(query, tokens)
    _check_chains(query, tokens)
    prologue = read_prologue(query, tokens, namespaces, base)
    if len(tokens) == prologue.length:
        raise QueryError("the query is empty; write SELECT, ASK, CONSTRUCT or DESCRIBE")
    allowed = WORDS | {"FROM", "NAMED"} if trusted else WORDS
    for before, token in zip([None, *tokens[prologue.length :]], tokens[prologue.length :], strict=False):
        if token.kind == "word":
            _check_word(query, token, before, allowed)
        elif token.kind == "name":
            _check_name(query, token, before, prologue.prefixes)
        elif token.kind == "iri":
            _check_iri(query, token, prologue)
    return tokens, prologue


def _check_depth(query: str, tokens: Sequence[Token]) -> None:
    for token, depth in with_depth(tokens):
        if depth > MAX_DEPTH:
            raise error_at(query, token.start, f"brackets are nested more than {MAX_DEPTH} deep; flatten the query")


def _check_chains(query: str, tokens: Sequence[Token]) -> None:
    seen = Counter[str]()
    for token in tokens:
        text = token.text.upper()
        if text in _CHAINED:
            seen[text] += 1
            if seen[text] > _CHAINED[text]:
                message = f"more than {_CHAINED[text]:,} times {text!r}; use VALUES, or split the query"
                raise error_at(query, token.start, message)


def _check_word(query: str, token: Token, before: Token | None, allowed: frozenset[str]) -> None:
    word = token.text.upper()
    if word in allowed:
        return
    if word in REFUSED:
        raise error_at(query, token.start, REFUSED[word])
    if word in UPDATES:
        message = f"{word} is refused: only SELECT, ASK, CONSTRUCT and DESCRIBE, nothing that changes the graph"
        raise error_at(query, token.start, message)
    if word in ("BASE", "PREFIX"):
        raise error_at(query, token.start, f"{word} stands only at the head of a query")
    if _opens_iri(token, before):
        raise error_at(query, token.start, "not an IRI: write IRIs in full (<https://...>) or with a prefix")
    raise error_at(query, token.start, f"unknown word {token.text!r}" + _hint(word, WORDS | {"BASE", "PREFIX"}))


def _check_name(query: str, token: Token, before: Token | None, known: Mapping[str, str]) -> None:
    prefix, _, local = token.text.partition(":")
    if prefix not in known:
        if _opens_iri(token, before):
            raise error_at(query, token.start - 1, "an IRI ends with > and holds no space, quote or brace")
        raise error_at(query, token.start, f"unknown prefix {prefix + ':'!r}" + _hint(prefix, known, "{}:"))
    terms, relations = schema_terms()
    fitting = {NAMESPACE: terms, PROP: relations, PROP_STATEMENT: relations}.get(known[prefix])
    if fitting is not None and local and local not in fitting:
        raise error_at(query, token.start, f"unknown term {token.text!r}" + _hint(local, fitting, prefix + ":{}"))
    full_name(query, token, known)


def _check_iri(query: str, token: Token, prologue: Prologue) -> None:
    if (scheme := token.text[1:].partition(":")[0]) in prologue.prefixes:
        message = f"{scheme}: is a prefix here: write the name without < >, or a space after a less-than sign"
        raise error_at(query, token.start, message)
    full_iri(query, token, prologue.base)


def _opens_iri(token: Token, before: Token | None) -> bool:
    return before is not None and before.text == "<" and before.end == token.start


def _hint(word: str, known: Mapping[str, str] | frozenset[str], form: str = "{}") -> str:
    """`did you mean kg:investsIn?`, where something is near."""
    shown = {form.format(term): term for term in known}
    nearest = did_you_mean(form.format(word), shown)
    return f"; {nearest.replace(chr(39), '')}" if nearest.startswith("did") else ""


@cache
def schema_terms() -> tuple[frozenset[str], frozenset[str]]:
    """Local names: everything that the schema file defines, and the relations among it."""
    from pyoxigraph import NamedNode, parse

    terms, relations = set(), set()
    for quad in parse(path=str(data_path("ontology/aiind.ttl"))):
        subject = quad.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(NAMESPACE):
            if quad.predicate.value == RDF + "type":
                terms.add(subject.value.removeprefix(NAMESPACE))
            elif quad.predicate.value == SCHEMA_ORG + "domainIncludes":
                relations.add(subject.value.removeprefix(NAMESPACE))
    return frozenset(terms), frozenset(relations)
