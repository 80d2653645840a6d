"""From relation mentions to statements: instalments, statuses, ends, and that order and copies do not matter."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Amount, Document, Evidence, Extracted, Mention, Qualifiers, RelationMention, StatementSet
from kg.resolve.folding import fold
from kg.resolve.registry import Entry, Registry
from kg.resolve.statements import resolve
from kg.schema import load_schema

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases" / "instalments.jsonl").read_text(encoding="utf-8").splitlines()
]
SCHEMA = load_schema()
ENTRIES = (Entry("acmelo", "Acmelo", "Company", aliases=("Acme Labs",)), Entry("oak", "Oak Ventures", "Company"))
REGISTRY = Registry({e.id: e for e in ENTRIES}, {fold(f): (e.id,) for e in ENTRIES for f in e.surface_forms})

Fact = tuple[str, str, str, str | None, Qualifiers]
"""Status, subject, relation, object, qualifiers."""


def company(surface: str, *, kind: str = "Company", sure: bool = False) -> Mention:
    return Mention(surface, 0, len(surface), kind, "test", sure)


def extracted(name: str, facts: list[Fact], *, others: tuple[Mention, ...] = (), path: str | None = None) -> Extracted:
    """A document with one line for each fact, which is its evidence."""
    text, relations = f"{name}.\n", []
    for status, subject, relation, other, qualifiers in facts:
        quote = f"{subject} {relation} {other} {qualifiers}"
        relations.append((len(text), quote, status, subject, relation, other, qualifiers))
        text += quote + "\n"
    document = Document(name, text, (), path=path)
    found = tuple(
        RelationMention(
            relation,
            company(subject),
            company(other) if other is not None else None,
            Evidence(document.hash, start, start + len(quote), quote, "test.rule", status, qualifiers),
        )
        for start, quote, status, subject, relation, other, qualifiers in relations
    )
    return Extracted(document, others, found)


def run(*documents: Extracted) -> StatementSet:
    return resolve(documents, REGISTRY, SCHEMA)


def said(text: str) -> Qualifiers:
    """`4000 up_to tranche EUR @2023-05`, any part of it, in the case table's short form."""
    amount, date, bound, kind, currency = None, None, "exact", "increment", "USD"
    for word in text.split():
        if word.startswith("@"):
            date = word[1:]
        elif word in ("up_to", "at_least", "about", "exact"):
            bound = word
        elif word in ("increment", "cumulative", "tranche"):
            kind = word
        elif word.isalpha():
            currency = word
        else:
            amount = Decimal(word)
    return Qualifiers(Amount(amount, currency, bound, kind) if amount is not None else None, date)


