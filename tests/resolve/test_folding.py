"""Spellings of one name have one key, different names have different keys; legal suffixes go, names stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.folding import fold, strip_legal_suffix

CASES = Path(__file__).parent.parent / "cases"
FOLDS = [json.loads(line)["forms"] for line in (CASES / "folds.jsonl").read_text(encoding="utf-8").splitlines()]
SUFFIXES = [json.loads(line) for line in (CASES / "legal_suffixes.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("forms", FOLDS, ids=lambda forms: forms[0])
def test_spellings_of_one_name_fold_to_one_key(forms: list[str]) -> None:
    assert {fold(form) for form in forms} == {fold(forms[0])}


def test_different_names_fold_to_different_keys() -> None:
    assert len({fold(forms[0]) for forms in FOLDS}) == len(FOLDS)


@pytest.mark.parametrize("text", ["", " ", ".", "--", "’", "™"])
def test_what_has_no_letter_or_digit_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aZé09.- _'&+’ theTHE", max_size=20))
def test_folding_twice_changes_nothing_in_names(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_and_spaces_around_a_name_do_not_count(text: str) -> None:
    assert fold(f"  {text}\t") == fold(text)


@pytest.mark.parametrize("case", SUFFIXES, ids=lambda case: case["name"] or "nothing")
def test_legal_suffixes_are_stripped(case: dict[str, str]) -> None:
    assert strip_legal_suffix(case["name"]) == case["stripped"]


@given(st.text(alphabet="AcmeIncoGrupLtd.,& ()", max_size=40))
def test_stripping_keeps_the_start_and_never_empties_a_name(text: str) -> None:
    stripped = strip_legal_suffix(text)
    assert text.startswith(stripped)
    assert bool(stripped) == bool(text)
    assert strip_legal_suffix(stripped) == stripped
