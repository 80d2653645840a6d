"""A folder of bad input through the command: each thing is named with its reason, the limits hold, nothing else is
lost, and a second run says the same."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GOOD = "Oak Ventures invested $5 million in Acmelo.\n"
REASONS = {
    "empty.txt": "empty",
    "nul.txt": "binary",
    "exe.md": "binary",
    "long.jsonl#2": "too-long",
    "cut.jsonl.gz": "truncated",
    "slow.txt": "time",
    "deep.html": "nesting",
    "bomb.docx": "bomb",
}


def bad_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "nul.txt").write_bytes(b"words\x00words")
    (folder / "exe.md").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40)
    rows = [json.dumps({"id": f"r{n}", "text": f"Zorbu acquired Quillon for ${n} million."}) for n in (2, 3)]
    with (folder / "long.jsonl").open("w", encoding="utf-8") as file:
        file.write(rows[0] + '\n{"text": "' + "x" * 50_000_000 + '"}\n' + rows[1] + "\n")
    packed = gzip.compress("\n".join(json.dumps({"text": GOOD + f"No. {n}"}) for n in range(60)).encode())
    (folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (folder / "slow.txt").write_text("Acmelo " + "_ " * 499_000, encoding="utf-8")
    (folder / "deep.html").write_text("<html><body>" + "<div>" * 200_000 + GOOD, encoding="utf-8")
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 300_000_000)
    return folder


@pytest.mark.slow
def test_each_is_named_and_nothing_else_is_lost(tmp_path: Path) -> None:
    folder = bad_folder(tmp_path / "in")
    command = [sys.executable, "-m", "kg", "build", str(folder), "--out", "out", "--jobs", "2", "--time-limit", "8"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    named = [line for line in done.stderr.splitlines() if line.startswith("not read: ")]
    for name, reason in REASONS.items():
        assert [line for line in named if f"/{name}: " in line and line.endswith(f"[{reason}]")], (name, named)
    assert len(named) == len(REASONS)
    query = [sys.executable, "-m", "kg", "query", "SELECT ?a ?b WHERE { ?a kg:acquires|kg:investsIn ?b }", "-g", "out"]
    found = subprocess.run(query, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout
    assert "id:zorbu" in found
    assert "id:oakventures" in found
