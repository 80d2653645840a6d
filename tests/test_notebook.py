"""The notebook runs from top to bottom, shows what it promises, and is kept without its outputs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call, no-any-return]


def test_there_is_a_tour() -> None:
    assert [path.name for path in NOTEBOOKS] == ["tour.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_valid_and_kept_without_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 8
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NotebookNode]:
    """A copy of the checkout's part that the tour needs, and the tour after its run there."""
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "seeds" / "documents", folder / "seeds" / "documents")
    (folder / "notebooks").mkdir()
    notebook = read(ROOT / "notebooks" / "tour.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
        resources = {"metadata": {"path": str(folder / "notebooks")}}
        NotebookClient(notebook, timeout=180, kernel_name="python3", resources=resources).execute()
    return folder, notebook


def printed(notebook: NotebookNode) -> list[str]:
    """What each code cell shows, as text."""
    shown = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts = [out.get("text") or out.get("data", {}).get("text/html", "") for out in cell.outputs]
            shown.append("".join(texts))
    return shown


@pytest.mark.slow
def test_it_runs_and_shows_what_it_promises(executed: tuple[Path, NotebookNode]) -> None:
    folder, notebook = executed
    shown = printed(notebook)
    assert [number for number, text in enumerate(shown) if not text.strip()] == []
    assert shown[0].startswith("2 documents, ")
    whole = "\n".join(shown)
    for promised in (
        "Amazon investsIn Anthropic: asserted",
        "planned | Anthropic usesChip Inferentia",
        "<td>id:amazon</td><td>Amazon</td>",
        "<td>300000000</td><td>exact</td><td>increment</td><td>2023-05</td>",
        "AWS the primary cloud partner for Anthropic",
        "investsIn rumoured",
    ):
        assert promised in whole, promised
    assert 'src="out/tour.html"' in whole
    assert (folder / "notebooks" / "out" / "tour.html").stat().st_size > 10_000
