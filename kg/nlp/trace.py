"""What the extraction saw and decided, as lines of text: `kg extract --explain`."""

from __future__ import annotations

from collections.abc import Iterator

from kg.nlp.matching import amount_token, matches
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.pipeline import Pipeline
from kg.nlp.relations import decided_status, typed_by_slots


def trace_lines(annotation: Annotation, pipeline: Pipeline) -> Iterator[str]:
    """For each passage: its names and what typed them, references, and every pattern that fired or was rejected."""
    yield f"# {annotation.document.name}"
    for parsed in typed_by_slots(annotation, pipeline.patterns).parsed:
        yield f"\n{parsed.passage.text}"
        for _, name in sorted(parsed.names.items()):
            sure = "" if name.sure else ", unsure"
            yield f"    name    {name.surface}: {name.type}{sure} ({name.rule})"
        for token, name in sorted(parsed.references.items()):
            yield f"    refers  {parsed.surface(parsed.doc[token])} -> {name.surface}"
        yield from _match_lines(parsed, pipeline)


def _match_lines(parsed: Parsed, pipeline: Pipeline) -> Iterator[str]:
    for match in matches(parsed, pipeline.patterns):
        ends = f"{match.subject.surface} -> {match.object.surface if match.object else 'amount'}"
        sum_missing = match.object is None and amount_token(match, parsed) is None
        if match.rejected or sum_missing:
            yield f"    no      {match.pattern.id}: {ends}: {match.rejected or 'no sum where the pattern looks'}"
            continue
        status, cues = decided_status(match, parsed, pipeline.cues)
        because = ", ".join(f"{cue.word} ({cue.kind}: {cue.status})" for cue in cues)
        yield f"    yes     {match.pattern.id}: {ends}: {status}" + (f" because of {because}" if because else "")
