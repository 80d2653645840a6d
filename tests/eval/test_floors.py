"""Extraction may not get worse unseen: its figures on the gold facts stay at or above `floors.json`."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from kg.build import extract, pipeline_for
from kg.errors import ReadError
from kg.evaluate import Record, evaluate, read_records
from kg.export.facts import export
from kg.read.readers import read
from kg.resolve.registry import load_registry
from kg.resolve.statements import resolve
from kg.schema import load_schema

ROOT = Path(__file__).parent.parent.parent
FLOORS = Path(__file__).parent / "floors.json"
CORE_AT_LEAST = 0.8
"""Below this F1 on the core relations of the sample articles, the demonstration is not worth showing."""


def figures(gold: Path, documents: Path, out: Path) -> dict[str, float]:
    """F1 over all and over the core relations, rounded down to three decimals."""
    failures: list[ReadError] = []
    registry, schema = load_registry(), load_schema()
    predicted: dict[str, Record] = {}
    for extracted in extract(read([documents], on_error=failures.append), pipeline_for(registry)):
        export(resolve([extracted], registry, schema), out)
        predicted |= read_records(out)
    assert failures == []
    scores = evaluate(read_records(gold), predicted, schema).scores
    return {f"{name}_f1": math.floor(scores[name].f1 * 1000) / 1000 for name in ("all", "core")}


def hold(name: str, found: dict[str, float], *, raise_floors: bool) -> None:
    """Compare figures with their floors; with `raise_floors`, move up the floors that are below them."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    print(f"{name}: " + ", ".join(f"{key} {value} (floor {floors[name].get(key)})" for key, value in found.items()))
    low = {key: (found[key], floor) for key, floor in floors[name].items() if found[key] < floor}
    assert low == {}, f"{name}: below the floor, as (figure, floor); see tests/eval/README.md"
    if raise_floors:
        floors[name] = {key: max(value, floors[name].get(key, 0)) for key, value in sorted(found.items())}
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def test_seeds(shared: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    found = figures(shared / "gold" / "seeds.jsonl", ROOT / "seeds" / "documents", tmp_path / "facts.jsonl")
    hold("seeds", found, raise_floors=pytestconfig.getoption("raise_floors"))
    assert found["core_f1"] >= CORE_AT_LEAST


@pytest.mark.slow
def test_dev(shared: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    raise_floors = pytestconfig.getoption("raise_floors")
    if not json.loads(FLOORS.read_text(encoding="utf-8"))["dev"] and not raise_floors:
        pytest.skip("no floor is set for dev yet; --raise-floors sets it")
    found = figures(shared / "gold" / "dev.jsonl", shared / "gold" / "dev", tmp_path / "facts.jsonl")
    hold("dev", found, raise_floors=raise_floors)


def test_the_floors_are_well_formed() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert set(floors) == {"seeds", "dev"}
    assert floors["seeds"]["core_f1"] >= CORE_AT_LEAST
    for values in floors.values():
        assert set(values) <= {"all_f1", "core_f1"}
        assert all(0 < value <= 1 for value in values.values())
