"""What people decided about who is who: two ids are the same thing, or different things. Decisions can be taken back.

A judgement file has one JSON object a line and is only ever added to; the last word on a pair counts. The ids are
those of entities, or the own ids of surface forms (`Binding.own`), which `kg explain` and `kg resolve` print.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType

from kg.data import check_keys, data_path, did_you_mean, read_jsonl
from kg.errors import DataError, KgError

SAME, DIFFERENT, UNSURE, WITHDRAWN = "same", "different", "unsure", "withdrawn"
VALUES = (SAME, DIFFERENT, UNSURE, WITHDRAWN)
SHIPPED = "seeds/judgements.jsonl"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision: whether `left` and `right` are one thing. `by`: who decided; `at`: the day, ISO 8601; `why`: reason.

    `judgement`: `same`, `different`, `unsure` (looked at and left open), or `withdrawn` (the last decision on the pair
    is taken back, and what was decided before it holds again). `document`: the hash of the one document that it is
    about, None for all. `left` and `right` may be the same id in a judgement about one document: what bears that name
    there is another thing than elsewhere.
    """

    left: str
    right: str
    judgement: str
    by: str
    at: str
    why: str = ""
    document: str | None = None

    @property
    def pair(self) -> Pair:
        """Both ids, sorted."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """The decisions that hold: by pair for all documents, and by document and pair."""

    everywhere: Mapping[Pair, Judgement] = field(default_factory=dict)
    here: Mapping[tuple[str, Pair], Judgement] = field(default_factory=dict)

    def between(self, one: str, other: str, document: str | None = None) -> str | None:
        """What was decided about two ids, in `document` if something was decided for it alone; None where nothing."""
        pair = (one, other) if one <= other else (other, one)
        if document is not None and (document, pair) in self.here:
            return self.here[document, pair].judgement
        return self.everywhere[pair].judgement if pair in self.everywhere else None

    def different(self, one: str, other: str, document: str | None = None) -> bool:
        """Whether the two ids were judged different."""
        return self.between(one, other, document) == DIFFERENT

    def same_in(self, document: str) -> Iterator[Pair]:
        """The pairs that were judged the same in one document alone, sorted."""
        yield from sorted(
            pair for (about, pair), found in self.here.items() if about == document and found.judgement == SAME
        )


NO_JUDGEMENTS = Judgements()


def load_judgements(*own: Path) -> Judgements:
    """The judgements that come with the project, then those of `own` files in order; of those on one pair, the last
    that nobody has taken back counts.

    A file of `own` that is not there has none. Raises `DataError` (file, line, hint) for a row that is no judgement and
    for judgements that contradict each other (A is B, B is C, but A is not C).
    """
    everywhere: dict[Pair, tuple[Judgement, Path, int]] = {}
    here: dict[str, dict[Pair, tuple[Judgement, Path, int]]] = {}
    for row, path, line in _holding(row for file in (data_path(SHIPPED), *own) for row in _rows(file)):
        group = everywhere if row.document is None else here.setdefault(row.document, {})
        group[row.pair] = row, path, line
    for group in (everywhere, *here.values()):
        _refuse_contradictions(group)
    about = {(document, pair): row for document, group in here.items() for pair, (row, _, _) in group.items()}
    return Judgements(
        MappingProxyType({pair: row for pair, (row, _, _) in everywhere.items()}), MappingProxyType(about)
    )


def _rows(path: Path) -> Iterator[tuple[Path, int, Judgement]]:
    yield from read_judgements(path) if path.exists() else ()


def _holding(rows: Iterable[tuple[Path, int, Judgement]]) -> list[tuple[Judgement, Path, int]]:
    """The decisions that hold, the latest last: each was the last on its pair that nobody has taken back."""
    stacks: dict[tuple[str | None, Pair], list[tuple[int, Judgement, Path, int]]] = {}
    for number, (path, line, row) in enumerate(rows):
        stack = stacks.setdefault((row.document, row.pair), [])
        if row.judgement != WITHDRAWN:
            stack.append((number, row, path, line))
        elif stack:
            stack.pop()
    return [(row, path, line) for _, row, path, line in sorted(stack[-1] for stack in stacks.values() if stack)]


def read_judgements(path: Path) -> Iterator[tuple[Path, int, Judgement]]:
    """File, line and judgement of each row, in order. Raises `DataError` for a row that is none."""
    known = [each.name for each in fields(Judgement)]
    for line, row in read_jsonl(path):
        check_keys(path, line, row, known, what="key")
        for key in ("left", "right", "judgement", "by", "at"):
            if not isinstance(row.get(key), str) or not row[key]:
                raise DataError(path, line, f"{key!r} must be a text that is not empty")
        if not isinstance(row.get("why", ""), str):
            raise DataError(path, line, "'why' must be a text")
        if not isinstance(row.get("document"), str | None) or row.get("document") == "":
            raise DataError(path, line, "'document' must be the hash of a document", hint="or leave it out")
        found = Judgement(**row)  # type: ignore[arg-type]  # checked just above
        if found.judgement not in VALUES:
            raise DataError(path, line, f"no judgement {found.judgement!r}", hint=did_you_mean(found.judgement, VALUES))
        if not _is_day(found.at):
            raise DataError(path, line, f"'at' must be a day, not {found.at!r}", hint="for example 2026-11-22")
        if found.left == found.right and (found.document is None or found.judgement == SAME):
            raise DataError(path, line, f"{found.left!r} is itself", hint="name two ids, or say in which document")
        yield path, line, found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _refuse_contradictions(found: Mapping[Pair, tuple[Judgement, Path, int]]) -> None:
    """Two ids that were judged different must not be joined by judgements that they are the same."""
    groups = joined(pair for pair, (row, _, _) in found.items() if row.judgement == SAME)
    for (one, other), (row, path, line) in sorted(found.items()):
        if row.judgement == DIFFERENT and one != other and one in groups and groups[one] is groups.get(other):
            joining = [(p, n) for pair, (r, p, n) in found.items() if r.judgement == SAME and pair[0] in groups[one]]
            between = " and ".join(f"{path}:{line}" for path, line in sorted(joining))
            message = f"{one!r} and {other!r} are judged different here but the same by {between}"
            raise DataError(path, line, message, hint="withdraw one of them")


def joined(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """For each id, the group of ids that the pairs join it to, itself among them; one set object for each group."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        left, right = groups.setdefault(one, {one}), groups.setdefault(other, {other})
        if left is not right:
            left |= right
            for member in right:
                groups[member] = left
    return groups


def add_judgement(path: Path, judgement: Judgement) -> None:
    """Add a row to a judgement file, which is made if it is not there. The file is complete after each row."""
    row = {key: value for key, value in asdict(judgement).items() if value not in (None, "")}
    try:
        torn = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")  # somebody edited it by hand
        with path.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write("\n" * torn + json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise KgError(f"{path}: the judgement cannot be written ({error.strerror}); check the folder") from error


def withdrawal(path: Path, *, by: str, at: str) -> Judgement:
    """The row that takes back the last decision in a file that still holds. Raises `KgError` where there is none."""
    holding = _holding(_rows(path))
    if not holding:
        raise KgError(f"{path}: no judgement to take back")
    last, _, _ = holding[-1]
    return Judgement(last.left, last.right, WITHDRAWN, by, at, f"takes back {last.judgement!r}", last.document)
