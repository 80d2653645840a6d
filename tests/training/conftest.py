"""Documents with invented texts whose facts are known, and the pipeline that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from kg.nlp.loading import Pipeline
from kg.nlp.parsed import Annotation
from kg.nlp.pipeline import annotate
from kg.read.readers import document_from_text
from kg.resolve.registry import load_registry
from kg.training.gold import GoldDocument, GoldFact

MakeGold = Callable[..., GoldDocument]
Read = Callable[[GoldDocument], Annotation]


def make_gold(
    text: str,
    types: Mapping[str, str],
    facts: Iterable[GoldFact] = (),
    *,
    aliases: Mapping[str, str] | None = None,
    complete: bool = True,
) -> GoldDocument:
    """A document with its facts. `types`: entity name -> type; `aliases`: further form -> entity name."""
    forms = {name: name for name in types} | dict(aliases or {})
    return GoldDocument(document_from_text("doc", text), types, forms, tuple(facts), complete)


def make_fact(
    text: str,
    subject: str,
    relation: str,
    other: str | None,
    *sentences: str,
    status: str = "asserted",
    amount: float | None = None,
) -> GoldFact:
    """A fact of a text, with the sentences (as written) that state it."""
    spans = tuple((text.index(sentence), text.index(sentence) + len(sentence)) for sentence in sentences)
    return GoldFact(subject, relation, other, status, amount, spans)


@pytest.fixture(scope="session")
def gold_of() -> MakeGold:
    return make_gold


@pytest.fixture(scope="session")
def fact_of() -> Callable[..., GoldFact]:
    return make_fact


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The whole pipeline with the shipped registry; loaded once."""
    from kg.build import pipeline_for

    return pipeline_for(load_registry())


@pytest.fixture(scope="session")
def read(pipeline: Pipeline) -> Read:
    """Annotates a document by its true names."""
    return lambda gold: annotate(gold.document, pipeline, given=gold.names)
