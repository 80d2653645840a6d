"""The language stage as a whole, on the model: names are single tokens, places lead back to the text, twice is once."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.model import Document, RelationMention
from kg.nlp import loading as loading_module
from kg.nlp.loading import Pipeline, load_pipeline, sparing
from kg.nlp.names import Name
from kg.nlp.parsed import Annotation
from kg.nlp.pipeline import annotate
from kg.nlp.relations import mentions, relate
from kg.nlp.retyping import judged_passages
from kg.read.readers import document_from_text
from kg.schema import load_schema

TEXT = """# Nexacorp Raises $30 Million to Take On Nvidia

*Oslo, May 3, 2024*

**Nexacorp**, a chip startup, raised $30 million in a Series A round led by Oak Ventures. The company plans to buy
[Hexalane](https://example.org/hexalane) for €12 million.

- Partners: Nexacorp works with AWS.
- "It never sued Microsoft," said Jane Roe, CEO of Nexacorp.
"""


@pytest.fixture(scope="module")
def document() -> Document:
    return document_from_text("doc", TEXT)


@pytest.fixture(scope="module")
def annotation(document: Document, pipeline: Pipeline) -> Annotation:
    return annotate(document, pipeline)


def stated(annotation: Annotation, pipeline: Pipeline) -> tuple[RelationMention, ...]:
    return relate(judged_passages(annotation, pipeline), annotation.document, pipeline)


@pytest.fixture(scope="module")
def related(annotation: Annotation, pipeline: Pipeline) -> tuple[RelationMention, ...]:
    return stated(annotation, pipeline)


def test_each_name_sum_and_round_is_one_token(annotation: Annotation) -> None:
    surfaces = {parsed.surface(parsed.doc[i]) for parsed in annotation.parsed for i in parsed.names}
    assert {"Nexacorp", "Nvidia", "Oak Ventures", "Hexalane", "AWS", "Microsoft", "Jane Roe"} <= surfaces
    sums = {parsed.surface(parsed.doc[i]) for parsed in annotation.parsed for i in parsed.amounts}
    assert {"$30 million", "€12 million"} <= sums
    assert "series_a" in {name for parsed in annotation.parsed for name in parsed.rounds.values()}


def test_a_token_of_the_parser_is_a_piece_of_the_text(annotation: Annotation) -> None:
    for parsed in annotation.parsed:
        assert len(parsed.doc) == len(parsed.pieces)
        for i, name in parsed.names.items():
            assert (parsed.pieces[i].start, parsed.pieces[i].end) == (name.start, name.end)
            assert parsed.surface(parsed.doc[i]) == name.surface


def test_types_are_entity_types_and_registered_names_are_sure(annotation: Annotation) -> None:
    names = [name for parsed in annotation.parsed for name in parsed.names.values()]
    assert {name.type for name in names} <= set(load_schema().types)
    assert all(name.sure for name in names if name.entity is not None)
    assert {name.entity for name in names if name.surface == "Nvidia"} == {"nvidia"}


def test_mentions_stand_in_the_stored_text(document: Document, annotation: Annotation) -> None:
    found = mentions(annotation.parsed)
    assert found
    assert [(m.start, m.end) for m in found] == sorted((m.start, m.end) for m in found)
    for mention in found:
        assert document.text[mention.start : mention.end] == mention.surface


def test_the_company_is_who_it_must_be(related: tuple[RelationMention, ...]) -> None:
    buys = [m for m in related if m.relation == "acquires"]
    assert [(m.subject.surface, m.object.surface, m.evidence.status) for m in buys if m.object] == [
        ("Nexacorp", "Hexalane", "planned")
    ]


def test_a_quote_is_the_text_at_its_place(document: Document, related: tuple[RelationMention, ...]) -> None:
    assert {m.relation for m in related} >= {"raises", "acquires", "investsIn", "ceoOf"}
    for mention in related:
        evidence = mention.evidence
        assert evidence.quote == document.text[evidence.start : evidence.end]
        assert evidence.document == document.hash
        assert evidence.status in load_schema().statuses


def test_a_rule_is_the_id_of_a_pattern_or_says_what_was_learned(
    related: tuple[RelationMention, ...], pipeline: Pipeline
) -> None:
    patterns = {pattern.id for pattern in pipeline.patterns}
    assert {m.evidence.rule for m in related if m.evidence.rule != f"learned/{m.relation}"} <= patterns


def test_all_that_is_stated_is_sure_enough(related: tuple[RelationMention, ...], pipeline: Pipeline) -> None:
    calibration = pipeline.calibration
    for m in related:
        is_learned = m.evidence.rule == f"learned/{m.relation}"
        assert (calibration.least if is_learned else calibration.least_with_pattern) <= m.evidence.confidence <= 1


def test_a_fact_is_told_once_for_its_sentence(related: tuple[RelationMention, ...]) -> None:
    keys = [
        (
            m.relation,
            m.subject.surface,
            m.object.surface if m.object else None,
            m.evidence.start,
            m.evidence.qualifiers.amount,
        )
        for m in related
    ]
    assert len(keys) == len(set(keys))


def test_reading_twice_gives_the_same(document: Document, annotation: Annotation, pipeline: Pipeline) -> None:
    again = annotate(document, pipeline)
    assert mentions(again.parsed) == mentions(annotation.parsed)
    assert stated(again, pipeline) == stated(annotation, pipeline)


def test_a_document_is_read_the_same_whatever_was_read_before(document: Document, pipeline: Pipeline) -> None:
    before = mentions(annotate(document, pipeline).parsed)
    annotate(document_from_text("other", "Nexacorp is a city in Norway. The city of Nexacorp grew."), pipeline)
    assert mentions(annotate(document, pipeline).parsed) == before


def test_a_document_without_blocks_yields_nothing(pipeline: Pipeline) -> None:
    empty = annotate(Document("empty", "", ()), pipeline)
    assert empty.parsed == ()
    assert stated(empty, pipeline) == ()


# The names.


def test_the_recogniser_sees_entity_types(pipeline: Pipeline) -> None:
    assert set(pipeline.recogniser.get_pipe("ner").labels) == set(load_schema().types)  # type: ignore[attr-defined]


def naming(kinds: Mapping[str, str]) -> Callable[[str], list[Name]]:
    """Finds these names, surface form -> type, the longest first."""
    words = re.compile(rf"(?:{'|'.join(sorted(kinds, key=len, reverse=True))})\b")
    return lambda text: [
        Name(found.start(), found.end(), found.group(), kinds[found.group()], "test", sure=True)
        for found in words.finditer(text)
    ]


def test_names_that_are_given_are_not_looked_for(pipeline: Pipeline) -> None:
    document = document_from_text("doc", "Nvidia and Microsoft met the grey people.")
    read = annotate(document, pipeline, given=naming({"grey people": "Company"}))
    assert [(mention.surface, mention.type, mention.rule) for mention in mentions(read.parsed)] == [
        ("grey people", "Company", "test")
    ]
    (parsed,) = read.parsed
    assert [parsed.surface(parsed.doc[i]) for i in parsed.names] == ["grey people"]


@pytest.mark.parametrize(
    ("text", "kinds", "makers"),
    [
        ("Zorblax grew. Zorblax Widget fell.", {"Zorblax Widget": "Product", "Zorblax": "Company"}, ["Zorblax"]),
        ("Zorblax Widget fell.", {"Zorblax Widget": "Product"}, []),
        ("Zorblax grew. Zorblax Widget fell.", {"Zorblax Widget": "Product", "Zorblax": "Place"}, []),
        ("Zorblax grew. Zorblax Widget fell.", {"Zorblax Widget": "Company", "Zorblax": "Company"}, []),
        ("Zorblax grew. Zorblax’s Widget fell.", {"Zorblax’s Widget": "Product", "Zorblax": "Company"}, ["Zorblax"]),
        ("Zorblaxes grew. Zorblax Widget fell.", {"Zorblax Widget": "Product", "Zorblaxes": "Company"}, []),
        ("Nvidia Widget fell.", {"Nvidia Widget": "Product"}, ["Nvidia"]),
        ("Nvidia Widget fell.", {"Nvidia Widget": "Company"}, []),
        (
            "Big Zorblax and Big grew. Big Zorblax Widget fell.",
            {"Big Zorblax Widget": "Product", "Big Zorblax": "Company", "Big": "Company"},
            ["Big Zorblax"],
        ),
    ],
)
def test_a_thing_is_made_by_the_company_that_its_name_begins_with(
    pipeline: Pipeline, text: str, kinds: dict[str, str], makers: list[str]
) -> None:
    """By one that the document names, or that is registered."""
    (parsed,) = annotate(document_from_text("doc", text), pipeline, given=naming(kinds)).parsed
    assert [maker.surface for found in parsed.makers.values() for maker in found] == makers


def test_a_maker_may_be_named_in_another_passage(pipeline: Pipeline) -> None:
    kinds = {"Zorblax Widget": "Product", "Zorblax": "Company"}
    document = document_from_text("doc", "Zorblax grew.\n\nZorblax Widget fell.\n")
    first, second = annotate(document, pipeline, given=naming(kinds)).parsed
    assert (first.makers, [maker.surface for maker in second.makers["Zorblax Widget"]]) == ({}, ["Zorblax"])


# Names that several things have.

Recognising = Callable[[Mapping[str, str]], Pipeline]
BOTH = ("Company", "Product")


def typed(text: str, pipeline: Pipeline) -> dict[str, tuple[str, bool, str | None, tuple[str, ...]]]:
    """Type, sureness, entry and the types that it may have, by surface form."""
    parsed = annotate(document_from_text("doc", text), pipeline).parsed
    names = [name for each in parsed for name in each.names.values()]
    return {name.surface: (name.type, name.sure, name.entity, name.either) for name in names}


def test_a_shared_name_is_unsure_and_of_no_entry(recognising: Recognising) -> None:
    assert typed("We met GitHub and Nvidia.", recognising({})) == {
        "GitHub": ("Company", False, None, BOTH),
        "Nvidia": ("Company", True, "nvidia", ()),
    }


@pytest.mark.parametrize(
    ("seen", "kind"), [("Product", "Product"), ("Company", "Company"), ("Person", "Company"), ("Model", "Company")]
)
def test_of_a_shared_name_the_recogniser_is_believed_as_far_as_the_registry_allows(
    recognising: Recognising, seen: str, kind: str
) -> None:
    pipeline = recognising({"GitHub": seen, "Nvidia": seen})
    assert typed("We met GitHub and Nvidia.", pipeline) == {
        "GitHub": (kind, False, None, BOTH),
        "Nvidia": ("Company", True, "nvidia", ()),
    }


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("startup", ("Company", True)),
        ("chatbot", ("Product", True)),
        ("model", ("Company", False)),
        ("city", ("Company", False)),
    ],
)
def test_so_are_the_words_beside_it_wherever_it_stands(
    recognising: Recognising, noun: str, kind: tuple[str, bool]
) -> None:
    found = typed(f"We met GitHub.\n\nThe {noun} GitHub grew.\n", recognising({}))
    assert found == {"GitHub": (*kind, None, BOTH)}


def test_every_shared_name_of_the_registry_is_known(recognising: Recognising) -> None:
    pipeline = recognising({})
    shared = {each.form: each.either for found in pipeline.known.by_run.values() for _, each in found if each.either}
    assert shared["GitHub"] == BOTH
    found = typed("\n\n".join(f"We met {form}." for form in shared), pipeline)
    assert {form: either for form, (_, _, _, either) in found.items()} == shared
    assert {entity for _, _, entity, _ in found.values()} == {None}


# Whatever is read.

SIGNS = "aA zZ.,:;-–—'’“”()[]*_#$€%&/\\\n\t0159é中\u200b\u00a0😀"
ODD = st.lists(st.sampled_from([*SIGNS, " Acme ", " bought ", " $5M "]), min_size=1, max_size=60).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD.filter(str.strip))
def test_any_text_is_read(pipeline: Pipeline, text: str) -> None:
    document = document_from_text("odd", text)
    found = annotate(document, pipeline)
    for mention in mentions(found.parsed):
        assert 0 <= mention.start < mention.end <= len(document.text)
    for fact in stated(found, pipeline):
        assert fact.evidence.quote == document.text[fact.evidence.start : fact.evidence.end]


def test_a_known_name_is_not_lengthened_into_the_next_one(pipeline: Pipeline) -> None:
    document = document_from_text("names", 'The shady "ChatGPT Chat GPT With GPT-4" app is popular.')
    found = [(mention.start, mention.end) for mention in mentions(annotate(document, pipeline).parsed)]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(found))


NAMES = ["Nvidia", "Chat", "GPT-4", "ChatGPT", "Chat GPT", "AI", "Labs", "Pro", "Inc.", "Oslo", "Norway", "Microsoft",
         "Azure", "Copilot", "Zorblax", "Ventures", "H100", "GPUs", "$5M", "Series A", "raised", "and", ",", "of", "'s",
         "-backed", "CEO", "Jane Roe", "(", ")", ":", "- ", ". ", "its", "chips", "3.5"]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=14).map(" ".join))
def test_names_in_any_order_are_read_and_kept_apart(pipeline: Pipeline, text: str) -> None:
    document = document_from_text("names", text)
    annotation = annotate(document, pipeline)
    for parsed in annotation.parsed:
        ranges = sorted((name.start, name.end) for name in parsed.names.values() if name.maker is None)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(ranges))
    stated(annotation, pipeline)


def test_a_missing_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading_module, "MODEL", "no_such_model")
    with pytest.raises(KgError, match=r"no_such_model.*make setup"):
        load_pipeline([], {})


def test_words_of_a_text_are_forgotten_once_many_are_known(pipeline: Pipeline) -> None:
    def names(text: str, *, most_words: int) -> list[str]:
        with sparing(pipeline, most_words=most_words):
            found = annotate(document_from_text("d", text), pipeline)
            return [name.surface for parsed in found.parsed for name in parsed.names.values()]

    words = pipeline.recogniser.vocab
    text, other = "Quorvaxia Labs zanfleets Brimolette Systems.", "Quorvaxia Labs grumbests Brimolette Systems."
    assert names(text, most_words=0) == ["Quorvaxia Labs", "Brimolette Systems"]
    assert "zanfleets" not in words
    assert names(other, most_words=10**9) == ["Quorvaxia Labs", "Brimolette Systems"]
    assert "grumbests" in words
