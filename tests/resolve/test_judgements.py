"""Judgements about pairs of ids: the last word counts, it can be taken back, and contradictions are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations_with_replacement, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError, KgError
from kg.resolve.judgements import (
    DIFFERENT,
    NO_JUDGEMENTS,
    SAME,
    UNSURE,
    VALUES,
    WITHDRAWN,
    Judgement,
    Judgements,
    Pair,
    add_judgement,
    joined,
    load_judgements,
    read_judgements,
    withdrawal,
)

Row = dict[str, object]

DAY = "2026-11-22"
IDS = ("acmelo-x", "oak-ventures-x", "zed-x", "zorbu-x")
PAIRS = list(combinations_with_replacement(IDS, 2))
GOOD: Row = {"left": "zorbu-x", "right": "acmelo-x", "judgement": "same", "by": "Mira Okonjo", "at": DAY}


def decided(left: str, right: str, judgement: str, *, document: str | None = None) -> Judgement:
    return Judgement(left, right, judgement, "Mira Okonjo", DAY, document=document)


def write(path: Path, *rows: object) -> Path:
    """A judgement file; a text among the rows is written as it stands."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def saved(path: Path, *rows: Judgement) -> Path:
    for row in rows:
        add_judgement(path, row)
    return path


def said(
    found: Judgements, documents: Iterable[str | None] = (None, "d1", "d2")
) -> dict[tuple[Pair, str | None], str | None]:
    """What is decided about each pair of `IDS`, everywhere and in two documents."""
    return {(pair, document): found.between(*pair, document) for pair in PAIRS for document in documents}


def judgements(values: Iterable[str], documents: Iterable[str | None] = (None,)) -> st.SearchStrategy[Judgement]:
    """Judgements about two of `IDS`."""
    two = st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True)
    made = st.tuples(two, st.sampled_from(list(values)), st.sampled_from(list(documents)))
    return made.map(lambda parts: decided(parts[0][0], parts[0][1], parts[1], document=parts[2]))


def holding(rows: Iterable[Judgement]) -> dict[tuple[str | None, Pair], list[Judgement]]:
    """For each document and pair the decisions that nobody has taken back, the last of which holds."""
    stacks: dict[tuple[str | None, Pair], list[Judgement]] = {}
    for row in rows:
        stack = stacks.setdefault((row.document, row.pair), [])
        if row.judgement != WITHDRAWN:
            stack.append(row)
        else:
            del stack[-1:]
    return {about: stack for about, stack in stacks.items() if stack}


OPEN = (DIFFERENT, UNSURE, WITHDRAWN)
"""Values that contradict nothing."""
UNCONTRADICTED = st.lists(judgements(OPEN, [None, "d1", "d2"]), max_size=8)


def test_a_pair_is_sorted_whichever_id_is_on_the_left() -> None:
    assert decided("zorbu-x", "acmelo-x", SAME).pair == ("acmelo-x", "zorbu-x")
    assert decided("acmelo-x", "zorbu-x", SAME).pair == ("acmelo-x", "zorbu-x")


def test_nothing_is_decided_where_there_are_no_judgements(tmp_path: Path) -> None:
    absent = load_judgements(tmp_path / "absent.jsonl")
    for found in (NO_JUDGEMENTS, absent):
        assert set(said(found).values()) == {None}
        assert not found.different("acmelo-x", "zorbu-x")
        assert list(found.same_in("d1")) == []
    assert not (tmp_path / "absent.jsonl").exists()


def test_the_judgements_that_come_with_the_project_load() -> None:
    assert isinstance(load_judgements(), Judgements)


@pytest.mark.parametrize("value", [SAME, DIFFERENT, UNSURE])
def test_a_judgement_holds_in_every_document(value: str, tmp_path: Path) -> None:
    found = load_judgements(saved(tmp_path / "own.jsonl", decided("zorbu-x", "acmelo-x", value)))
    assert [found.between("acmelo-x", "zorbu-x", document) for document in (None, "d1")] == [value, value]
    assert found.different("acmelo-x", "zorbu-x", "d1") == (value == DIFFERENT)


