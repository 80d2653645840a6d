"""The stages import one way, only the command line prints, modules stay small, and starting up stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ("errors", "model", "data", "schema")
STAGES = ("read", "nlp", "resolve", "store", "query", "view", "export", "serve", "scale")
"""In the order of the flow: a stage imports the shared modules and the stages before it."""

TOPS = {
    "batch": {*SHARED, "read", "resolve", "store", "batch"},
    "build": {*SHARED, *STAGES, "batch"},
    "evaluate": {*SHARED},
    "training": {*SHARED, *STAGES, "batch", "build", "evaluate", "training"},
    "api": {*SHARED, *STAGES, "batch", "build"},
    "cli": {*SHARED, *STAGES, "batch", "build", "evaluate", "cli"},
    "__main__": {"cli"},
}
"""What stands above the stages, and what each may import."""

# Against the order, but inside functions or under TYPE_CHECKING only.
LAZY_EXCEPTIONS = {
    # The public names, handed out on first use.
    "kg": {*STAGES, "build", "api"},
    # The methods that users call on a graph.
    "kg.store.graph": {"query", "view", "export"},
    # The distributed run wraps the flow.
    "kg.scale": {"batch", "build"},
}
HEAVY = ("spacy", "thinc", "rdflib", "pyoxigraph", "oxrdflib", "networkx", "pyvis", "IPython", "numpy", "onnxruntime")
HEAVY += ("torch", "pandas", "polars", "pyarrow", "pyshacl", "lxml", "trafilatura", "feedparser", "pypdf", "fastwarc")
HEAVY += ("httpx", "zstandard", "py3langid", "ftfy")
MAY_PRINT = (
    "kg.training.__main__",  # a command of its own, which says how far it is
    "kg.cli",
    "kg.cli.building",
    "kg.cli.changing",
    "kg.cli.commands",
    "kg.cli.querying",
    "kg.cli.resolving",
    "kg.cli.terminal",
    "kg.query.child",  # runs as a process of its own and answers through the pipe that is its stdout
)
LONGEST = 320


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted((ROOT / "kg").rglob("*.py"))}


def part_of(module: str) -> str:
    """The part of the package that a dotted name belongs to: `kg.nlp.names` is of `nlp`, `kg` itself is ``."""
    return module.partition(".")[2].partition(".")[0]


def is_lazy(node: ast.AST) -> bool:
    """Whether what stands in this node does not run when the module is imported."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def imports(module: str, tree: ast.Module, *, is_package: bool) -> Iterator[tuple[int, str, bool]]:
    """Line, dotted name and whether it is lazy, of each import from `kg`.

    A module named in a string counts as a lazy import: it is loaded when the string is used.
    """
    lazy = {id(inner) for outer in ast.walk(tree) if is_lazy(outer) for inner in ast.walk(outer)}
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        names: list[str] = []
        if not isinstance(node, ast.stmt | ast.expr):
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{source}.{alias.name}" if source == "kg" else source for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            dotted = re.fullmatch(r"(kg(?:\.\w+)+)(:\w+)?", node.value)
            names = [dotted[1]] if dotted and (dotted[2] or dotted[1] in SOURCES) else []
        for name in names:
            if name == "kg" or name.startswith("kg."):
                yield node.lineno, name, id(node) in lazy or isinstance(node, ast.Constant)


