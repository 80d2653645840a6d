"""What the extraction saw and decided, as lines of text: `kg extract --explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kg.nlp.component import AMOUNT, Judged, judge
from kg.nlp.judging import likelihoods
from kg.nlp.marked import Marked, marked
from kg.nlp.matching import amount_token, matches
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.pipeline import Pipeline
from kg.nlp.relations import decided_status, typed_by_slots

MENTIONED = 0.1
"""What the component holds for less likely than this is not shown."""


def trace_lines(annotation: Annotation, pipeline: Pipeline) -> Iterator[str]:
    """For each passage: its names and what typed them, references, and every pattern that fired or was rejected."""
    yield f"# {annotation.document.name}"
    typed = typed_by_slots(annotation, pipeline.patterns).parsed
    marks = [marked(parsed) for parsed in typed]
    for parsed, passage, said in zip(typed, marks, judge(marks, pipeline.component), strict=True):
        yield f"\n{parsed.passage.text}"
        for _, name in sorted(parsed.names.items()):
            sure = "" if name.sure else ", unsure"
            yield f"    name    {name.surface}: {name.type}{sure} ({name.rule})"
        for token, name in sorted(parsed.references.items()):
            yield f"    refers  {parsed.surface(parsed.doc[token])} -> {name.surface}"
        yield from _match_lines(parsed, likelihoods(passage, said), pipeline)
        yield from _judged_lines(passage, said, pipeline)


def _match_lines(parsed: Parsed, likely: Mapping[tuple[str, str, str], float], pipeline: Pipeline) -> Iterator[str]:
    for match in matches(parsed, pipeline.patterns):
        ends = f"{match.subject.surface} -> {match.object.surface if match.object else 'amount'}"
        sum_missing = match.object is None and amount_token(match, parsed) is None
        if match.rejected or sum_missing:
            yield f"    no      {match.pattern.id}: {ends}: {match.rejected or 'no sum where the pattern looks'}"
            continue
        status, cues = decided_status(match, parsed, pipeline.cues)
        key = match.pattern.relation.name, match.subject.surface, match.object.surface if match.object else ""
        sure = pipeline.calibration.confidence(key[0], likely.get(key), pattern=match.pattern.id)
        verdict = "yes   " if sure >= pipeline.calibration.least_with_pattern else "unsure"
        because = ", ".join(f"{cue.word} ({cue.kind}: {cue.status})" for cue in cues)
        reason = f" because of {because}" if because else ""
        yield f"    {verdict}  {match.pattern.id}: {ends}: {status}{reason}, confidence {sure:.2f}"


def _judged_lines(passage: Marked, judged: Sequence[Judged], pipeline: Pipeline) -> Iterator[str]:
    """What the learned component holds for likely, surest first, and whether that is enough without a pattern."""
    calibration = pipeline.calibration
    found = [
        (calibration.confidence(relation, likely, pattern=None), relation, each)
        for each in judged
        for relation, likely in each.likely.items()
        if relation != AMOUNT and likely >= MENTIONED
    ]
    for sure, relation, each in sorted(found, key=lambda f: (-f[0], f[1], f[2].subject, f[2].object)):
        subject, other = (passage.slots[end].name for end in (each.subject, each.object))
        ends = f"{subject.surface if subject else 'amount'} -> {other.surface if other else 'amount'}"
        verdict = "learned " if sure >= calibration.least else "unsure  "
        yield f"    {verdict}{relation}: {ends}: {each.status}, confidence {sure:.2f}, needs {calibration.least:.2f}"