def test_a_judgement_about_one_document_holds_there_alone_and_before_that_about_all(tmp_path: Path) -> None:
    rows = (decided("zorbu-x", "acmelo-x", DIFFERENT, document="d1"), decided("acmelo-x", "zorbu-x", SAME))
    found = load_judgements(saved(tmp_path / "own.jsonl", *rows))
    assert [found.between("acmelo-x", "zorbu-x", document) for document in (None, "d1", "d2")] == [
        SAME, DIFFERENT, SAME,
    ]  # fmt: skip
    assert [found.different("acmelo-x", "zorbu-x", document) for document in (None, "d1", "d2")] == [False, True, False]


def test_a_withdrawn_judgement_about_one_document_leaves_that_about_all(tmp_path: Path) -> None:
    here = (decided("zorbu-x", "acmelo-x", value, document="d1") for value in (DIFFERENT, WITHDRAWN))
    found = load_judgements(saved(tmp_path / "own.jsonl", decided("acmelo-x", "zorbu-x", SAME), *here))
    assert found.between("acmelo-x", "zorbu-x", "d1") == SAME


def test_a_name_may_be_another_thing_than_elsewhere_in_one_document(tmp_path: Path) -> None:
    row = decided("zorbu-x", "zorbu-x", DIFFERENT, document="d1")
    found = load_judgements(saved(tmp_path / "own.jsonl", row))
    assert found.different("zorbu-x", "zorbu-x", "d1")
    assert not found.different("zorbu-x", "zorbu-x")
    assert not found.different("zorbu-x", "zorbu-x", "d2")


def test_same_in_gives_the_sorted_pairs_of_one_document_alone(tmp_path: Path) -> None:
    rows = (
        decided("zorbu-x", "oak-ventures-x", SAME, document="d1"), decided("zorbu-x", "acmelo-x", SAME, document="d1"),
        decided("zed-x", "acmelo-x", DIFFERENT, document="d1"), decided("zed-x", "zorbu-x", SAME, document="d2"),
        decided("zed-x", "oak-ventures-x", SAME), decided("zed-x", "zorbu-x", SAME, document="d1"),
        decided("zorbu-x", "zed-x", WITHDRAWN, document="d1"),
    )  # fmt: skip
    found = load_judgements(saved(tmp_path / "own.jsonl", *rows))
    assert list(found.same_in("d1")) == [("acmelo-x", "zorbu-x"), ("oak-ventures-x", "zorbu-x")]
    assert list(found.same_in("d2")) == [("zed-x", "zorbu-x")]
    assert list(found.same_in("d3")) == []


