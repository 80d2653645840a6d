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

from kg.data import data_path

FILE = "kg/models/relations/confidence.json"
FARTHEST = 6.0
"""A probability is never taken for surer than this many logits."""
FARTHEST_WITH_PATTERN = 2.5
"""Where a pattern fired, the component's word counts for less: it has seen few of the rarer wordings."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights. Without a pattern: `relation` and, for each logit of the component, `likely`. Where a pattern fired:
    `pattern`, by its id, and for each logit `doubted`, by relation.

    `any_pattern`: for a pattern that the fitting did not see, by relation; their mean for a relation that it did not
    see. `unheard`: relations of which the component has learned too little to add or to doubt anything. `least` and
    `least_with_pattern`: the confidence from which a fact is stated that no pattern found, and one that one found.
    """

    likely: float
    doubted: Mapping[str, float]
    relation: Mapping[str, float]
    pattern: Mapping[str, float]
    any_pattern: Mapping[str, float]
    unheard: Sequence[str]
    least: float
    least_with_pattern: float

    def confidence(self, relation: str, likely: float | None, *, pattern: str | None) -> float:
        """How likely the text states the fact, 0 to 1, three decimals.

        `likely`: what the component says; None where it was not asked. `pattern`: the id of the one that fired.
        """
        is_heard = likely is not None and relation in self.relation and relation not in self.unheard
        heard = heard_logit(likely, pattern=pattern) if likely is not None and is_heard else 0.0
        if pattern is not None:
            level = self.any_pattern.get(relation, fmean(self.any_pattern.values()))
            total = self.pattern.get(pattern, level) + self.doubted.get(relation, 0.0) * heard
        elif is_heard:
            total = self.relation[relation] + self.likely * heard
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


@cache
def load_calibration() -> Calibration:
    """The weights that ship with the component."""
    return Calibration(**json.loads(data_path(FILE).read_text(encoding="utf-8")))
