"""The explorer's page as a file: what it holds, that it is safe, and that it stays small. How it behaves is for
`tests/browser`."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError
from kg.model import Belonging, Entity, StatementSet
from kg.view import write_page
from kg.view.page import FIRST, MODULES, bundle, page
from tests.view.random_statements import random_statements
from tests.view.sample_statements import HOSTILE, hostile, sample


def island(html: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def sample_page() -> str:
    return page(sample())


def test_the_page_holds_every_statement_with_its_sentences(sample_page: str) -> None:
    found, data = sample(), island(sample_page)
    texts, edges = data["texts"], data["edges"]
    assert sorted(edges["id"]) == sorted(each.id for each in found.statements)
    for place, id_ in enumerate(edges["id"]):
        [statement] = [each for each in found.statements if each.id == id_]
        quotes = [texts[evidence[0]] for evidence in edges["evidence"][place]]
        assert quotes == [evidence.quote for evidence in statement.evidence]
        assert data["nodes"]["id"][edges["from"][place]] == statement.subject
        assert data["statuses"][edges["status"][place]]["name"] == statement.status
        assert data["relations"][edges["relation"][place]]["name"] == statement.relation
    assert len(texts) == len(set(texts))


def test_at_first_the_most_connected_are_shown() -> None:
    data = island(page(sample(), first=["zetamind", "nobody"]))
    assert [data["nodes"]["id"][place] for place in data["nodes"]["first"]] == ["zetamind"]
    whole = island(page(sample()))
    assert whole["nodes"]["first"] == list(range(len(whole["nodes"]["id"])))


def test_sums_take_the_room_that_entities_leave() -> None:
    for entities, statements, wanted in ((30, 40, True), (400, 900, False)):
        data = island(page(random_statements(5, entities, statements)))
        nodes = data["nodes"]
        first = [data["types"][nodes["type"][place]]["name"] for place in nodes["first"]]
        assert 30 < len(first) <= FIRST
        assert ("amount" in first) is wanted
        assert {"Company", "Model"} < set(first)


def test_owners_are_the_nearest_that_are_shown() -> None:
    found = sample()
    chain = (
        Belonging("pilot", "maker", "unseen-unit", "Unseen Unit"),
        Belonging("unseen-unit", "parent", "zetamind", "Zetamind"),
        Belonging("zetamind", "parent", "nobody", "Nobody"),
    )
    nodes = island(page(replace(found, belongings=chain)))["nodes"]
    owner = dict(zip(nodes["id"], nodes["owner"], strict=True))
    assert nodes["id"][owner["pilot"]] == "zetamind"
    assert owner["zetamind"] == -1


def test_hostile_text_stays_data(tmp_path: Path) -> None:
    html = page(hostile(), title=HOSTILE[0])
    write_page(hostile(), tmp_path / "p.html", title=HOSTILE[0])
    assert (tmp_path / "p.html").read_bytes().decode("utf-8") == html
    head, data, tail = re.split(
        r'<script type="application/json" id="data">|(?<=})</script>\n<script>', html, maxsplit=2
    )
    assert not re.search("[<>&\u2028\u2029\u202e]", data)
    for text in HOSTILE:
        assert text not in head
    assert html.count("<script") == 2
    assert "onerror=" not in head + tail
    assert not re.search(r'"url":"(?!https?:)', data)


def test_the_policy_names_exactly_our_script_and_style(sample_page: str) -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', sample_page)
    [script] = re.findall(r"<script>(.*?)</script>", sample_page, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", sample_page, re.DOTALL)
    for text in (script, style):
        assert base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() in policy.replace("&#43;", "+")
    assert "default-src &#39;none&#39;" in policy or "default-src 'none'" in policy
    assert not re.search(r"""(?:src|href)=["'](?!data:,|#)""", sample_page.partition('id="data"')[0])


