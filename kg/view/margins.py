"""What stands around the drawing: the title above it, and below it the sources, their dates and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from kg.model import Document, StatementSet
from kg.view.drawing import Text
from kg.view.labelling import LEADING, text
from kg.view.letters import broken
from kg.view.paper import Paper
from kg.view.wording import plain, short

PUBLISHERS = 6  # named in the source line
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def title(words: str, left: float, top: float, *, width: float, size: float, paper: Paper) -> Text:
    """The title, in two lines at most."""
    lines = broken(words, width, size, lines=2, bold=True)
    return text(lines, left, top, size, paper.ink, bold=True)


def footer(
    notes: Sequence[str], left: float, bottom: float, *, width: float, lines: int, size: float, paper: Paper
) -> list[Text]:
    """The notes, each on lines of its own and together on so many at most, above `bottom`; empty ones are left out."""
    told = [note for note in notes if note]
    set_: list[str] = []
    for number, note in enumerate(told):
        room = lines - len(set_) - (len(told) - number - 1)
        set_ += broken(note, width, size, lines=max(room, 1))
    top = bottom - lines * LEADING * size
    return [text(set_, left, top, size, paper.soft)] if set_ else []


def sources(documents: Collection[Document]) -> str:
    """How many documents, from when to when, of which publishers, and the date of the newest."""
    if not documents:
        return "No documents."
    count = len(documents)
    days = sorted(plain(each.date) for each in documents if each.date and _DAY.fullmatch(each.date))
    told = Counter(name for each in documents if (name := plain(each.publisher or "")))
    names = [short(name) for name, _ in sorted(told.items(), key=lambda item: (-item[1], item[0].casefold(), item[0]))]
    if len(names) > PUBLISHERS:
        names = [*names[: PUBLISHERS - 1], f"{len(names) - PUBLISHERS + 1:,} others"]
    publishers = " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
    when = "" if not days else f" of {days[0]}" if days[0] == days[-1] else f", {days[0]} to {days[-1]}"
    return (
        f"Source{'s' if count > 1 else ''}: {count:,} document{'s' if count > 1 else ''}{when}"
        + (f"; {publishers}" if publishers else "")
        + (f". Newest document: {days[-1]}." if days and days[0] != days[-1] else ".")
    )


def extent(
    shown: StatementSet, whole: StatementSet, hidden: Collection[str], *, entities: int, shared: int, links: int
) -> str:
    """How much of the whole is shown, and how; empty where it is all and each by itself.

    `hidden`: statuses that are left out. `entities`: those drawn. `shared`: statements drawn in the line of another.
    """
    all_ = len({end for each in whole.statements for end in (each.subject, each.object) if end is not None})
    counts = ((entities, all_, "entities"), (len(shown.statements), len(whole.statements), "statements"))
    parts = [f"{part:,} of {most:,} {what}" for part, most, what in counts if part < most]
    gone = Counter(each.status for each in whole.statements if each.status in hidden)
    told = [f"Shown: {', '.join(parts)}."] if parts else []
    if gone:
        told.append(f"Left out: {', '.join(f'{gone[status]:,} {status}' for status in sorted(gone))}.")
    if shared:
        told.append(f"{shared:,} statements share a line with one of the same relation.")
    if links:
        told.append(f"Grey: {links:,} of the query's triples, which no statement stands behind.")
    return " ".join(told)


def nameless(names: Sequence[str], *, most: int = 8) -> str:
    """Which nodes stand without their names; empty where none does."""
    if not names:
        return ""
    more = f" and {len(names) - most:,} others" if len(names) > most else ""
    return f"No room for the names of {', '.join(names[:most])}{more}."
