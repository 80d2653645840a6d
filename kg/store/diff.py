"""What tells two graphs apart: statements that came, went, or changed."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Statement, StatementSet


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that is in one graph or in both. `before` and `after`: None where it came or went."""

    before: Statement | None
    after: Statement | None

    @property
    def kind(self) -> str:
        """`came`, `went`, `status` (another status), or `evidence` (the same status on other evidence)."""
        if self.before is None or self.after is None:
            return "came" if self.before is None else "went"
        return "status" if self.before.status != self.after.status else "evidence"


KINDS = ("came", "went", "status", "evidence")
"""In the order in which changes are told."""


def diff(before: StatementSet, after: StatementSet) -> list[Change]:
    """The changes from one set to the other, by kind, then by id. Statements are the same if their ids are."""
    old, new = ({each.id: each for each in found.statements} for found in (before, after))
    changes = [Change(old.get(id_), new.get(id_)) for id_ in sorted(old.keys() | new.keys())]
    return sorted(filter(_is_change, changes), key=lambda change: KINDS.index(change.kind))


def _is_change(change: Change) -> bool:
    if change.before is None or change.after is None:
        return True
    # Confidence is an estimate: a better one is no news.
    said = [{(e.document, e.start, e.end, e.rule, e.status) for e in s.evidence} for s in (change.before, change.after)]
    return change.before.status != change.after.status or said[0] != said[1]
