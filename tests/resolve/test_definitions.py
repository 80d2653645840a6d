"""What a document says of its names is read: acronyms in brackets, former names, other names; and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.definitions import Places, definitions, is_acronym, other_names, renamings

NAMES = ("Zorbu Dyne Systems", "Zorbu Dyne", "Zorbu", "ZDS", "ZD", "Acmelo", "Zed", "Oak Ventures", "Mira Okonjo")


def placed(text: str, names: Iterable[str] = NAMES) -> Places:
    """Where the names stand in the text as whole words, one within another too; underscores are no letters."""
    found = {name: re.finditer(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) for name in names}
    spans = {name: [match.span() for match in matches] for name, matches in found.items()}
    return {name: places for name, places in spans.items() if places}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zorbu Dyne Systems (ZDS) said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne Systems (“ZDS”) said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ('Zorbu Dyne Systems ( "ZDS" ) said so.', [("ZDS", "Zorbu Dyne Systems")]),
        ("**Zorbu Dyne Systems** (ZDS) said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("_Zorbu Dyne Systems_ (ZDS) said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne\nSystems and Zorbu Dyne Systems\n(ZDS)", [("ZDS", "Zorbu Dyne Systems")]),
        ("ZDS (Zorbu Dyne Systems) said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne Systems, or ZDS, said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne Systems or the ZDS said so.", [("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne (ZD) and Zorbu Dyne Systems (ZDS)", [("ZD", "Zorbu Dyne"), ("ZDS", "Zorbu Dyne Systems")]),
        ("Zorbu Dyne Systems (ZD)", []),
        ("Zorbu Dyne (ZDS)", []),
        ("Zorbu Dyne Systems (Acmelo)", []),
        ("Zorbu Dyne Systems (Zed)", []),
        ("Zorbu Dyne Systems ZDS", []),
        ("Zorbu Dyne Systems (ZDS", []),
        ("Zorbu Dyne Systems (ZDS shares fell)", []),
        ("Zorbu Dyne Systems (then ZDS)", []),
        ("Zorbu Dyne Systems (ZDSX)", []),
        ("Zorbu Dyne Systems. (ZDS)", []),
        ("Zorbu Dyne Systems and ZDS", []),
        ("ZDS (ZDS)", []),
        ("Zorbu Dyne Systems (NYSE)", []),
        ("", []),
    ],
)
def test_definitions(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(definitions(text, placed(text))) == expected


READERS = (definitions, renamings, other_names)


@pytest.mark.parametrize("read", READERS)
def test_a_text_says_nothing_of_names_that_do_not_stand_there(
    read: Callable[[str, Places], Iterator[tuple[str, str]]],
) -> None:
    for text in ("Zorbu Dyne Systems (ZDS)", "Acmelo, formerly Zorbu", "Zorbu Dyne, also called Zed"):
        assert list(read(text, {})) == []
        for name, places in placed(text).items():
            assert list(read(text, {name: places})) == []
    assert list(read("", {})) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acmelo met Zorbu Dyne (ZD). Zorbu Dyne or ZD it is.", 2),
        ("Acmelo met Zorbu Dyne (ZD). Zorbu Dyne and ZD it is.", 1),
    ],
)
def test_each_place_of_a_name_is_looked_at(text: str, expected: int) -> None:
    assert list(definitions(text, placed(text))) == [("ZD", "Zorbu Dyne")] * expected


def test_only_the_places_of_a_name_are_looked_at() -> None:
    text = "Zorbu Dyne (ZD) and Zorbu Dyne, ZD"
    last = {"Zorbu Dyne": [(20, 30)], "ZD": [(32, 34)]}
    assert [text[slice(*places[0])] for places in last.values()] == list(last)
    assert list(definitions(text, last)) == []
    assert list(definitions(text, {**last, "ZD": [(12, 14)]})) == []


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ZDS", "Zorbu Dyne Systems"),
        ("zds", "Zorbu Dyne Systems"),
        ("Z.D.S.", "Zorbu Dyne Systems"),
        ("ZDS", "Zorbu-Dyne Systems"),
        ("ZDS", "Zorbu Dyne/Systems"),
        ("ZDS", "Zorbu Dyne for Systems"),
        ("ZDFS", "Zorbu Dyne for Systems"),
        ("ZDS", "Zorbu & Dyne Systems"),
        ("Z&D", "Zorbu & Dyne"),
        ("ZoDy", "Zorbu Dyne"),
        ("ZODS", "Zorbu Dyne Systems"),
        ("ZRDyS", "Zorbu Dyne Systems"),
        ("ZB", "Zorbu"),
        ("ZZ", "Zorbu zone"),
        ("MO", "Mira Okonjo"),
        ("A16Z", "A16 Zorbu"),
    ],
)
def test_an_acronym_spells_its_words(short: str, long: str) -> None:
    assert is_acronym(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ZD", "Zorbu Dyne Systems"),
        ("ZS", "Zorbu Dyne Systems"),
        ("DS", "Zorbu Dyne Systems"),
        ("DZS", "Zorbu Dyne Systems"),
        ("ZDSX", "Zorbu Dyne Systems"),
        ("ZDX", "Zorbu Dyne Systems"),
        ("OD", "Zorbu Dyne"),
        ("ZY", "Zorbu Dyne"),
        ("ZBOD", "Zorbu Dyne"),
        ("Z", "Zorbu"),
        ("Z", "Zorbu Dyne"),
        ("", "Zorbu"),
        ("ZD", ""),
        ("ZD", "& (Zorbu Dyne)"),
        ("FZ", "Zorbu for"),
        ("ZD", "for Zorbu Dyne"),
    ],
)
def test_what_does_not_spell_its_words_is_no_acronym(short: str, long: str) -> None:
    assert not is_acronym(short, long)


@pytest.mark.parametrize(("short", "long"), [("ZD", "zed Zorbu Dyne"), ("AL", "an Acmelo Labs")])
def test_the_first_letter_is_that_of_the_first_word(short: str, long: str) -> None:
    assert not is_acronym(short, long)


WORDS = st.builds(str.__add__, st.sampled_from("ABab"), st.text("abc", max_size=3))


@given(words=st.lists(st.builds(str.capitalize, st.text("abcxyz", min_size=1)), min_size=2, max_size=8))
def test_first_letters_of_words_in_capitals_are_an_acronym_and_with_one_missing_they_are_not(words: list[str]) -> None:
    initials = "".join(word[0] for word in words)
    assert is_acronym(initials, " ".join(words))
    assert not is_acronym(initials[1:], " ".join(["Q", *words[1:]]))
    assert not is_acronym(initials + "Q", " ".join(words))


@given(short=st.text("ABC", min_size=2, max_size=4), words=st.lists(WORDS, min_size=1, max_size=4))
def test_an_acronym_is_what_its_definition_says(short: str, words: list[str]) -> None:
    assert is_acronym(short, " ".join(words)) == any(fits(places, words) for places in spellings(short, words))


Place = tuple[int, int]


def spellings(short: str, words: list[str]) -> Iterator[tuple[Place, ...]]:
    """All ways to find the letters in the words in their order: for each the number of the word and of its letter."""
    places = [(number, at) for number, word in enumerate(words) for at in range(len(word))]
    for chosen in combinations(places, len(short)):
        if all(words[number][at].lower() == letter.lower() for (number, at), letter in zip(chosen, short, strict=True)):
            yield chosen


def fits(places: tuple[Place, ...], words: list[str]) -> bool:
    begun = {number for number, at in places if at == 0}
    small = {number for number, word in enumerate(words) if word[0].islower()}
    return places[0] == (0, 0) and {number for number, _ in places} <= begun and begun | small >= set(range(len(words)))


@pytest.mark.parametrize(
    "text",
    [
        "Acmelo (formerly Zorbu) said so.",
        "Acmelo (formerly known as Zorbu)",
        "Acmelo, formerly “Zorbu”,",
        "Acmelo Formerly Zorbu",
        "**Acmelo** (formerly **Zorbu**)",
        "*Acmelo*, previously called *Zorbu*,",
        "Acmelo, which was originally named Zorbu",
        "Acmelo, the company formerly known as Zorbu,",
        "Acmelo – then called Zorbu –",
        "Acmelo — fka Zorbu",
        "Acmelo, née Zorbu,",
        "Acmelo (f/k/a Zorbu)",
        "Acmelo (the former Zorbu)",
        "Acmelo, formerly\nZorbu",
        "Zorbu, which was renamed Acmelo",
        "Zorbu was renamed Acmelo",
        "Zorbu has since been renamed to “Acmelo”",
        "Zorbu changed its name to Acmelo",
        "Zorbu rebranded itself as Acmelo",
        "Zorbu (now Acmelo)",
        "Zorbu, now known as Acmelo,",
        "Zorbu, which later became known as Acmelo",
        "Zorbu was renamed Acmelo by its founder",
        "Zorbu was renamed Acmelo two years ago",
        "Acmelo, formerly known as Zorbu Ltd. of old",
        "Zorbu is now Acmelo and said so",
        "Zorbu is now Acmelo",
        "Acmelo (formerly **Zorbu**) said so",
        "Acmelo, formerly Zorbu in all but name",
        "Acmelo — previously “Zorbu” — said so",
        "“Acmelo” (formerly “Zorbu”)",
        '"Acmelo", formerly "Zorbu"',
        "Acmelo, “formerly Zorbu”",
    ],
)
def test_former_and_present_name(text: str) -> None:
    assert list(renamings(text, placed(text))) == [("Zorbu", "Acmelo")]
    assert list(other_names(text, placed(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Zorbu Dyne, better known as Zed,",
        "Zorbu Dyne (also known as Zed)",
        "Zorbu Dyne (aka “Zed”)",
        "Zorbu Dyne, which is also called Zed",
        "Zorbu Dyne (short: Zed)",
        "Zorbu Dyne (hereafter Zed)",
        "**Zorbu Dyne** d/b/a Zed",
        "Zorbu Dyne, doing business as Zed",
        "Zorbu Dyne, officially abbreviated as Zed",
    ],
)
def test_other_and_first_name(text: str) -> None:
    assert list(other_names(text, placed(text))) == [("Zed", "Zorbu Dyne")]
    assert list(renamings(text, placed(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Zorbu, Acmelo",
        "Zorbu and formerly Acmelo",
        "Zorbu. Formerly Acmelo",
        "Zorbu (formerly at Acmelo)",
        "Zorbu, formerly of Acmelo",
        "Mira Okonjo (formerly head of Acmelo)",
        "Zorbu was named by Acmelo",
        "Zorbu knows Acmelo",
        "Zorbu nowadays Acmelo",
        "Zorbu was renamed by Acmelo",
        "Zorbu, formerlyAcmelo",
        "Zorbu, formerly Zorbu",
        "Zorbu; also known to Acmelo",
        "Zorbu (formerly Acmelos)",
        "formerly Acmelo",
        "Zorbu, formerly",
        "",
    ],
)
def test_what_does_not_say_so_renames_nothing(text: str) -> None:
    assert list(renamings(text, placed(text))) == []
    assert list(other_names(text, placed(text))) == []


def test_the_longest_of_the_names_is_meant() -> None:
    text = "Zorbu Dyne Systems, formerly Oak Ventures, and Acmelo, now Zorbu Dyne, also known as Zed"
    assert list(renamings(text, placed(text))) == [("Oak Ventures", "Zorbu Dyne Systems"), ("Acmelo", "Zorbu Dyne")]
    assert list(other_names(text, placed(text))) == [("Zed", "Zorbu Dyne")]


@pytest.mark.parametrize(
    "text",
    [
        "Zorbu is now Acmelo’s largest customer",
        "Zorbu, now Acmelo-owned, said so",
        "Zorbu, formerly Acmelo’s chip unit, said so",
        "Acmelo, the former Zorbu subsidiary, said so",
        "Zorbu is now Acmelo territory",
        "Zorbu is now an Acmelo",
        "Acmelo, formerly Zorbu engineer",
        "Acmelo, formerly “Zorbu” engineer",
        "Acmelo, previously Zorbu-owned,",
        "Acmelo, originally Zorbu Ventures,",
        "Acmelo, originally Zorbu inside",
        "Acmelo, formerly known as Zorbu’s lab",
        "Zorbu was renamed Acmelo’s lab",
        "Zorbu was renamed Acmelo-Lab",
        "Deals of Acmelo\n\nNow Zorbu wants more of them.",
        "Deals of Acmelo\n \nNow Zorbu, said Mira Okonjo, wants more.",
        "Zorbu Dyne, known as Zed’s maker",
        "Zorbu Dyne, also called Zed-like",
    ],
)
def test_names_that_only_stand_beside_such_words_rename_nothing(text: str) -> None:
    assert list(renamings(text, placed(text))) == []
    assert list(other_names(text, placed(text))) == []
