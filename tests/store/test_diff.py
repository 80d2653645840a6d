"""What came, went or changed between two graphs."""

from __future__ import annotations

from dataclasses import replace

from kg.model import Evidence, StatementSet
from kg.store.diff import diff


def test_a_set_does_not_differ_from_itself(sample: StatementSet) -> None:
    assert diff(sample, sample) == []


def test_what_came_and_went(sample: StatementSet) -> None:
    fewer = replace(sample, statements=sample.statements[1:])
    assert [(c.kind, c.after and c.after.id) for c in diff(fewer, sample)] == [("came", "s1")]
    assert [(c.kind, c.before and c.before.id) for c in diff(sample, fewer)] == [("went", "s1")]


def test_another_status_is_told_before_other_evidence(sample: StatementSet) -> None:
    first, second, *rest = sample.statements
    more = Evidence(first.evidence[0].document, 0, 3, "Oak", "other", "asserted")
    changed = (replace(first, evidence=(*first.evidence, more)), replace(second, status="ended"), *rest)
    found = diff(sample, replace(sample, statements=changed))
    assert [(c.kind, c.before and c.before.id) for c in found] == [("status", "s2"), ("evidence", "s1")]


def test_another_confidence_is_no_change(sample: StatementSet) -> None:
    first, *rest = sample.statements
    surer = replace(first, evidence=tuple(replace(e, confidence=0.5) for e in first.evidence))
    assert diff(sample, replace(sample, statements=(surer, *rest))) == []