def test_our_modules_set_no_markup_and_evaluate_nothing() -> None:
    for path in MODULES.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        for refused in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "fetch(",
        ):
            assert refused not in source, f"{path.name}: {refused}"


def test_modules_import_one_way_and_what_there_is() -> None:
    seen: set[str] = set()
    for name in re.findall(r"\bconst module_(\w+)=", bundle()):
        source = (MODULES / f"{name}.js").read_text(encoding="utf-8")
        for names, other in re.findall(r'^import \{ ([^}]*) \} from "\./(\w+)\.js";$', source, re.MULTILINE):
            assert other in seen, f"{name}.js comes before {other}.js"
            handed = re.findall(
                r"^export (?:const|function) ([\w$]+)", (MODULES / f"{other}.js").read_text(), re.MULTILINE
            )
            assert set(names.split(", ")) <= set(handed), name
        seen.add(name)
    assert seen == {path.stem for path in MODULES.glob("*.js")}


@pytest.mark.skipif(shutil.which("node") is None, reason="no node: the script's syntax is for the browser tests")
def test_the_script_parses(tmp_path: Path) -> None:
    (tmp_path / "all.js").write_text(bundle(), encoding="utf-8")
    done = subprocess.run(["node", "--check", tmp_path / "all.js"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(MODULES.glob("*.js")), ids=lambda path: path.stem)
def test_what_is_imported_is_used_and_what_is_exported_is_imported(path: Path) -> None:
    def names(source: str) -> set[str]:
        groups = re.findall(r"^import \{ ([^}]*) \}", source, re.MULTILINE)
        return {name for group in groups for name in group.split(", ")}

    source = path.read_text(encoding="utf-8")
    body = re.sub(r"^import .*$", "", source, flags=re.MULTILINE)
    assert [name for name in names(source) if not re.search(rf"(?<![\w$.]){re.escape(name)}(?![\w$])", body)] == []
    others = (other.read_text(encoding="utf-8") for other in MODULES.glob("*.js") if other != path)
    wanted = set().union(*map(names, others))
    assert set(re.findall(r"^export (?:const|function) ([\w$]+)", source, re.MULTILINE)) <= wanted


def nested_templates(source: str) -> int:
    """How many template literals stand within another; strings and comments hold no backtick in our modules."""
    open_: list[str] = []
    count = 0
    for found in re.finditer(r"\\.|`|\$\{|[{}]", source):
        match found[0]:
            case "`" if open_ and open_[-1] == "`":
                open_.pop()
            case "`":
                count += "`" in open_
                open_.append("`")
            case "${" if open_ and open_[-1] == "`":
                open_.append("${")
            case "{" if open_ and open_[-1] != "`":
                open_.append("{")
            case "}" if open_ and open_[-1] != "`":
                open_.pop()
    return count


@pytest.mark.parametrize("path", sorted(MODULES.glob("*.js")), ids=lambda path: path.stem)
def test_no_template_stands_within_another(path: Path) -> None:
    """What makes the script small takes their spaces away: one was between two attributes of an SVG file."""
    assert nested_templates("`a${b ? `c` : `d`}`") == 2
    assert nested_templates(path.read_text(encoding="utf-8")) == 0


def test_the_script_stays_small() -> None:
    assert len(bundle().encode("utf-8")) <= 70_000


def test_two_pages_are_the_same(sample_page: str) -> None:
    found = sample()
    turned = replace(
        found, statements=tuple(reversed(found.statements)), entities=dict(reversed(found.entities.items()))
    )
    assert page(turned) == sample_page


def test_an_unknown_type_is_refused() -> None:
    found = sample()
    wrong = {key: Entity(each.id, each.name, "Planet") for key, each in found.entities.items()}
    with pytest.raises(DataError, match="unknown type 'Planet'"):
        page(replace(found, entities=wrong))


def test_an_empty_set_makes_a_page() -> None:
    assert island(page(StatementSet()))["nodes"]["id"] == []
