"""The documentation is true: every command, option and public name is in it, and every example runs."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command

import kg
from kg.cli import app, run
from kg.export import EXPORTERS
from kg.schema import load_schema
from kg.store.graph import Graph
from kg.store.names import prefixes
from tests.store.servers import oxigraph

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("tests/*/README.md"), *ROOT.glob("*/README.md"), *ROOT.glob("*/*/README.md")}
)


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block of the README: its language and text, and the output that is shown after it, if any."""

    language: str
    code: str
    shown: str | None


def examples() -> list[Example]:
    found = re.findall(r"^```(\w+)\n(.*?)^```\n(?=(?:\n```text\n(.*?)^```)?)", README, re.DOTALL | re.MULTILINE)
    return [Example(language, code, shown or None) for language, code, shown in found if language != "text"]


def command_rows() -> dict[str, tuple[str, str]]:
    """Usage and options of each command, from the table."""
    return {
        name: (usage, options)
        for usage, name, options in re.findall(r"^\| `(kg (\w+)[^`]*)` \|[^|]*\| (.*) \|$", README, re.MULTILINE)
    }


COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def test_every_command_is_documented_and_no_other() -> None:
    assert set(command_rows()) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_documented_and_no_other(name: str) -> None:
    usage, options = command_rows()[name]
    given = {form for parameter in COMMANDS[name].params for form in (*parameter.opts, *parameter.secondary_opts)}
    arguments = [p for p in COMMANDS[name].params if p.param_type_name == "argument"]
    assert set(re.findall(r"`(--?[\w-]+)`", options)) == {form for form in given if form.startswith("-")}
    assert len(usage.split()) - 2 == len(arguments)
    assert COMMANDS[name].help, "no help"
    assert [p.name for p in COMMANDS[name].params if not getattr(p, "help", None)] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example(name: str) -> None:
    lines = [line for example in examples() if example.language == "sh" for line in example.code.splitlines()]
    assert any(line.startswith(f"kg {name} ") or line == f"kg {name}" for line in lines)


def test_formats_are_documented() -> None:
    assert set(re.findall(r"`(\w+)`", command_rows()["export"][1].partition("`--out`")[0])) == set(EXPORTERS)
    [help_text] = [p.help for p in COMMANDS["export"].params if "--format" in p.opts]
    assert set(re.findall(r"\w+", help_text)) - {"or"} == set(EXPORTERS)


def test_every_public_name_is_documented_and_no_other() -> None:
    table = README.partition("## In Python")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE))
    assert set(rows) == set(kg.__all__)
    methods = {name for name in vars(Graph) if not name.startswith("_")} - {"at", "statement_set"}
    assert set(re.findall(r"`(\w+)`", rows["Graph"])) == methods
    for name in kg.__all__:
        assert getattr(kg, name).__doc__


def test_types_relations_statuses_and_prefixes_are_documented() -> None:
    schema = load_schema()
    types, relations = re.findall(r"Entity types: (.*?)\. Relations: (.*?)\.", README)[0]
    assert sorted(types.split(", ")) == sorted(schema.types)
    assert sorted(relations.split(", ")) == sorted(schema.relations)
    assert [word for word in re.findall(r"`(\w+)`", README.partition("\n## ")[0]) if word] == [
        "asserted", "planned", "rumoured", "ended", "denied"
    ]  # fmt: skip
    assert set(re.findall(r"`(\w+):`", README.partition("| prefix |")[2].partition("\n\n")[0])) == set(prefixes())
    assert set(schema.statuses) == {"asserted", "planned", "rumoured", "ended", "denied"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere_and_nothing_private_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)\)", text):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
    assert not re.search(r"/(?:home|Users|work|root|tmp)/|\blocalhost\b|\d+\.\d+\.\d+\.\d+", text)


