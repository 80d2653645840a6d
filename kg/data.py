"""Finding and reading the project's data files (`ontology/`, `seeds/`), with errors that name file and line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from kg.errors import DataError, KgError

ROOTS = (Path(__file__).parent / "_data", Path(__file__).parent.parent)


def extra(module: str, name: str) -> ModuleType:
    """The module of a package that only an extra of ours installs. Raises `KgError` that names the extra."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise KgError(f"{package} is not installed: install aiindkg[{name}], or {package} itself") from error


def data_path(name: str) -> Path:
    """The folder or file `name` (such as `ontology/patterns`), from the installed package or from the checkout."""
    for root in ROOTS:
        if (root / name).exists():
            return root / name
    raise DataError(name, None, "not found", hint="reinstall the package or run from a checkout")


def check_keys(path: Path, line: int | None, given: Collection[str], known: Collection[str], *, what: str) -> None:
    """Raise `DataError` for the first key in `given` that is not in `known`, with the nearest known key as a hint."""
    for key in sorted(given):
        if key not in known:
            raise DataError(path, line, f"unknown {what} {key!r}", hint=did_you_mean(key, known))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A hint for a word that is not known: the nearest known one, or the list of all."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(sorted(known))


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Line number (from 1) and object of each line that is not blank."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(path, number, f"not JSON: {error.msg} at column {error.colno}") from error
        if not isinstance(row, dict):
            raise DataError(path, number, "each line must be a JSON object")
        yield number, row


class Lines(dict[str, "Yaml"]):
    """A YAML mapping that remembers the line (from 1) of itself and of each key."""

    line: int = 1
    lines: Mapping[str, int] = {}


Yaml = Lines | list["Yaml"] | str | int | float | bool | None


def read_yaml(path: Path) -> Yaml:
    """The content of a YAML file; every mapping is a `Lines`. A key given twice is an error."""
    import yaml

    def convert(node: yaml.Node) -> Yaml:
        if isinstance(node, yaml.MappingNode):
            out, lines = Lines(), {}
            for key_node, value_node in node.value:
                key, line = str(key_node.value), key_node.start_mark.line + 1
                if key in out:
                    raise DataError(path, line, f"{key!r} stands twice in one mapping")
                out[key], lines[key] = convert(value_node), line
            out.line, out.lines = node.start_mark.line + 1, lines
            return out
        if isinstance(node, yaml.SequenceNode):
            return [convert(child) for child in node.value]
        value: Yaml = loader.construct_object(node, deep=True)
        return value

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DataError(path, mark.line + 1 if mark else None, f"not YAML: {error.problem}") from error
    return convert(node) if node is not None else None
