"""The command line, as a user meets it: data on stdout, messages on stderr, exit codes, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.cli import run
from kg.export import EXPORTERS
from kg.read.text import MAX_CHARS

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "documents"
HEAVY = ("spacy", "rdflib", "pyoxigraph", "networkx", "pyvis", "numpy", "jinja2", "yaml")
NEWS = "Oak Ventures invested $5 million in Acmelo. Acmelo competes with Globexa.\n"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Kg = Callable[..., Done]


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    """Runs the command in this process; an exception that would be a traceback fails the test."""

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capsys.readouterr()
        try:
            code = run()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


def in_a_process(*arguments: object, code: str = "from kg.__main__ import main; main()", **env: str) -> Done:
    """Runs the command in a process of its own, as installed."""
    command = [sys.executable, "-c", f"import sys; sys.argv[0] = 'kg'; {code}", *map(str, arguments)]
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=whole, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def test_help_is_quick() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    names = ", ".join(repr(name) for name in HEAVY)
    report = f"import atexit; atexit.register(lambda: print([n for n in ({names}) if n in sys.modules])); "
    done = in_a_process("--help", code=report + "from kg.__main__ import main; main()")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"kg --help: {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.2f} s of processor time")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "[]"
    for command in ("build", "extract", "query", "view", "export", "explain", "eval"):
        assert f"\n  {command} " in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "No such command 'bild'"),
        (["build"], "Missing argument 'PATH...'"),
        (["build", SEEDS, "--nope"], "No such option: --nope"),
        (["build", SEEDS, "--show", "-1"], "'--show'"),
        (["query", "ASK {}", "--format", "xml"], "'--format'"),
        (["export", "--out", "x"], "Missing option '--format'"),
        (["explain"], "Missing argument"),
        (["eval", "nowhere.jsonl"], "does not exist"),
    ],
)
def test_wrong_usage(kg: Kg, arguments: list[object], message: str) -> None:
    done = kg(*arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


def test_build_and_show(kg: Kg, tmp_path: Path) -> None:
    done = kg("build", SEEDS, "--out", tmp_path / "g", "--show", 5)
    assert done.code == 0
    assert done.err.startswith("2 documents, ")
    assert done.err.endswith(f" statements; graph: {tmp_path / 'g'}\n")
    lines = done.out.splitlines()
    assert len(lines) == 10
    assert all(line.startswith("    “") for line in lines[1::2])
    assert len({line.partition(" [")[0] for line in lines[::2]}) == 5


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with one good document and four that cannot be read."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(NEWS, encoding="utf-8")
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"\x89PNG\x00\x00")
    (folder / "long.txt").write_text("word " * (MAX_CHARS // 5 + 1), encoding="utf-8")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    return folder


REASONS = {"empty.txt": "empty", "binary.txt": "binary", "long.txt": "too-long", "gone.txt": "missing"}


@pytest.mark.parametrize("command", ["build", "extract", "trace", "eval"])
def test_bad_documents_are_named_and_the_rest_is_done(kg: Kg, mixed: Path, tmp_path: Path, command: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"doc": "good", "entities": [], "facts": []}\n', encoding="utf-8")
    done = {
        "build": lambda: kg("build", mixed, "-o", tmp_path / "g"),
        "extract": lambda: kg("extract", mixed),
        "trace": lambda: kg("extract", mixed, "--explain"),
        "eval": lambda: kg("eval", gold, "--documents", mixed),
    }[command]()
    assert done.code == 3
    named = [line for line in done.err.splitlines() if line.startswith("not read: ")]
    assert len(named) == len(REASONS)
    for name, reason in REASONS.items():
        assert [line for line in named if f"{mixed / name}: " in line and line.endswith(f"[{reason}]")], name
    if command == "build":
        found = kg("query", "SELECT ?b WHERE { ?a kg:investsIn ?b }", "-g", tmp_path / "g", "--format", "csv")
        assert len(found.out.splitlines()) == 2
    else:
        assert "good" in done.out or command == "eval"


@pytest.mark.parametrize("command", [["build", "-o", "g"], ["extract"], ["extract", "--explain"]])
def test_nothing_readable_is_a_failure(
    kg: Kg, mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.xyz").write_text("words", encoding="utf-8")
    done = kg(*command, mixed / "empty.txt", tmp_path / "odd.xyz", tmp_path / "missing.md")
    assert (done.code, done.out) == (1, "")
    assert "[empty]" in done.err
    assert "odd.xyz: cannot read '.xyz'; known: " in done.err
    assert "missing.md: there is no such file; check the path [missing]" in done.err
    assert not (tmp_path / "g").exists()


def test_extract_prints_one_json_object_a_document(kg: Kg) -> None:
    done = kg("extract", SEEDS)
    records = [json.loads(line) for line in done.out.split("\n")[:-1]]
    assert done.code == 0
    assert [record["doc"] for record in records] == sorted(path.stem for path in SEEDS.iterdir())
    told = {(f["subject"], f["relation"], f["object"]) for f in records[1]["facts"]}
    assert ("Amazon", "invests_in", "Anthropic") in told
    assert {"subject", "relation", "object", "status", "evidence"} <= set(records[0]["facts"][0])


def test_extract_as_text(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "news.md").write_text(f"# Money for Acmelo\n\n{NEWS}", encoding="utf-8")
    done = kg("extract", tmp_path / "news.md", "--format", "text")
    assert re.search(
        r"^Oak Ventures invests in Acmelo \[asserted, \d\d% sure, 5,000,000 USD\]$", done.out, re.MULTILINE
    )
    assert "“Oak Ventures invested $5 million in Acmelo.” (Money for Acmelo)\n" in done.out


def test_extract_explain_shows_names_and_patterns(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Oak Ventures may invest $5 million in Acmelo.\n", encoding="utf-8")
    done = kg("extract", tmp_path / "news.txt", "--explain")
    lines = done.out.splitlines()
    assert lines[0] == "# news"
    assert any(line.startswith("    name    Acmelo: ") for line in lines)
    fired = [line for line in lines if line.startswith("    yes     invests_in.")]
    assert fired
    assert all("Oak Ventures -> Acmelo: rumoured because of may " in line for line in fired)


QUESTION = "SELECT ?name WHERE { id:amazon kg:investsIn ?b . ?b rdfs:label ?name }"


def test_query_formats(kg: Kg, seed_folder: Path) -> None:
    def asked(form: str) -> str:
        done = kg("query", QUESTION, "--graph", seed_folder, "--format", form)
        assert (done.code, done.err) == (0, "")
        return done.out

    assert asked("table") == "name\n---------\nAnthropic\n"
    assert list(csv.reader(io.StringIO(asked("csv")))) == [["name"], ["Anthropic"]]
    assert asked("tsv").split("\n") == ["?name", '"Anthropic"', ""]
    [binding] = json.loads(asked("json"))["results"]["bindings"]
    assert binding["name"] == {"type": "literal", "value": "Anthropic"}


def test_query_from_a_file_and_from_standard_input(
    kg: Kg, seed_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "q.rq").write_text(QUESTION, encoding="utf-8")
    monkeypatch.setenv("KG_GRAPH", str(seed_folder))
    monkeypatch.setattr(sys, "stdin", io.StringIO(QUESTION))
    assert kg("query", f"@{tmp_path / 'q.rq'}").out == kg("query", "-").out == "name\n---------\nAnthropic\n"
    done = kg("query", f"@{tmp_path / 'nowhere.rq'}")
    assert done.code == 1
    assert done.err == f"kg: {tmp_path / 'nowhere.rq'}: No such file or directory\n"


@pytest.mark.parametrize(
    ("query", "message", "caret"),
    [
        ("SELECT ?b WHERE { ?a ?b }", "kg: line 1, column 26: the query does not parse here: expected", 25),
        ("SELECT ?b\nWERE { }", "kg: line 2, column 1: unknown word 'WERE'; did you mean WHERE?", 0),
        ("ASK { ?a kg:investIn ?b }", "column 10: unknown term 'kg:investIn'; did you mean kg:investsIn?", 9),
        ("DROP ALL", "DROP is refused", 0),
    ],
)
def test_wrong_sparql_is_shown_with_its_place(kg: Kg, seed_folder: Path, query: str, message: str, caret: int) -> None:
    done = kg("query", query, "-g", seed_folder)
    assert (done.code, done.out) == (1, "")
    lines = done.err.splitlines()
    assert message in lines[0]
    assert lines[1:] == ["    " + query.splitlines()[-1], "    " + " " * caret + "^"]


@pytest.mark.parametrize("form", sorted(EXPORTERS))
def test_export(kg: Kg, seed_folder: Path, tmp_path: Path, form: str) -> None:
    done = kg("export", "--format", form, "--graph", seed_folder, "--out", tmp_path / "file")
    assert (done.code, done.out, done.err) == (0, "", f"{form}: {tmp_path / 'file'}\n")
    written = (tmp_path / "file").read_bytes()
    assert form == "png" or "Anthropic" in written.decode("utf-8")
    assert kg("export", "-f", form, "-g", seed_folder, "-o", tmp_path / "again").code == 0
    assert (tmp_path / "again").read_bytes() == written


def test_export_of_an_unknown_format(kg: Kg, seed_folder: Path, tmp_path: Path) -> None:
    done = kg("export", "-f", "turtl", "-g", seed_folder, "-o", tmp_path / "file")
    assert (done.code, done.err) == (1, "kg: no export format 'turtl': did you mean 'turtle'?\n")


def test_view_writes_a_page(kg: Kg, seed_folder: Path, tmp_path: Path) -> None:
    done = kg("view", "--graph", seed_folder, "--out", tmp_path / "page.html")
    assert (done.code, done.err) == (0, f"page: {tmp_path / 'page.html'}\n")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>")
    assert "Anthropic" in page


def test_explain(kg: Kg, seed_folder: Path) -> None:
    done = kg("explain", "Dario Amodei", "ceoOf", "Anthropic", "--graph", seed_folder)
    fact, quote, place = done.out.splitlines()[:3]
    assert fact.startswith("Dario Amodei chief executive of Anthropic [asserted")
    assert "Anthropic CEO Dario Amodei stated" in quote
    assert "Reuters, 2024-11-22; characters " in place
    assert "; rule ceo_of." in place
    assert kg("explain", "amazon", "invests_in", "-g", seed_folder).out.count(" invests in Anthropic [") >= 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Amazon", "investIn"], "kg: no relation 'investIn': did you mean 'investsIn'?\n"),
        (["Amazone", "investsIn"], "kg: no entity is called 'Amazone'; did you mean 'Amazon'"),
        (["Anthropic", "acquires", "Google"], "kg: nothing is stated about Anthropic acquires Google\n"),
    ],
)
def test_explain_what_is_not_there(kg: Kg, seed_folder: Path, arguments: list[str], message: str) -> None:
    done = kg("explain", *arguments, "-g", seed_folder)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(message)


@pytest.mark.parametrize("command", [["query", "ASK {}"], ["view"], ["export", "-f", "csv", "-o", "x"]])
def test_a_folder_that_is_no_graph(kg: Kg, tmp_path: Path, command: list[str]) -> None:
    done = kg(*command, "-g", tmp_path)
    assert done.code == 1
    assert done.err.startswith(f"kg: {tmp_path}: no graph folder (kg.json is missing); build one with `kg build`")


@pytest.mark.parametrize("command", [["view"], *(["export", "-f", form] for form in sorted(EXPORTERS))])
def test_a_place_that_cannot_be_written(kg: Kg, seed_folder: Path, tmp_path: Path, command: list[str]) -> None:
    target = tmp_path / "nowhere" / "file"
    done = kg(*command, "-g", seed_folder, "-o", target)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"kg: {target}: cannot be written (No such file or directory")


def test_eval_of_given_facts(kg: Kg, tmp_path: Path) -> None:
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    names = '"entities": [{"name": "Acmelo"}, {"name": "Oak"}]'
    fact = '{"subject": "Oak", "relation": "invests_in", "object": "Acmelo"}'
    gold.write_text(f'{{"doc": "a", {names}, "facts": [{fact}]}}\n', encoding="utf-8")
    predicted.write_text(f'{{"doc": "a", {names}, "facts": []}}\n', encoding="utf-8")
    assert json.loads(kg("eval", gold, "--predicted", gold, "--json").out)["all"]["f1"] == 1.0
    done = kg("eval", gold, "--predicted", predicted)
    assert done.code == 0
    assert done.out.splitlines()[-4].split() == ["all", "0.000", "0.000", "0.000", "0.000", "0", "0", "1"]
    assert done.out.splitlines()[-1] == "entity_recall: 1.000"
    predicted.write_text("{", encoding="utf-8")
    broken = kg("eval", gold, "--predicted", predicted)
    assert (broken.code, broken.err.startswith(f"kg: {predicted}:1: not JSON")) == (1, True)


def test_eval_extracts_the_texts_beside_the_gold(kg: Kg, tmp_path: Path) -> None:
    gold = tmp_path / "set.jsonl"
    names = '"entities": [{"name": "Acmelo"}, {"name": "Oak Ventures"}]'
    fact = '{"subject": "Oak Ventures", "relation": "invests_in", "object": "Acmelo"}'
    gold.write_text(f'{{"doc": "news", {names}, "facts": [{fact}]}}\n', encoding="utf-8")
    assert kg("eval", gold).code == 1  # there are no texts
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "news.txt").write_text(NEWS, encoding="utf-8")
    done = kg("eval", gold, "--json")
    assert (done.code, json.loads(done.out)["invests_in"]["tp"]) == (0, 1)


ONTOLOGY_MISTAKES = [
    (
        "patterns/sues.yaml",
        "  - id: sue\n",
        "  - id: sue\n    verbs: [x]\n",
        "unknown key 'verbs' (did you mean 'verb'?)",
    ),
    ("patterns/sues.yaml", "relation: sues", "relation: suits", "unknown relation 'suits'"),
    ("aiind.ttl", "kg:rank 1", "kg:ranks 1", "unknown term kg:ranks (did you mean 'rank'?)"),
    ("status.yaml", "", "colour: red\n", "unknown key 'colour'"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new", "message"), ONTOLOGY_MISTAKES, ids=[m[3] for m in ONTOLOGY_MISTAKES])
def test_a_mistake_in_the_ontology_is_shown_with_its_place(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "models").symlink_to(ROOT / "kg" / "models")
    path = tmp_path / "ontology" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1) if old else text + new
    path.write_text(changed, encoding="utf-8")
    # A process of its own: what is loaded once stays loaded in this one.
    roots = f"import kg.data, pathlib; kg.data.ROOTS = (pathlib.Path({str(tmp_path)!r}),); "
    code = roots + "from kg.__main__ import main; main()"
    done = in_a_process("build", SEEDS, "--out", tmp_path / "g", code=code)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"kg: {path}:")
    assert message in done.err
    assert "Traceback" not in done.err
    line = int(done.err.removeprefix(f"kg: {path}:").partition(":")[0])
    both = zip([*text.splitlines(), ""], changed.splitlines(), strict=False)
    first = next(number for number, (before, after) in enumerate(both, 1) if before != after)
    assert line in (first - 1, first)  # the changed line, or the one that opens its mapping


def test_a_narrow_terminal_encoding_is_no_failure(seed_folder: Path) -> None:
    done = in_a_process("explain", "Dario Amodei", "ceoOf", "-g", seed_folder, PYTHONIOENCODING="ascii")
    assert done.code == 0, done.err
    assert "\\u201c" in done.out


def test_a_reader_that_goes_away_is_no_traceback(seed_folder: Path) -> None:
    command = [sys.executable, "-m", "kg", "query", "SELECT ?a ?b ?c WHERE { ?a ?b ?c }", "-g", str(seed_folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
