"""`kg resolve` and `kg explain ENTITY`, as a user meets them: decisions are taken, followed, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import Kg

ONE = "Zorbudyne raised $5 million. Zorbudyne said so. Zorbudine competes with Wendobox. Sources at Zorbudine agree."
TWO = "Zorbudyne Labs acquired Wendobox. Jane Okonjo is the CEO of Zorbudyne Labs. Okonjo founded Zorbudyne Labs."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of two documents whose names leave something to decide."""
    from kg.api import build_graph

    folder = tmp_path_factory.mktemp("built")
    for name, text in (("one", ONE), ("two", TWO)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    build_graph(folder, out=folder / "g")
    return folder / "g"


@pytest.fixture
def kg(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    import shutil

    shutil.copytree(built, tmp_path / "g")
    return Kg(tmp_path, monkeypatch, capsys)


def test_resolving_anew_without_decisions_changes_no_byte(kg: Kg) -> None:
    before = kg.graph()
    code, out, err = kg.resolve()
    assert (code, out) == (0, "")
    assert "entities:" in err
    assert kg.graph() == before


def test_explain_shows_every_name_of_an_entity_with_place_and_rule(kg: Kg) -> None:
    lines = kg.explain("Jane Okonjo").splitlines()
    assert lines[0] == "Jane Okonjo [Person, janeokonjo-person, new]"
    assert lines[1:4:2] == [
        "    “Jane Okonjo” once in 1 document; rule new; own id janeokonjo-person",
        "    “Okonjo” once in 1 document; rule short form; own id okonjo-person",
    ]
    assert all(line.startswith("        once in Zorbudyne Labs acquired") for line in lines[2::2])


def test_explain_knows_parent_and_maker_from_the_registry(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "aws.txt").write_text("AWS partners with Wendobox.", encoding="utf-8")
    assert kg("build", tmp_path / "aws.txt", "--out", tmp_path / "g")[0] == 0
    assert "    parent: Amazon [amazon] (from the registry, stated by no document)" in kg.explain("AWS").splitlines()


def test_explain_of_an_unknown_name_gives_the_nearest(kg: Kg) -> None:
    code, _, err = kg("explain", "Jane Okonio", "--graph", kg.folder / "g")
    assert code == 1
    assert "did you mean 'Jane Okonjo'" in err


def test_same_joins_and_undo_parts_again(kg: Kg) -> None:
    before = kg.graph()
    code, _, err = kg.resolve("--same", "Zorbudine", "zorbudyne-company", "--why", "a slip")
    assert code == 0, err
    assert kg.rows()[0] == {
        "left": "zorbudine-company", "right": "zorbudyne-company", "judgement": "same", "by": "tester",
        "at": kg.rows()[0]["at"], "why": "a slip",
    }  # fmt: skip
    assert "“Zorbudine” 2 times" in kg.explain("Zorbudyne")
    assert kg.graph() != before
    code, _, err = kg.resolve("--undo")
    assert code == 0
    assert "taken back: zorbudine-company and zorbudyne-company ('same')" in err
    assert [row["judgement"] for row in kg.rows()] == ["same", "withdrawn"]
    assert kg.graph() == before


def test_undo_takes_back_one_decision_after_the_other(kg: Kg) -> None:
    kg.resolve("--same", "Zorbudine", "Zorbudyne")
    kg.resolve("--different", "okonjo-person", "janeokonjo-person")
    for left in ("okonjo-person", "zorbudine-company"):
        assert f"taken back: {left}" in kg.resolve("--undo")[2] or left == "okonjo-person"
    code, _, err = kg.resolve("--undo")
    assert code == 1
    assert "no judgement to take back" in err


def test_different_unbinds_a_surface_form_by_its_own_id(kg: Kg) -> None:
    kg.resolve("--different", "okonjo-person", "Jane Okonjo")
    assert "“Okonjo”" not in kg.explain("Jane Okonjo")
    code, _, err = kg.resolve("--different", "Jane Okonjo", "janeokonjo-person")
    assert code == 1
    assert "are one entity, 'janeokonjo-person'; name the own id of a surface form" in err


def test_review_lists_what_is_least_certain_with_the_words_around_it(kg: Kg) -> None:
    code, out, _ = kg.resolve("--review")
    assert code == 0
    assert "“Okonjo” [okonjo-person] and “Jane Okonjo” [janeokonjo-person]" in out
    assert "one thing now: short form; of such pairs 97% are one thing; 1 document" in out
    assert "»Okonjo« founded Zorbudyne Labs" in out
    assert "“Zorbudine” [zorbudine-company]" in out
    assert "two things now: a letter apart" in out
    assert kg.rows() == []


def test_review_takes_answers_and_the_graph_follows(kg: Kg) -> None:
    before = json.loads(kg.resolve("--review", "--json")[1])
    first, second = before[:2]
    code, _, err = kg.resolve("--review", answers="s\nd\nq\n")
    assert code == 0, err
    assert [(r["left"], r["right"], r["judgement"]) for r in kg.rows()] == [
        (first["left"], first["right"], "same"), (second["left"], second["right"], "different"),
    ]  # fmt: skip
    left = json.loads(kg.resolve("--review", "--json")[1])
    assert {(d["left"], d["right"]) for d in left}.isdisjoint({(d["left"], d["right"]) for d in (first, second)})


def test_review_goes_back_over_and_passes_over(kg: Kg) -> None:
    first = json.loads(kg.resolve("--review", "--json")[1])[0]
    kg.resolve("--review", answers="s\nb\nu\nx\n\nq\n")
    assert [row["judgement"] for row in kg.rows()] == ["same", "withdrawn", "unsure"]
    assert kg.rows()[0]["left"] == first["left"]


def test_review_decides_for_one_document_alone(kg: Kg) -> None:
    found = json.loads(kg.resolve("--review", "--json")[1])
    at = next(i for i, doubt in enumerate(found) if doubt["rule"] == "short form")
    kg.resolve("--review", answers="\n" * at + "h\nq\n")
    [row] = kg.rows()
    assert (row["judgement"], row["document"]) == ("different", found[at]["documents"][0])
    assert "“Okonjo”" not in kg.explain("Jane Okonjo")


def test_review_joins_in_one_document_alone_what_is_apart(kg: Kg) -> None:
    found = json.loads(kg.resolve("--review", "--json")[1])
    at = next(i for i, doubt in enumerate(found) if doubt["rule"] == "a letter apart")
    kg.resolve("--review", answers="\n" * at + "h\nq\n")
    [row] = kg.rows()
    assert (row["judgement"], row["document"]) == ("same", found[at]["documents"][0])
    assert "“Zorbudine” 2 times" in kg.explain("Zorbudyne")


def test_a_review_without_decisions_leaves_the_graph_alone(kg: Kg) -> None:
    changed = (kg.folder / "g" / "graph.nq").stat().st_ino
    assert kg.resolve("--review", answers="\n\nq\n")[2].count("[s]ame") == 3
    assert (kg.folder / "g" / "graph.nq").stat().st_ino == changed


def test_a_decision_is_kept_when_the_graph_is_built_again(kg: Kg, tmp_path: Path) -> None:
    kg.resolve("--same", "Zorbudine", "Zorbudyne")
    (tmp_path / "one.txt").write_text(ONE, encoding="utf-8")
    kg("build", tmp_path / "one.txt", "--out", tmp_path / "g", "--judgements", kg.judgements)
    assert "“Zorbudine” 2 times" in kg.explain("Zorbudyne")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--same", "Zorbudine", "Nobody Knows"], "no entity is called 'Nobody Knows'"),
        (["--same", "Zorbudine", "Zorbudyne", "--in", "three"], "the graph has no document 'three'"),
        (["--undo"], "no judgement to take back"),
        (["--same", "Zorbudine"], "--same"),
    ],
)
def test_wrong_use_says_what_to_do_and_changes_nothing(kg: Kg, arguments: list[str], message: str) -> None:
    before = kg.graph()
    code, _, err = kg.resolve(*arguments)
    assert code in (1, 2)
    assert message in err
    assert (kg.graph(), kg.rows()) == (before, [])


def test_a_damaged_file_of_judgements_is_refused_with_its_line(kg: Kg) -> None:
    before = kg.graph()
    kg.judgements.write_text('{"left": "a", "right": "b"}\n', encoding="utf-8")
    code, _, err = kg.resolve()
    assert code == 1
    assert f"{kg.judgements}:1: 'judgement' must be a text that is not empty" in err
    assert kg.graph() == before


def test_a_graph_without_what_reading_found_cannot_be_resolved_anew(kg: Kg) -> None:
    for path in (kg.folder / "g" / "documents").glob("*.json"):
        path.unlink()
    code, _, err = kg.resolve()
    assert code == 1
    assert "the graph does not hold what reading found in its documents; build it again" in err


@pytest.mark.parametrize(
    "content", ["", "{}", '{"mentions": 1, "relations": []}', '{"mentions": [{"x": 1}], "relations": []}']
)
def test_a_damaged_file_of_what_was_found_is_named(kg: Kg, content: str) -> None:
    path = min((kg.folder / "g" / "documents").glob("*.json"))
    path.write_text(content, encoding="utf-8")
    code, _, err = kg.resolve()
    assert code == 1
    assert f"{path}: missing or damaged" in err
