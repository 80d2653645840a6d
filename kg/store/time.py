"""When statements hold: event time, valid time and reported time, each apart.

Event time is the date that the words give (`Qualifiers.date`). Reported time is the date of the document. Valid time
follows from both: a statement holds from its event, or else from the first report that asserts it, until a report says
that it ended, or until the next one takes its place where only one holds at a time (`kg:oneAtATimePer`).

Dates are as precise as the text: a statement of 2024 is known to hold from the last day of 2024 on, not before.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from kg.errors import KgError
from kg.model import Evidence, Statement, StatementSet
from kg.schema import Schema
from kg.store.subset import only

ASSERTED, ENDED = "asserted", "ended"
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when a statement holds, as precise as the text gave it; None where it is not known or goes on."""

    start: str | None = None
    end: str | None = None


@lru_cache(maxsize=10_000)  # documents have few dates, and each is asked for again and again
def first_day(text: str | None) -> str | None:
    """The first day of a date of any precision, ISO 8601; None for what is no date of the calendar."""
    found = _DATE.fullmatch(text or "")
    return _day(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None


@lru_cache(maxsize=10_000)
def last_day(text: str | None) -> str | None:
    """The last day of a date of any precision: of 2024-02 the 29th of February."""
    found = _DATE.fullmatch(text or "")
    if found is None or first_day(text) is None:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    return _day(year, month, int(found[3] or calendar.monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def periods(found: StatementSet, schema: Schema) -> dict[str, Period]:
    """The valid time of each statement that was ever asserted or has ended, by statement id."""
    out: dict[str, Period] = {}
    for statement in found.statements:
        starts = _dates(statement, ASSERTED, found)
        ends = _dates(statement, ENDED, found)
        start = _earliest(starts)
        end = _earliest(each for each in ends if start is None or _key(each) >= _key(start))
        if starts or ends or statement.status in (ASSERTED, ENDED):
            out[statement.id] = Period(start, end)
    for statement, successor in _successors(found, schema, out):
        period, start = out[statement.id], out[successor.id].start
        if period.end is None or (start is not None and _key(start) < _key(period.end)):
            out[statement.id] = replace(period, end=start)
    return out


def _dates(statement: Statement, status: str, found: StatementSet) -> list[str]:
    """When the evidence of a status says that it was so: the event, or else the report."""
    told = (_told(each, found) for each in statement.evidence if each.status == status)
    return [each for each in told if each is not None]


def _told(evidence: Evidence, found: StatementSet) -> str | None:
    reported = found.documents[evidence.document].date
    return next((each for each in (evidence.qualifiers.date, reported) if first_day(each) is not None), None)


def _key(text: str) -> tuple[str, str]:
    return last_day(text) or "", first_day(text) or ""


def _earliest(dates: Iterable[str]) -> str | None:
    return min(dates, key=_key, default=None)


def _successors(
    found: StatementSet, schema: Schema, known: Mapping[str, Period]
) -> Iterable[tuple[Statement, Statement]]:
    """Pairs of statements of which the later takes the place of the earlier."""
    rivals: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in found.statements:
        end = one_at_a_time(statement, schema)
        if end is not None and statement.status == ASSERTED and known[statement.id].start is not None:
            rivals[statement.relation, end].append(statement)
    for group in rivals.values():
        ordered = sorted(group, key=lambda s: (_key(known[s.id].start or ""), s.id))
        for number, statement in enumerate(ordered):
            later = (
                other
                for other in ordered[number + 1 :]
                if _ends(other) != _ends(statement) and _is_after(known[other.id].start, known[statement.id].start)
            )
            successor = next(later, None)
            if successor is not None:
                yield statement, successor


def one_at_a_time(statement: Statement, schema: Schema) -> str | None:
    """The end for which only one statement of this relation holds at a time; None where several may."""
    per = schema.relations[statement.relation].one_at_a_time_per
    return None if per is None else statement.subject if per == "subject" else statement.object


def _ends(statement: Statement) -> tuple[str, str | None]:
    return statement.subject, statement.object


def _is_after(one: str | None, other: str | None) -> bool:
    """Whether the whole of one date is later than the whole of the other."""
    begins, ended = first_day(one), last_day(other)
    return begins is not None and ended is not None and begins > ended


def as_of(found: StatementSet, day: str, schema: Schema) -> StatementSet:
    """What was known to hold on a day, ISO 8601 (`2024` is its last day): the statements with the evidence that counts
    on that day, and the status that follows from it.

    What is asserted or ended counts from its event on, or else from its report; what is planned, rumoured or denied
    from its report. Where only one statement holds at a time, all but the latest have ended. What has no date at all
    counts never. Raises `KgError` for what is no date.
    """
    until = last_day(day)
    if until is None:
        raise KgError(f"{day!r} is no date: give a year, a month or a day, such as 2024-01-01")
    kept = [s for each in found.statements if (s := _by_then(each, until, found, schema)) is not None]
    then = replace(found, statements=tuple(kept))
    closed = {
        statement_id
        for statement_id, period in periods(then, schema).items()
        if period.end is not None and (last_day(period.end) or "") <= until
    }
    statements = tuple(replace(s, status=ENDED) if s.id in closed and s.status == ASSERTED else s for s in kept)
    return only(found, statements)


def _by_then(statement: Statement, until: str, found: StatementSet, schema: Schema) -> Statement | None:
    def counts(evidence: Evidence) -> bool:
        reported = found.documents[evidence.document].date
        said = _told(evidence, found) if evidence.status in (ASSERTED, ENDED) else reported
        return (last_day(said) or "9") <= until

    evidence = tuple(filter(counts, statement.evidence))
    if not evidence:
        return None
    return replace(statement, evidence=evidence, status=schema.best_status({each.status for each in evidence}))
