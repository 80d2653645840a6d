"""Why gold facts were missed: each cause, of texts of which the component says what the test sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from kg.nlp.component import Component, Judged
from kg.nlp.confidence import Calibration
from kg.nlp.marked import Marked
from kg.nlp.parsed import Annotation
from kg.nlp.pipeline import Pipeline
from kg.schema import load_schema
from kg.training import calibration as module
from kg.training.causes import CAUSES, FOUND, MISSED, MISTYPED, UNNAMED, UNSURE, causes
from kg.training.gold import GoldDocument, GoldFact

SCHEMA = load_schema()
EVEN, ONE = dict.fromkeys(SCHEMA.relations, 0.0), dict.fromkeys(SCHEMA.relations, 1.0)
PLAIN = Calibration(1.0, ONE, EVEN, {}, EVEN, (), 0.7, 0.4)
"""As sure as the component; a fact is stated from 0.7, where a pattern fired from 0.4."""
BOUGHT, MET, LEFT = "Acme acquired Globex.", "Acme met Globex.", "Acme left."
IS_BOUGHT = GoldFact("Acme", "acquires", "Globex", "asserted", None, ())

Gold = tuple[GoldDocument, Annotation]


@pytest.fixture
def counted(
    pipeline: Pipeline,
    read: Callable[[GoldDocument], Annotation],
    gold_of: Callable[..., GoldDocument],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., dict[str, Mapping[str, int]]]:
    """The causes of documents of these texts, in whose passages the component holds the two names for so likely."""

    def found(
        texts: Sequence[str], likely: float | None, *facts: GoldFact, subject: str = "Company"
    ) -> dict[str, Mapping[str, int]]:
        def judge(passages: Sequence[Marked], component: Component) -> list[list[Judged]]:
            said = [] if likely is None else [Judged(0, 1, {"acquires": likely}, "asserted")]
            return [said if len(passage.slots) > 1 else [] for passage in passages]

        monkeypatch.setattr(module, "judge", judge)
        documents = [gold_of(text, {"Acme": subject, "Globex": "Company"}, facts) for text in texts]
        gold = [(document, read(document)) for document in documents]
        return {**causes(gold, replace(pipeline, calibration=PLAIN), SCHEMA)}

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


def test_the_facts_of_all_documents_are_counted_by_relation(counted: Counted) -> None:
    raised = GoldFact("Acme", "raises", None, "asserted", 5e6, ())
    found = counted([BOUGHT, MET, BOUGHT], None, raised, IS_BOUGHT)
    assert list(found) == ["acquires", "raises"]
    assert found == {"acquires": {FOUND: 2, MISSED: 1}, "raises": {MISSED: 3}}
