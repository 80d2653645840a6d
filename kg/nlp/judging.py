"""What the learned component adds to the patterns of a passage: the facts that it is sure of by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.model import Amount, Mention, Qualifiers
from kg.nlp.component import AMOUNT, Judged
from kg.nlp.confidence import Beside, Calibration, Rivals, heard_elsewhere
from kg.nlp.dating import common_predicate, date_of
from kg.nlp.marked import MONEY, Marked, Slot
from kg.nlp.matching import Match, amount_token
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.paths import nearest_round
from kg.schema import Relation, Schema

OWN_SUM = 0.2
"""A sum belongs to a fact where each of its ends has that sum at least so likely.

Of the facts found in `train` that have a sum, 17 of 23 get it (14 at 0.5) and two others one that is not theirs (one at
0.5); in 23 annotated documents that trained nothing, 11 of 15 (9), and one other (one).
"""

LIKELY_FROM = 0.02
"""What the component holds for less likely than this is not stated without a pattern, whatever other passages say."""

Key = tuple[str, str, str]
"""A relation and its two ends: registry id or surface form, or a sum to two figures. Symmetric ones are sorted."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A fact that the component holds for stated. `first` and `last`: the sentences that tell it, as slots."""

    relation: str
    subject: Name
    object: Name | None
    status: str
    confidence: float
    first: Slot
    last: Slot
    qualifiers: Qualifiers


@dataclass(frozen=True, slots=True)
class JudgedPassage:
    """A passage with what the component says of its pairs of slots, and of the same facts in the document's others.

    `matched`: where patterns fit, rejected ones included. `elsewhere`: how likely any other passage states a fact.
    `ranked`: for a relation and one end (0: subject, 1: object; of a symmetric relation either), the two likeliest
    facts of the document with that end, of those likely enough to count.
    """

    parsed: Parsed
    marked: Marked
    pairs: Sequence[Judged]
    matched: Sequence[Match] = ()
    elsewhere: Mapping[Key, float] = field(default_factory=dict)
    ranked: Mapping[tuple[str, int, str], Sequence[tuple[float, Key]]] = field(default_factory=dict)


def likely_facts(passage: JudgedPassage, *, calibration: Calibration, schema: Schema) -> Iterator[Likely]:
    """The facts of a passage that the component is sure enough of without any pattern, surest first."""
    parsed, slots = passage.parsed, passage.marked.slots
    asked = sureness(passage, calibration, schema, likely_from=LIKELY_FROM)
    found = [each for each in asked if each[0] >= calibration.least]
    sums = own_sums(passage)
    told: set[Key] = set()
    for sure, relation, each in sorted(found, key=lambda f: (-f[0], f[1], f[2].subject, f[2].object)):
        subject, other = slots[each.subject], slots[each.object]
        ends = _named(subject), _named(other)
        key = fact_key(schema.relations[relation], *ends)
        if subject.name is None or key in told:
            continue
        told.add(key)
        own = sums.get(ends) if schema.relations[relation].has_sum else None
        qualifiers = Qualifiers(
            amount=parsed.amounts[other.token] if other.kind == MONEY else own,
            date=_date(schema.relations[relation], subject, other, each.status, parsed),
            round=nearest_round(parsed.doc[other.token], parsed) if other.kind == MONEY else None,
        )
        first, last = sorted((subject, other), key=lambda slot: slot.token)
        yield Likely(
            relation=relation,
            subject=subject.name,
            object=other.name,
            status=each.status,
            confidence=sure,
            first=first,
            last=last,
            qualifiers=qualifiers,
        )


def sureness(
    passage: JudgedPassage, calibration: Calibration, schema: Schema, *, likely_from: float = 0.0
) -> Iterator[tuple[float, str, Judged]]:
    """The confidence, where no pattern fired, of every relation that the component was asked about and holds for at
    least so likely."""
    for each, relation, likely, ends in asked(passage):
        if likely < likely_from:
            continue
        key = pair_key(relation, ends, passage.parsed, schema)
        told = beside(key, [end.name for end in ends], passage)
        sure = calibration.confidence(relation, likely, pattern=None, **told)
        yield sure, relation, each


def beside(key: Key, names: Sequence[Name | Mention | None], passage: JudgedPassage) -> Beside:
    """What bears on a fact in a passage beside what the component says of it there. `names`: its ends."""
    return {
        "elsewhere": passage.elsewhere.get(key),
        "unsure": unsure_ends(names),
        "rivals": rivals_of(key, passage),
        "known": known_ends(names),
    }


def unsure_ends(names: Iterable[Name | Mention | None]) -> int:
    """How many of the names that a fact is about may be of another type."""
    return sum(name is not None and not name.sure for name in names)


def known_ends(names: Iterable[Name | Mention | None]) -> int:
    """How many of the names that a fact is about the registry knows."""
    return sum(name is not None and name.entity is not None for name in names)


def rivals_of(key: Key, passage: JudgedPassage) -> Rivals:
    """How likely the document states the relation of the subject with another object, and of the object with another
    subject; None where no other is likely enough to count."""
    relation, *ends = key
    ranked = [passage.ranked.get((relation, side, end), ()) for side, end in enumerate(ends)]
    of_subject, of_object = [next((likely for likely, other in each if other != key), None) for each in ranked]
    return of_subject, of_object


