"""How sure a fact is: the component's probability and whether a pattern fired, turned into one calibrated figure.

A logistic regression with few weights, fitted by `make model` on documents that trained nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from typing import TypedDict

from kg.data import data_path

FILE = "kg/models/relations/confidence.json"
FARTHEST = 6.0
"""A probability is never taken for surer than this many logits."""
UNHEARD_ELSEWHERE = -4.0
"""Another passage that states a fact with fewer logits than this adds nothing."""
FARTHEST_WITH_PATTERN = 2.5
"""Where a pattern fired, the component's word counts for less: it has seen few of the rarer wordings."""
Rivals = tuple[float | None, float | None]
NO_RIVALS: Rivals = (None, None)


class Beside(TypedDict):
    """What bears on a fact beside the component's word and the pattern: as in `Calibration.confidence`."""

    elsewhere: float | None
    unsure: int
    rivals: Rivals
    known: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights. Without a pattern: `relation` and, for each logit of the component, `likely`. Where a pattern fired:
    `pattern`, by its id, and for each logit `doubted`, by relation.

    `elsewhere`: for each logit above the least that counts with which another passage of the document states the fact;
    `unsure`: for each end whose name may be of another type. `elsewhere_with_pattern`: the same where a pattern fired;
    `unsure_with_pattern`: for each such end of a fact that only the pattern's slots admit.

    `other_object`, `other_subject`: by relation, for each such logit with which the document most likely says of the
    subject that it has another object, and of the object that it has another subject. `known`: for each end that the
    registry knows; `known_with_pattern`: the same where a pattern fired.

    `any_pattern`: for a pattern that the fitting did not see, by relation; their mean for a relation that it did not
    see. `unheard`: relations of which the component has learned too little to add or to doubt anything. `least` and
    `least_with_pattern`: the confidence from which a fact is stated that no pattern found, and one that one found.
    """

    likely: float
    doubted: Mapping[str, float]
    relation: Mapping[str, float]
    pattern: Mapping[str, float]
    any_pattern: Mapping[str, float]
    elsewhere: float
    elsewhere_with_pattern: float
    unsure: float
    unsure_with_pattern: float
    other_object: Mapping[str, float]
    other_subject: Mapping[str, float]
    known: float
    known_with_pattern: float
    unheard: Sequence[str]
    least: float
    least_with_pattern: float

    def confidence(
        self,
        relation: str,
        likely: float | None,
        *,
        pattern: str | None,
        elsewhere: float | None = None,
        unsure: int = 0,
        rivals: Rivals = NO_RIVALS,
        known: int = 0,
    ) -> float:
        """How likely the text states the fact, 0 to 1, three decimals.

        `likely`: what the component says; None where it was not asked. `pattern`: the id of the one that fired.
        `elsewhere`: what the component says of the other passage that most likely states it. `unsure`: how many of its
        ends have a name whose type is not sure. `rivals`: what the component says in the whole document of
        the likeliest fact with another object, and of that with another subject. `known`: how many ends the registry
        knows.
        """
        is_heard = likely is not None and relation in self.relation and relation not in self.unheard
        heard = heard_logit(likely, pattern=pattern) if likely is not None and is_heard else 0.0
        told = heard_elsewhere(elsewhere) if is_heard else 0.0
        others = [heard_elsewhere(rival) if is_heard else 0.0 for rival in rivals]
        doubt = self.other_object.get(relation, 0.0) * others[0] + self.other_subject.get(relation, 0.0) * others[1]
        if pattern is not None:
            level = self.any_pattern.get(relation, fmean(self.any_pattern.values()))
            total = self.pattern.get(pattern, level) + self.doubted.get(relation, 0.0) * heard
            total += self.elsewhere_with_pattern * told + self.unsure_with_pattern * (unsure if likely is None else 0)
            total += self.known_with_pattern * known + doubt
        elif is_heard:
            total = self.relation[relation] + self.likely * heard + self.elsewhere * told + self.unsure * unsure
            total += self.known * known + doubt
        else:
            return 0.0
        return round(1 / (1 + math.exp(-total)), 3)


def logit(likely: float) -> float:
    """The logarithm of the odds, between -FARTHEST and FARTHEST."""
    if likely <= 0 or likely >= 1:
        return math.copysign(FARTHEST, likely - 0.5)
    return max(-FARTHEST, min(FARTHEST, math.log(likely / (1 - likely))))


def heard_logit(likely: float, *, pattern: str | None) -> float:
    """The logit of what the component says, as far as it counts."""
    farthest = FARTHEST if pattern is None else FARTHEST_WITH_PATTERN
    return max(-farthest, min(farthest, logit(likely)))


def heard_elsewhere(likely: float | None) -> float:
    """The logits above the least that counts; 0 where no other passage was asked."""
    return 0.0 if likely is None else max(0.0, logit(likely) - UNHEARD_ELSEWHERE)


@cache
def load_calibration() -> Calibration:
    """The weights that ship with the component."""
    return Calibration(**json.loads(data_path(FILE).read_text(encoding="utf-8")))