def misdirected(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """What is wrong with the imports of one module, a line each."""
    part = part_of(module)
    exceptions: set[str] = set()
    for name, parts in LAZY_EXCEPTIONS.items():
        if module == name or (name != "kg" and module.startswith(f"{name}.")):
            exceptions |= parts
    if part in SHARED:
        allowed = set(SHARED)
    elif part in STAGES:
        allowed = {*SHARED, *STAGES[: STAGES.index(part) + 1]}
    elif part in TOPS:
        allowed = TOPS[part]
    elif part == "":
        allowed = set(SHARED)
    else:
        return [f"{module}: neither shared nor a stage; say in tests/test_imports.py what it is"]
    wrong = []
    for line, name, lazy in sorted(imports(module, ast.parse(source), is_package=is_package)):
        target = part_of(name)
        if target in allowed or (lazy and target in exceptions):
            continue
        how = "lazily only" if target in exceptions else "not"
        wrong.append(f"{module}:{line} imports {name}, which it may {how}")
    return wrong


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kg.model", "from kg.read.text import read"),
        ("kg.schema", "import kg.store"),
        ("kg.read.text", "from kg.nlp.names import names"),
        ("kg.read.text", "def f():\n    from kg.nlp import names"),
        ("kg.read.text", "if TYPE_CHECKING:\n    from kg.nlp import names"),
        ("kg.nlp.names", "from ..store import graph"),
        ("kg.nlp.names", "from kg import resolve"),
        ("kg.nlp.names", "from kg import build_graph"),
        ("kg.query.named", "import kg.view.page"),
        ("kg.query.named", "LATER = 'kg.cli:app'"),
        ("kg.view.page", "from kg.build import build"),
        ("kg.store.graph", "from kg.query import named"),
        ("kg.store.graph", "def f():\n    from kg.serve import http"),
        ("kg.store.files", "def f():\n    from kg.query import named"),
        ("kg.build", "from kg.cli import app"),
        ("kg.cli", "from kg.__main__ import main"),
        ("kg.cli", "def f():\n    from kg.training import names"),
        ("kg.build", "from kg.training.gold import gold_documents"),
        ("kg.nlp.names", "import kg.training"),
        ("kg.training.gold", "from kg.cli import app"),
        ("kg.training.gold", "def f():\n    from kg.api import build_graph"),
        ("kg", "from kg.build import build"),
        ("kg.helpers", ""),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str) -> None:
    assert len(misdirected(module, source, is_package=module == "kg")) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kg.schema", "from kg.data import data_path"),
        ("kg.read.text", "import re\nfrom kg.read import blocks\nfrom kg import model"),
        ("kg.resolve.linker", "from kg.nlp.names import names\nfrom .registry import Registry"),
        ("kg.view.page", "from kg.query.reports import sums\nTEXT = 'kg.example'"),
        ("kg.store.graph", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kg.query import Table"),
        ("kg.store.graph", "class G:\n    def query(self):\n        from kg.query import run\n        return run"),
        ("kg.build", "from kg.read import read\nfrom kg.scale import run"),
        ("kg.training.gold", "import torch\nfrom kg.training.names import Named\nfrom kg.build import pipeline_for"),
        ("kg.training.__main__", "from .gold import gold_documents\nfrom kg import evaluate, schema"),
        ("kg", "def __getattr__(name):\n    from kg.build import build\n    return build"),
    ],
)
def test_a_right_import_is_let_through(module: str, source: str) -> None:
    assert misdirected(module, source, is_package=module == "kg") == []


@pytest.mark.parametrize("module", SOURCES)
def test_imports_go_one_way(module: str) -> None:
    path = SOURCES[module]
    assert misdirected(module, path.read_text(encoding="utf-8"), is_package=path.name == "__init__.py") == []


def prints(source: str) -> list[int]:
    """The lines that write to the terminal: `print`, `typer.echo`, `sys.stdout.write` and their like."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            text = ast.unparse(node.func)
            if re.search(r"(^|\.)(print|pprint|echo|secho|print_json)$|\bstd(out|err)\.(buffer\.)?write$", text):
                found.append(node.lineno)
    return found


def test_writing_to_the_terminal_is_seen() -> None:
    source = "print(1)\nrich.print(2)\ntyper.echo(3)\nsys.stderr.write('')\nout.write('')\nblueprint(1)"
    assert prints(source) == [1, 2, 3, 4]


@pytest.mark.parametrize("module", [name for name in SOURCES if name not in MAY_PRINT])
def test_only_the_command_line_prints(module: str) -> None:
    assert prints(SOURCES[module].read_text(encoding="utf-8")) == []


def test_modules_stay_small() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in SOURCES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def eager(source: str) -> set[str]:
    """The heavy packages that importing this source loads: those imported outside functions and TYPE_CHECKING."""
    found: set[str] = set()
    todo: list[ast.AST] = [ast.parse(source)]
    while todo:
        node = todo.pop()
        if is_lazy(node):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        todo += ast.iter_child_nodes(node)
    return found & set(HEAVY)


@pytest.mark.parametrize("module", ["kg", "kg.cli"])
def test_starting_up_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    suspects = {name: found for name, path in SOURCES.items() if (found := eager(path.read_text(encoding="utf-8")))}
    assert done.stdout.split() == [], f"imported at the top of {suspects}"