def with_elsewhere(passages: Sequence[JudgedPassage], schema: Schema) -> list[JudgedPassage]:
    """The passages of a document, each with what the component says of its facts in the others."""
    best: dict[Key, dict[int, float]] = {}
    for i, passage in enumerate(passages):
        for _, relation, likely, ends in asked(passage):
            by_passage = best.setdefault(pair_key(relation, ends, passage.parsed, schema), {})
            by_passage[i] = max(likely, by_passage.get(i, 0.0))
    told: list[dict[Key, float]] = [{} for _ in passages]
    for key, by_passage in best.items():
        for i in by_passage if len(by_passage) > 1 else ():
            told[i][key] = max(likely for j, likely in by_passage.items() if j != i)
    likeliest = ((key, max(by_passage.values())) for key, by_passage in best.items())
    ranked = _ranked({key: likely for key, likely in likeliest if heard_elsewhere(likely) > 0}, schema)
    return [replace(passage, elsewhere=each, ranked=ranked) for passage, each in zip(passages, told, strict=True)]


def _ranked(best: Mapping[Key, float], schema: Schema) -> dict[tuple[str, int, str], list[tuple[float, Key]]]:
    """The two likeliest facts with each end."""
    out: dict[tuple[str, int, str], list[tuple[float, Key]]] = {}
    for key, likely in sorted(best.items(), key=lambda item: (-item[1], item[0])):
        relation, *ends = key
        places = {(side, end) for side, end in enumerate(ends)}
        if schema.relations[relation].symmetric:
            places |= {(1 - side, end) for side, end in places}
        for side, end in places:
            ranked = out.setdefault((relation, side, end), [])
            if len(ranked) < 2:
                ranked.append((likely, key))
    return out


def asked(passage: JudgedPassage) -> Iterator[tuple[Judged, str, float, tuple[Slot, Slot]]]:
    """Every relation of every pair, with its likelihood and its ends."""
    for each in passage.pairs:
        ends = passage.marked.slots[each.subject], passage.marked.slots[each.object]
        yield from ((each, relation, likely, ends) for relation, likely in each.likely.items() if relation != AMOUNT)


def pair_key(relation: str, slots: tuple[Slot, Slot], parsed: Parsed, schema: Schema) -> Key:
    """A relation of two slots as facts are compared within a document."""
    one, other = (
        slot.name.entity or slot.name.surface if slot.name else two_figures(float(parsed.amounts[slot.token].value))
        for slot in slots
    )
    return fact_key(schema.relations[relation], one, other)


def two_figures(amount: float) -> str:
    """A sum as it is compared within a document."""
    return f"{amount:.2g}"


def fact_key(relation: Relation, subject: str, other: str) -> Key:
    """A fact as it is compared within a document: either way round for symmetric relations."""
    ends = sorted((subject, other)) if relation.symmetric else (subject, other)
    return relation.name, ends[0], ends[1]


def likelihoods(passage: JudgedPassage) -> dict[tuple[str, str, str], float]:
    """For each relation and two names (surface forms; an empty one for a sum), how likely the passage states it."""
    out: dict[tuple[str, str, str], float] = {}
    for _, relation, likely, (subject, other) in asked(passage):
        key = relation, _named(subject), other.name.surface if other.name else ""
        out[key] = max(likely, out.get(key, 0.0))
    return out


def _named(slot: Slot) -> str:
    return slot.name.surface if slot.name else f"{MONEY} {slot.token}"


def own_sums(passage: JudgedPassage) -> dict[tuple[str, str], Amount]:
    """For two names (surface forms), the sum of the passage that both most likely have, if any is likely.

    Not one that a pattern gives to what it says of the two: what one paid the other is not a sum of their partnership.
    """
    slots = passage.marked.slots
    has_sum = {(each.subject, each.object): each.likely[AMOUNT] for each in passage.pairs if AMOUNT in each.likely}
    sums = [i for i, slot in enumerate(slots) if slot.kind == MONEY]
    given = set(_given(passage)) if sums else set()
    best: dict[tuple[str, str], tuple[float, int]] = {}
    for each in passage.pairs if sums else ():
        ends = slots[each.subject].name, slots[each.object].name
        if ends[0] is None or ends[1] is None:
            continue
        for i in sums:
            likely = min(has_sum.get((each.subject, i), 0.0), has_sum.get((each.object, i), 0.0))
            key = ends[0].surface, ends[1].surface
            if likely >= OWN_SUM and (frozenset(key), slots[i].token) not in given:
                best[key] = max(best.get(key, (0.0, 0)), (likely, -i))
    return {key: passage.parsed.amounts[slots[-i].token] for key, (_, i) in best.items()}


def _given(passage: JudgedPassage) -> Iterator[tuple[frozenset[str], int]]:
    """The sums (tokens) that patterns give to what they say of two names (surface forms)."""
    for match in passage.matched:
        if match.rejected is None and match.object is not None:
            token = amount_token(match, passage.parsed)
            if token is not None:
                yield frozenset((match.subject.surface, match.object.surface)), token.i


def _date(relation: Relation, subject: Slot, other: Slot, status: str, parsed: Parsed) -> str | None:
    """The date of what is told of two slots. A state that is mentioned in passing has none."""
    predicate = common_predicate(parsed.doc[subject.token], parsed.doc[other.token])
    if relation.is_state or predicate is None:
        return None
    return date_of(predicate, parsed, certain=status == "asserted")
