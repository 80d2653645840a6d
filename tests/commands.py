"""Commands run in this process over one graph, for the tests of the command line."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.cli import run


@dataclass(frozen=True, slots=True)
class Kg:
    """Runs commands over one graph and one file of judgements, with answers on standard input."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def judgements(self) -> Path:
        return self.folder / "judgements.jsonl"

    def __call__(self, *arguments: object, answers: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        self.capsys.readouterr()
        try:
            code = run()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def resolve(self, *arguments: object, answers: str = "") -> tuple[int, str, str]:
        given = ("--graph", self.folder / "g", "--judgements", self.judgements, "--by", "tester")
        return self("resolve", *given, *arguments, answers=answers)

    def explain(self, *arguments: object) -> str:
        code, out, err = self("explain", *arguments, "--graph", self.folder / "g")
        assert code == 0, err
        return out

    def rows(self) -> list[dict[str, str]]:
        if not self.judgements.exists():
            return []
        return [json.loads(line) for line in self.judgements.read_text(encoding="utf-8").splitlines()]

    def graph(self) -> bytes:
        return (self.folder / "g" / "graph.nq").read_bytes()
