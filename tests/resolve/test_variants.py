"""Names of one type that are written in two ways agree, by the nearest rule; names that say two things do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.data import data_path
from kg.errors import DataError
from kg.resolve.folding import fold
from kg.resolve.registry import load_kinds
from kg.resolve.variants import (
    COMPANY,
    FOLDING,
    KNOWN_LEVELS,
    LEVELS,
    PERSON,
    Variants,
    agreement,
    at_odds,
    embellished,
    has_initials,
    is_common_person,
    is_company_noun,
    load_variants,
    loose_key,
    without_left_out,
    without_title,
)

KINDS = (PERSON, COMPANY, "Chip", "Model", "Institution", "Government", "Product", "Place")


@pytest.mark.parametrize(
    ("one", "other", "kind", "rule"),
    [
        ("Mira Okonjo", "Mira Okonjo", PERSON, FOLDING),
        ("Mira Okonjo", "MIRA-OKONJO’s", PERSON, FOLDING),
        ("Mira Okonjo", "Dr. Mira Okonjo", PERSON, "title"),
        ("Mira Okonjo", "Prof. Dr Mira Okonjo", PERSON, "title"),
        ("Mira Okonjo", "Mira Okonjo, Jr.", PERSON, "title"),
        ("Mira Okonjo", "Sen. Mira Okonjo Ph.D.", PERSON, "title"),
        ("Dr. Mira Okonjo", "Ms Mira Okonjo", PERSON, "title"),
        ("Mira Okonjo", "Mira T. Okonjo", PERSON, "middle initial"),
        ("Mira Okonjo", "Mira T Okonjo", PERSON, "middle initial"),
        ("Mira Okonjo", "Mira T. R. Okonjo", PERSON, "middle initial"),
        ("Gov. Mira T. Okonjo", "Mira Okonjo", PERSON, "middle initial"),
        ("Gov. Mira T. Okonjo", "Mira T. Okonjo", PERSON, "title"),
        ("Okonjo", "Dr. Okonjo", PERSON, None),
        ("Mira Okonjo", "M. Okonjo", PERSON, None),
        ("Mira Okonjo", "Mira Tess Okonjo", PERSON, None),
        ("Mira Okonjo", "Tess Okonjo", PERSON, None),
        ("Bob Tarn", "Robert Tarn", PERSON, None),
        ("Tarn Robert", "Robert Tarn", PERSON, None),
        ("Mira T. Okonjo", "Mira R. Okonjo", PERSON, None),
        ("Mira Okonjo Jr.", "Mira Okonjo Sr.", PERSON, None),
        ("Dr. Mira Okonjo", "Mira Okonjo", COMPANY, None),
        ("Acmelo", "Acmelo, Inc.", COMPANY, "legal form"),
        ("Acmelo Ltd.", "Acmelo Limited", COMPANY, "legal form"),
        ("Acmelo Co., Ltd.", "Acmelo", COMPANY, "legal form"),
        ("Acmelo", "Acmelo.com", COMPANY, "domain"),
        ("Acmelo.io", "Acmelo Inc", COMPANY, "domain"),
        ("Acmelo.com, Inc.", "Acmelo.com", COMPANY, "legal form"),
        ("Acmelo Inc.", "Acmelo AG", COMPANY, None),
        ("Acmelo", "Acmelo.ai", COMPANY, None),
        ("Acmelo", "Acmelo Systems", COMPANY, None),
        ("Acmelo", "Acmelo Inc.", "Product", None),
        ("Z300", "Z300 GPUs", "Chip", "class noun"),
        ("Z300 chip", "Z300 accelerators", "Chip", "class noun"),
        ("Zeta-1", "Zeta 1 models", "Model", "class noun"),
        ("Zeta-1", "Zeta-1 GPU", "Model", None),
        ("Zeta-1", "Zeta-1 Model", "Product", None),
        ("Zeta", "Zeta Zeta Models", "Model", None),
        ("Zorbu Centre", "Zorbu Center", "Institution", "spelling"),
        ("Zorbu Organisation of Labour", "Zorbu Organization of Labor", "Institution", "spelling"),
        ("Centre of Zorbu", "Zorbu Centre", "Institution", None),
        ("Zorbu Centre", "Zorbu Center", COMPANY, None),
        ("Ministry of Defence", "Ministry of Defense", "Government", "spelling"),
        ("Ministry of Defence", "Defence Ministry", "Government", "order of words"),
        ("Ministry for Defence", "Ministry of the Defense", "Government", "order of words"),
        ("Ministry of Defence", "Ministry of Labour", "Government", None),
    ],
)
def test_the_nearest_rule_by_which_two_names_are_one(one: str, other: str, kind: str, rule: str | None) -> None:
    assert agreement(one, other, kind) == rule
    assert agreement(other, one, kind) == rule


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Robert Tarn", "Bob Tarn", "nickname"),
        ("Bob Tarn", "Rob Tarn", "nickname"),
        ("Robert Tarn", "Dr. Bob J. Tarn", "nickname"),
        ("Robert Tarn", "Tarn Robert", "order of names"),
        ("Mira Tess Okonjo", "Okonjo Mira Tess", "order of names"),
        ("Robert Tarn", "Robert J. Tarn", "middle initial"),
        ("Robert Tarn", "Bill Tarn", None),
        ("Robert", "Bob", None),
        ("Mira Robert", "Mira Bob", None),
        ("Bob J. Tarn", "Robert K. Tarn", None),
    ],
)
def test_what_is_known_may_have_a_nickname_and_its_names_in_another_order(
    one: str, other: str, rule: str | None
) -> None:
    assert agreement(one, other, PERSON, known=True) == rule
    assert agreement(other, one, PERSON, known=True) == rule
    assert agreement(one, other, PERSON) == (rule if rule not in ("nickname", "order of names") else None)


PIECES = {
    PERSON: ("Dr.", "Sen.", "Mira", "Bob", "Robert", "T.", "R", "Okonjo", "Tarn", "Jr.", "PhD"),
    COMPANY: ("the", "Acmelo", "Zorbu", "Zorbu.com", "AI", "&", "Co.", "Inc.", "Ltd", "Limited"),
    "Model": ("Zeta", "1", "Model", "models", "Pro"),
    "Government": ("the", "Ministry", "Office", "of", "for", "Defence", "Defense", "and", "Labour"),
}
TYPES = st.sampled_from(list(PIECES))
NAMES = TYPES.flatmap(
    lambda kind: st.tuples(
        st.just(kind), *2 * [st.lists(st.sampled_from(PIECES[kind]), min_size=1, max_size=5).map(" ".join)]
    )
)


@given(names=NAMES, known=st.booleans())
def test_agreement_is_symmetric_and_every_name_agrees_with_itself(names: tuple[str, str, str], known: bool) -> None:
    kind, one, other = names
    assert agreement(one, other, kind, known=known) == agreement(other, one, kind, known=known)
    assert agreement(one, one, kind, known=known) == FOLDING
    assert at_odds(one, other, kind) == at_odds(other, one, kind)
    assert not at_odds(one, one, kind)


@given(names=NAMES, known=st.booleans())
def test_two_names_are_one_if_their_loosest_keys_agree_and_nothing_in_them_is_at_odds(
    names: tuple[str, str, str], known: bool
) -> None:
    kind, one, other = names
    alike = loose_key(one, kind, known=known) == loose_key(other, kind, known=known)
    assert (agreement(one, other, kind, known=known) is not None) == (alike and not at_odds(one, other, kind))


@given(names=NAMES)
def test_for_what_is_known_no_rule_is_lost(names: tuple[str, str, str]) -> None:
    kind, one, other = names
    rule, known = agreement(one, other, kind), agreement(one, other, kind, known=True)
    assert known == rule if rule is not None else known in (None, *(rule for rule, _ in KNOWN_LEVELS.get(kind, ())))


@given(names=NAMES)
def test_spelling_that_folding_takes_away_does_not_count(names: tuple[str, str, str]) -> None:
    kind, one, _ = names
    assert agreement(one, f"  {one.upper()}\t", kind) == FOLDING


@given(name=st.text(min_size=1).filter(fold), kind=st.sampled_from(KINDS), known=st.booleans())
def test_no_level_takes_the_whole_of_a_name_away(name: str, kind: str, known: bool) -> None:
    assert loose_key(name, kind, known=known)
    assert agreement(name, name, kind, known=known) == FOLDING


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Dr. Prof.", PERSON), ("of the", "Government"), ("Models", "Model"), ("Inc.", COMPANY), (".com", COMPANY)],
)
def test_a_level_that_leaves_nothing_of_a_name_leaves_it_as_it_was(name: str, kind: str) -> None:
    assert loose_key(name, kind) == fold(name)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_name_has_no_key(kind: str) -> None:
    assert loose_key("", kind, known=True) == ""


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Kai-Fu Okonjo", "Kai Fu Okonjo", PERSON),
        ("Z300-GPU", "Z300 GPU", "Chip"),
        ("Mira-T Tarn", "Mira T Tarn", PERSON),
    ],
)
def test_names_that_are_one_by_folding_have_their_loosest_key_in_common(one: str, other: str, kind: str) -> None:
    assert agreement(one, other, kind, known=True) == FOLDING
    assert loose_key(one, kind, known=True) == loose_key(other, kind, known=True)


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("Mira Okonjo", PERSON, 0),
        ("MIRA-OKONJO", PERSON, 0),
        ("Dr. Mira Okonjo", PERSON, 1),
        ("Prof. Dr. Mira Okonjo, PhD", PERSON, 1),
        ("Mira T. Okonjo", PERSON, 1),
        ("Dr. Mira T. Okonjo", PERSON, 2),
        ("Bob Tarn", PERSON, 0),
        ("Acmelo", COMPANY, 0),
        ("Acmelo Co., Ltd.", COMPANY, 1),
        ("Acmelo.com, Inc.", COMPANY, 2),
        ("Z300 GPUs", "Chip", 1),
        ("Zorbu Centre", "Institution", 1),
        ("Zorbu, Inc.", "Product", 0),
    ],
)
def test_the_plainest_name_has_the_fewest_differences_to_take_away(name: str, kind: str, count: int) -> None:
    assert embellished(name, kind) == count


@pytest.mark.parametrize(
    ("one", "other", "kind", "odds"),
    [
        ("Mira T. Okonjo", "Mira R. Okonjo", PERSON, True),
        ("Mira T. Okonjo", "Mira t Okonjo", PERSON, False),
        ("Mira T. Okonjo", "Mira Okonjo", PERSON, False),
        ("Mira Okonjo Jr.", "Mira Okonjo, Sr.", PERSON, True),
        ("Mira Okonjo II", "Mira Okonjo III", PERSON, True),
        ("Mira Okonjo JR", "Mira Okonjo, jr.", PERSON, False),
        ("Mira Okonjo Jr.", "Mira Okonjo", PERSON, False),
        ("Dr. M. T. Okonjo", "M. T. Okonjo", PERSON, False),
        ("Dr. M. Tarn", "M. T. Tarn", PERSON, False),
        ("Dr. M. T. Tarn", "M. R. Tarn", PERSON, True),
        ("Mira Okonjo Jr., PhD", "Mira Okonjo Jr.", PERSON, False),
        ("Mira Okonjo, PhD", "Mira Okonjo Jr.", PERSON, False),
        ("Mira Okonjo Jr., PhD", "Mira Okonjo Sr., MBA", PERSON, True),
        ("Mira-T Okonjo", "Mira R. Okonjo", PERSON, True),
        ("Mira Okonjo", "Tom Tarn", PERSON, False),
        ("Acmelo Inc.", "Acmelo AG", COMPANY, True),
        ("Acmelo, Inc.", "Acmelo Incorporated", COMPANY, False),
        ("Acmelo Inc.", "Acmelo", COMPANY, False),
        ("Acmelo Inc.", "Acmelo AG", "Product", False),
        ("Mira T. Okonjo", "Mira R. Okonjo", COMPANY, False),
    ],
)
def test_names_are_at_odds_in_what_both_of_them_say(one: str, other: str, kind: str, odds: bool) -> None:
    assert at_odds(one, other, kind) == odds
    assert at_odds(other, one, kind) == odds


def test_a_legal_form_behind_a_hyphen_is_one() -> None:
    assert agreement("Acmelo AG", "Acmelo-AG", COMPANY) == FOLDING
    assert agreement("Acmelo Inc.", "Acmelo-AG", COMPANY) == agreement("Acmelo Inc.", "Acmelo AG", COMPANY)


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("Mira", True),
        ("Zorbu", True),
        ("James Smith", True),
        ("Smith James", True),
        ("JAMES Smith,", True),
        ("Wei Zhang", True),
        ("Zhang Wei", True),
        ("James Okonjo", False),
        ("Mira Smith", False),
        ("Mira Okonjo", False),
        ("James James", False),
        ("Smith Smith", False),
        ("James T. Smith", False),
        ("", False),
    ],
)
def test_a_given_name_alone_and_common_names_are_those_of_very_many(name: str, common: bool) -> None:
    assert is_common_person(name) == common


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("Mira T. Okonjo", True),
        ("Mira T Okonjo", True),
        ("Mira É. Okonjo", True),
        ("Mira Okonjo", False),
        ("M. Okonjo", False),
        ("Mira Tess Okonjo", False),
        ("Mira Okonjo T.", False),
        ("Mira 2 Okonjo", False),
        ("Mira", False),
        ("", False),
    ],
)
def test_a_middle_initial_is_one_letter_between_two_names(name: str, has: bool) -> None:
    assert has_initials(name) == has


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("Ms. Roe", "Roe"),
        ("DR Roe", "Roe"),
        ("Mira Roe", "Mira Roe"),
        ("Roe Dr.", "Roe Dr."),
        ("Dr.", "Dr."),
        ("", ""),
    ],
)
def test_a_title_before_a_name_is_no_part_of_it(words: str, rest: str) -> None:
    assert without_title(words.split()) == rest.split()


@pytest.mark.parametrize(("word", "noun"), [("Systems", True), ("LABS,", True), ("Inc.", True), ("Ventures", False)])
def test_company_nouns(word: str, noun: bool) -> None:
    assert is_company_noun(word) == noun


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Zorbu AI", "Zorbu"),
        ("Zorbu Dyne A.I.", "Zorbu Dyne"),
        ("Zorbu AI, Inc.", "Zorbu"),
        ("Zorbu", None),
        ("AI", None),
        ("AI Inc.", None),
        ("AI Zorbu", None),
        ("Zorbu Labs", None),
        ("ZorbuAI", None),
        ("", None),
    ],
)
def test_the_word_that_companies_leave_out(name: str, rest: str | None) -> None:
    assert without_left_out(name) == rest


def test_words_of_the_file_are_written_as_they_are_compared() -> None:
    found = load_variants()
    alone = (
        found.titles, found.name_endings, found.generations, found.common_given_names, found.common_family_names,
        found.nicknames, found.nicknames.values(), *found.class_nouns.values(), found.spellings,
        found.spellings.values(), found.small_words, found.domains, found.company_nouns, found.left_out,
    )  # fmt: skip
    assert all(alone)
    for word in (word for words in alone for word in words):
        assert re.fullmatch(r"[^\s.,()]+", word), word
        assert word == word.casefold()


def test_words_that_are_some_of_others_are_among_them() -> None:
    found = load_variants()
    assert found.generations < found.name_endings
    assert set(found.alone) < {*found.formerly, *found.now}


def test_the_file_names_only_types_and_kinds_that_there_are() -> None:
    kinds, found = load_kinds(), load_variants()
    assert found.left_out_by <= kinds[COMPANY]
    assert {*found.class_nouns, *LEVELS, *KNOWN_LEVELS} <= set(kinds)


def test_every_rule_for_what_is_known_alone_has_its_sureness() -> None:
    rules = {rule for levels in KNOWN_LEVELS.values() for rule, _ in levels}
    assert rules <= set(load_variants().sureness)


SHORT_FORMS = [
    (short, full)
    for full, shorts in yaml.safe_load(data_path("ontology/variants.yaml").read_text(encoding="utf-8"))[
        "nicknames"
    ].items()
    for short in shorts
]


@pytest.mark.parametrize(("short", "full"), SHORT_FORMS)
def test_every_short_form_is_taken_for_its_full_form(short: str, full: str) -> None:
    assert agreement(f"{short} Okonjo", f"{full} Okonjo", PERSON, known=True) == "nickname"


PLAIN = {
    "titles": "[dr]", "name_endings": "[jr, phd]", "generations": "[jr]", "common_given_names": "[james]",
    "common_family_names": "[smith]", "nicknames": "{robert: [bob, rob], michael: mike}",
    "class_nouns": "{Chip: [gpu], Model: [llm]}", "spellings": "{centre: center}", "small_words": "[of]",
    "domains": "[com]", "formerly": "[formerly]", "now": "[now, now called]", "alone": "[formerly, now]",
    "also_called": "[aka]", "before_them": "[which]", "company_nouns": "[labs]", "left_out": "[ai]",
    "left_out_by": "[lab]", "sureness": "{short form: 0.97, guess: 0, certain: 1}",
}  # fmt: skip


def written(folder: Path, **changed: str | None) -> Path:
    """A vocabulary with one key a line; what is changed to None is left out."""
    lines = ("" if text is None else f"{key}: {text}" for key, text in {**PLAIN, **changed}.items())
    path = folder / "variants.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_file_is_read_as_it_says(tmp_path: Path) -> None:
    found = load_variants(written(tmp_path))
    assert isinstance(found, Variants)
    assert set(PLAIN) == set(Variants.__dataclass_fields__)
    assert [found.titles, found.name_endings, found.generations] == [{"dr"}, {"jr", "phd"}, {"jr"}]
    assert found.nicknames == {"bob": "robert", "rob": "robert", "mike": "michael"}
    assert found.class_nouns == {"Chip": {"gpu"}, "Model": {"llm"}}
    assert found.spellings == {"centre": "center"}
    assert (found.formerly, found.now, found.also_called) == (("formerly",), ("now", "now called"), ("aka",))
    assert found.alone == ("formerly", "now")
    assert found.sureness == {"short form": 0.97, "guess": 0.0, "certain": 1.0}


BAD: dict[str, tuple[dict[str, str | None], str, str]] = {
    "unknown key": ({"titles": None, "titels": "[dr]"}, "unknown key 'titels'", "did you mean 'titles'?"),
    "word for a list": ({"titles": "dr"}, "'titles' must be a list of words", "quote yes, no"),
    "nothing for a list": ({"small_words": ""}, "'small_words' must be a list of words", "quote yes, no"),
    "mapping for a list": ({"now": "{now: called}"}, "'now' must be a list of words", "quote yes, no"),
    "number in a list": ({"left_out": "[ai, 3]"}, "'left_out' must be a list of words", "and numbers"),
    "no in a list": ({"domains": "[com, no]"}, "'domains' must be a list of words", "quote yes, no"),
    "number for a nickname": ({"nicknames": "{robert: [3]}"}, "'robert' must be a list of words", "quote yes, no"),
    "number for a noun": ({"class_nouns": "{Chip: 3}"}, "'Chip' must be a list of words", "quote yes, no"),
    "share above one": ({"sureness": "{guess: 1.5}"}, "'guess' must have a share from 0 to 1, not 1.5", ""),
    "share below nought": ({"sureness": "{guess: -0.1}"}, "'guess' must have a share from 0 to 1", ""),
    "word for a share": ({"sureness": "{guess: high}"}, "must have a share from 0 to 1, not 'high'", ""),
    "yes for a share": ({"sureness": "{guess: yes}"}, "must have a share from 0 to 1, not True", ""),
    "nothing for a share": ({"sureness": "{guess: }"}, "must have a share from 0 to 1, not None", ""),
    "word for bare hints": ({"alone": "now"}, "'alone' must be a list of words", "quote yes, no"),
    "number for a generation": ({"generations": "[jr, 2]"}, "'generations' must be a list of words", "and numbers"),
    "list of nicknames": ({"nicknames": "[bob]"}, "'nicknames' must be a mapping", ""),
    "word for nouns": ({"class_nouns": "gpu"}, "'class_nouns' must be a mapping", ""),
    "number for spellings": ({"spellings": "3"}, "'spellings' must be a mapping", ""),
    "nothing for a spelling": ({"spellings": "{centre: }"}, "'centre' must have a word", "quote it"),
    "list for a spelling": ({"spellings": "{centre: [center]}"}, "'centre' must have a word", "quote it"),
    "mapping for a spelling": ({"spellings": "{centre: {center: yes}}"}, "'centre' must have a word", "quote it"),
    "no for a spelling": ({"spellings": "{centre: no}"}, "'centre' must have a word", "quote it"),
    "list for sureness": ({"sureness": "[guess]"}, "'sureness' must be a mapping", ""),
    "a key twice": ({"nicknames": "{bob: [b], bob: [c]}"}, "'bob' stands twice in one mapping", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_file_line_of_the_key_and_hint(case: str, tmp_path: Path) -> None:
    changed, message, hint = BAD[case]
    path = written(tmp_path, **changed)
    (key,) = (key for key, text in changed.items() if text is not None)
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:"))
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        load_variants(path)
    assert hint in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(path), line)


@pytest.mark.parametrize("key", PLAIN)
def test_a_file_without_one_of_the_keys_is_refused(key: str, tmp_path: Path) -> None:
    path = written(tmp_path, **{key: None})
    with pytest.raises(DataError, match=f"key '{key}' is missing") as caught:
        load_variants(path)
    assert caught.value.path == str(path)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, now="[now, 'then]")
    with pytest.raises(DataError, match="not YAML") as caught:
        load_variants(path)
    assert (caught.value.path, caught.value.line) == (str(path), len(PLAIN) + 1)


@pytest.mark.parametrize("text", ["[dr]", "dr", ""])
def test_a_file_that_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "variants.yaml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="a mapping is needed here"):
        load_variants(path)


def test_the_file_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert load_variants(path) is load_variants(path)
