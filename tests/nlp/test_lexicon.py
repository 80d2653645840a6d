"""The word lists of names and the forms of words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.data import Lines, data_path, read_yaml
from kg.errors import DataError
from kg.nlp.lexicon import ATOMS, WordForms, load_lexicon, load_word_forms, mapping, strings
from kg.nlp.loading import Pipeline
from kg.schema import load_schema

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("acquire", "acquire acquires acquired acquiring"),
        ("launch", "launch launches launched launching"),
        ("tax", "tax taxes taxed taxing"),
        ("buy", "buy buys buyed buying"),
        ("rely", "rely relies relied relying"),
        ("agree", "agree agrees agreed agreeing"),
        ("invest", "invest invests invested investing"),
        ("design", "design designs designed designing"),
        ("host", "host hosts hosted hosting"),
        ("co-lead", "co-lead co-leads co-leaded co-leading"),
    ],
)
def test_regular_verbs(plain_forms: WordForms, lemma: str, forms: str) -> None:
    assert plain_forms.verb(lemma) == set(forms.split())


@pytest.mark.parametrize(
    ("lemma", "irregular"),
    [
        ("buy", "bought"),
        ("lead", "led"),
        ("make", "made making"),
        ("sell", "sold"),
        ("build", "built"),
        ("found", "founded founding"),
        ("cut", "cut cutting"),
        ("get", "got getting"),
        ("run", "ran running"),
        ("co-lead", "co-led"),
        ("ship", "shipped shipping"),
        ("unveil", "unveiled"),
        ("back", "backed"),
        ("plan", "planned planning"),
        ("tap", "tapped tapping"),
        ("open", "opened opening"),
        ("edit", "edited editing"),
    ],
)
def test_forms_that_the_patterns_need(pipeline: Pipeline, lemma: str, irregular: str) -> None:
    assert set(irregular.split()) <= pipeline.forms.verb(lemma)


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("stake", "stake stakes"),
        ("company", "company companies"),
        ("tie-up", "tie-up tie-ups"),
        ("ally", "ally allies"),
    ],
)
def test_nouns(plain_forms: WordForms, lemma: str, forms: str) -> None:
    assert plain_forms.noun(lemma) == set(forms.split())


def test_word_forms_come_from_the_model(pipeline: Pipeline) -> None:
    forms = load_word_forms(pipeline.nlp)
    assert {"company", "acquire", "cloud", "new"} <= forms.common
    assert "anthropic-labs" not in forms.common
    assert "bought" in forms.irregular_verbs["buy"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("never_name: [The]\n", 1, ["'never_name'", "did you mean 'never_names'?"], id="key"),
        pytest.param("suffix_types:\n  Company: [Inc]\n  Firm: [Ltd]\n", 3, ["entity type 'Firm'"], id="suffix"),
        pytest.param("class_nouns:\n  Chips: [gpu]\n", 2, ["'Chips'", "did you mean 'Chip'?"], id="class"),
        pytest.param("parse_names_as:\n  sum: money\n", 2, ["'sum'"], id="shown as"),
        pytest.param("never_names: [Yes, No]\n", 1, ["list of words", "quote yes, no"], id="unquoted no"),
        pytest.param("never_names: [a\n", 2, ["not YAML"], id="not YAML"),
        pytest.param("never_names: [a]\nnever_names: [b]\n", 2, ["twice"], id="key given twice"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_hint(write: Write, text: str, line: int, said: list[str]) -> None:
    path = write("names.yaml", text)
    with pytest.raises(DataError) as error:
        load_lexicon(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert all(part in str(error.value) for part in said)


def test_one_word_counts_as_a_list_of_one() -> None:
    path = Path("some.yaml")
    owner = Lines(a="one", b=["one", "two"])
    assert strings(path, owner, "a") == ("one",)
    assert strings(path, owner, "b") == ("one", "two")
    assert strings(path, owner, "c") == ()


def test_an_absent_mapping_is_empty_and_a_list_is_none() -> None:
    assert mapping(Path("some.yaml"), None) == {}
    with pytest.raises(DataError, match="expected a mapping"):
        mapping(Path("some.yaml"), ["a"])


# The shipped file.


def test_every_type_and_atom_has_a_word_for_the_parser() -> None:
    assert set(load_lexicon().parse_names_as) == set(load_schema().types) | ATOMS


def test_words_to_look_up_are_in_lower_case() -> None:
    lexicon = load_lexicon()
    for words in (lexicon.class_nouns, lexicon.parse_as, lexicon.rounds):
        assert [word for word in words if word != word.lower()] == []


def test_no_word_stands_under_two_types() -> None:
    """One of the two would be lost."""
    top = read_yaml(data_path("ontology/names.yaml"))
    assert isinstance(top, Lines)
    for section in ("suffix_types", "prefix_types", "rounds"):
        owner = mapping(Path("names.yaml"), top[section])
        words = [word for key in owner for word in strings(Path("names.yaml"), owner, key)]
        assert sorted({word for word in words if words.count(word) > 1}) == []
