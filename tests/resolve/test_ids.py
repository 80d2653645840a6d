"""Names become ids that stay the same from run to run; what is no name is refused with a reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.folding import fold
from kg.resolve.ids import LONGEST, in_document, new_id, refusal


@pytest.mark.parametrize("surface", ["", " ", "\n", ".", "--", "’", "™", "…", "\u200b", "(!)", "&", "$$", "→", "???"])
def test_what_has_no_letter_or_digit_is_no_name(surface: str) -> None:
    assert refusal(surface) == "no letter or digit"


@pytest.mark.parametrize("surface", ["Zorbu", "X", "7", "百川", "Ø", "Zorbu Dyne Systems, Inc.", "z" * LONGEST])
def test_what_has_one_is_a_name(surface: str) -> None:
    assert refusal(surface) is None


@pytest.mark.parametrize(
    ("surface", "length"), [("z" * (LONGEST + 1), 201), ("Zorbu " * 100, 600), ("百" * 300, 300), ("." * 1000, 1000)]
)
def test_what_is_longer_than_any_name_is_refused_with_its_length(surface: str, length: int) -> None:
    assert refusal(surface) == f"{length} characters, more than 200"


@given(surface=st.text(max_size=LONGEST))
def test_a_name_of_fitting_length_is_refused_if_its_key_has_no_letter_or_digit(surface: str) -> None:
    assert refusal(surface) == (None if any(char.isalnum() for char in fold(surface)) else "no letter or digit")


@pytest.mark.parametrize(
    ("name", "kind", "whole", "expected"),
    [
        ("Acmelo", "Company", False, "acmelo-company"),
        ("Acmelo AG", "Company", False, "acmelo-company"),
        ("Acmelo AG", "Company", True, "acmeloag-company"),
        ("Acmelo, Inc.", "Company", True, "acmeloinc-company"),
        ("Acmelo", "Company", True, "acmelo-company"),
        ("The Acmelo’s", "Company", True, "acmelo-company"),
        ("Mira Okonjo", "Person", False, "miraokonjo-person"),
        ("Oak & Elm", "Company", False, "oakandelm-company"),
        ("Zeta 3.1", "Model", False, "zeta3-1-model"),
        ("Acmelo, Inc.", "Product", False, "acmeloinc-product"),
        ("Tom Se", "Person", False, "tomse-person"),
        ("Group", "Company", False, "group-company"),
        ("Al", "Person", False, "al-person"),
    ],
)
def test_ids_are_made_of_folded_name_and_type(name: str, kind: str, whole: bool, expected: str) -> None:
    assert new_id(name, kind, whole=whole) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("百川", "000733c59cd5752a-company"),
        ("Oak/Elm", "oak-elm-e0a5febd27123c35-company"),
        ("Zeta 3.1 70B", "zeta3-1-70b-fe0bf0e2416604bd-company"),
        ("X", "x-2d711642b726b044-company"),
        ("C++", "c-cedb1bac7efcd7db-company"),
        ("Z" * 81, "z" * 40 + "-19ff968b0b44d78b-company"),
    ],
)
def test_ids_of_names_that_a_slug_does_not_tell_are_the_same_in_every_run(name: str, expected: str) -> None:
    assert new_id(name, "Company") == expected


@pytest.mark.parametrize(("length", "hashed"), [(1, True), (2, False), (80, False), (81, True)])
def test_a_name_of_one_letter_and_one_longer_than_eighty_get_a_hash(length: int, hashed: bool) -> None:
    found = new_id("z" * length, "Company")
    assert (re.fullmatch(r"z{1,40}-[0-9a-f]{16}-company", found) is not None) == hashed
    assert hashed or found == "z" * length + "-company"


def test_long_names_that_begin_alike_have_ids_of_their_own() -> None:
    assert len({new_id("z" * length, "Company") for length in range(60, LONGEST)}) == LONGEST - 60


@given(name=st.text(max_size=LONGEST), kind=st.sampled_from(["Company", "Person", "Model"]))
def test_every_id_is_plain_and_equal_names_have_equal_ids(name: str, kind: str) -> None:
    found = new_id(name, kind)
    assert re.fullmatch(rf"[a-z0-9]+(?:-[a-z0-9]+)*-{kind.lower()}", found)
    assert new_id(f" {name}\t", kind) == found
    assert len(found) <= 80 + len("-company")


@given(one=st.text("zorbu", min_size=2, max_size=90), other=st.text("zorbu", min_size=2, max_size=90))
def test_plain_names_have_one_id_if_they_are_one_name_and_one_type(one: str, other: str) -> None:
    assert (new_id(one, "Company", whole=True) == new_id(other, "Company", whole=True)) == (one == other)
    assert new_id(one, "Company") != new_id(one, "Model")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Zorbu 百川", "Zorbu 智谱", "Company"),
        ("Zorbu 百川", "Zorbu", "Company"),
        ("Zorbu+", "Zorbu", "Product"),
        ("Zorbu*", "Zorbu", "Product"),
        ("Zeta 3.1", "Zeta 3 1", "Model"),
        ("Tom Se", "Tom", "Person"),
        ("Oak/Elm", "Oak Elm", "Company"),
        ("Zeta 3.1 70B", "Zeta 3 1 70B", "Model"),
    ],
)
def test_names_that_fold_to_two_keys_have_two_ids(one: str, other: str, kind: str) -> None:
    assert fold(one) != fold(other)
    assert new_id(one, kind) != new_id(other, kind)


@given(one=st.text("zo Z.-/1é百", max_size=8), other=st.text("zo Z.-/1é百", max_size=8))
def test_names_have_one_id_if_they_have_one_key(one: str, other: str) -> None:
    assert (new_id(one, "Model") == new_id(other, "Model")) == (fold(one) == fold(other))


def test_an_id_of_one_document_is_of_the_thing_and_the_document() -> None:
    assert in_document("zorbu-company", "0123456789abcdef") == "zorbu-company-01234567"
    ids = {in_document(own, text) for own in ("zorbu-company", "zed-company") for text in ("01234567", "89abcdef")}
    assert len(ids) == 4
