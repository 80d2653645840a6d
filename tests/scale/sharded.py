"""Invented documents for runs in shards, and what a graph folder promises byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

from kg.store.folder import open_folder

COMPANIES = ("Acmelo", "Quillstone", "Zorbu", "Blue Kiln Works", "Tarn Foundry", "OpenAI", "Nvidia", "Anthropic")
FRAMES = (
    "{a} invested ${n} million in {b}.",
    "{a} acquired {b} for ${n} million on 5 March 2024.",
    "{a} and {b} announced a partnership.",
    "{a} said it will use chips from {b}.",
    "{a} was founded by Priya Venkat, who joined from {b}.",
)


def text_of(number: int) -> str:
    """A short text about a few companies; texts of different numbers differ."""
    a, b = COMPANIES[number % len(COMPANIES)], COMPANIES[(3 * number + 1) % len(COMPANIES)]
    lines = [frame.format(a=a, b=b, n=number + place) for place, frame in enumerate(FRAMES) if (number + place) % 3]
    return f"# News {number}\n\n" + "\n\n".join(line for line in lines if a != b) + f"\n\nThis was report {number}.\n"


def files(folder: Path, count: int) -> Path:
    """A folder of texts, with one of them twice and one that cannot be read."""
    folder.mkdir()
    for number in range(count):
        (folder / f"news-{number:02}.md").write_text(text_of(number), encoding="utf-8")
    (folder / "a-copy.md").write_text(text_of(count - 1), encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02")
    return folder


def table(path: Path, count: int) -> Path:
    """A table of texts, with a line that is no object."""
    rows = [json.dumps({"id": f"row-{number}", "text": text_of(100 + number)}) for number in range(count)]
    path.write_text("\n".join([*rows[:3], "", "no JSON", *rows[3:]]) + "\n", encoding="utf-8")
    return path


def content(folder: Path) -> dict[str, bytes]:
    """What is promised byte for byte, and what the store holds."""
    kept = [folder / "graph.nq", folder / "kg.json", *(folder / "documents").iterdir()]
    held = "".join(sorted(f"{quad} .\n" for quad in open_folder(folder)._oxigraph()))
    return {"": held.encode(), **{file.name: file.read_bytes() for file in kept}}
