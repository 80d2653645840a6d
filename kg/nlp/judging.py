"""What the learned component adds to the patterns of a passage: the facts that it is sure of by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.model import Amount, Qualifiers
from kg.nlp.component import AMOUNT, Judged
from kg.nlp.confidence import Calibration
from kg.nlp.marked import MONEY, Marked, Slot
from kg.nlp.names import Name
from kg.nlp.parsed import Parsed
from kg.nlp.paths import nearest
from kg.schema import Schema

OWN_SUM = 0.5
"""A sum belongs to a fact where both its ends are more likely than not to have that sum."""


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


def likely_facts(
    parsed: Parsed, passage: Marked, judged: Sequence[Judged], *, calibration: Calibration, schema: Schema
) -> Iterator[Likely]:
    """The facts of a passage that the component is sure enough of without any pattern, surest first."""
    found = [
        (sure, relation, each)
        for each in judged
        for relation, likely in each.likely.items()
        if relation != AMOUNT and (sure := calibration.confidence(relation, likely, pattern=None)) >= calibration.least
    ]
    sums = own_sums(parsed, passage, judged)
    told: set[tuple[str, str, str]] = set()
    for sure, relation, each in sorted(found, key=lambda f: (-f[0], f[1], f[2].subject, f[2].object)):
        subject, other = passage.slots[each.subject], passage.slots[each.object]
        ends = _named(subject), _named(other)
        both = (min(ends), max(ends)) if schema.relations[relation].symmetric else ends
        if subject.name is None or (relation, *both) in told:
            continue
        told.add((relation, *both))
        own = sums.get(ends) if schema.relations[relation].has_sum else None
        own = parsed.amounts[other.token] if other.kind == MONEY else own
        first, last = sorted((subject, other), key=lambda slot: slot.token)
        yield Likely(
            relation=relation,
            subject=subject.name,
            object=other.name,
            status=each.status,
            confidence=sure,
            first=first,
            last=last,
            qualifiers=_qualifiers(parsed, other, own, rounds=other.kind == MONEY),
        )


def likelihoods(passage: Marked, judged: Sequence[Judged]) -> dict[tuple[str, str, str], float]:
    """For each relation and two names (surface forms; an empty one for a sum), how likely the passage states it."""
    out: dict[tuple[str, str, str], float] = {}
    for each in judged:
        subject, other = passage.slots[each.subject], passage.slots[each.object]
        for relation, likely in each.likely.items():
            key = relation, _named(subject), other.name.surface if other.name else ""
            out[key] = max(likely, out.get(key, 0.0))
    return out


def _named(slot: Slot) -> str:
    return slot.name.surface if slot.name else f"{MONEY} {slot.token}"


def own_sums(parsed: Parsed, passage: Marked, judged: Sequence[Judged]) -> dict[tuple[str, str], Amount]:
    """For two names (surface forms), the sum of the passage that both most likely have, if any is likely."""
    has_sum = {(each.subject, each.object): each.likely[AMOUNT] for each in judged if AMOUNT in each.likely}
    sums = [i for i, slot in enumerate(passage.slots) if slot.kind == MONEY]
    best: dict[tuple[str, str], tuple[float, int]] = {}
    for each in judged if sums else ():
        ends = passage.slots[each.subject].name, passage.slots[each.object].name
        if ends[0] is None or ends[1] is None:
            continue
        for i in sums:
            likely = min(has_sum.get((each.subject, i), 0.0), has_sum.get((each.object, i), 0.0))
            key = ends[0].surface, ends[1].surface
            if likely >= OWN_SUM:
                best[key] = max(best.get(key, (0.0, 0)), (likely, -i))
    return {key: parsed.amounts[passage.slots[-i].token] for key, (_, i) in best.items()}


def _qualifiers(parsed: Parsed, other: Slot, amount: Amount | None, *, rounds: bool) -> Qualifiers:
    token = parsed.doc[other.token]
    dated = nearest(token, parsed.dates)
    named = nearest(token, parsed.rounds) if rounds else None
    return Qualifiers(
        amount=amount,
        date=parsed.dates[dated.i] if dated is not None and dated.sent.start == token.sent.start else None,
        round=parsed.rounds[named.i] if named is not None else None,
    )
