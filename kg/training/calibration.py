"""Fits the confidence: what share of the facts that look so are right, on documents that trained nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.nlp.confidence import NO_RIVALS, Beside, Calibration, Rivals, heard_elsewhere, heard_logit
from kg.nlp.judging import (
    JudgedPassage,
    Key,
    asked,
    beside,
    fact_key,
    pair_key,
    two_figures,
)
from kg.nlp.loading import Pipeline
from kg.nlp.marked import Slot
from kg.nlp.parsed import Annotation
from kg.nlp.relations import found_by_patterns, mention_key
from kg.nlp.retyping import judged_passages
from kg.schema import Relation, Schema
from kg.training.gold import GoldDocument

Array = NDArray[np.float64]

LEAST_LIKELY = 0.02
"""Pairs that the component holds for less likely than this are no candidates."""
SHRINK = 2.0
"""How strongly each relation and pattern is drawn to the common level: as strongly as about eight candidates."""
SHRINK_SLOPE = 50.0
SHRINK_RIVALS = 5.0
STEPS = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that a document may state. `pattern`: the id of the first pattern that found it, None where none did.

    `likely` and `elsewhere`: what the component says of the passages that most and second most likely state it.
    `unsure`, `known`, `rivals`: as in `Calibration.confidence`, of the passage where the pattern found it, else of that
    which most likely states it. `annotated`: whether our own annotation, not a gold fact, says if it is right.
    """

    relation: str
    likely: float | None
    pattern: str | None
    right: bool
    elsewhere: float | None = None
    unsure: int = 0
    known: int = 0
    rivals: Rivals = NO_RIVALS
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """That a passage may state a fact. `pattern`: the one that says so, None for the component."""

    likely: float
    beside: Beside
    pattern: str | None = None


def candidates_of(
    gold: GoldDocument, annotation: Annotation, pipeline: Pipeline, schema: Schema
) -> dict[Key, Candidate]:
    """Every fact of a document that a pattern or the component proposes, once for each two entities."""
    facts = {key_of(schema.relation(fact.relation), fact.subject, fact.object or fact.amount) for fact in gold.facts}
    by_component: dict[Key, dict[int, _Said]] = {}
    by_pattern: dict[Key, _Said] = {}
    for i, passage in enumerate(judged_passages(annotation, pipeline)):
        for relation, ends, said in _said(passage, schema):
            subject, other = (_end(slot, passage, gold) for slot in ends)
            in_passage = by_component.setdefault(key_of(schema.relations[relation], str(subject), other), {})
            in_passage[i] = max(said, in_passage.get(i, said), key=_weight)
        for mention in found_by_patterns(passage, annotation.document, pipeline):
            amount, names = mention.evidence.qualifiers.amount, (mention.subject, mention.object)
            end = gold.entity(mention.object.surface) if mention.object else float(amount.value) if amount else None
            key = key_of(schema.relations[mention.relation], gold.entity(mention.subject.surface), end)
            told = beside(mention_key(mention), names, passage)
            by_pattern.setdefault(key, _Said(0.0, told, mention.evidence.rule))
    ranked = {key: sorted(each.values(), key=_weight, reverse=True) for key, each in by_component.items()}
    proposed = {*by_pattern, *(key for key, said in ranked.items() if said[0].likely >= LEAST_LIKELY)}
    return {
        key: _candidate(key, ranked.get(key, []), by_pattern.get(key), right=key in facts, annotated=gold.complete)
        for key in sorted(proposed)
    }


def _said(passage: JudgedPassage, schema: Schema) -> Iterator[tuple[str, tuple[Slot, Slot], _Said]]:
    """What the component says of each relation of each two slots."""
    for _, relation, likely, ends in asked(passage):
        names = [slot.name for slot in ends]
        if names[0] is not None:
            key = pair_key(relation, ends, passage.parsed, schema)
            yield relation, ends, _Said(likely, beside(key, names, passage))


def _weight(said: _Said) -> tuple[float, int]:
    return said.likely, -said.beside["unsure"]