def test_the_files_and_folders_that_are_named_exist() -> None:
    for name in re.findall(r"`((?:kg|ontology|seeds|tests|notebooks|\.ci)/[\w./]*)`", README):
        assert name == "ontology/patterns/NAME.yaml" or (ROOT / name).exists(), name
    for target in re.findall(r"`make (\w+)", README):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder as the README assumes it, after `make demo`."""
    folder, before = tmp_path_factory.mktemp("readme"), dict(os.environ)
    shutil.copytree(ROOT / "seeds" / "documents", folder / "seeds" / "documents")
    demo = re.findall(r"^\t@\$\(BIN\)/(kg .*)$", MAKEFILE, re.MULTILINE)
    assert [command.split()[1] for command in demo] == ["build", "view"]
    with contextlib.chdir(folder):
        for command in demo:
            shell(command)
        yield folder
    os.environ.clear()
    os.environ.update(before)


def shell(line: str) -> str:
    """What a line of a shell block prints. Knows `kg ...` (in this process), `export A=B`, `make ...` and `>`."""
    words = [os.path.expandvars(word) for word in shlex.split(line, comments=True)]
    target = words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if target else words
    match words[0]:
        case "export":
            name, _, value = words[1].partition("=")
            os.environ[name] = os.environ["README_SERVER"] if name == "KG_SERVER" else value
            return ""
        case "make":
            assert re.search(rf"^{words[1]}:", MAKEFILE, re.MULTILINE), line
            return ""
        case "kg":
            out, error, saved, code = io.StringIO(), io.StringIO(), sys.argv, 0
            sys.argv = words
            try:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
                    code = run()
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                sys.argv = saved
            assert code == 0, f"{line}\n{error.getvalue()}"
            if target:
                Path(target).write_text(out.getvalue(), encoding="utf-8")
            return "" if target else out.getvalue()
        case other:
            raise AssertionError(f"the README runs {other!r}, which this test cannot")


def like(shown: str) -> re.Pattern[str]:
    """Output as shown, where `...` stands for anything on its line."""
    return re.compile(re.escape(shown.strip()).replace(r"\.\.\.", ".*"))


@pytest.mark.parametrize(
    "example", [e for e in examples() if e.language == "sh"], ids=lambda e: str(e.code.splitlines()[0][:40])
)
def test_shell_examples_run(workspace: Path, example: Example, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        if "KG_SERVER" in example.code:
            os.environ["README_SERVER"] = stack.enter_context(oxigraph(tmp_path))
        run_shell(example)


def run_shell(example: Example) -> None:
    printed = "".join(shell(line) for line in example.code.splitlines() if line.strip())
    if example.shown is not None:
        assert like(example.shown).fullmatch(printed.strip()), printed


@pytest.mark.parametrize("example", [e for e in examples() if e.language == "python"])
def test_python_examples_run(workspace: Path, example: Example, capsys: pytest.CaptureFixture[str]) -> None:
    assert len([line for line in example.code.splitlines() if line.strip()]) <= 12
    exec(compile(example.code, "README.md", "exec"), {"__name__": "readme"})
    printed = capsys.readouterr().out
    assert "Google asserted 300000000 In contrast, Google’s last investment" in printed
    assert "('id:microsoft', 'id:openai')" in printed
    assert printed.endswith("\nrumoured\n")
    assert (workspace / "out" / "tour.html").is_file()


@pytest.mark.parametrize("example", [e for e in examples() if e.language == "sparql"])
def test_queries_run(seed_graph: Graph, example: Example) -> None:
    table = seed_graph.query(example.code)
    if "knownParent" in example.code:
        assert table.rows == (("id:amazon", "1"),)
        return
    told = {row[1:4] for row in table.rows}
    assert {("4000000000", "exact", "increment"), ("4000000000", "up_to", "increment")} <= told


def test_all_examples_are_of_a_kind_that_is_run() -> None:
    assert {example.language for example in examples()} == {"sh", "python", "sparql"}


ADVISES = """
kg:advises a owl:ObjectProperty ; rdfs:label "advises"@en ;
    kg:inverseLabel "advised by"@en ;
    schema:domainIncludes kg:Company, kg:Person ;
    schema:rangeIncludes kg:Company ;
    skos:definition "Gives advice to."@en ;
    skos:example "Jane Roe advises Acme."@en .
"""
PATTERN = """relation: advises
patterns:
  - id: advise
    verb: [advise]
    subject: [agent]
    object: [patient]
    subject_type: Company
    object_type: Company
"""


@pytest.mark.slow
def test_a_relation_is_added_as_described(tmp_path: Path) -> None:
    for name in ("ontology", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "kg").mkdir()
    (tmp_path / "kg" / "models").symlink_to(ROOT / "kg" / "models")  # they know nothing of the new relation
    with (tmp_path / "ontology" / "aiind.ttl").open("a", encoding="utf-8") as schema:
        schema.write(ADVISES)
    style = tmp_path / "ontology" / "style.yaml"
    with_colour = style.read_text(encoding="utf-8").replace(
        "\nrelations:\n", '\nrelations:\n  advises: {colour: "#2e8b45"}\n'
    )
    style.write_text(with_colour, encoding="utf-8")
    (tmp_path / "ontology" / "patterns" / "advises.yaml").write_text(PATTERN, encoding="utf-8")
    (tmp_path / "news.txt").write_text("Oak Ventures advised Globex Systems on the deal.\n", encoding="utf-8")
    code = f"""
import kg, kg.data, pathlib
kg.data.ROOTS = (pathlib.Path({str(tmp_path)!r}),)
graph = kg.build_graph({str(tmp_path / "news.txt")!r})
print(*graph.query("SELECT ?a ?b WHERE {{ ?x kg:advises ?y . ?x rdfs:label ?a . ?y rdfs:label ?b }}").rows)
graph.view(pathlib.Path({str(tmp_path / "page.html")!r}))
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.stdout == "('Oak Ventures', 'Globex Systems')\n", done.stderr
    assert "advises" in (tmp_path / "page.html").read_text(encoding="utf-8")
