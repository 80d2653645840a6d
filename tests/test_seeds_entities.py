"""The registry's data hold together: ids, order, references, sharing, guarding."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from kg.data import data_path
from kg.resolve.registry import Entry, fold, load_kinds, load_registry
from kg.schema import load_schema

FOLDER = data_path("seeds/entities")
FILES = {
    "chips": "Chip",
    "clouds": "Company",
    "companies": "Company",
    "governments": "Government",
    "institutions": "Institution",
    "investors": "Company",
    "models": "Model",
    "people": "Person",
    "places": "Place",
    "products": "Product",
}

# Ordinary words and first names: as a form of an entry, each must be guarded.
COMMON_WORDS = frozenset((Path(__file__).parent / "cases" / "common_words.txt").read_text(encoding="utf-8").split())

# Forms that several entries of one type share: by its type alone, such a name stands for none of them.
AMBIGUOUS = {"cambridge": "Place", "georgia": "Place", "washington": "Place"}

# What has a name in common with a company and is made by another one.
MADE_BY_OTHERS = {"ampere-architecture": "nvidia", "instagram": "meta", "meta-ai": "meta"}

SHAPE_SUFFIX = re.compile(r"-(company|person|model|chip|product|place|government|institution)$")


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(load_registry().entries.values())


@pytest.fixture(scope="module")
def shared() -> dict[str, list[Entry]]:
    """The entries of each folded form that several have."""
    registry = load_registry()
    return {form: [registry.entries[id_] for id_ in ids] for form, ids in registry.forms.items() if len(ids) > 1}


def test_the_files_are_the_expected_ones() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.jsonl")) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_holds_rows_of_its_type_sorted_by_id(name: str) -> None:
    found = rows(FOLDER / f"{name}.jsonl")
    ids = [str(row["id"]) for row in found]
    assert found
    assert ids == sorted(ids)
    assert {row["type"] for row in found} == {FILES[name]}


def test_the_registry_is_large_and_every_id_is_unique(entries: list[Entry]) -> None:
    ids = [row["id"] for path in FOLDER.glob("*.jsonl") for row in rows(path)]
    assert [count for count in Counter(ids).most_common(1) if count[1] > 1] == []
    assert len(ids) == len(entries) >= 700


def test_ids_are_well_formed_and_do_not_end_in_a_type(entries: list[Entry]) -> None:
    assert [e.id for e in entries if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", e.id)] == []
    assert [e.id for e in entries if SHAPE_SUFFIX.search(e.id)] == []


def test_every_entry_has_a_kind_of_its_type_and_every_kind_is_used(entries: list[Entry]) -> None:
    used = {(entry.type, entry.kind) for entry in entries}
    assert used == {(type_, kind) for type_, kinds in load_kinds().items() for kind in kinds}


def test_kinds_cover_the_types_of_the_schema_and_stand_in_the_readme() -> None:
    assert sorted(load_kinds()) == list(load_schema().types)
    table = re.findall(r"^\| (\w+) \| (`.*`) \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {type_: frozenset(re.findall(r"`([a-z-]+)`", kinds)) for type_, kinds in table if type_ in load_kinds()}
    assert listed == dict(load_kinds())


def test_parents_and_makers_are_organisations_and_stand_where_they_belong(entries: list[Entry]) -> None:
    by_id = {entry.id: entry for entry in entries}
    owners = {owner for entry in entries for owner in (entry.parent, entry.maker) if owner}
    assert {by_id[owner].type for owner in owners} == {"Company", "Institution"}
    assert {entry.type for entry in entries if entry.maker} <= {"Model", "Chip", "Product"}
    assert {entry.type for entry in entries if entry.parent} <= {"Company", "Institution"}


def test_forms_are_shared_only_where_recorded(entries: list[Entry]) -> None:
    owners: dict[str, set[str]] = {}
    for entry in entries:
        for form in entry.surface_forms:
            owners.setdefault(fold(form), set()).add(entry.id)
    shared = {frozenset(ids) for ids in owners.values() if len(ids) > 1}
    recorded = {entry.id: {*entry.shares, entry.id} for entry in entries}
    assert [sorted(ids) for ids in shared for id_ in ids if not ids <= recorded[id_]] == []


def test_a_shared_form_has_one_entry_of_each_type_but_for_a_few_places(shared: dict[str, list[Entry]]) -> None:
    counts = Counter((form, entry.type) for form, owners in shared.items() for entry in owners)
    assert {form: type_ for (form, type_), count in counts.items() if count > 1} == AMBIGUOUS
    assert len(shared) > 30


def test_a_shared_form_is_guarded_by_all_its_entries_or_by_none(shared: dict[str, list[Entry]]) -> None:
    guards = {form: {form in map(fold, entry.guarded) for entry in owners} for form, owners in shared.items()}
    assert [form for form, guarded in guards.items() if len(guarded) > 1] == []


def test_what_has_the_name_of_a_company_is_made_by_that_company(shared: dict[str, list[Entry]]) -> None:
    made_by_others: dict[str, str | None] = {}
    for owners in shared.values():
        companies = {entry.id for entry in owners if entry.type == "Company"}
        things = [entry for entry in owners if entry.type in {"Model", "Chip", "Product"} and companies]
        made_by_others |= {entry.id: entry.maker for entry in things if entry.maker not in companies}
    assert made_by_others == MADE_BY_OTHERS


def test_every_country_code_has_a_place(entries: list[Entry]) -> None:
    countries = Counter(entry.country for entry in entries if entry.kind == "country")
    assert {entry.country for entry in entries if entry.country} <= set(countries)
    assert countries.most_common(1)[0][1] == 1


def test_countries_have_demonyms_and_there_are_enough_places(entries: list[Entry]) -> None:
    kinds = Counter(entry.kind for entry in entries if entry.type == "Place")
    demonyms = [entry for entry in entries if entry.kind == "country" and entry.demonym]
    assert len(demonyms) >= 60
    assert kinds["us-state"] == 50
    assert kinds["city"] + kinds["us-state"] >= 150


def test_wikidata_and_tickers_name_one_entry_each(entries: list[Entry]) -> None:
    for key in ("wikidata", "ticker"):
        values = Counter(getattr(entry, key) for entry in entries if getattr(entry, key))
        assert [value for value, count in values.items() if count > 1] == []


def test_common_words_are_guarded(entries: list[Entry]) -> None:
    forms = {(form, entry) for entry in entries for form in entry.surface_forms if form.casefold() in COMMON_WORDS}
    bare = sorted((form, entry.id) for form, entry in forms if form not in entry.guarded and not form.isupper())
    assert bare == []
    assert len(forms) > 100


def test_no_alias_repeats_the_name_and_no_form_has_odd_spaces(entries: list[Entry]) -> None:
    assert [entry.id for entry in entries if entry.name in (*entry.aliases, *entry.former)] == []
    assert [form for entry in entries for form in entry.surface_forms if form != " ".join(form.split())] == []
