"""How far a variable of a query reaches: into the sub-SELECTs that hand it out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from kg.query.tokens import Token, with_depth


def inner_scopes(tokens: Sequence[Token], names: Collection[str]) -> dict[int, list[str]]:
    """Where the groups of sub-SELECTs open (characters from 0, after the brace), and those of `names` (without `?`)
    that may be bound there as well, sorted.

    A variable of the whole query is the same in a sub-SELECT that hands it out as it is, and in those inside of it.
    Where that has a LIMIT or an OFFSET, binding it inside would change which rows are left; where it gives the
    variable a value itself (`AS ?name`), it could not be bound before.
    """
    deep = list(with_depth(tokens))
    found: dict[int, list[str]] = {}
    around = [(len(deep), frozenset(names))]  # for each SELECT that is open: where it ends, and what reaches it
    for number, (token, depth) in enumerate(deep):
        while number >= around[-1][0]:
            around.pop()
        if depth == 0 or not token.is_word("SELECT"):
            continue
        opening = _next(deep, number, depth + 1, "{")
        closing = _next(deep, opening, depth, "}")
        end = _next(deep, closing, depth - 1, "}")
        clause = [each for each, d in deep[number:opening] if d == depth]
        within = [each for each, _ in deep[number:closing]]
        given = [name for word, name in pairwise(within) if word.is_word("AS")]
        reaching = around[-1][1] & _variables(within) - _variables(given)
        if all(each.text != "*" for each in clause):
            reaching &= _variables(clause)
        if any(d == depth and each.is_word("LIMIT", "OFFSET") for each, d in deep[closing:end]):
            reaching = frozenset()
        around.append((end, reaching))
        if reaching and opening < len(deep):
            found[deep[opening][0].end] = sorted(reaching)
    return found


def _next(deep: Sequence[tuple[Token, int]], start: int, depth: int, sign: str) -> int:
    """The number of the first such sign behind `start` that leaves so many brackets open; the end where none does."""
    behind = range(start + 1, len(deep))
    return next((n for n in behind if deep[n][1] == depth and deep[n][0].text == sign), len(deep))


def _variables(tokens: Iterable[Token]) -> frozenset[str]:
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")