def shown(qualifiers: Qualifiers) -> str:
    """The short form of `said`, its defaults left out."""
    amount, parts = qualifiers.amount, []
    if amount is not None:
        parts = [f"{amount.value:f}", amount.bound, amount.kind, amount.currency]
    parts.append(f"@{qualifiers.date}" if qualifiers.date else "")
    return " ".join(part for part in parts if part not in ("", "exact", "increment", "USD"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_instalments(case: dict[str, list[str]]) -> None:
    facts: list[Fact] = [("asserted", "Oak Ventures", "investsIn", "Acmelo", said(text)) for text in case["told"]]
    for documents in ([extracted("one", facts)], [extracted(str(i), [fact]) for i, fact in enumerate(facts)]):
        statements = run(*documents).statements
        assert sorted(f"{shown(s.qualifiers)} x{len(s.evidence)}" for s in statements) == sorted(case["instalments"])


def test_of_the_same_evidence_the_surest_counts() -> None:
    told = extracted("one", [("asserted", "Oak Ventures", "investsIn", "Acmelo", Qualifiers())])
    [found] = told.relations
    again = [
        replace(found, object=company(name), evidence=replace(found.evidence, confidence=confidence))
        for name, confidence in (("Acmelo", 0.4), ("Acme Labs", 0.75), ("Acmelo", 0.6))
    ]
    for relations in (again, again[::-1]):
        [statement] = run(replace(told, relations=tuple(relations))).statements
        assert [e.confidence for e in statement.evidence] == [0.75]


def test_confidence_does_not_tell_instalments_apart() -> None:
    told = [extracted(str(i), [("asserted", "Oak Ventures", "investsIn", "Acmelo", said("4000"))]) for i in range(2)]
    doubted = [
        replace(
            each, relations=tuple(replace(r, evidence=replace(r.evidence, confidence=sure)) for r in each.relations)
        )
        for each, sure in zip(told, (0.4, 0.9), strict=True)
    ]
    [statement], [before] = run(*doubted).statements, run(*told).statements
    assert (statement.id, statement.confidence, len(statement.evidence)) == (before.id, 0.9, 2)


def test_the_best_status_of_the_evidence_wins() -> None:
    plain = Qualifiers()
    for told, best in (
        (["rumoured", "asserted", "planned"], "asserted"),
        (["rumoured", "planned", "denied"], "planned"),
        (["denied", "ended", "rumoured"], "ended"),
        (["denied", "rumoured"], "rumoured"),
        (["denied"], "denied"),
    ):
        documents = [
            extracted(str(i), [(status, "Oak Ventures", "investsIn", "Acmelo", plain)]) for i, status in enumerate(told)
        ]
        [statement] = run(*documents).statements
        assert statement.status == best
        assert sorted(e.status for e in statement.evidence) == sorted(told)


def test_a_symmetric_relation_is_one_statement_whichever_way_it_is_told() -> None:
    plain = Qualifiers()
    there: Fact = ("asserted", "Oak Ventures", "competesWith", "Acmelo", plain)
    back: Fact = ("asserted", "Acmelo", "competesWith", "Oak Ventures", plain)
    [statement] = run(extracted("a", [there]), extracted("b", [back])).statements
    assert (statement.subject, statement.object, len(statement.evidence)) == ("acmelo", "oak", 2)
    assert run(extracted("a", [there])).statements[0].id == statement.id == run(extracted("b", [back])).statements[0].id


def test_a_directed_relation_is_not_turned() -> None:
    plain = Qualifiers()
    facts: list[Fact] = [
        ("asserted", "Oak Ventures", "investsIn", "Acmelo", plain),
        ("asserted", "Acmelo", "investsIn", "Oak Ventures", plain),
    ]
    found = {(s.subject, s.object) for s in run(extracted("a", facts)).statements}
    assert found == {("oak", "acmelo"), ("acmelo", "oak")}


def test_names_of_one_entity_make_one_statement_over_documents() -> None:
    plain = Qualifiers()
    one = extracted("a", [("asserted", "Oak Ventures", "investsIn", "Acme Labs", plain)])
    two = extracted("b", [("planned", "OAK VENTURES LLC", "investsIn", "Acmelo", plain)])
    found = run(one, two)
    [statement] = found.statements
    assert len(statement.evidence) == 2
    assert found.entities["acmelo"].aliases == ("Acme Labs", "Acmelo")
    assert found.entities["oak"].aliases == ("OAK VENTURES LLC", "Oak Ventures")
    assert found.entities["oak"].name == "Oak Ventures"


def test_what_does_not_fit_the_schema_is_left_out() -> None:
    place, plain = company("Zorbuville", kind="Place", sure=True), Qualifiers()
    wrong_type: Fact = ("asserted", "Oak Ventures", "investsIn", "Zorbuville", plain)
    itself: Fact = ("asserted", "Acme Labs", "competesWith", "Acmelo", plain)
    assert run(extracted("a", [wrong_type, itself], others=(place, place))).statements == ()


def test_every_name_is_an_entity_stated_known_sure_or_not() -> None:
    others = (company("Zorbu Dyne", sure=True), company("Maybe Corp"), company("Acme Labs"))
    fact: Fact = ("asserted", "Foo Bar Ltd", "raises", None, said("5"))
    entities = run(extracted("a", [fact], others=others)).entities
    assert {(e.id, e.name, e.registered) for e in entities.values()} == {
        ("acmelo", "Acmelo", True),
        ("foobar-company", "Foo Bar Ltd", False),
        ("maybe-company", "Maybe Corp", False),
        ("zorbudyne-company", "Zorbu Dyne", False),
    }


def test_a_slip_does_not_become_the_name() -> None:
    plain = Qualifiers()
    told = ["Zorbudyne", "Zorbudyne", "Zorbuddyne"]
    others = tuple(
        Mention(name, 100 * i, 100 * i + len(name), "Company", "test", True) for i, name in enumerate(told, 1)
    )
    found = run(extracted("a", [("asserted", "Oak Ventures", "investsIn", "Zorbudyne", plain)], others=others))
    assert found.entities["zorbudyne-company"].name == "Zorbudyne"
    assert found.entities["zorbudyne-company"].aliases == ("Zorbuddyne", "Zorbudyne")


def test_qualifiers_are_merged() -> None:
    five = Amount(Decimal(5), "USD")
    full = Qualifiers(amount=five, date="2024", round="seed")
    rest = Qualifiers(amount=Amount(Decimal(5), "USD", "about"), date="2024-11-22", lead=True, role="lead backer")
    documents = [
        extracted(str(i), [("asserted", "Oak Ventures", "investsIn", "Acmelo", q)]) for i, q in enumerate([full, rest])
    ]
    [statement] = run(*documents).statements
    expected = Qualifiers(amount=five, date="2024-11-22", round="seed", lead=True, role="lead backer")
    assert statement.qualifiers == expected


def test_equal_evidence_counts_once() -> None:
    one = extracted("a", [("asserted", "Oak Ventures", "investsIn", "Acmelo", Qualifiers())])
    twice = Extracted(one.document, one.mentions, one.relations * 2)
    assert run(twice) == run(one)


def test_of_copies_the_first_by_name_counts() -> None:
    fact: Fact = ("asserted", "Oak Ventures", "investsIn", "Acmelo", Qualifiers())
    one = extracted("a", [fact], path="x/a.txt")
    same_text = Document("b", one.document.text, (), path="x/b.txt")
    for order in ([one, Extracted(same_text, (), one.relations)], [Extracted(same_text, (), one.relations), one]):
        found = run(*order)
        assert [d.name for d in found.documents.values()] == ["a"]
        assert [len(s.evidence) for s in found.statements] == [1]


AMOUNTS = st.none() | st.builds(
    Amount,
    st.sampled_from([Decimal(n) for n in ("1000", "1E3", "1005", "1009", "1014", "4000")]),
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(["exact", "up_to", "at_least", "about"]),
    st.sampled_from(["increment", "cumulative", "tranche"]),
)
DATES = st.none() | st.sampled_from(["2023", "2023-09", "2023-09-25", "2023-11", "2024", "2024-11-22"])
NAMES = ("Oak Ventures", "Acmelo", "Acme Labs", "Zorbu", "Zorbu Dyne", "Zorbu, Inc.")
FACTS = st.tuples(
    st.sampled_from(SCHEMA.statuses),
    st.sampled_from(NAMES),
    st.sampled_from(["investsIn", "competesWith", "acquires", "raises"]),
    st.sampled_from(NAMES),
    st.builds(Qualifiers, AMOUNTS, DATES),
).map(lambda fact: (*fact[:3], None if fact[2] == "raises" else fact[3], fact[4]))
DOCUMENTS = st.lists(st.lists(FACTS, max_size=5), min_size=1, max_size=4).map(
    lambda several: [extracted(f"document {i}", facts) for i, facts in enumerate(several)]
)


@settings(max_examples=150)
@given(documents=DOCUMENTS, data=st.data())
def test_order_and_copies_change_nothing(documents: list[Extracted], data: st.DataObject) -> None:
    expected = run(*documents)
    again = data.draw(st.permutations([*documents, *documents]))
    assert run(*again) == expected
    assert list(run(*again).entities) == list(expected.entities)
    assert list(run(*again).documents) == list(expected.documents)


@settings(max_examples=150)
@given(documents=DOCUMENTS)
def test_no_evidence_is_lost_and_ids_are_unique(documents: list[Extracted]) -> None:
    found = run(*documents)
    ids = [s.id for s in found.statements]
    assert ids == sorted(set(ids))
    cited = Counter(e for s in found.statements for e in s.evidence)
    # An end that is its own other end states nothing.
    given_ = [m for d in documents for m in d.relations]
    assert set(cited) <= {m.evidence for m in given_}
    for mention in given_:
        ends = {fold_end(end) for end in (mention.subject, mention.object) if end is not None}
        if mention.object is None or len(ends) == 2:
            assert cited[mention.evidence] == 1
    for statement in found.statements:
        assert statement.subject in found.entities
        assert statement.object is None or statement.object in found.entities
        assert statement.evidence == tuple(sorted(statement.evidence, key=lambda e: (e.document, e.start)))
        sorts = {(a.currency, a.kind, a.bound == "up_to") for e in statement.evidence if (a := e.qualifiers.amount)}
        assert len(sorts) <= 1


def fold_end(mention: Mention) -> str:
    """Who is meant, coarsely: all names with Zorbu may be one company."""
    entry = REGISTRY.find(mention.surface)
    return entry.id if entry is not None else "zorbu"
