"""Which date of a sentence is the date of a fact: one that its own words have, or the verb that tells it.

A date dates what it hangs on. It is the date of a fact if that is the fact's own predicate, something under it ("the
release of Widget in May"), or what governs it ("announced on Monday that it had bought Acme"). What a noun phrase takes
for granted has no date from the verb that the phrase is an argument of: "its unit Acme said on Monday" does not say
since when Acme is its unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.nlp.date_grammar import date_grammar
from kg.nlp.frames import SUBJECTS, VERBS, children
from kg.nlp.parsed import Parsed

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

FINITE_PRESENT = ("VBZ", "VBP")
INSIDE = (
    "dobj",
    "attr",
    "oprd",
    "acomp",
    "prep",
    "pobj",
    "agent",
    "acl",
    "nmod",
    "compound",
    "appos",
    "xcomp",
    "pcomp",
)
"""What leads down from a predicate to what its date may hang on."""
NOMINAL = ("dobj", "pobj", "prep", "nsubj", "nsubjpass", "appos", "compound", "nmod", "poss", "conj", "ccomp")
"""What leads up from a noun for something that happens to the verb that tells it."""
COMPLEMENTS = ("attr", "oprd", "acomp")
VERBAL = ("xcomp", "ccomp", "acl", "advcl", "pcomp", "prep")
"""What leads up from a verb to what governs it."""
DEEP = 4
"""So many steps down are looked at."""


def date_of(predicate: Token, parsed: Parsed, *, certain: bool = True) -> str | None:
    """The date (ISO 8601, as precise as the text) of what a predicate, a verb or noun, tells; None without one.

    `certain`: whether the fact is told as having happened; else the day on which someone spoke of it is not its date.
    """
    dated = _attached(predicate.sent, parsed) if parsed.dates else {}
    if not dated:
        return None
    for anchor in (predicate, *_above(predicate, certain=certain)):
        labels = INSIDE if anchor.i == predicate.i else () if anchor.i in parsed.names else ("acl",)
        found = min(_reached(anchor, dated, labels), default=None)
        if found is not None:
            return parsed.dates[found[1]]
    return None


def common_predicate(one: Token, other: Token) -> Token | None:
    """The lowest word of a sentence over two others, or one of them; None where they stand in two sentences."""
    over = {one.i, *(each.i for each in one.ancestors)}
    return next((each for each in (other, *other.ancestors) if each.i in over), None)


def _attached(sentence: Span, parsed: Parsed) -> dict[int, list[int]]:
    """For the words of a sentence that have dates, the first tokens of these."""
    out: dict[int, list[int]] = {}
    for i in sorted(parsed.dates):
        if sentence.start <= i < sentence.end:
            over = _over(parsed.doc[i])
            if not (_is_nowadays(i, parsed) and over.tag_ in FINITE_PRESENT):
                out.setdefault(over.i, []).append(i)
    return out


def _over(token: Token) -> Token:
    """What the phrase of a date hangs on: "bought" in "bought at the end of last year"."""
    parts = date_grammar().lists["part_words"]
    head = token
    while head.head.i != head.i:
        inside = head.dep_ in ("pobj", "pcomp", "amod", "nummod", "compound", "det", "quantmod")
        is_time = head.dep_ in ("npadvmod", "nmod") and head.head.tag_ in ("RB", "NN", "CD", "IN")
        head = head.head
        if not (inside or is_time or head.tag_ in ("IN", "TO") or head.lower_ in parts):
            break
    return head


def _is_nowadays(i: int, parsed: Parsed) -> bool:
    return parsed.words[i] in date_grammar().lists["nowadays"]


def _reached(anchor: Token, dated: Mapping[int, list[int]], labels: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The dates of a word and of what stands under it by these labels, each with how many steps lead to it."""
    level = [anchor]
    for depth in range(DEEP + 1):
        for token in level:
            yield from ((depth, i) for i in dated.get(token.i, ()))
        level = [child for token in level for child in children(token, *labels) if not _is_clause(child)]


def _is_clause(token: Token) -> bool:
    """Whether a word begins a clause with a subject of its own."""
    return token.tag_ in VERBS and bool(children(token, *SUBJECTS))


def _above(predicate: Token, *, certain: bool) -> Iterator[Token]:
    """What governs a predicate, as far as a date of it is one of the predicate."""
    token = predicate
    while token.head.i != token.i and _leads_up(token, certain=certain):
        token = token.head
        yield token


def _leads_up(token: Token, *, certain: bool) -> bool:
    if token.dep_ == "ccomp" and not certain:
        return False
    if token.tag_ in VERBS:
        return token.dep_ in VERBAL
    if token.dep_ in COMPLEMENTS or (token.dep_ == "pobj" and token.head.lower_ == "as"):
        return True
    is_event = token.tag_ in ("IN", "TO") or token.lower_ in date_grammar().lists["events"]
    return is_event and token.dep_ in NOMINAL
