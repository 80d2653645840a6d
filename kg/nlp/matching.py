"""Matching patterns against parsed passages: which names fill the ends of which relation, and what was rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from kg.nlp.frames import VERBS, children, governor
from kg.nlp.names import THINGS, Name, same_thing
from kg.nlp.parsed import Parsed
from kg.nlp.paths import fillers, walk
from kg.nlp.patterns import Item, Pattern, Patterns, Walk

if TYPE_CHECKING:
    from spacy.tokens import Token

NOUNS = ("NN", "NNS", "NNP", "NNPS", "VBG")
ANY_WORDS = 4
MOST_PAIRED = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that fits at a trigger. `object` is None for relations with an amount in its place.

    `rejected` says why it states nothing after all; None where it does. `amount`: the sum in a slot of a token pattern.
    """

    pattern: Pattern
    trigger: Token
    subject: Name
    object: Name | None
    rejected: str | None = None
    amount: Token | None = None


def matches(parsed: Parsed, patterns: Patterns) -> Iterator[Match]:
    """All matches in one passage, rejected ones included, in order of place."""
    if not parsed.names and not parsed.references:
        return
    for i, word in enumerate(parsed.words):
        if word not in patterns.by_trigger or (i in parsed.names and parsed.names[i].maker is None):
            continue
        token = parsed.doc[i]
        led = dict[tuple[Walk, ...], list[Name]]()  # many patterns of a trigger share their paths
        for pattern in patterns.by_trigger[word]:
            if _fits(pattern, token, parsed):
                yield from _tree_matches(pattern, token, parsed, led)
    words = frozenset(parsed.words)
    for pattern in patterns.by_tokens:
        if pattern.within:
            yield from _within_matches(pattern, parsed)
        elif all(item.slot or item.optional or not words.isdisjoint(item.words) for item in pattern.items):
            yield from _token_matches(pattern, parsed)


def _fits(pattern: Pattern, token: Token, parsed: Parsed) -> bool:
    """Whether a trigger has the part of speech and the company that the pattern asks for."""
    if pattern.pos == "V" and token.tag_ not in VERBS:
        return False
    if pattern.pos == "N" and token.tag_ not in NOUNS:
        return False
    if not (pattern.modifiers or pattern.beside or pattern.governors or pattern.without):
        return True
    near = {parsed.words[child.i] for child in token.children}
    near |= {parsed.words[inner.i] for child in children(token, "amod", "compound", "nmod") for inner in child.children}
    if token.dep_ in ("compound", "amod", "nmod"):  # "its rival Acme": what stands before both belongs to both
        near |= {parsed.words[child.i] for child in token.head.children if child.i < token.i}
    if any(words and not near & words for words in (pattern.modifiers, pattern.beside)):
        return False
    if pattern.governors:
        verb = governor(token)
        if verb is None or parsed.words[verb.i] not in pattern.governors:
            return False
    return not near & pattern.without


def _tree_matches(
    pattern: Pattern, token: Token, parsed: Parsed, led: dict[tuple[Walk, ...], list[Name]]
) -> Iterator[Match]:
    """`led`: the names that paths from this token are known to lead to; those of the pattern are added."""

    def names(paths: tuple[Walk, ...]) -> list[Name]:
        if paths not in led:
            led[paths] = [name for _, name in fillers(token, paths, parsed)]
        return led[paths]

    subjects = names(pattern.subject)
    if not pattern.relation.range:
        joint = "several names share the sum" if len(subjects) > 1 else None
        for subject in subjects:
            checked = _checked(Match(pattern, token, subject, None))
            yield replace(checked, rejected=checked.rejected or joint)
        return
    if not subjects:
        return
    objects = names(pattern.object)
    if pattern.pairs and not objects:
        pairs = list(combinations(subjects, 2)) if len(subjects) <= MOST_PAIRED else []
    else:
        pairs = [(subject, other) for subject in subjects for other in objects]
    for subject, other in pairs:
        yield _checked(Match(pattern, token, subject, other))


