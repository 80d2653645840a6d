"""Slips of the pen are found among many keys as a scan of all of them finds them, and only usual slips are slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kg.resolve.folding import fold
from kg.resolve.spellings import SHORT, load_spellings, near, numbers, slip


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Zorbu", ()),
        ("GPT-4", ("t4",)),
        ("GPT-4o", ("t4o",)),
        ("GPT-4-turbo", ("t4t",)),
        ("Zeta 3.1", ("a3.1",)),
        ("Zeta 3 1", ("a3-1",)),
        ("3Zorbu7", ("3z", "u7")),
        ("40", ("40",)),
        ("", ()),
    ],
)
def test_numbers_are_taken_with_the_letters_beside_them(name: str, found: tuple[str, ...]) -> None:
    assert numbers(fold(name)) == found


@pytest.mark.parametrize(
    ("key", "known", "found"),
    [
        ("zorbu", ["zorbus", "zorba", "zrobu", "zorb"], ["zorb", "zorba", "zorbus", "zrobu"]),
        ("zorbu", ["zorbu"], []),
        ("zorb", ["zorbu", "zorc"], []),
        ("zorbu", ["zarba", "zor", "zorbuss"], []),
        ("zorbudyne", ["zarbudine", "zorbudine", "zarbidine"], ["zorbudine"]),
        ("zorbu", ["torbu", "orbu"], []),
        ("ozrbu", ["zorbu"], []),
        ("zorbu4", ["zorbu", "zorbu5", "zorbu4o", "zorbu44", "zorba4"], []),
        ("zorbu4", ["zobru4", "zrbu4"], ["zobru4", "zrbu4"]),
        ("zgpt4o", ["zgpt4"], []),
        ("zgpt4", ["zgpt4o"], []),
        ("百川智谱云端", ["百川智普云端"], ["百川智普云端"]),
        ("", ["", "z"], []),
        ("zorbu", [], []),
    ],
)
def test_near_keys(key: str, known: list[str], found: list[str]) -> None:
    assert near(key, load_spellings(known)) == found


@given(key=st.text("abz1-é百", max_size=9), known=st.lists(st.text("abz1-é百", max_size=9), max_size=40))
def test_near_gives_what_a_scan_of_all_keys_gives(key: str, known: list[str]) -> None:
    assert near(key, load_spellings(known)) == scan(key, known)


@given(key=st.text("ab", min_size=4, max_size=7), known=st.lists(st.text("ab", min_size=3, max_size=9), max_size=40))
def test_near_gives_what_a_scan_gives_where_very_many_keys_are_near(key: str, known: list[str]) -> None:
    assert near(key, load_spellings(known)) == scan(key, known)


@given(key=st.text("abcdefé百 ", min_size=4, max_size=12), at=st.integers(1, 12), letter=st.sampled_from("bgé川"))
def test_every_letter_changed_added_or_left_out_is_one_edit(key: str, at: int, letter: str) -> None:
    at = min(at, len(key))
    known = [key[:at] + letter + key[at + 1 :], key[:at] + letter + key[at:], key[:at] + key[at + 1 :]]
    expected = sorted({other for other in known if other != key}) if len(key) >= SHORT else []
    assert near(key, load_spellings(known)) == expected


def scan(key: str, known: list[str]) -> list[str]:
    """What `near` promises, by looking at each key."""
    alike = (other for other in set(known) if (key[:1], numbers(key)) == (other[:1], numbers(other)))
    return sorted(other for other in alike if len(key) >= SHORT and OSA.distance(key, other) == 1)


@given(known=st.lists(st.text("abc1", min_size=1, max_size=9), max_size=30))
def test_the_order_of_the_known_keys_does_not_count_nor_how_often_they_stand_there(known: list[str]) -> None:
    for key in known:
        assert near(key, load_spellings(known)) == near(key, load_spellings([*known[::-1], *known]))


@pytest.mark.parametrize(
    ("wrong", "right", "sort"),
    [
        ("Acmleo", "Acmelo", "swapped"),
        ("Acmeol", "Acmelo", "swapped"),
        ("Zrobu", "Zorbu", None),
        ("Zrobu Dyne", "Zorbu Dyne", "swapped"),
        ("Zrob Dyne", "Zorb Dyne", None),
        ("Caemlo", "Acmelo", None),
        ("Amecol", "Acmelo", None),
        ("Zorbuddyn", "Zorbudyn", "doubled"),
        ("Okonnjo", "Okonjo", None),
        ("Mira Okonnjo", "Mira Okonjo", "doubled"),
        ("Mira Okonjoo", "Mira Okonjo", "doubled"),
        ("Zzorbudyn", "Zorbudyn", "doubled"),
        ("Zorbudine", "Zorbudyne", "letter"),
        ("Zobudyne", "Zorbudyne", "letter"),
        ("Zorbuxdyne", "Zorbudyne", "letter"),
        ("Zorbudyna", "Zorbudyne", None),
        ("Zorbudynel", "Zorbudyne", None),
        ("Acmilo", "Acmelo", None),
        ("Zorbidy", "Zorbudy", None),
        ("Zorbidy Labs", "Zorbudy Labs", None),
        ("Zorrb Labs", "Zorb Labs", None),
        ("Zorbudyms", "Zorbudym", None),
        ("Mira Akonjo", "Mira Okonjo", None),
        ("Mora Okonjo", "Mira Okonjo", None),
        ("Torbudyne", "Zorbudyne", None),
        ("Zorbudynes", "Zorbudyne", "plural"),
        ("Acmelos", "Acmelo", None),
        ("Okonjos Ventures", "Okonjo Ventures", None),
        ("Zorbudyn Ventures", "Zorbudyns Ventures", "plural"),
        ("Zarbudine", "Zorbudyne", None),
        ("Zrobu Dnye", "Zorbu Dyne", None),
        ("Zorbudine Labs", "Zorbudyne", None),
        ("Zorbudine Zorbudine", "Zorbudyne Zorbudyne", None),
        ("Zorbudyn4 Labs", "Zorbudyn5 Labs", None),
        ("Zorbuxdyne4", "Zorbudyne4", None),
        ("Zobudyne 4", "Zorbudyne 4", "letter"),
        ("zorbudyne", "Zorbudyne", None),
        ("ZORBUDINE", "Zorbudyne", "letter"),
        ("Zorbudyne", "Zorbudyne", None),
        ("", "Zorbudyne", None),
        ("", "", None),
    ],
)
def test_the_sort_of_a_slip(wrong: str, right: str, sort: str | None) -> None:
    assert slip(wrong, right) == sort
    assert slip(right, wrong) == sort


WORDS = st.text("Zorbus", min_size=4, max_size=10)
NAMES = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)


@given(name=NAMES, at=st.integers(0, 8), change=st.sampled_from(["swap", "double", "drop", "add"]))
def test_a_slip_is_one_both_ways_and_leaves_words_and_first_letters_as_they_are(
    name: str, at: int, change: str
) -> None:
    at = min(at, len(name) - 2)
    changed = {
        "swap": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        "double": name[: at + 1] + name[at:],
        "drop": name[:at] + name[at + 1 :],
        "add": name[:at] + "x" + name[at:],
    }[change]
    sort = slip(name, changed)
    assert slip(changed, name) == sort
    if sort is not None:
        assert [word[:1].lower() for word in changed.split()] == [word[:1].lower() for word in name.split()]
        assert OSA.distance(fold(name), fold(changed)) == 1
