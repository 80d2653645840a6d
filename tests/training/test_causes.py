"""Why gold facts were missed: each cause, of texts of which the component says what the test sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pytest

from kg.nlp import retyping as module
from kg.nlp.component import NO_NAME, Component, Heard, Judged
from kg.nlp.confidence import Calibration
from kg.nlp.loading import Pipeline
from kg.nlp.marked import Marked
from kg.nlp.names import Name
from kg.nlp.pipeline import annotate
from kg.schema import load_schema
from kg.training.causes import CAUSES, FOUND, MISSED, MISTYPED, UNNAMED, UNSURE, causes
from kg.training.gold import GoldDocument, GoldFact

SCHEMA = load_schema()
EVEN, ONE = dict.fromkeys(SCHEMA.relations, 0.0), dict.fromkeys(SCHEMA.relations, 1.0)
PLAIN = Calibration(1.0, ONE, EVEN, {}, EVEN, 0.0, 0.0, 0.0, 0.0, EVEN, EVEN, 0.0, 0.0, (), 0.7, 0.4)
"""As sure as the component; a fact is stated from 0.7, where a pattern fired from 0.4."""
BOUGHT, MET, LEFT = "Acme acquired Globex.", "Acme met Globex.", "Acme left."
IS_BOUGHT = GoldFact("Acme", "acquires", "Globex", "asserted", None, ())

Said = Mapping[str, float]


@pytest.fixture
def counted(
    pipeline: Pipeline, gold_of: Callable[..., GoldDocument], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Mapping[str, int]]]:
    """The causes of documents of these texts, in whose passages the component holds the two names for so likely.

    `kinds`: what it says of the type of the subject; then the text is not sure of that.
    """

    def found(
        texts: Sequence[str],
        likely: float | None,
        *facts: GoldFact,
        subject: str = "Company",
        kinds: Said | None = None,
        calibration: Calibration = PLAIN,
    ) -> dict[str, Mapping[str, int]]:
        def judge(passages: Sequence[Marked], component: Component, store: object = None) -> list[Heard]:
            return [heard(passage) for passage in passages]

        def heard(passage: Marked) -> Heard:
            pairs = () if likely is None else (Judged(0, 1, {"acquires": likely}, "asserted"),)
            return Heard(pairs if len(passage.slots) > 1 else (), {0: kinds} if kinds and passage.slots else {})

        def names(gold: GoldDocument, passage: str) -> list[Name]:
            return [replace(each, sure=kinds is None or each.surface != "Acme") for each in gold.names(passage)]

        monkeypatch.setattr(module, "judge", judge)
        gold = [gold_of(text, {"Acme": subject, "Globex": "Company"}, facts) for text in texts]
        read = [(each, annotate(each.document, pipeline, given=partial(names, each))) for each in gold]
        return {**causes(read, replace(pipeline, calibration=calibration), SCHEMA)}

    return found


Counted = Callable[..., dict[str, Mapping[str, int]]]


@pytest.mark.parametrize(
    ("text", "likely", "subject", "cause"),
    [
        (BOUGHT, None, "Company", FOUND),  # 0.5, by a pattern
        (BOUGHT, 0.3, "Company", UNSURE),
        (MET, 0.8, "Company", FOUND),
        (MET, 0.5, "Company", UNSURE),  # enough only with a pattern
        (MET, None, "Company", MISSED),
        (f"{LEFT}\n\nGlobex stayed.\n", None, "Company", MISSED),  # no passage holds both
        (MET, None, "Place", MISTYPED),
        (LEFT, None, "Company", UNNAMED),
    ],
)
def test_the_cause(counted: Counted, text: str, likely: float | None, subject: str, cause: str) -> None:
    assert cause in CAUSES
    assert counted([text], likely, IS_BOUGHT, subject=subject) == {"acquires": {cause: 1}}


@pytest.mark.parametrize(
    ("subject", "kinds", "cause"),
    [
        ("Company", {"Company": -1.0, "Place": -2.0}, MISSED),
        ("Company", {"Company": -9.0, "Place": -0.1}, MISTYPED),
        ("Company", {"Company": -9.0, NO_NAME: -0.1}, UNNAMED),
        ("Place", {"Company": -0.1, "Place": -9.0}, MISSED),
    ],
)
def test_the_names_are_those_that_the_component_leaves(counted: Counted, subject: str, kinds: Said, cause: str) -> None:
    assert counted([MET], None, IS_BOUGHT, subject=subject, kinds=kinds) == {"acquires": {cause: 1}}


@pytest.mark.parametrize(
    ("text", "elsewhere", "unsure", "cause"),
    [
        (f"{MET}\n\n{MET}\n", 0.0, 0.0, UNSURE),
        (f"{MET}\n\n{MET}\n", 0.25, 0.0, FOUND),  # 0.25 * 4: 0.73
        (f"{MET}\n\n{MET}\n", 0.25, -1.0, UNSURE),
        (MET, 0.25, 0.0, UNSURE),
    ],
)
def test_it_is_found_where_all_that_is_known_of_it_makes_it_sure_enough(
    counted: Counted, text: str, elsewhere: float, unsure: float, cause: str
) -> None:
    weights = replace(PLAIN, elsewhere=elsewhere, unsure=unsure)
    found = counted([text], 0.5, IS_BOUGHT, kinds={"Company": 0.0, "Place": -9.0}, calibration=weights)
    assert found == {"acquires": {cause: 1}}


def test_the_facts_of_all_documents_are_counted_by_relation(counted: Counted) -> None:
    raised = GoldFact("Acme", "raises", None, "asserted", 5e6, ())
    found = counted([BOUGHT, MET, BOUGHT], None, raised, IS_BOUGHT)
    assert list(found) == ["acquires", "raises"]
    assert found == {"acquires": {FOUND: 2, MISSED: 1}, "raises": {MISSED: 3}}
