"""Where the nodes stood last time: `places.json` in the graph folder, so that a picture does not jump when it grows."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kg.store.folder import PLACES
from kg.view.room import Place

FARTHEST = 1e9  # pixels from the origin that a place can be


def read_places(folder: Path) -> dict[str, Place]:
    """The places by node; those that are damaged are left out, for they can be found anew."""
    try:
        found = json.loads((folder / PLACES).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {node: (float(place[0]), float(place[1])) for node, place in found.items() if _is_place(place)}


def _is_place(place: object) -> bool:
    if not isinstance(place, list) or len(place) != 2:
        return False
    return all(type(value) in (int, float) and abs(value) < FARTHEST for value in place)


def write_places(folder: Path, places: Mapping[str, Place]) -> bool:
    """Write the places, sorted, in whole pixels; whether that could be done. The file is complete or as it was."""
    whole = {node: (round(x), round(y)) for node, (x, y) in sorted(places.items())}
    fresh = folder / f".{PLACES}.new-{os.getpid()}"
    try:
        fresh.write_text(json.dumps(whole, separators=(",", ":")) + "\n", encoding="utf-8")
        fresh.replace(folder / PLACES)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        return False
    return True
