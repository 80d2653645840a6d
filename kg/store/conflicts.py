"""What contradicts itself: statements that cannot both be true, kept side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from kg.model import Statement, StatementSet
from kg.schema import Schema
from kg.store.time import ASSERTED, Period, first_day, last_day, one_at_a_time, periods

DENIED = "denied"
ROUNDING = Decimal("0.05")
"""Sums that differ by less than so much of the larger are one sum, told more or less exactly."""
DISPUTED, TWO_SUMS, TWO_AT_A_TIME = "asserted and denied", "two sums for one time", "two where one holds at a time"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements that contradict each other, `one` before `other` by id; the same where its evidence disagrees."""

    kind: str
    one: str
    other: str


def conflicts(found: StatementSet, schema: Schema) -> list[Conflict]:
    """All contradictions, sorted.

    `asserted and denied`: of the same two ends, or within the evidence of one statement. `two sums for one time`: of a
    relation that has a sum in the place of an object, such as a valuation, at dates that agree. `two where one holds at
    a time`: two primary clouds of one customer, neither of which is known to have taken the place of the other.
    """
    known = periods(found, schema)
    of_ends: dict[tuple[str, str, str | None], list[Statement]] = defaultdict(list)
    of_one: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in found.statements:
        of_ends[statement.subject, statement.relation, statement.object].append(statement)
        end = one_at_a_time(statement, schema)
        if end is not None and statement.status == ASSERTED:
            of_one[statement.relation, end].append(statement)
    out = {
        *(each for group in of_ends.values() for each in _disputed(group)),
        *(each for group in of_ends.values() if group[0].object is None for each in _two_sums(group)),
        *(each for group in of_one.values() for each in _two_at_a_time(group, known)),
    }
    return sorted(out, key=lambda each: (each.kind, each.one, each.other))


def _conflict(kind: str, one: Statement, other: Statement) -> Conflict:
    return Conflict(kind, *sorted((one.id, other.id)))


def _disputed(group: Sequence[Statement]) -> Iterator[Conflict]:
    """Where a sum takes the place of the object, only the same sum can be denied."""
    for one, other in [*((each, each) for each in group), *combinations(group, 2)]:
        statuses = {evidence.status for statement in (one, other) for evidence in statement.evidence}
        apart = one is not other and one.object is None and not _same_sum(one, other)
        told = {one.status, other.status} if one is not other else statuses
        if {ASSERTED, DENIED} <= told and not apart:
            yield _conflict(DISPUTED, one, other)


def _two_sums(group: Sequence[Statement]) -> Iterator[Conflict]:
    told = [each for each in group if each.status == ASSERTED and _is_one_value(each)]
    for one, other in combinations(told, 2):
        same_time = one.qualifiers.date is not None and _overlap(one.qualifiers.date, other.qualifiers.date)
        same_thing = (one.qualifiers.period, one.qualifiers.round) == (other.qualifiers.period, other.qualifiers.round)
        if same_time and same_thing and not _same_sum(one, other) and _currency(one) == _currency(other):
            yield _conflict(TWO_SUMS, one, other)


def _is_one_value(statement: Statement) -> bool:
    """Whether the statement gives a sum that leaves no other: not "up to", not "at least", no part of another sum."""
    amount = statement.qualifiers.amount
    return amount is not None and amount.bound in ("exact", "about") and amount.kind != "tranche"


def _currency(statement: Statement) -> tuple[str, str] | None:
    amount = statement.qualifiers.amount
    return (amount.currency, amount.kind) if amount is not None else None


def _same_sum(one: Statement, other: Statement) -> bool:
    first, second = one.qualifiers.amount, other.qualifiers.amount
    if first is None or second is None or first.currency != second.currency:
        return first == second
    return abs(first.value - second.value) <= ROUNDING * max(abs(first.value), abs(second.value))


def _overlap(one: str | None, other: str | None) -> bool:
    """Whether two dates may be the same day."""
    spans = [(first_day(each), last_day(each)) for each in (one, other)]
    (begins, ends), (starts, stops) = spans
    return bool(begins and ends and starts and stops and begins <= stops and starts <= ends)


def _two_at_a_time(group: Sequence[Statement], known: dict[str, Period]) -> Iterator[Conflict]:
    for one, other in combinations(group, 2):
        if (one.subject, one.object) != (other.subject, other.object) and _may_meet(known[one.id], known[other.id]):
            yield _conflict(TWO_AT_A_TIME, one, other)


def _may_meet(one: Period, other: Period) -> bool:
    """Whether neither period is known to be over before the other begins."""
    return not (_is_over(one, other) or _is_over(other, one))


def _is_over(one: Period, other: Period) -> bool:
    ends, begins = first_day(one.end), last_day(other.start)
    return ends is not None and begins is not None and ends <= begins
