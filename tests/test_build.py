"""The whole flow on the sample articles: what an analyst finds in them, byte for byte the same each time."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg import build as build_module
from kg.build import Built, build
from kg.errors import StoreError
from kg.model import Document
from kg.nlp.loading import Pipeline
from kg.nlp.parsed import Annotation
from kg.nlp.pipeline import annotate
from kg.resolve.registry import load_registry
from kg.store.folder import LEDGER, PLACES, open_folder
from kg.store.graph import Graph
from kg.store.index import FILE as INDEX

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "documents"
GOLDEN = ROOT / "tests" / "golden" / "seeds.nq"
UPDATE = "python -m pytest tests/test_build.py --update-golden"


# What a reader of the two articles takes away: subject, relation, object, status.
FACTS = [
    ("amazon", "investsIn", "anthropic", "asserted"),
    ("google", "investsIn", "anthropic", "asserted"),
    ("aws", "primaryCloudFor", "anthropic", "asserted"),
    ("amazon", "competesWith", "microsoft", "asserted"),
    ("amazon", "competesWith", "google", "asserted"),
    ("anthropic", "usesChip", "trainium", "planned"),
    ("anthropic", "usesChip", "inferentia", "planned"),
    ("amazon", "partnersWith", "anthropic", "asserted"),
    ("microsoft", "partnersWith", "openai", "asserted"),
    ("anthropic", "develops", "claude", "asserted"),
    ("dario-amodei", "ceoOf", "anthropic", "asserted"),
    ("adam-selipsky", "ceoOf", "aws", "asserted"),
    ("claude", "availableOn", "vertex-ai", "denied"),
]


@pytest.mark.parametrize(("subject", "relation", "object_", "status"), FACTS)
def test_what_the_articles_say_is_found(
    seed_graph: Graph, subject: str, relation: str, object_: str, status: str
) -> None:
    assert [s for s in seed_graph.statements(relation, subject, object_) if s.status == status]


def test_what_the_articles_do_not_say_is_not_found(seed_graph: Graph) -> None:
    assert seed_graph.statements("acquires") == ()
    assert seed_graph.statements("investsIn", subject="Anthropic") == ()
    for company in ("Amazon", "Google"):
        assert seed_graph.statements("primaryCloudFor", subject=company) == ()


def test_sums_of_different_sort_stay_apart(seed_graph: Graph) -> None:
    amounts = [s.qualifiers.amount for s in seed_graph.statements("investsIn", "Amazon", "Anthropic")]
    told = {(int(a.value), a.bound, a.kind) for a in amounts if a is not None}
    assert {(4_000_000_000, "exact", "increment"), (4_000_000_000, "up_to", "increment")} <= told
    assert (1_500_000_000, "exact", "tranche") in told


def test_what_the_text_misspells_is_the_same_entity(seed_graph: Graph) -> None:
    assert {"Claude", "Cluade"} <= set(seed_graph.entities["claude"].aliases)
    assert not [entity for entity in seed_graph.entities.values() if entity.name == "Cluade"]


def test_every_statement_has_a_verbatim_sentence(seed_built: Built, seed_graph: Graph) -> None:
    assert len(seed_graph.statement_set.statements) >= len(FACTS)
    for statements in (seed_built.statements, seed_graph.statement_set):
        for statement in statements.statements:
            assert statement.evidence
            for evidence in statement.evidence:
                document = statements.documents[evidence.document]
                assert document.text[evidence.start : evidence.end] == evidence.quote
                assert evidence.quote.strip()


def test_memory_and_folder_hold_the_same(seed_built: Built, seed_graph: Graph) -> None:
    assert Graph(seed_built.statements).to_nquads() == seed_graph.to_nquads()


def test_the_graph_is_the_golden_one(seed_folder: Path, pytestconfig: pytest.Config) -> None:
    built = (seed_folder / "graph.nq").read_bytes()
    if pytestconfig.getoption("update_golden"):
        GOLDEN.write_bytes(built)
    golden = GOLDEN.read_bytes()
    if built != golden:
        old, new = (text.decode("utf-8").splitlines() for text in (golden, built))
        diff = [line for line in difflib.unified_diff(old, new, "golden", "built", lineterm="", n=0) if line[0] != "@"]
        shown = "\n".join(diff[:22])
        pytest.fail(f"{len(diff) - 2} lines differ; if they should: {UPDATE}\n{shown}", pytrace=False)


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path: Path, seed_folder: Path) -> None:
    expected = {path.name: path.read_bytes() for path in sorted(seed_folder.rglob("*")) if is_ours(path)}
    assert {"graph.nq", "kg.json"} <= set(expected)
    for seed in ("1", "4242"):
        out = tmp_path / seed
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "kg", "build", str(SEEDS), "--out", str(out)]
        subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True)
        assert {path.name: path.read_bytes() for path in sorted(out.rglob("*")) if is_ours(path)} == expected


def is_ours(path: Path) -> bool:
    """Whether we promise the file's bytes.

    The index of the store is rebuilt from graph.nq and is its own affair, and so are the notes for later builds and
    changes; where the nodes stand depends on where they stood when the graph was seen before.
    """
    return path.is_file() and path.parent.name != "store" and path.name not in (PLACES, LEDGER, INDEX)


def test_order_and_copies_of_documents_do_not_matter(tmp_path: Path, seed_graph: Graph) -> None:
    files = sorted(SEEDS.iterdir())
    copy = Path(shutil.copy(files[0], tmp_path / "zz_copy.txt"))
    built = build([copy, *reversed(files), files[1]])
    assert Graph(built.statements).to_nquads() == seed_graph.to_nquads()


def test_failures_are_named_and_the_rest_is_built(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("Oak Ventures invested $5 million in Acmelo.\n", encoding="utf-8")
    bad.write_bytes(b"\x00\x01\x02")
    seen: list[str] = []
    built = build([bad, good], out=tmp_path / "out", progress=lambda at: seen.append(at.name))
    assert [(failure.path, failure.reason) for failure in built.failures] == [(str(bad), "binary")]
    assert sorted(seen) == ["bad", "good"]
    [statement] = open_folder(tmp_path / "out").statements("investsIn", "Oak Ventures", "Acmelo")
    assert statement.qualifiers.amount is not None
    assert (statement.status, int(statement.qualifiers.amount.value)) == ("asserted", 5_000_000)


def test_a_build_that_reads_nothing_leaves_the_old_graph(tmp_path: Path, seed_folder: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(seed_folder, out)
    assert [failure.reason for failure in build([tmp_path / "nowhere"], out=out).failures] == ["missing"]
    assert open_folder(out).to_nquads() == open_folder(seed_folder).to_nquads()
    assert build([tmp_path / "nowhere"], out=tmp_path / "new").failures
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_graph_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(StoreError, match="is no graph folder, so it is not replaced"):
        build([SEEDS / "001_285611c314171893.txt"], out=tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_document_on_which_extraction_breaks_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"Acme {name} acquired Initech.", encoding="utf-8")

    def broken(document: Document, pipeline: Pipeline) -> Annotation:
        if document.name == "a":
            raise KeyError(20)
        return annotate(document, pipeline)

    monkeypatch.setattr(build_module, "annotate", broken)
    built = build_module.build([tmp_path])
    assert [(failure.path, failure.reason) for failure in built.failures] == [(str(tmp_path / "a.md"), "internal")]
    assert [document.name for document in built.statements.documents.values()] == ["b"]


def test_the_pipeline_is_loaded_once_however_it_is_asked_for() -> None:
    registry = load_registry()
    assert build_module.pipeline_for(registry) is build_module.pipeline_for(registry, quick=False)
