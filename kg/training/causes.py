"""Why gold facts were missed: counts by relation and cause, no sentences, so that it may be run on any gold facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.nlp.loading import Pipeline
from kg.nlp.parsed import Annotation, Parsed
from kg.nlp.retyping import judged_passages
from kg.schema import Relation, Schema
from kg.training.calibration import Candidate, candidates_of, confidence_of, key_of
from kg.training.gold import GoldDocument, GoldFact

FOUND, UNSURE, MISSED, MISTYPED, UNNAMED = "found", "unsure", "not proposed", "name mistyped", "name not found"
CAUSES = (FOUND, UNSURE, MISSED, MISTYPED, UNNAMED)
"""`unsure`: a pattern or the component proposed it, not surely enough; `not proposed`: both ends
are named and typed, but neither sees a fact there, or no passage holds both."""


def causes(
    gold: Iterable[tuple[GoldDocument, Annotation]], pipeline: Pipeline, schema: Schema
) -> dict[str, Counter[str]]:
    """For each relation, how many of its gold facts were found, and how many were missed for which cause."""
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for document, annotation in gold:
        kinds = _kinds(document, [passage.parsed for passage in judged_passages(annotation, pipeline)])
        proposed = candidates_of(document, annotation, pipeline, schema)
        for fact in document.facts:
            relation = schema.relation(fact.relation)
            key = key_of(relation, fact.subject, fact.object or fact.amount)
            out[relation.name][_cause(relation, fact, proposed.get(key), kinds, pipeline)] += 1
    return dict(sorted(out.items()))


def _kinds(document: GoldDocument, passages: Iterable[Parsed]) -> dict[str, set[str]]:
    """The types that the mentions of each entity have."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for parsed in passages:
        for name in parsed.names.values():
            kinds[document.entity(name.surface)].add(name.type)
    return kinds


def _cause(
    relation: Relation,
    fact: GoldFact,
    proposed: Candidate | None,
    kinds: Mapping[str, set[str]],
    pipeline: Pipeline,
) -> str:
    if proposed is not None:
        sure = confidence_of(proposed, pipeline.calibration)
        calibration = pipeline.calibration
        least = calibration.least if proposed.pattern is None else calibration.least_with_pattern
        return FOUND if sure >= least else UNSURE
    subject, other = fact.subject, fact.object
    if subject not in kinds or (other is not None and other not in kinds):
        return UNNAMED
    if not kinds[subject] & relation.domain or (other is not None and not kinds[other] & relation.range):
        return MISTYPED
    return MISSED
