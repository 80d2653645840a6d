"""What the extraction saw and decided, as lines of text: `kg extract --explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.model import RelationMention
from kg.nlp.component import Judged
from kg.nlp.confidence import Calibration
from kg.nlp.judging import JudgedPassage, sureness
from kg.nlp.loading import Pipeline
from kg.nlp.marked import Marked
from kg.nlp.matching import amount_token
from kg.nlp.parsed import Annotation
from kg.nlp.relations import decided_status, found_by_patterns
from kg.nlp.retyping import judged_passages
from kg.schema import load_schema

MENTIONED = 0.1
"""What the component holds for less likely than this is not shown."""


def trace_lines(annotation: Annotation, pipeline: Pipeline) -> Iterator[str]:
    """For each passage: its names and what typed them, references, and every pattern that fired or was rejected."""
    yield f"# {annotation.document.name}"
    for passage in judged_passages(annotation, pipeline):
        parsed = passage.parsed
        yield f"\n{parsed.passage.text}"
        for _, name in sorted(parsed.names.items()):
            unsure = "" if name.sure else ", unsure"
            yield f"    name    {name.surface}: {name.type}{unsure} ({name.rule})"
        for token, name in sorted(parsed.references.items()):
            yield f"    refers  {parsed.surface(parsed.doc[token])} -> {name.surface}"
        yield from _match_lines(passage, found_by_patterns(passage, annotation.document, pipeline), pipeline)
        found = sureness(passage, pipeline.calibration, load_schema())
        yield from _judged_lines(passage.marked, found, pipeline.calibration)


def _match_lines(passage: JudgedPassage, found: Iterator[RelationMention], pipeline: Pipeline) -> Iterator[str]:
    """Every match. `found`: what the matches state that are neither rejected nor lack a sum, in the same order."""
    for match in passage.matched:
        ends = f"{match.subject.surface} -> {match.object.surface if match.object else 'amount'}"
        sum_missing = match.object is None and amount_token(match, passage.parsed) is None
        if match.rejected or sum_missing:
            yield f"    no      {match.pattern.id}: {ends}: {match.rejected or 'no sum where the pattern looks'}"
            continue
        status, cues = decided_status(match, passage.parsed, pipeline.cues)
        sure = next(found).evidence.confidence
        verdict = "yes   " if sure >= pipeline.calibration.least_with_pattern else "unsure"
        because = ", ".join(f"{cue.word} ({cue.kind}: {cue.status})" for cue in cues)
        reason = f" because of {because}" if because else ""
        yield f"    {verdict}  {match.pattern.id}: {ends}: {status}{reason}, confidence {sure:.2f}"


def _judged_lines(
    passage: Marked, found: Iterable[tuple[float, str, Judged]], calibration: Calibration
) -> Iterator[str]:
    """What the learned component holds for likely, surest first, and whether that is enough without a pattern."""
    shown = [each for each in found if each[2].likely[each[1]] >= MENTIONED]
    for sure, relation, each in sorted(shown, key=lambda f: (-f[0], f[1], f[2].subject, f[2].object)):
        subject, other = (passage.slots[end].name for end in (each.subject, each.object))
        ends = f"{subject.surface if subject else 'amount'} -> {other.surface if other else 'amount'}"
        verdict = "learned " if sure >= calibration.least else "unsure  "
        yield f"    {verdict}{relation}: {ends}: {each.status}, confidence {sure:.2f}, needs {calibration.least:.2f}"
