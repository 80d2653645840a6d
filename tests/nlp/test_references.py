"""Pronouns and "the company" stand for the only name that they can mean; when in doubt, for none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.nlp.references import SENTENCES_BACK, ReferenceWords, load_reference_words, resolve_references

WORDS = ReferenceWords(
    pronouns={"it": "Company", "its": "Company", "they": "Company", "he": "Person", "she": "Person", "his": "Person"},
    nouns={"company": "Company", "startup": "Company", "founder": "Person"},
    determiners=frozenset({"the", "this"}),
)
ACME = "Acme:NNP:nsubj:grew grew:VBD:ROOT"
IT = "It:PRP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
THE = "{the}:DT:det:{noun} {noun}:NN:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought"
TWO = {"Acme": "Company", "Globex": "Company"}

Meant = dict[str, str]


def meant(*passages) -> list[Meant]:
    """For each passage, what each of its references stands for."""
    return [
        {parsed.doc[i].text: name.surface for i, name in parsed.references.items()}
        for parsed in resolve_references(passages, WORDS)
    ]


@pytest.mark.parametrize(
    ("second", "reference"),
    [
        (IT, "It"),
        ("Its:PRP$:poss:chip chip:NN:nsubj:beat beat:VBD:ROOT Globex:NNP:dobj:beat", "Its"),
        (THE.format(the="The", noun="company"), "company"),
        (THE.format(the="This", noun="startup"), "startup"),
    ],
)
def test_a_reference_means_the_subject_of_the_sentence_before(parsed_of, second: str, reference: str) -> None:
    assert meant(parsed_of(f"{ACME} // {second}", TWO)) == [{reference: "Acme"}]


def test_its_means_the_subject_of_its_own_sentence(parsed_of) -> None:
    spec = (
        "Acme:NNP:nsubj:sold sold:VBD:ROOT its:PRP$:poss:stake stake:NN:dobj:sold in:IN:prep:stake Globex:NNP:pobj:in"
    )
    assert meant(parsed_of(spec, TWO)) == [{"its": "Acme"}]


def test_two_subjects_leave_a_reference_open(parsed_of) -> None:
    both = "Acme:NNP:nsubj:grew and:CC:cc:Acme Globex:NNP:conj:Acme grew:VBD:ROOT"
    it = "It:PRP:nsubj:bought bought:VBD:ROOT Hooli:NNP:dobj:bought"
    assert meant(parsed_of(f"{both} // {it}", {**TWO, "Hooli": "Company"})) == [{}]


def test_two_names_of_one_sentence_leave_the_company_open(parsed_of) -> None:
    spec = (
        "Acme:NNP:nsubj:said said:VBD:ROOT Globex:NNP:nsubj:knew knew:VBD:ccomp:said the:DT:det:company "
        "company:NN:nsubj:grew grew:VBD:ccomp:knew"
    )
    assert meant(parsed_of(spec, TWO)) == [{}]


def test_an_object_is_not_the_subject_of_its_verb(parsed_of) -> None:
    assert meant(parsed_of("Acme:NNP:nsubj:bought bought:VBD:ROOT it:PRP:dobj:bought", {"Acme": "Company"})) == [{}]


def test_an_object_means_the_subject_of_the_sentence_before(parsed_of) -> None:
    spec = "Globex:NNP:nsubj:fell fell:VBD:ROOT // Acme:NNP:nsubj:bought bought:VBD:ROOT it:PRP:dobj:bought"
    assert meant(parsed_of(spec, TWO)) == [{"it": "Globex"}]


def test_nothing_before_means_nothing(parsed_of) -> None:
    assert meant(parsed_of(IT, {"Globex": "Company"})) == [{}]


# Who can be meant.


@pytest.mark.parametrize(
    ("subject", "kind", "pronoun", "resolved"),
    [
        ("Acme", "Company", "It", True),
        ("Acme", "Company", "She", False),
        ("Jane_Roe", "Person", "She", True),
        ("Jane_Roe", "Person", "It", False),
        ("Oslo", "Place", "It", False),
    ],
)
def test_a_pronoun_means_its_own_kind(parsed_of, subject: str, kind: str, pronoun: str, resolved: bool) -> None:
    surface = subject.replace("_", " ")
    spec = f"{subject}:NNP:nsubj:grew grew:VBD:ROOT // {pronoun}:PRP:nsubj:left left:VBD:ROOT"
    assert meant(parsed_of(spec, {surface: kind})) == [{pronoun: surface} if resolved else {}]


def test_a_person_and_a_company_do_not_compete(parsed_of) -> None:
    spec = (
        "Jane_Roe:NNP:nsubj:left left:VBD:ROOT Acme:NNP:dobj:left // She:PRP:nsubj:joined joined:VBD:ROOT "
        "Globex:NNP:dobj:joined"
    )
    assert meant(parsed_of(spec, {"Jane Roe": "Person", **TWO})) == [{"She": "Jane Roe"}]


def test_an_unsure_name_may_be_a_company(parsed_of, name_of) -> None:
    unsure = name_of("Acme", "Product", sure=False)
    assert meant(parsed_of(f"{ACME} // {IT}", {**TWO, "Acme": unsure})) == [{"It": "Acme"}]
    assert meant(parsed_of(f"{ACME} // {IT}", {**TWO, "Acme": "Product"})) == [{}]


# What counts as a reference.


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(THE.format(the="A", noun="company"), id="a company"),
        pytest.param(THE.format(the="The", noun="city"), id="the city"),
        pytest.param(THE.format(the="The", noun="company") + " Hooli:NNP:appos:company", id="named"),
        pytest.param("It:NNP:nsubj:bought bought:VBD:ROOT Globex:NNP:dobj:bought", id="no pronoun"),
    ],
)
def test_other_words_refer_to_nothing(parsed_of, second: str) -> None:
    names = {**TWO, "Hooli": "Company"} if "Hooli" in second else TWO
    assert meant(parsed_of(f"{ACME} // {second}", names)) == [{}]


# How far it reaches.


def fillers(count: int) -> str:
    """So many sentences without a name."""
    return " ".join("// Prices:NNS:nsubj:rose rose:VBD:ROOT" for _ in range(count))


@pytest.mark.parametrize(
    ("between", "resolved"), [(0, True), (SENTENCES_BACK - 1, True), (SENTENCES_BACK, False), (9, False)]
)
def test_it_reaches_back_so_many_sentences(parsed_of, between: int, resolved: bool) -> None:
    spec = f"{ACME} {fillers(between)} // It:PRP:nsubj:left left:VBD:ROOT"
    assert meant(parsed_of(spec, {"Acme": "Company"})) == [{"It": "Acme"} if resolved else {}]


def test_the_nearest_sentence_wins(parsed_of) -> None:
    spec = f"{ACME} // Globex:NNP:nsubj:fell fell:VBD:ROOT // It:PRP:nsubj:left left:VBD:ROOT"
    assert meant(parsed_of(spec, TWO)) == [{"It": "Globex"}]


def test_a_reference_carries_on(parsed_of) -> None:
    """ "Acme grew. It bought Globex. It left." """
    spec = f"{ACME} // {IT} // It:PRP:nsubj:left left:VBD:ROOT"
    (found,) = resolve_references([parsed_of(spec, TWO)], WORDS)
    assert [name.surface for _, name in sorted(found.references.items())] == ["Acme", "Acme"]


def test_it_reaches_over_the_end_of_a_passage(parsed_of) -> None:
    first = parsed_of(ACME, {"Acme": "Company"})
    second = parsed_of(IT, {"Globex": "Company"}, index=1)
    assert meant(first, second) == [{}, {"It": "Acme"}]


def test_a_headline_refers_to_nothing_and_is_passed_on(parsed_of) -> None:
    headline = parsed_of(f"{ACME} // {IT}", TWO, title_case=True)
    assert meant(headline) == [{}]


def test_what_is_a_name_is_no_reference(parsed_of) -> None:
    parsed = parsed_of(f"{ACME} // {IT}", {**TWO, "It": "Product"})
    assert meant(parsed) == [{}]


# The file.


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("pronoun:\n  Company: [it]\n", 1, "did you mean 'pronouns'?"),
        ("pronouns:\n  Compony: [it]\n", 2, "did you mean 'Company'?"),
        ("nouns:\n  Company: {company: 1}\n", 2, "list of words"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_hint(
    write: Callable[[str, str], Path], text: str, line: int, said: str
) -> None:
    path = write("references.yaml", text)
    with pytest.raises(DataError) as error:
        load_reference_words(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert said in str(error.value)


def test_the_shipped_words_are_in_lower_case_and_mean_one_type_each() -> None:
    words = load_reference_words()
    for section in (words.pronouns, words.nouns):
        assert section
        assert all(word == word.lower() for word in section)
    assert set(words.pronouns) & set(words.nouns) == set()
    assert "it" in words.pronouns
    assert "company" in words.nouns