def _checked(match: Match) -> Match:
    """The match with the names typed by their slots, or with the reason why it is rejected."""
    pattern, relation = match.pattern, match.pattern.relation
    subject = _in_slot(match.subject, relation.domain, pattern.subject_type, pattern)
    if subject is None:
        return replace(match, rejected=f"{match.subject.surface!r} is a {match.subject.type}, no subject here")
    if match.object is None:
        return replace(match, subject=subject)
    other = _in_slot(match.object, relation.range, pattern.object_type, pattern)
    if other is None:
        return replace(match, rejected=f"{match.object.surface!r} is a {match.object.type}, no object here")
    return replace(match, subject=subject, object=other, rejected=_objection(pattern, subject, other))


def _objection(pattern: Pattern, subject: Name, other: Name) -> str | None:
    """Why two names that fit their slots cannot stand in the relation together; None if they can."""
    if same_thing(subject, other):
        return "subject and object are the same"
    if pattern.relation.symmetric and (subject.type in THINGS) != (other.type in THINGS):
        return f"a {subject.type} and a {other.type} are no peers"
    return None


def _is_mislabelled(name: Name, allowed: frozenset[str]) -> bool:
    """Whether the recogniser took one unknown word for something else where a company must stand."""
    unlikely = name.type not in allowed and not name.sure and " " not in name.surface
    return unlikely and "Company" in allowed and not allowed & {"Person", "Place"}


def _in_slot(name: Name, types: frozenset[str], preferred: str | None, pattern: Pattern) -> Name | None:
    """The name as the slot sees it; None where it does not fit."""
    allowed = frozenset({preferred}) if pattern.strict and preferred else types
    if name.either:
        return _among(name, allowed, pattern)
    if pattern.sure and not name.sure:
        return None
    if _is_mislabelled(name, allowed):
        name = replace(name, type="Company", rule=f"{name.rule}; no {name.type} fits")
    if pattern.retype and not name.sure:
        return _retyped(name, allowed, preferred, pattern)
    return name if name.type in allowed else None


def _among(name: Name, allowed: frozenset[str], pattern: Pattern) -> Name | None:
    """A name that the registry gives to several things, as the only one of them that fits; None where none does."""
    fitting = [kind for kind in name.either if kind in allowed]
    if name.type in fitting:
        return None if pattern.sure else name
    if len(fitting) != 1 or pattern.sure or not pattern.retype:
        return None
    return replace(name, type=fitting[0], rule=f"{name.rule}; slot")


def _retyped(name: Name, allowed: frozenset[str], preferred: str | None, pattern: Pattern) -> Name | None:
    """An unsure name with the type of the slot, unless it looks like a person's full name."""
    fits = name.type in allowed
    if fits and (preferred in (None, name.type) or name.type in THINGS):
        return name
    wanted = preferred or (next(iter(allowed)) if len(allowed) == 1 else None)
    full_name = name.type == "Person" and " " in name.surface and "Person" not in allowed
    if full_name:
        return None
    labelled = wanted in THINGS and not pattern.retype_labelled
    if wanted is None or labelled:
        return name if fits else None
    return replace(name, type=wanted, rule=f"{name.rule}; slot")


def _token_matches(pattern: Pattern, parsed: Parsed) -> Iterator[Match]:
    for start in _starts(pattern.items[0], parsed):
        slots = _sequence(pattern.items, 0, start, parsed)
        if slots is None:
            continue
        subject, other = slots.get("subject"), slots.get("object")
        if subject is None or (other is None and pattern.relation.range):
            continue
        last = max(subject, other) if other is not None else subject
        if pattern.whole and _modifies(parsed.doc[last], parsed):
            continue
        at = next((i for i in range(start, len(parsed.doc)) if i not in parsed.names), start)
        yield _checked(
            Match(
                pattern,
                parsed.doc[at],
                parsed.names[subject],
                parsed.names[other] if other is not None else None,
                amount=parsed.doc[slots["amount"]] if "amount" in slots else None,
            )
        )


