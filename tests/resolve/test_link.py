"""The cascade from surface forms to entities, step by step, and what it never does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Mention
from kg.resolve.ids import new_id
from kg.resolve.link import link
from kg.resolve.linking import Link
from kg.resolve.registry import Entry, Registry, fold

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases" / "links.jsonl").read_text(encoding="utf-8").splitlines()
]
ENTRIES = (
    Entry("acmelo", "Acmelo", "Company", aliases=("Acme Labs",)),
    Entry("brown-fox", "Brown Fox Machines", "Company"),
    Entry("ada-quill", "Ada Quill", "Person"),
    Entry("robert-tarn", "Robert Tarn", "Person"),
    Entry("claude", "Claude", "Model"),
    Entry("claudel", "Claudel", "Person"),
    Entry("inflection", "Inflection", "Company"),
    Entry("hive", "Hive", "Company", aliases=("Hive Labs",), shares=("hive-app",)),
    Entry("hive-app", "Hive", "Product", shares=("hive",)),
)
FORMS = {fold(form) for entry in ENTRIES for form in entry.surface_forms}
REGISTRY = Registry(
    {entry.id: entry for entry in ENTRIES},
    {form: tuple(entry.id for entry in ENTRIES if form in map(fold, entry.surface_forms)) for form in FORMS},
)


def mention(surface: str, kind: str, start: int = 0, *, entity: str | None = None, sure: bool = False) -> Mention:
    return Mention(surface, start, start + len(surface), kind, "test", sure, entity)


def read(case: list[str], text: str) -> list[Mention]:
    """`Surface:Type` or `Surface:Type=id`, each where the text has it, else at a place of its own."""
    found = [re.fullmatch(r"(.+):(\w+)(?:=(\S+))?", given) for given in case]
    places = [text.find(f[1]) if f is not None and f[1] in text else 1000 + i for i, f in enumerate(found)]
    return [mention(f[1], f[2], at, entity=f[3]) for at, f in zip(places, found, strict=True) if f is not None]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_cascade(case: dict[str, Any]) -> None:
    mentions = read(case["mentions"], case.get("text", ""))
    assert len(mentions) == len(case["mentions"])
    links = link(mentions, case.get("text", ""), REGISTRY)
    assert set(links) == {m.surface for m in mentions}
    for surface, expected in case["links"].items():
        found = links[surface]
        assert [found.entity, found.name, found.rule][: len(expected)] == list(expected)


def test_types_are_settled_by_registry_then_by_sure_mentions_then_by_vote() -> None:
    unsure = [mention("Zorbu", "Product", 1), mention("Zorbu", "Product", 2), mention("Zorbu", "Company", 3)]
    assert link(unsure, "", REGISTRY)["Zorbu"].type == "Product"
    assert link([*unsure, mention("Zorbu", "Company", 4, sure=True)], "", REGISTRY)["Zorbu"].type == "Company"
    known = [mention("Labs", "Product", 1, sure=True), mention("Labs", "Company", 2, entity="acmelo")]
    assert link(known, "", REGISTRY)["Labs"] == Link(
        "acmelo", "Acmelo", "Company", "registry", registered=True, own="labs-company"
    )


@pytest.mark.parametrize(("kind", "entity"), [("Company", "hive"), ("Product", "hive-app")])
def test_of_several_entries_the_one_of_the_type_of_the_name_is_meant(kind: str, entity: str) -> None:
    links = link([mention("HIVE", kind)], "", REGISTRY)
    assert links == {
        "HIVE": Link(entity, "Hive", kind, "registry, folded", registered=True, own=f"hive-{kind.lower()}")
    }


def test_a_name_of_several_entries_is_one_of_them_throughout_a_document() -> None:
    mentions = [mention("Hive", "Product", 1), mention("Hive", "Company", 9), mention("Hive", "Product", 20)]
    assert link(mentions, "", REGISTRY)["Hive"].entity == "hive-app"
    assert link([*mentions, mention("Hive", "Company", 30, sure=True)], "", REGISTRY)["Hive"].entity == "hive"


def test_a_name_of_several_entries_that_has_the_type_of_none_is_another_thing() -> None:
    found = link([mention("Hive", "Model", 1), mention("Hive Labs", "Company", 9)], "", REGISTRY)
    assert found["Hive"] == Link("hive-model", "Hive", "Model", "new", registered=False, own="hive-model")
    assert found["Hive Labs"].entity == "hive"


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Zorbu Dyne", "Company", "zorbudyne-company"),
        ("Zorbu Dyne, Inc.", "Company", "zorbudyne-company"),
        ("the Zorbu", "Company", "zorbu-company"),
        ("Zorbu", "Product", "zorbu-product"),
        ("Zörbü", "Company", "zorbu-company"),
        ("Zorbu 3.1", "Model", "zorbu3-1-model"),
    ],
)
def test_new_ids(name: str, kind: str, expected: str) -> None:
    assert new_id(name, kind) == expected


def test_names_that_make_no_slug_get_a_hash() -> None:
    ids = {new_id(name, "Company") for name in ("百川", "智谱", "X", "Z" * 200, "Z" * 201)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[a-z0-9-]{0,42}[0-9a-f]{16}-company", found) for found in ids)


NAMES = st.sampled_from([
    *(form for entry in ENTRIES for form in entry.surface_forms), "Acmelo Inc", "Acmello", "Cluade", "Claudela", "Ada",
    "Quill", "Brown", "Brown Fox", "Zorbu", "Zorbu Dyne", "Zorbu Dyne Systems", "Zorbu Dine", "Mira Quill", "ZDS",
    "Inflecton", "Reflection", "GPT-4", "GPT-4o", "GPT 4", "HIVE", "Hives",
])  # fmt: skip
MENTIONS = st.lists(
    st.builds(mention, NAMES, st.sampled_from(["Company", "Model", "Person", "Product"]), st.integers(0, 99)),
    max_size=12,
)
TEXTS = st.sampled_from(["", "Zorbu Dyne Systems (ZDS)", "Brown Fox (ZDS)", "Ada Quill (AQ)"])


@given(mentions=MENTIONS, text=TEXTS)
def test_known_names_are_never_merged(mentions: list[Mention], text: str) -> None:
    for surface, found in link(mentions, text, REGISTRY).items():
        known = REGISTRY.find(surface, found.type)
        if known is not None:
            assert found.entity in (known.id, new_id(surface, found.type))


@given(mentions=MENTIONS, text=TEXTS)
def test_every_name_is_linked_whatever_the_order(mentions: list[Mention], text: str) -> None:
    links = link(mentions, text, REGISTRY)
    assert set(links) == {m.surface for m in mentions}
    assert link(mentions[::-1], text, REGISTRY) == links
    for found in links.values():
        assert found.registered == (found.entity in REGISTRY.entries)
        assert found.registered or found.entity.endswith(f"-{found.type.lower()}")
        # What a name is joined to is known, or an entity of the document that stands for itself.
        assert found.registered or any(other.entity == found.entity and other.rule == "new" for other in links.values())
