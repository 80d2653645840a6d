"""The words right beside a name place it in a country: an owner, an adjective, "of", a bracket; other words do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.countries import country_beside
from kg.resolve.registry import Entry, Registry, fold

ENTRIES = (
    Entry("ruritania", "Ruritania", "Place", country="RU", demonym=("Ruritanian",)),
    Entry("north-ruritania", "North Ruritania", "Place", country="NR", demonym=("North Ruritanian",)),
    Entry("syldavia", "Kingdom of Syldavia", "Place", aliases=("Syldavia", "the Syldavias"), country="SY"),
    Entry("strelsau", "Strelsau", "Place", kind="city", country="RU"),
    Entry("old-port", "Old Port City", "Place", kind="city", country="BO"),
    Entry("atlantis", "Atlantis", "Place", demonym=("Atlantean",)),
    Entry("avon-east", "Avon", "Place", country="AE", shares=("avon-west",)),
    Entry("avon-west", "Avon", "Place", country="AW", shares=("avon-east",)),
    Entry("acmelo", "Acmelo", "Company", country="AC"),
)
FORMS = {fold(form) for entry in ENTRIES for form in entry.surface_forms}
REGISTRY = Registry(
    {entry.id: entry for entry in ENTRIES},
    {form: tuple(entry.id for entry in ENTRIES if form in map(fold, entry.surface_forms)) for form in FORMS},
)
NAME = "Zorbu Court"


def beside(text: str) -> str | None:
    """The country beside the one place where `text` says "Zorbu Court"."""
    assert text.count(NAME) == 1
    start = text.index(NAME)
    return country_beside(text, start, start + len(NAME), REGISTRY)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Ruritania's Zorbu Court", "RU"),
        ("Ruritania’s Zorbu Court", "RU"),
        ("So said Ruritania’s  \n Zorbu Court.", "RU"),
        ("the Syldavias' Zorbu Court", "SY"),
        ("the Syldavias’ Zorbu Court", "SY"),
        ("North Ruritania's Zorbu Court", "NR"),
        ("Strelsau's Zorbu Court", "RU"),
        ("In Old Port City's Zorbu Court", "BO"),
        ("The Kingdom of Syldavia's Zorbu Court", "SY"),
        ("Acmelo and Ruritania's Zorbu Court", "RU"),
        ("Syldavia and Ruritania's Zorbu Court", "RU"),
        ("“Ruritania’s Zorbu Court said so,” said Mira Okonjo.", "RU"),
        ("(Ruritania’s Zorbu Court)", "RU"),
        ("– [*Ruritania’s Zorbu Court*]", "RU"),
    ],
)
def test_the_owner_before_the_name(text: str, country: str) -> None:
    assert beside(text) == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Ruritanian Zorbu Court", "RU"),
        ("the Ruritanian\nZorbu Court", "RU"),
        ("the North Ruritanian Zorbu Court", "NR"),
        ("the South Ruritanian Zorbu Court", "RU"),
        ("“Ruritanian Zorbu Court”", "RU"),
        ("**North Ruritanian Zorbu Court**", "NR"),
    ],
)
def test_the_adjective_before_the_name(text: str, country: str) -> None:
    assert beside(text) == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Zorbu Court of Ruritania", "RU"),
        ("Zorbu Court of Ruritania.", "RU"),
        ("Zorbu Court of Ruritania, said Mira Okonjo", "RU"),
        ("Zorbu Court\nof Ruritania said so", "RU"),
        ("Zorbu Court of the Syldavias said so", "SY"),
        ("Zorbu Court of the Kingdom of Syldavia", "SY"),
        ("Zorbu Court of North Ruritania", "NR"),
        ("Zorbu Court of Old Port City said so", "BO"),
        ("Zorbu Court (Ruritania)", "RU"),
        ("Zorbu Court(Ruritania)", "RU"),
        ("Zorbu Court (North Ruritania) said so", "NR"),
        ("Zorbu Court (Old Port City, by the sea)", "BO"),
    ],
)
def test_the_place_after_the_name(text: str, country: str) -> None:
    assert beside(text) == country


@pytest.mark.parametrize(
    "text",
    [
        "Zorbu Court",
        "Ruritania Zorbu Court",
        "Ruritania, Zorbu Court",
        "Ruritania's big Zorbu Court",
        "Ruritania's own new Zorbu Court",
        "Ruritanian lawyers at Zorbu Court",
        "ruritania's Zorbu Court",
        "ruritanian Zorbu Court",
        "Ruritanians Zorbu Court",
        "Zorbu's Zorbu. Acmelo's Zorbu Court",
        "Atlantis's Zorbu Court",
        "Atlantis' Zorbu Court",
        "Atlantean Zorbu Court",
        "Avon's Zorbu Court",
        "Zorbu Court Ruritania",
        "Zorbu Court, Ruritania",
        "Zorbu Court in Ruritania",
        "Zorbu Court of law of Ruritania",
        "Zorbu Court of ruritania",
        "Zorbu Court of Avon",
        "Zorbu Court of Atlantis",
        "Zorbu Court of Acmelo",
        "Zorbu Court (of Ruritania)",
        "Zorbu Court of",
        "Zorbu Court (",
        "Zorbu Courtof Ruritania",
    ],
)
def test_other_words_beside_a_name_place_it_nowhere(text: str) -> None:
    assert beside(text) is None


def test_what_stands_before_the_name_counts_more_than_what_stands_after_it() -> None:
    assert beside("Ruritania's Zorbu Court of Syldavia") == "RU"
    assert beside("Acmelo's Zorbu Court of Syldavia") == "SY"


def test_only_the_name_at_the_place_counts() -> None:
    text = "Syldavia's Zorbu Court met Ruritania's Zorbu Court (Strelsau)."
    starts = [text.index(NAME), text.rindex(NAME)]
    assert [country_beside(text, start, start + len(NAME), REGISTRY) for start in starts] == ["SY", "RU"]


def test_nothing_is_beside_a_name_in_an_empty_registry() -> None:
    text = "Ruritania's Zorbu Court of Ruritania"
    assert country_beside(text, 12, 23, Registry()) is None


@given(
    before=st.text("aR .'’\n", max_size=80), after=st.text("bR .'’\n", max_size=80),
    owner=st.sampled_from(["Ruritania's ", "Ruritanian ", "Ruritania ", ""]),
    place=st.sampled_from([" of Syldavia", " (Syldavia)", " Syldavia", ""]),
)  # fmt: skip
def test_the_rest_of_the_text_does_not_count(before: str, after: str, owner: str, place: str) -> None:
    after = f" {after}" if place else f"; {after}"
    text = f"{before} {owner}{NAME}{place}{after}"
    expected = "RU" if owner.endswith(("s ", "n ")) else "SY" if place[1:3] in ("of", "(S") else None
    assert beside(text) == expected


@pytest.mark.parametrize("text", ["**Ruritania’s** Zorbu Court", "*Ruritanian* Zorbu Court"])
def test_marks_at_the_words_beside_a_name_do_not_count(text: str) -> None:
    assert beside(text) == "RU"
