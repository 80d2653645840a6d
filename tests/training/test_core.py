"""CORE: how its sentences and its relations read as ours. All rows here are invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.data import Lines, data_path, read_yaml
from kg.errors import DataError
from kg.schema import load_schema
from kg.training.core import read_core
from kg.training.examples import Label
from kg.training.sentences import Told

SCHEMA = load_schema()
SHIPPED = "seeds/training/core.yaml"
RULES = """\
bought:
  relation: acquires
bought_by:
  relation: acquires
  reversed: true
  unclear: [subsidiaryOf, sues]
rival_of:
  relation: competesWith
  unclear: sues
nothing: {}
maybe:
  unclear: [acquires]
"""
TEXT = "Acme Labs met Globex in Oslo ."

Row = dict[str, Any]
Read = Callable[..., list[Told]]


@pytest.fixture
def core(tmp_path: Path) -> Read:
    """Reads rows by these rules, or by those in `rules`."""
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")

    def read(*rows: Row, rules: Path = tmp_path / "rules.yaml") -> list[Told]:
        path = tmp_path / "core.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        return list(read_core(path, rules, SCHEMA))

    return read


def row(relation: str, e1: str = "Acme Labs", e2: str = "Globex", *, text: str = TEXT, inverted: bool = False) -> Row:
    """A row as CORE has it: words, and the first and the last word of each end."""
    out: Row = {"id": "E1", "relation": relation, "invert_relation": int(inverted), "context": text.split(" ")}
    for key, end in (("e1", e1), ("e2", e2)):
        start = f" {text} ".index(f" {end} ")
        first = text[:start].count(" ")
        out |= {f"{key}_start": first, f"{key}_end": first + end.count(" "), f"{key}_name": "Any Name"}
    return out


def surfaces(told: Told) -> tuple[str, ...]:
    return tuple(told.text[start:end] for start, end, _ in told.ends)


def facts(told: Told) -> set[tuple[str, str, str]]:
    """What is stated, with the words of the ends."""
    ends = surfaces(told)
    return {(ends[each.subject], each.relation, ends[each.object]) for each in told.stated}


def test_a_row_is_a_text_of_which_one_pair_is_known(core: Read) -> None:
    assert core(row("bought")) == [
        Told(
            name="E1",
            text=TEXT,
            ends=((0, 9, "Company"), (14, 20, "Company")),
            stated=(Label(0, 1, "acquires", ""),),
            unclear=(),
            asked=(0, 1),
        )
    ]


@pytest.mark.parametrize(
    ("relation", "inverted", "ends"),
    [
        ("bought", False, ("Acme Labs", "Globex")),
        ("bought", True, ("Globex", "Acme Labs")),
        ("bought_by", False, ("Globex", "Acme Labs")),
        ("bought_by", True, ("Acme Labs", "Globex")),
    ],
)
@pytest.mark.parametrize("text", [TEXT, "Globex , said Acme Labs , is growing ."])
def test_who_is_the_subject_whichever_stands_first(
    core: Read, text: str, relation: str, inverted: bool, ends: tuple[str, str]
) -> None:
    (told,) = core(row(relation, text=text, inverted=inverted))
    subject, other = ends
    assert facts(told) == {(subject, "acquires", other)}
    assert told.asked == (0, 1)
    assert {kind for _, _, kind in told.ends} == {"Company"}


@pytest.mark.parametrize("inverted", [False, True])
def test_a_symmetric_relation_is_stated_both_ways(core: Read, inverted: bool) -> None:
    (told,) = core(row("rival_of", inverted=inverted))
    assert facts(told) == {("Acme Labs", "competesWith", "Globex"), ("Globex", "competesWith", "Acme Labs")}


@pytest.mark.parametrize(
    ("relation", "unclear"),
    [("bought", set()), ("bought_by", {"subsidiaryOf", "sues"}), ("rival_of", {"sues"}), ("maybe", {"acquires"})],
)
def test_what_may_be_stated_as_well_is_unclear_both_ways(core: Read, relation: str, unclear: set[str]) -> None:
    (told,) = core(row(relation))
    assert len(told.unclear) == 2 * len(unclear)
    assert set(told.unclear) == {Label(*pair, each, "") for each in unclear for pair in ((0, 1), (1, 0))}


@pytest.mark.parametrize("relation", ["nothing", "maybe"])
def test_a_rule_without_a_relation_of_ours_says_that_the_pair_is_in_none(core: Read, relation: str) -> None:
    (told,) = core(row(relation))
    assert (told.stated, told.asked) == ((), (0, 1))


def test_rows_of_a_relation_that_the_rules_do_not_know_are_dropped(core: Read) -> None:
    rows = [row("nothing"), row("Bought"), row("bought") | {"id": "E2"}, row("undefined")]
    assert [told.name for told in core(*rows)] == ["E1", "E2"]


# The ends.


@pytest.mark.parametrize(
    ("end", "is_name"),
    [
        ("The company", False),
        ("the Company", False),
        ("It", False),
        ("its rival", False),
        ("A start-up", False),
        ("An AI lab", False),
        ("This Company", False),
        ("They", False),
        ("Their Parent", False),
        ("rivals", False),
        ("& Sons", False),
        ("Theory Labs", True),
        ("Items", True),
        ("3D Globex", True),
        ("AI", True),
        ("Bank of the North", True),
    ],
)
@pytest.mark.parametrize("is_second", [False, True])
def test_both_ends_must_be_names(core: Read, end: str, is_name: bool, is_second: bool) -> None:
    ends = ("Hooli", end) if is_second else (end, "Hooli")
    found = core(row("bought", *ends, text=f"Hooli met {end} in Oslo ."))
    assert [surfaces(told) for told in found] == [ends] * is_name


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("Acme Labs .", "Acme Labs"),
        ("Acme ,", "Acme"),
        ("Acme , Inc. ,", "Acme , Inc."),
        ("Acme Inc.", "Acme Inc."),
        ("Acme , Inc.", "Acme , Inc."),
        ("Acme !", "Acme !"),
        ("Acme . Labs", "Acme . Labs"),
    ],
)
def test_a_full_stop_or_comma_after_a_name_is_no_part_of_it(core: Read, end: str, name: str) -> None:
    text = f"Globex met {end} Then it rained ."
    (told,) = core(row("bought", "Globex", end, text=text))
    assert surfaces(told) == ("Globex", name)
    assert told.text == text


WORDS = st.lists(st.sampled_from(["Acme", "Labs", "3D", "é—", "Inc.", "", " ", " x\t"]), min_size=6, max_size=9)


@given(WORDS, st.lists(st.integers(0, 8), min_size=4, max_size=4).map(sorted))
def test_the_ends_are_where_their_words_stand_though_a_word_be_blank(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], at: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("core")
    places = {f"e{1 + i // 2}_{('start', 'end')[i % 2]}": min(each, len(words) - 1) for i, each in enumerate(at)}
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    given_row = {"id": "E1", "relation": "bought", "invert_relation": 0, "context": words, **places}
    (folder / "core.json").write_text(json.dumps([given_row]), encoding="utf-8")
    shown = [word.strip() or "_" for word in words]
    ends = tuple(" ".join(shown[places[f"{end}_start"] : places[f"{end}_end"] + 1]) for end in ("e1", "e2"))
    found = list(read_core(folder / "core.json", folder / "rules.yaml", SCHEMA))
    are_names = all(end.startswith(("Acme", "Labs", "3D", "Inc.")) for end in ends)
    assert [(told.text.split(" "), surfaces(told)) for told in found] == [(shown, ends)] * are_names


# The rules.


def test_a_rule_with_a_key_that_is_not_known_is_named_with_its_line(core: Read, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("bought:\n  relation: acquires\n  inverted: true\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        core(row("bought"), rules=path)
    assert str(error.value).startswith(f"{path}:3: ")


@pytest.mark.parametrize(
    ("relation", "inverted", "stated"),
    [
        ("client_of", False, {("Globex", "supplies", "Acme Labs")}),
        ("client_of", True, {("Acme Labs", "supplies", "Globex")}),
        ("competitor_of", False, {("Acme Labs", "competesWith", "Globex"), ("Globex", "competesWith", "Acme Labs")}),
        ("acquired_by", False, {("Globex", "acquires", "Acme Labs")}),
        ("acquired_by", True, {("Acme Labs", "acquires", "Globex")}),
        ("shareholder_of", False, {("Acme Labs", "investsIn", "Globex")}),
        ("shareholder_of", True, {("Globex", "investsIn", "Acme Labs")}),
        ("subsidiary_of", False, {("Acme Labs", "subsidiaryOf", "Globex")}),
        ("subsidiary_of", True, {("Globex", "subsidiaryOf", "Acme Labs")}),
        ("undefined", False, set()),
    ],
)
def test_how_the_relations_of_core_read(
    core: Read, relation: str, inverted: bool, stated: set[tuple[str, str, str]]
) -> None:
    (told,) = core(row(relation, inverted=inverted), rules=data_path(SHIPPED))
    assert facts(told) == stated


def test_the_relations_of_the_rules_are_of_the_schema_and_of_two_companies() -> None:
    rules = read_yaml(data_path(SHIPPED))
    assert isinstance(rules, Lines)
    named = set[str]()
    for rule in rules.values():
        assert isinstance(rule, Lines)
        assert set(rule) <= {"relation", "reversed", "unclear"}
        unclear = rule.get("unclear", [])
        assert isinstance(unclear, list)
        assert rule.get("relation") not in unclear
        named |= {str(each) for each in (*unclear, *([rule["relation"]] if "relation" in rule else []))}
    assert named
    for each in sorted(named):
        relation = SCHEMA.relations[each]
        assert "Company" in relation.domain & relation.range, each