def _modifies(token: Token, parsed: Parsed) -> bool:
    """Whether a name only modifies another noun, which is not of its own kind: "Zeta" in "Acme's Zeta competitor"."""
    if token.dep_ not in ("compound", "nmod", "amod", "poss", "npadvmod") or token.head.i in parsed.names:
        return False
    kinds = parsed.classes.get(token.head.i, frozenset())
    return not (kinds & THINGS if parsed.names[token.i].type in THINGS else parsed.names[token.i].type in kinds)


def _within_matches(pattern: Pattern, parsed: Parsed) -> Iterator[Match]:
    """Names that begin with the name of their maker: "Acme Widget", where Acme is known."""
    for at, name in sorted(parsed.names.items()):
        for maker in parsed.makers.get(name.surface, ()):
            owner = replace(maker, start=name.start, end=name.start + len(maker.surface))
            yield _checked(Match(pattern, parsed.doc[at], owner, name))


def _starts(first: Item, parsed: Parsed) -> Iterable[int]:
    """The token indices at which a sequence may begin."""
    if first.optional:
        return range(len(parsed.doc))
    if first.slot:
        return sorted(_held(first.slot, parsed))
    return (i for i, word in enumerate(parsed.words) if word in first.words)


def _held(slot: str, parsed: Parsed) -> Mapping[int, object]:
    return parsed.amounts if slot == "amount" else parsed.names


def _sequence(items: tuple[Item, ...], number: int, at: int, parsed: Parsed) -> dict[str, int] | None:
    """The token index of each slot when the items from `number` on fit the tokens from `at` on; None where not."""
    if number == len(items):
        return {}
    item = items[number]
    if item.gap:
        for skipped in range(ANY_WORDS + 1):
            between = range(at, at + skipped)
            if any(i >= len(parsed.doc) or i in parsed.names or not _is_word(parsed.doc[i]) for i in between):
                break
            found = _sequence(items, number + 1, at + skipped, parsed)
            if found is not None:
                return found
        return None
    if at < len(parsed.words):
        fits = at in _held(item.slot, parsed) if item.slot else parsed.words[at] in item.words
        if fits:
            found = _sequence(items, number + 1, at + 1, parsed)
            if found is not None:
                return {item.slot: at, **found} if item.slot else found
    return _sequence(items, number + 1, at, parsed) if item.optional else None


def _is_word(token: Token) -> bool:
    return any(letter.isalnum() for letter in token.text) or token.text in ("-", "'s", "’s", "&")


def shares_its_sum(match: Match, found: Iterable[Match], parsed: Parsed) -> bool:
    """Whether a sum that the subject of a match gives alone is also another's here: of one that is coordinated with it,
    if only as "others", or of the subject of another match of the same fact in the sentence (`found`: all)."""
    sentence = match.trigger.sent
    named = [parsed.doc[i] for i, name in parsed.names.items() if name.surface == match.subject.surface]
    together = (each.dep_ == "conj" or bool(children(each, "cc", "conj")) for each in named if each.sent == sentence)
    return any(together) or any(
        other.rejected is None
        and other.pattern.relation == match.pattern.relation
        and other.object == match.object
        and not same_thing(other.subject, match.subject)
        and other.trigger.sent == sentence
        for other in found
    )


def amount_token(match: Match, parsed: Parsed) -> Token | None:
    """The token of the sum that belongs to the match, by slot or by the paths of the pattern; None without one."""
    if match.amount is not None:
        return match.amount
    for path in match.pattern.amount or ():
        for token in walk(match.trigger, path, parsed):
            for each in (token, *children(token, "compound", "nmod", "nummod", "appos")):
                if each.i in parsed.amounts:
                    return each
    return None
