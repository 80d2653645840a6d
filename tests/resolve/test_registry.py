"""The registry finds names, keeps guarded and ambiguous ones apart, and refuses bad rows with file, line and hint."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.resolve.registry import Entry, Registry, load_registry

CASES = Path(__file__).parent.parent / "cases" / "registry_find.jsonl"
FINDS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]

Row = dict[str, object]

ACME: Row = {"id": "acme", "name": "Acme", "type": "Company", "kind": "lab"}
NIMBUS: Row = {"id": "nimbus", "name": "Nimbus", "type": "Company", "aliases": ["Nimbus Cloud"], "parent": "acme"}
ZETA: Row = {"id": "zeta-1", "name": "Zeta-1", "type": "Model", "kind": "model", "maker": "acme"}
OAK: Row = {
    "id": "oak",
    "name": "Oak",
    "type": "Company",
    "aliases": ["Oak Fund"],
    "guarded": ["Oak"],
    "former": ["Elm"],
}
RURITANIA: Row = {"id": "ruritania", "name": "Ruritania", "type": "Place", "kind": "country", "demonym": ["Ruritanian"]}
NORTH: Row = {"id": "avon-north", "name": "Avon", "type": "Place", "aliases": ["North Avon"], "shares": ["avon-south"]}
SOUTH: Row = {"id": "avon-south", "name": "Avon", "type": "Place", "aliases": ["South Avon"], "shares": ["avon-north"]}
GOOD: list[Row] = [ACME, NIMBUS, ZETA, OAK, RURITANIA, NORTH, SOUTH]

HIVE: Row = {"id": "hive", "name": "Hive", "type": "Company", "aliases": ["hive", "Hive Labs"], "shares": ["hive-app"]}
HIVE_APP: Row = {"id": "hive-app", "name": "Hive", "type": "Product", "maker": "hive", "shares": ["hive"]}
PINE: Row = {
    "id": "pine",
    "name": "Pine",
    "type": "Product",
    "aliases": ["PINE"],
    "guarded": ["Pine"],
    "shares": ["pine-labs"],
}
PINE_LABS: Row = {
    "id": "pine-labs",
    "name": "Pine Labs",
    "type": "Company",
    "aliases": ["Pine", "Pi-ne"],
    "guarded": ["Pi-ne"],
    "shares": ["pine"],
}
CAM: Row = {"id": "cam", "name": "Cam", "type": "Institution", "shares": ["cam-east", "cam-west"]}
EAST: Row = {"id": "cam-east", "name": "Cam", "type": "Place", "shares": ["cam", "cam-west"]}
WEST: Row = {"id": "cam-west", "name": "Cam", "type": "Place", "shares": ["cam", "cam-east"]}
SHARING: list[Row] = [ACME, HIVE, HIVE_APP, PINE, PINE_LABS, CAM, EAST, WEST, NORTH, SOUTH]


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    write(tmp_path / "some.jsonl", *GOOD)
    return load_registry(tmp_path)


@pytest.fixture
def sharing(tmp_path: Path) -> Registry:
    """A registry most of whose names stand for several things."""
    write(tmp_path / "some.jsonl", *SHARING)
    return load_registry(tmp_path)


def test_a_row_becomes_an_entry(registry: Registry) -> None:
    assert registry.entries["nimbus"] == Entry(
        id="nimbus", name="Nimbus", type="Company", aliases=("Nimbus Cloud",), parent="acme"
    )
    assert list(registry.entries) == sorted(str(row["id"]) for row in GOOD)


def test_entries_are_frozen(registry: Registry) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        registry.entries["acme"].name = "Globex"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Acme", "acme"),
        ("ACME's", "acme"),
        ("Acme, Inc.", "acme"),
        ("The Acme Company", "acme"),
        ("nimbus-cloud", "nimbus"),
        ("Oak", "oak"),
        ("Elm", "oak"),
        ("Zeta 1", "zeta-1"),
        ("Zeta-1 Inc.", None),
        ("Avon", None),
        ("Avon Inc.", None),
        ("North Avon", "avon-north"),
        ("Ruritanian", None),
        ("Globex", None),
        ("Inc.", None),
        ("", None),
    ],
)
def test_find(registry: Registry, name: str, entity: str | None) -> None:
    found = registry.find(name)
    assert (found.id if found else None) == entity


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [
        ("Hive", "Company", "hive"),
        ("Hive", "Product", "hive-app"),
        ("HIVE's", "Product", "hive-app"),
        ("Hive", "Model", None),
        ("Hive", None, None),
        ("Pine", "Company", "pine-labs"),
        ("PINE", "Company", "pine-labs"),
        ("Pine", "Product", "pine"),
        ("Cam", "Institution", "cam"),
        ("Cam", "Place", None),
        ("Avon", "Place", None),
        ("Avon", "Company", None),
    ],
)
def test_of_several_entries_the_only_one_of_the_type_is_found(
    sharing: Registry, name: str, kind: str | None, entity: str | None
) -> None:
    found = sharing.find(name, kind)
    assert (found.id if found else None) == entity


@pytest.mark.parametrize("kind", ["Company", "Product", None])
def test_an_entry_that_shares_its_name_with_no_other_is_found_whatever_the_type(
    sharing: Registry, kind: str | None
) -> None:
    found = [sharing.find(name, kind) for name in ("Acme", "Acme, Inc.", "Hive Labs", "North Avon")]
    assert [entry.id for entry in found if entry] == ["acme", "acme", "hive", "avon-north"]


@pytest.mark.parametrize("kind", ["Company", None])
@pytest.mark.parametrize(
    ("name", "entity"), [("Hive, Inc.", "hive"), ("Pine Corp.", "pine-labs"), ("Cam Ltd", None), ("Avon Inc.", None)]
)
def test_a_legal_suffix_means_the_company_among_several_entries(
    sharing: Registry, name: str, kind: str | None, entity: str | None
) -> None:
    found = sharing.find(name, kind)
    assert (found.id if found else None) == entity


def test_ruler_patterns_leave_out_guarded_and_ambiguous_forms(registry: Registry) -> None:
    patterns = registry.ruler_patterns()
    assert patterns == [
        {"label": "Company", "pattern": "Acme", "id": "acme"},
        {"label": "Company", "pattern": "Elm", "id": "oak"},
        {"label": "Company", "pattern": "Nimbus", "id": "nimbus"},
        {"label": "Company", "pattern": "Nimbus Cloud", "id": "nimbus"},
        {"label": "Place", "pattern": "North Avon", "id": "avon-north"},
        {"label": "Company", "pattern": "Oak Fund", "id": "oak"},
        {"label": "Place", "pattern": "Ruritania", "id": "ruritania"},
        {"label": "Place", "pattern": "South Avon", "id": "avon-south"},
        {"label": "Model", "pattern": "Zeta-1", "id": "zeta-1"},
    ]


def test_guarded_forms_and_demonyms(registry: Registry) -> None:
    assert dict(registry.guarded_forms()) == {"Oak": "oak"}
    assert dict(registry.demonyms()) == {"Ruritanian": "ruritania"}
    assert registry.forms["avon"] == ("avon-north", "avon-south")


def test_shared_forms_are_those_of_several_types_that_no_entry_guards(sharing: Registry) -> None:
    assert list(sharing.shared_forms().items()) == [
        ("Cam", ("Institution", "Place")),
        ("Hive", ("Company", "Product")),
        ("PINE", ("Company", "Product")),
        ("hive", ("Company", "Product")),
    ]


def test_shared_forms_are_neither_patterns_nor_guarded_forms(sharing: Registry) -> None:
    assert [pattern["pattern"] for pattern in sharing.ruler_patterns()] == [
        "Acme", "Hive Labs", "North Avon", "Pine Labs", "South Avon",
    ]  # fmt: skip
    assert dict(sharing.guarded_forms()) == {}


def test_a_registry_without_sharing_has_no_shared_forms(registry: Registry) -> None:
    assert dict(registry.shared_forms()) == {}


def test_extra_files_and_folders_are_added(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "more").mkdir()
    write(tmp_path / "base" / "a.jsonl", ACME)
    write(tmp_path / "more" / "b.jsonl", ZETA)
    single = write(tmp_path / "own.jsonl", OAK)
    loaded = load_registry(tmp_path / "base", tmp_path / "more", single)
    assert list(loaded.entries) == ["acme", "oak", "zeta-1"]


def test_loading_is_cached(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", ACME)
    assert load_registry(tmp_path) is load_registry(tmp_path)


BAD: dict[str, tuple[object, str, str]] = {
    "unknown field": ({**ACME, "alias": ["A"]}, "unknown field 'alias'", "did you mean 'aliases'?"),
    "missing field": ({"id": "acme", "name": "Acme"}, "'type' is missing", "every row needs id, name, type"),
    "unknown type": ({**ACME, "type": "Compny"}, "unknown type 'Compny'", "did you mean 'Company'?"),
    "unknown kind": ({**ACME, "kind": "labb"}, "unknown kind 'labb' of Company", "did you mean 'lab'?"),
    "kind of another type": ({**ACME, "kind": "city"}, "unknown kind 'city' of Company", "known: "),
    "bad id": ({**ACME, "id": "Acme!"}, "not a well-formed id", "lower-case"),
    "number for a text": ({**ACME, "name": 3}, "'name' must be a text", "not 3"),
    "empty text": ({**ACME, "country": ""}, "'country' must be a text", ""),
    "text for a list": ({**ACME, "aliases": "A"}, "'aliases' must be a list of texts", "not 'A'"),
    "number in a list": ({**ACME, "aliases": [1]}, "'aliases' must be a list of texts", ""),
    "alias twice": ({**ACME, "aliases": ["A", "A"]}, "'aliases' names something twice", ""),
    "bad country": ({**ACME, "country": "USA"}, "country 'USA' is not well-formed", "for example FR"),
    "bad wikidata": ({**ACME, "wikidata": "42"}, "wikidata '42' is not well-formed", "for example Q142"),
    "form without a letter": ({**ACME, "aliases": ["--"]}, "'--' has no letter or digit", ""),
    "guarded but no form": ({**ACME, "guarded": ["Acne"]}, "guarded form 'Acne' is no form", "did you mean 'Acme'?"),
    "missing parent": ({**NIMBUS, "parent": "acne"}, "parent 'acne' does not exist", "did you mean 'acme'?"),
    "missing maker": ({**ZETA, "maker": "nobody"}, "maker 'nobody' does not exist", "known: "),
    "maker is a place": ({**ZETA, "maker": "ruritania"}, "maker 'ruritania' is a Place", "company or institution"),
    "own parent": ({**ZETA, "type": "Company", "kind": "lab", "parent": "zeta-1"}, "leads back", "break the ring"),
    "id twice": ({**ACME, "name": "Globex"}, "this id stands twice", "give one of them another id"),
    "form of another": (
        {**ZETA, "aliases": ["nimbus cloud"]},
        "is also one of 'nimbus'",
        "name each other in 'shares'",
    ),
    "shares nothing": ({**ZETA, "shares": ["acme"]}, "shares no form with 'acme'", "take it out"),
    "demonym of another": ({**ZETA, "demonym": ["Ruritanian"]}, "belongs to 'ruritania'", "keep it at one"),
    "not an object": (["acme"], "each line must be a JSON object", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_refused_with_file_line_and_hint(case: str, tmp_path: Path) -> None:
    row, message, hint = BAD[case]
    good = [each for each in GOOD if not isinstance(row, dict) or row.get("id") != each["id"] or case == "id twice"]
    path = write(tmp_path / "some.jsonl", *good, row)
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        load_registry(tmp_path)
    assert hint in str(caught.value)
    assert caught.value.path == str(path)
    assert caught.value.line == len(good) + 1


def test_a_ring_of_parents_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {**ACME, "parent": "nimbus"}, NIMBUS)
    with pytest.raises(DataError, match="leads back to 'acme'"):
        load_registry(tmp_path)


def test_sharing_must_be_named_by_both(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", NORTH, {**SOUTH, "shares": []})
    with pytest.raises(DataError, match="'avon' is also one of 'avon-north'") as caught:
        load_registry(tmp_path)
    assert caught.value.line == 2


def test_a_folder_without_entities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no entities here"):
        load_registry(tmp_path)
    with pytest.raises(DataError, match="no entities here"):
        load_registry(tmp_path / "absent.jsonl")


@pytest.mark.parametrize("case", FINDS, ids=lambda case: case["name"])
def test_the_project_registry_finds(case: dict[str, str | None]) -> None:
    found = load_registry().find(str(case["name"]))
    assert (found.id if found else None) == case["id"]


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [
        ("GitHub", "Company", "github"),
        ("Github", "Product", "github-platform"),
        ("GitHub", None, None),
        ("Cursor", "Company", "anysphere"),
        ("Cursor", "Product", "cursor"),
        ("Meta AI", "Company", "meta-ai-lab"),
        ("Cambridge", "Institution", "cambridge"),
        ("Cambridge", "Place", None),
        ("Georgia", "Place", None),
    ],
)
def test_the_project_registry_finds_by_type(name: str, kind: str | None, entity: str | None) -> None:
    found = load_registry().find(name, kind)
    assert (found.id if found else None) == entity
