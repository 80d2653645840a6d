"""The graph of the sample articles, built once for all tests, and the shared folder with the gold facts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg.build import Built
    from kg.nlp.component import Component, Heard
    from kg.nlp.marked import Marked, Slot
    from kg.store.graph import Graph

    Judge = Callable[[Sequence[Marked], Component], list[Heard]]

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "documents"


os.environ.setdefault("KG_JOBS", "0")
"""`kg build` in the tests' own process, where the models are loaded; tests of other processes say so."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew from what is built now")
    parser.addoption("--raise-floors", action="store_true", help="raise tests/eval/floors.json to the figures of now")


@pytest.fixture(scope="session")
def saying() -> Callable[..., Judge]:
    """A maker of stand-ins for the learned component that say so of marks, by surface form (`money` for a sum).

    They say nothing of the types of names.
    """
    from kg.nlp.component import Heard, Judged
    from kg.nlp.marked import MONEY

    def shown(slot: Slot) -> str:
        return slot.name.surface if slot.name else MONEY

    def made(said: Mapping[tuple[str, str], Mapping[str, float]], status: str) -> Judge:
        def judge(passages: Sequence[Marked], component: Component, store: object = None) -> list[Heard]:
            return [
                Heard(
                    tuple(
                        Judged(i, j, said[shown(one), shown(other)], status)
                        for i, one in enumerate(passage.slots)
                        for j, other in enumerate(passage.slots)
                        if (shown(one), shown(other)) in said
                    )
                )
                for passage in passages
            ]

        return judge

    return made


@pytest.fixture(scope="session")
def seed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph folder of the sample articles. Read it only: all tests share it."""
    from kg.build import build

    folder = tmp_path_factory.mktemp("seeds") / "graph"
    assert build([SEEDS], out=folder).failures == ()
    return folder


@pytest.fixture(scope="session")
def seed_built(seed_folder: Path) -> Built:
    """The same as the build returns it: with the documents' texts and blocks."""
    from kg.build import build

    return build([SEEDS])


@pytest.fixture(scope="session")
def seed_graph(seed_folder: Path) -> Graph:
    """The graph in `seed_folder`, open for reading."""
    from kg.store.folder import open_folder

    return open_folder(seed_folder)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds the gold facts and their scorer; KG_SHARED names another place."""
    folder = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
    if not (folder / "gold").is_dir():
        pytest.skip("the gold facts are not here: no ../shared/gold, and KG_SHARED names no folder that has it")
    return folder