def _end(slot: Slot, passage: JudgedPassage, gold: GoldDocument) -> str | float:
    """The entity that a slot is of, or its sum."""
    return gold.entity(slot.name.surface) if slot.name else float(passage.parsed.amounts[slot.token].value)


def _candidate(
    key: Key, ranked: Sequence[_Said], by_pattern: _Said | None, *, right: bool, annotated: bool
) -> Candidate:
    best = by_pattern or ranked[0]
    return Candidate(
        relation=key[0],
        likely=ranked[0].likely if ranked else None,
        pattern=best.pattern,
        right=right,
        elsewhere=ranked[1].likely if len(ranked) > 1 else None,
        unsure=best.beside["unsure"],
        known=best.beside["known"],
        rivals=best.beside["rivals"],
        annotated=annotated,
    )


def confidence_of(candidate: Candidate, calibration: Calibration) -> float:
    """How sure the calibration is of a candidate."""
    return calibration.confidence(
        candidate.relation,
        candidate.likely,
        pattern=candidate.pattern,
        elsewhere=candidate.elsewhere,
        unsure=candidate.unsure,
        rivals=candidate.rivals,
        known=candidate.known,
    )


def key_of(relation: Relation, subject: str, other: str | float | None) -> Key:
    """A fact as it is compared: either way round for symmetric relations, sums to two figures."""
    end = two_figures(other) if isinstance(other, int | float) else other or ""
    return fact_key(relation, subject, end)


def fit(
    candidates: Sequence[Candidate],
    relations: Sequence[str],
    *,
    least: tuple[float, float],
    unheard: Sequence[str] = (),
) -> Calibration:
    """Logistic regression. First one level for all relations and one for all patterns; then one for each.

    The weights of what other passages say, and of unsure types and known ends, are the same for all relations, and all
    patterns. Candidates that our own annotations judge have a level more, which the calibration leaves out: they lack
    some facts.
    """
    relation_of = {each.pattern: each.relation for each in candidates if each.pattern is not None}
    patterns = sorted(relation_of)
    heard = np.array([_heard(each, unheard) for each in candidates])
    fired = np.array([each.pattern is not None for each in candidates], dtype=bool)
    right = np.array([each.right for each in candidates], dtype=float)
    by_relation = _one_hot([each.relation for each in candidates], relations)
    by_pattern = _one_hot([each.pattern for each in candidates], patterns)
    plain, doubted = by_relation * ~fired[:, None], by_relation * fired[:, None]
    beside = _beside(candidates, fired, unheard)
    rivals = np.array([_rivals(each, unheard) for each in candidates]).reshape(len(candidates), 2)
    rivalry = np.hstack([by_relation * rivals[:, [side]] for side in (0, 1)])
    slopes = np.column_stack([heard * ~fired, doubted * heard[:, None], beside, rivalry])
    # first a level for all relations, then one for each, then one for each pattern, each drawn to the one before
    common = np.column_stack([~fired, fired, heard * ~fired, heard * fired, beside, rivals]).astype(float)
    width = common.shape[1]
    level, pattern_level, likely, doubt, *rest = _regression(common, right, np.full(width, 0.01), np.zeros(width))
    of_beside, of_rivals = rest[:-2], rest[-2:]
    n, m = len(relations), len(of_beside)
    sizes, shrinks = (n, n, 1, n, m, 2 * n), (SHRINK, SHRINK, SHRINK_SLOPE, SHRINK_SLOPE, SHRINK_SLOPE, SHRINK_RIVALS)
    shrink = np.repeat(shrinks, sizes)
    aim = np.concatenate(
        [np.repeat((level, pattern_level, likely, doubt), sizes[:4]), of_beside, np.repeat(of_rivals, n)]
    )
    first = _regression(np.hstack([plain, doubted, slopes]), right, shrink, aim)
    any_pattern = dict(zip(relations, first[n : 2 * n], strict=True))
    aim = np.concatenate([first[:n], [any_pattern[relation_of[name]] for name in patterns], first[2 * n :]])
    shrink = np.repeat(shrinks, (n, len(patterns), *sizes[2:]))
    last = _regression(np.hstack([plain, by_pattern, slopes]), right, shrink, aim)
    cuts = np.cumsum((n, len(patterns), 1, n, m, n))
    of_relation, of_pattern, (of_likely,), of_doubt, of_beside, other_object, other_subject = (
        [round(float(weight), 4) for weight in part] for part in np.split(last, cuts)
    )
    return Calibration(
        likely=of_likely,
        doubted=dict(zip(relations, of_doubt, strict=True)),
        relation=dict(zip(relations, of_relation, strict=True)),
        pattern=dict(zip(patterns, of_pattern, strict=True)),
        any_pattern={relation: round(float(weight), 4) for relation, weight in any_pattern.items()},
        elsewhere=of_beside[0],
        elsewhere_with_pattern=of_beside[1],
        unsure=of_beside[2],
        unsure_with_pattern=of_beside[3],
        other_object=dict(zip(relations, other_object, strict=True)),
        other_subject=dict(zip(relations, other_subject, strict=True)),
        known=of_beside[4],
        known_with_pattern=of_beside[5],
        unheard=tuple(unheard),
        least=least[0],
        least_with_pattern=least[1],
    )