@given(rows=UNCONTRADICTED)
def test_between_is_symmetric(rows: list[Judgement], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = load_judgements(saved(tmp_path_factory.mktemp("judged") / "own.jsonl", *rows))
    for (one, other), document in said(found):
        assert found.between(one, other, document) == found.between(other, one, document)
        assert found.different(one, other, document) == found.different(other, one, document)


@given(rows=st.lists(judgements(VALUES, [None, "d1"]), max_size=12))
def test_the_last_word_on_a_pair_counts_and_what_contradicts_itself_is_refused(
    rows: list[Judgement], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = saved(tmp_path_factory.mktemp("judged") / "own.jsonl", *rows)
    last = {about: stack[-1].judgement for about, stack in holding(rows).items()}
    if any(contradicts_itself({p: value for (d, p), value in last.items() if d == about}) for about in (None, "d1")):
        with pytest.raises(DataError, match="judged different here but the same by"):
            load_judgements(path)
    else:
        assert said(load_judgements(path), [None, "d1"]) == {
            (pair, document): last.get((document, pair), last.get((None, pair)))
            for pair in PAIRS
            for document in (None, "d1")
        }


def contradicts_itself(values: dict[Pair, str]) -> bool:
    together = [set(pair) for pair, value in values.items() if value == SAME]
    for _ in IDS:  # until nothing more joins
        together = [set().union(*(other for other in together if one & other)) for one in together]
    return any(value == DIFFERENT and {*pair} <= group for pair, value in values.items() for group in together)


def test_later_files_count_more_than_earlier_ones(tmp_path: Path) -> None:
    one = saved(tmp_path / "one.jsonl", decided("acmelo-x", "zorbu-x", SAME))
    two = saved(tmp_path / "two.jsonl", decided("zorbu-x", "acmelo-x", DIFFERENT))
    assert load_judgements(one, two).between("acmelo-x", "zorbu-x") == DIFFERENT
    assert load_judgements(two, one).between("acmelo-x", "zorbu-x") == SAME


def test_a_withdrawal_takes_back_what_an_earlier_file_says(tmp_path: Path) -> None:
    one = saved(tmp_path / "one.jsonl", decided("acmelo-x", "zorbu-x", SAME), decided("acmelo-x", "zorbu-x", DIFFERENT))
    two = saved(tmp_path / "two.jsonl", decided("zorbu-x", "acmelo-x", WITHDRAWN))
    assert load_judgements(one, two).between("acmelo-x", "zorbu-x") == SAME
    assert load_judgements(two, one).between("acmelo-x", "zorbu-x") == DIFFERENT


@pytest.mark.parametrize("length", [2, 3])
def test_contradictory_judgements_are_refused_naming_files_and_lines(length: int, tmp_path: Path) -> None:
    chain = [decided(one, other, SAME) for one, other in pairwise(IDS[: length + 1])]
    one = saved(tmp_path / "one.jsonl", decided("mira-x", "okonjo-x", SAME), chain[0])
    two = saved(tmp_path / "two.jsonl", *chain[1:], decided(IDS[length], IDS[0], DIFFERENT))
    with pytest.raises(DataError) as caught:
        load_judgements(one, two)
    assert (caught.value.path, caught.value.line, caught.value.hint) == (str(two), length, "withdraw one of them")
    for place in (f"{one}:2", *(f"{two}:{line}" for line in range(1, length))):
        assert place in str(caught.value)
    assert f"{one}:1" not in str(caught.value)
    assert all(repr(id_) in str(caught.value) for id_ in (IDS[0], IDS[length]))


def test_of_a_contradiction_only_what_still_says_so_is_named(tmp_path: Path) -> None:
    rows = [
        decided("acmelo-x", "zorbu-x", DIFFERENT), decided("acmelo-x", "zed-x", SAME),
        decided("zed-x", "zorbu-x", SAME), decided("acmelo-x", "oak-ventures-x", UNSURE),
        decided("zed-x", "acmelo-x", SAME), decided("zorbu-x", "acmelo-x", DIFFERENT),
    ]  # fmt: skip
    path = saved(tmp_path / "own.jsonl", *rows)
    with pytest.raises(DataError) as caught:
        load_judgements(path)
    assert caught.value.line == 6
    assert re.findall(r"own\.jsonl:(\d+)", str(caught.value)) == ["6", "3", "5"]


@pytest.mark.parametrize("line", [1, 2, 3])
def test_withdrawing_one_of_them_mends_a_contradiction(line: int, tmp_path: Path) -> None:
    rows = [
        decided("acmelo-x", "zed-x", SAME), decided("zed-x", "zorbu-x", SAME), decided("acmelo-x", "zorbu-x", DIFFERENT)
    ]  # fmt: skip
    path = saved(tmp_path / "own.jsonl", *rows)
    with pytest.raises(DataError):
        load_judgements(path)
    found = load_judgements(saved(path, decided(rows[line - 1].left, rows[line - 1].right, WITHDRAWN)))
    assert [found.between(row.left, row.right) for row in rows] == [
        None if number == line else row.judgement for number, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize("value", [UNSURE, WITHDRAWN])
def test_only_same_joins(value: str, tmp_path: Path) -> None:
    path = saved(
        tmp_path / "own.jsonl", decided("acmelo-x", "zed-x", SAME), decided("zed-x", "zorbu-x", value),
        decided("acmelo-x", "zorbu-x", DIFFERENT),
    )  # fmt: skip
    assert load_judgements(path).different("acmelo-x", "zorbu-x")


def test_contradictory_judgements_about_one_document_are_refused(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "own.jsonl", decided("acmelo-x", "zed-x", SAME, document="d1"),
        decided("zed-x", "zorbu-x", SAME, document="d1"), decided("acmelo-x", "zorbu-x", DIFFERENT, document="d1"),
    )  # fmt: skip
    with pytest.raises(DataError) as caught:
        load_judgements(path)
    assert caught.value.line == 3
    assert re.findall(r"own\.jsonl:(\d+)", str(caught.value)) == ["3", "1", "2"]


@pytest.mark.parametrize("documents", [("d1", "d1", "d2"), ("d1", "d1", None), (None, None, "d1"), (None, "d1", "d1")])
def test_judgements_about_different_documents_do_not_contradict_each_other(
    documents: tuple[str | None, ...], tmp_path: Path
) -> None:
    rows = [
        decided("acmelo-x", "zed-x", SAME), decided("zed-x", "zorbu-x", SAME), decided("acmelo-x", "zorbu-x", DIFFERENT)
    ]  # fmt: skip
    rows = [replace(row, document=document) for row, document in zip(rows, documents, strict=True)]
    found = load_judgements(saved(tmp_path / "own.jsonl", *rows))
    assert [found.between(*row.pair, row.document) for row in rows] == [row.judgement for row in rows]


def test_what_is_another_thing_than_elsewhere_may_be_the_same_as_a_third(tmp_path: Path) -> None:
    apart = decided("zorbu-x", "zorbu-x", DIFFERENT, document="d1")
    found = load_judgements(saved(tmp_path / "own.jsonl", apart, decided("zorbu-x", "zed-x", SAME, document="d1")))
    assert found.different("zorbu-x", "zorbu-x", "d1")
    assert list(found.same_in("d1")) == [("zed-x", "zorbu-x")]


NAMING_FOUR = "known: different, same, unsure, withdrawn"
BAD: dict[str, tuple[object, str, str]] = {
    "unknown key": ({**GOOD, "wy": "one site"}, "unknown key 'wy'", "did you mean 'why'?"),
    "missing id": ({k: v for k, v in GOOD.items() if k != "left"}, "'left' must be a text that is not empty", ""),
    "missing judgement": ({k: v for k, v in GOOD.items() if k != "judgement"}, "'judgement' must be a text", ""),
    "missing person": ({k: v for k, v in GOOD.items() if k != "by"}, "'by' must be a text that is not empty", ""),
    "missing day": ({k: v for k, v in GOOD.items() if k != "at"}, "'at' must be a text that is not empty", ""),
    "empty id": ({**GOOD, "right": ""}, "'right' must be a text that is not empty", ""),
    "number for an id": ({**GOOD, "right": 3}, "'right' must be a text that is not empty", ""),
    "nothing for a judgement": ({**GOOD, "judgement": None}, "'judgement' must be a text that is not empty", ""),
    "number for a reason": ({**GOOD, "why": 3}, "'why' must be a text", ""),
    "list for a document": ({**GOOD, "document": ["d1"]}, "'document' must be the hash of a document", "leave it out"),
    "empty document": ({**GOOD, "document": ""}, "'document' must be the hash of a document", "or leave it out"),
    "judgement misspelt": ({**GOOD, "judgement": "diferent"}, "no judgement 'diferent'", "did you mean 'different'?"),
    "no judgement": ({**GOOD, "judgement": "yes, by and large"}, "no judgement 'yes, by and large'", NAMING_FOUR),
    "judgement in capitals": ({**GOOD, "judgement": "SAME"}, "no judgement 'SAME'", "known: "),
    "day the wrong way round": ({**GOOD, "at": "22.11.2026"}, "not '22.11.2026'", "for example 2026-11-22"),
    "day and time": ({**GOOD, "at": "2026-11-22T08:00"}, "'at' must be a day", "for example 2026-11-22"),
    "month": ({**GOOD, "at": "2026-11"}, "'at' must be a day, not '2026-11'", "for example 2026-11-22"),
    "day of one digit": ({**GOOD, "at": "2026-11-2"}, "'at' must be a day", "for example 2026-11-22"),
    "month that is none": ({**GOOD, "at": "2026-13-01"}, "'at' must be a day", "for example 2026-11-22"),
    "day that is none": ({**GOOD, "at": "2026-02-30"}, "'at' must be a day", "for example 2026-11-22"),
    "noughts": ({**GOOD, "at": "0000-00-00"}, "'at' must be a day", "for example 2026-11-22"),
    "digits of full width": ({**GOOD, "at": "２０２６-11-22"}, "'at' must be a day", "for example 2026-11-22"),
    "day without hyphens": ({**GOOD, "at": "20261122"}, "'at' must be a day", "for example 2026-11-22"),
    "day of a week": ({**GOOD, "at": "2026-W47-7"}, "'at' must be a day", "for example 2026-11-22"),
    "the same as itself": ({**GOOD, "right": "zorbu-x"}, "'zorbu-x' is itself", "name two ids"),
    "other than itself": ({**GOOD, "right": "zorbu-x", "judgement": "different"}, "is itself", "in which document"),
    "itself in a document": ({**GOOD, "right": "zorbu-x", "document": "d1"}, "is itself", "name two ids"),
    "not JSON": ('{"left": "zorbu-x",', "not JSON", "at column"),
    "not an object": (["zorbu-x", "acmelo-x", "same"], "each line must be a JSON object", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_refused_with_file_line_and_hint(case: str, tmp_path: Path) -> None:
    row, message, hint = BAD[case]
    path = write(tmp_path / "own.jsonl", GOOD, "", row, GOOD)
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        load_judgements(path)
    assert hint in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(path), 3)


def test_reading_gives_file_line_and_judgement_and_skips_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "own.jsonl", "", GOOD, "  ", {**GOOD, "judgement": "unsure", "why": "x", "document": "d1"})
    assert list(read_judgements(path)) == [
        (path, 2, Judgement("zorbu-x", "acmelo-x", SAME, "Mira Okonjo", DAY)),
        (path, 4, Judgement("zorbu-x", "acmelo-x", UNSURE, "Mira Okonjo", DAY, "x", "d1")),
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    row=st.builds(
        Judgement, st.just("zorbu-x"), TEXTS.filter(lambda id_: id_ not in ("", "zorbu-x")), st.sampled_from(VALUES),
        TEXTS.filter(bool), st.just(DAY), TEXTS, st.none() | TEXTS.filter(bool),
    )
)  # fmt: skip
def test_what_is_added_is_read_back(row: Judgement, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = saved(tmp_path_factory.mktemp("judged") / "own.jsonl", decided("a", "b", SAME), row)
    assert [found for _, _, found in read_judgements(path)] == [decided("a", "b", SAME), row]


def test_a_file_is_only_added_to_and_says_nothing_that_is_empty(tmp_path: Path) -> None:
    path = saved(tmp_path / "own.jsonl", decided("zorbu-x", "acmelo-x", SAME))
    before = path.read_text(encoding="utf-8")
    assert json.loads(before) == GOOD
    saved(path, decided("zed-x", "Öl-x", DIFFERENT))
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert "Öl-x" in after.removeprefix(before)
    assert after.endswith("}\n")


def test_a_row_is_added_after_a_last_line_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    add_judgement(path, decided("zed-x", "acmelo-x", DIFFERENT))
    assert [line for _, line, _ in read_judgements(path)] == [1, 2]
    assert path.read_text(encoding="utf-8").startswith(json.dumps(GOOD) + "\n{")


def test_a_judgement_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    path = tmp_path / "absent" / "own.jsonl"
    with pytest.raises(KgError, match=r"the judgement cannot be written .*check the folder") as caught:
        add_judgement(path, decided("zorbu-x", "acmelo-x", SAME))
    assert str(path) in str(caught.value)


def test_a_withdrawal_takes_back_the_last_decision_that_holds(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "own.jsonl", decided("zorbu-x", "acmelo-x", SAME),
        decided("zed-x", "acmelo-x", DIFFERENT, document="d1"), decided("zed-x", "zorbu-x", UNSURE),
        decided("zorbu-x", "zed-x", WITHDRAWN),
    )  # fmt: skip
    back = withdrawal(path, by="Tom Quill", at="2026-11-23")
    assert (back.pair, back.judgement, back.document) == (("acmelo-x", "zed-x"), WITHDRAWN, "d1")
    assert (back.by, back.at) == ("Tom Quill", "2026-11-23")
    assert DIFFERENT in back.why
    assert withdrawal(saved(path, back), by="Tom Quill", at=DAY).pair == ("acmelo-x", "zorbu-x")


def test_a_pair_that_was_decided_again_was_decided_last(tmp_path: Path) -> None:
    rows = (decided("zorbu-x", "acmelo-x", SAME), decided("zed-x", "acmelo-x", SAME))
    path = saved(tmp_path / "own.jsonl", *rows, decided("acmelo-x", "zorbu-x", UNSURE))
    assert withdrawal(path, by="Tom Quill", at=DAY).pair == ("acmelo-x", "zorbu-x")


@pytest.mark.parametrize(
    "rows", [None, (), (decided("zorbu-x", "acmelo-x", SAME), decided("acmelo-x", "zorbu-x", WITHDRAWN))]
)
def test_where_nothing_holds_there_is_nothing_to_take_back(rows: Iterable[Judgement] | None, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    if rows is not None:
        path.touch()
        saved(path, *rows)
    with pytest.raises(KgError, match="no judgement to take back") as caught:
        withdrawal(path, by="Tom Quill", at=DAY)
    assert str(path) in str(caught.value)


def test_a_contradiction_can_be_taken_back(tmp_path: Path) -> None:
    rows = (decided("acmelo-x", "zed-x", SAME), decided("zed-x", "zorbu-x", SAME))
    path = saved(tmp_path / "own.jsonl", *rows, decided("acmelo-x", "zorbu-x", DIFFERENT))
    saved(path, withdrawal(path, by="Tom Quill", at=DAY))
    assert load_judgements(path).between("acmelo-x", "zorbu-x") is None


@given(rows=UNCONTRADICTED, row=judgements([SAME, DIFFERENT, UNSURE], [None, "d1", "d2"]))
def test_adding_then_withdrawing_a_judgement_leaves_the_judgements_as_they_were(
    rows: list[Judgement], row: Judgement, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = saved(tmp_path_factory.mktemp("judged") / "own.jsonl", *rows)
    before = said(load_judgements(path))
    add_judgement(path, row)
    back = withdrawal(path, by="Tom Quill", at=DAY)
    assert (back.pair, back.document) == (row.pair, row.document)
    add_judgement(path, back)
    assert said(load_judgements(path)) == before


def test_each_withdrawal_on_a_pair_brings_back_the_decision_before_it(tmp_path: Path) -> None:
    values = (SAME, DIFFERENT, UNSURE)
    path = saved(tmp_path / "own.jsonl", *(decided("zorbu-x", "acmelo-x", value) for value in values))
    for value in (*values[-2::-1], None):
        saved(path, withdrawal(path, by="Tom Quill", at=DAY))
        assert load_judgements(path).between("acmelo-x", "zorbu-x") == value


def test_what_takes_back_nothing_changes_nothing(tmp_path: Path) -> None:
    nothing = decided("zorbu-x", "acmelo-x", WITHDRAWN)
    path = saved(tmp_path / "own.jsonl", nothing, nothing, decided("zorbu-x", "acmelo-x", SAME))
    assert load_judgements(path).between("acmelo-x", "zorbu-x") == SAME


@given(rows=UNCONTRADICTED)
def test_one_can_withdraw_until_nothing_holds(rows: list[Judgement], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = saved(tmp_path_factory.mktemp("judged") / "own.jsonl", *rows)
    for _ in [row for stack in holding(rows).values() for row in stack]:
        saved(path, withdrawal(path, by="Tom Quill", at=DAY))
    with pytest.raises(KgError, match="no judgement to take back"):
        withdrawal(path, by="Tom Quill", at=DAY)
    assert set(said(load_judgements(path)).values()) <= {None}


@given(pairs=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=10))
def test_joined_ids_are_those_that_pairs_lead_to(pairs: list[tuple[str, str]]) -> None:
    groups = joined(pairs)
    assert set(groups) == {id_ for pair in pairs for id_ in pair}
    for start, group in groups.items():
        reached, waiting = {start}, [start]
        while waiting:
            at = waiting.pop()
            beside = {id_ for pair in pairs if at in pair for id_ in pair} - reached
            reached |= beside
            waiting += beside
        assert group == reached
        assert all(groups[member] is group for member in group)
