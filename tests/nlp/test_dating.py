"""Which date is that of a fact: on trees written by hand, and in sentences read by the whole pipeline.

A row of `fact_dates.jsonl` has a `text` of a document of 2023-09-20, a `relation`, the `subject` and (where there is
one) the `object`, and the `date` that the text gives the fact: null for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kg.data import read_jsonl
from kg.nlp.dating import common_predicate, date_of
from kg.nlp.loading import Pipeline
from kg.nlp.parsed import Parsed
from kg.nlp.pipeline import annotate
from kg.nlp.relations import relate
from kg.nlp.retyping import judged_passages
from kg.read.readers import document_from_text
from kg.schema import load_schema

ROWS = list(read_jsonl(Path(__file__).parents[1] / "cases" / "fact_dates.jsonl"))
NAMES = {"Acme": "Company", "Globex": "Company"}

BOUGHT = "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought in:IN:prep:bought 2021:CD:pobj:in"
ANNOUNCED = (
    "Acme:NNP:nsubj:announced announced:VBD:ROOT today:NN:npadvmod:announced its:PRP$:poss:purchase "
    "purchase:NN:dobj:announced of:IN:prep:purchase Globex:NNP:pobj:of"
)
UNIT = (
    "Acme:NNP:poss:unit 's:POS:case:Acme unit:NN:nsubj:said Globex:NNP:appos:unit said:VBD:ROOT today:NN:npadvmod:said "
    "that:IN:mark:sells it:PRP:nsubj:sells sells:VBZ:ccomp:said"
)
UNDER = (
    "the:DT:det:purchase purchase:NN:nsubj:closed of:IN:prep:purchase Globex:NNP:pobj:of in:IN:prep:Globex "
    "2021:CD:pobj:in closed:VBD:ROOT today:NN:npadvmod:closed"
)
SAID = (
    "Acme:NNP:nsubj:said said:VBD:ROOT today:NN:npadvmod:said it:PRP:nsubj:buys will:MD:aux:buys buys:VB:ccomp:said "
    "Globex:NNP:dobj:buys"
)
END = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought by:IN:prep:bought the:DT:det:end end:NN:pobj:by "
    "of:IN:prep:end 2021:CD:pobj:of"
)
LED = (
    "Acme:NNP:nsubj:closed closed:VBD:ROOT a:DT:det:round round:NN:dobj:closed announced:VBN:acl:round "
    "in:IN:prep:announced 2021:CD:pobj:in led:VBN:acl:round by:IN:agent:led Globex:NNP:pobj:by"
)
RELATIVE = (
    "Acme:NNP:nsubj:grew which:WDT:nsubj:owns owns:VBZ:relcl:Acme Globex:NNP:dobj:owns grew:VBD:ROOT "
    "in:IN:prep:grew 2021:CD:pobj:in"
)
OTHER = (
    "Acme:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought after:IN:mark:fell it:PRP:nsubj:fell "
    "fell:VBD:advcl:bought in:IN:prep:fell 2021:CD:pobj:in"
)
NAMED = (
    "Acme:NNP:nsubjpass:named was:VBD:auxpass:named named:VBN:ROOT owner:NN:oprd:named of:IN:prep:owner "
    "Globex:NNP:pobj:of in:IN:prep:named 2021:CD:pobj:in"
)


@pytest.mark.parametrize(
    ("spec", "predicate", "date"),
    [
        pytest.param(BOUGHT, "bought", "2021", id="its own"),
        pytest.param(ANNOUNCED, "purchase", "2023-09-20", id="of the verb that tells what happened"),
        pytest.param(UNIT, "unit", None, id="a noun that takes for granted has none of its verb"),
        pytest.param(UNIT, "Globex", None, id="nor a name"),
        pytest.param(UNIT, "sells", "2023-09-20", id="of who said it"),
        pytest.param(UNDER, "purchase", "2021", id="what stands under it before what governs it"),
        pytest.param(UNDER, "closed", "2023-09-20", id="the nearest first"),
        pytest.param(END, "bought", "2021", id="through the words of the date itself"),
        pytest.param(LED, "led", "2021", id="of another participle on the same noun"),
        pytest.param(RELATIVE, "owns", None, id="a relative clause has none of its noun's verb"),
        pytest.param(OTHER, "bought", None, id="another clause has its own"),
        pytest.param(NAMED, "owner", "2021", id="a complement has that of its verb"),
    ],
)
def test_the_date_of_a_predicate(parsed_of: Callable[..., Parsed], spec: str, predicate: str, date: str | None) -> None:
    parsed = dated(parsed_of(spec, {name: kind for name, kind in NAMES.items() if name in spec}))
    token = next(token for token in parsed.doc if token.text == predicate)
    assert date_of(token, parsed) == date


def dated(parsed: Parsed) -> Parsed:
    """The passage with its dates: those of a document of 2023-09-20."""
    told = {"2021": "2021", "today": "2023-09-20"}
    return replace(parsed, dates={token.i: told[token.text] for token in parsed.doc if token.text in told})


def test_what_is_only_said_to_come_has_not_the_date_of_saying(parsed_of: Callable[..., Parsed]) -> None:
    parsed = dated(parsed_of(SAID, NAMES))
    assert date_of(parsed.doc[5], parsed) == "2023-09-20"
    assert date_of(parsed.doc[5], parsed, certain=False) is None


def test_today_with_a_verb_in_the_present_is_no_day(parsed_of: Callable[..., Parsed]) -> None:
    spec = "Acme:NNP:nsubj:uses uses:{tag}:ROOT Globex:NNP:dobj:uses today:NN:npadvmod:uses"
    parsed = {tag: dated(parsed_of(spec.format(tag=tag), NAMES)) for tag in ("VBZ", "VBD")}
    assert {tag: date_of(each.doc[1], each) for tag, each in parsed.items()} == {"VBZ": None, "VBD": "2023-09-20"}


@pytest.mark.parametrize(
    ("spec", "common"),
    [(BOUGHT, "bought"), (UNIT, "unit"), (SAID, "said"), ("Globex:NNP:nmod:Acme Acme:NNP:ROOT", "Acme")],
)
def test_the_predicate_over_two_words(parsed_of: Callable[..., Parsed], spec: str, common: str) -> None:
    doc = parsed_of(spec, NAMES).doc
    acme, globex = (next(token for token in doc if token.text == name) for name in NAMES)
    assert [found and found.text for found in (common_predicate(acme, globex), common_predicate(globex, acme))] == [
        common,
        common,
    ]


def test_words_of_two_sentences_have_no_predicate_over_them(parsed_of: Callable[..., Parsed]) -> None:
    doc = parsed_of("Globex:NNP:ROOT // Acme:NNP:ROOT", NAMES).doc
    assert common_predicate(doc[0], doc[1]) is None


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[f"{line}-{row['relation']}" for line, row in ROWS])
def test_a_sentence_gives_a_fact_its_date(row: Mapping[str, object], pipeline: Pipeline) -> None:
    document = replace(document_from_text("d", str(row["text"])), date="2023-09-20")
    told = [
        mention
        for mention in relate(judged_passages(annotate(document, pipeline), pipeline), document, pipeline)
        if mention.relation == load_schema().relation(str(row["relation"])).name
        and mention.subject.surface == row["subject"]
        and ("object" not in row or (mention.object is not None and mention.object.surface == row["object"]))
    ]
    assert told, "the fact is not found"
    assert {mention.evidence.qualifiers.date for mention in told} == {row["date"]}