def _beside(candidates: Sequence[Candidate], fired: NDArray[np.bool_], unheard: Sequence[str]) -> Array:
    """A row a candidate: what other passages say, unsure ends and known ends, each without and with a pattern; whether
    our own annotations judge it."""
    told = np.array([_elsewhere(each, unheard) for each in candidates])
    unsure = np.array([float(0 if each.pattern and each.likely is not None else each.unsure) for each in candidates])
    known = np.array([float(each.known) for each in candidates])
    annotated = np.array([float(each.annotated) for each in candidates])
    return np.column_stack([*(part * where for part in (told, unsure, known) for where in (~fired, fired)), annotated])


def _rivals(candidate: Candidate, unheard: Sequence[str]) -> tuple[float, float]:
    heard = [heard_elsewhere(each) if _is_heard(candidate, unheard) else 0.0 for each in candidate.rivals]
    return heard[0], heard[1]


def _is_heard(candidate: Candidate, unheard: Sequence[str]) -> bool:
    return candidate.likely is not None and candidate.relation not in unheard


def _heard(candidate: Candidate, unheard: Sequence[str]) -> float:
    if candidate.likely is None or not _is_heard(candidate, unheard):
        return 0.0
    return heard_logit(candidate.likely, pattern=candidate.pattern)


def _elsewhere(candidate: Candidate, unheard: Sequence[str]) -> float:
    return heard_elsewhere(candidate.elsewhere) if _is_heard(candidate, unheard) else 0.0


def _one_hot(values: Sequence[str | None], names: Sequence[str]) -> Array:
    """A row a value, a column a name, 1 where they are the same."""
    return np.array([[float(value == name) for name in names] for value in values]).reshape(len(values), len(names))


def _regression(design: Array, right: Array, shrink: Array, aim: Array) -> Array:
    """The weights of a logistic regression that is drawn towards `aim`, by Newton's method."""
    weights = aim.copy()
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (right - likely) - shrink * (weights - aim)
        curvature = (design * (likely * (1 - likely))[:, None]).T @ design + np.diag(shrink)
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def reliability(candidates: Sequence[Candidate], calibration: Calibration) -> list[tuple[str, int, float, float]]:
    """For each tenth of confidence: how many candidates, their mean confidence, and the share that is right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for each in candidates:
        sure = confidence_of(each, calibration)
        bins.setdefault(min(9, int(sure * 10)), []).append((sure, each.right))
    return [
        (
            f"{tenth / 10:.1f}-{(tenth + 1) / 10:.1f}",
            len(found),
            sum(sure for sure, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for tenth, found in sorted(bins.items())
    ]


def figures(
    candidates: Sequence[Candidate], calibration: Calibration, gold: int, least: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 where all candidates of confidence `least` or more are stated."""
    stated = [each for each in candidates if confidence_of(each, calibration) >= least]
    right = sum(each.right for each in stated)
    precision, recall = right / max(1, len(stated)), right / max(1, gold)
    return precision, recall, 2 * right / max(1, len(stated) + gold)


def write(calibration: Calibration, path: Path) -> None:
    """Write the weights as JSON."""
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")
