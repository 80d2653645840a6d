"""The pyvis network and the page made from it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError
from kg.model import NO_QUALIFIERS, Document, Entity, Evidence, Statement, StatementSet
from kg.schema import load_schema
from kg.view import to_pyvis, write_pyvis_page
from kg.view.inline import TEMPLATES, inline_script, json_island
from kg.view.wording import plain
from tests.view.sample_statements import HOSTILE, hostile, sample


class Reader(HTMLParser):
    """Collects elements with their attributes, the text of script, style and title, and all other text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.text: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self.inside = tag
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.raw[self.inside][-1] += data
        else:
            self.text.append(data)


def page(statements: StatementSet, folder: Path, *, title: str | None = None) -> str:
    write_pyvis_page(statements, folder / "page.html", title=title)
    return (folder / "page.html").read_bytes().decode("utf-8")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def island(html: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(read(html).raw["script"][0])
    return data


def without_scripts(html: str) -> str:
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_the_sample_page_holds_its_data(tmp_path: Path) -> None:
    given = sample()
    data = island(page(given, tmp_path))
    network = to_pyvis(given)
    assert data["nodes"] == json.loads(json.dumps(network.nodes))
    assert data["edges"] == json.loads(json.dumps(network.edges))
    assert data["options"] == network.options
    assert set(data["statements"]) == {each.id for each in given.statements}
    assert set(data["entities"]) == set(given.entities)
    for each in given.statements:
        shown = data["statements"][each.id]
        assert (shown["subject"], shown["relation"], shown["object"]) == (each.subject, each.relation, each.object)
        assert ["".join(text for text, _ in one["quote"]) for one in shown["evidence"]] == [
            one.quote for one in each.evidence
        ]
    document = next(iter(given.documents))
    assert data["documents"][document] == {
        "title": "Nimbus doubles its stake in Zetamind", "publisher": "Morning Wire", "date": "2024-11-22",
        "url": "https://wire.example/1?a=1&b=2",
    }  # fmt: skip


def test_both_names_are_marked(tmp_path: Path) -> None:
    statements = island(page(sample(), tmp_path))["statements"].values()
    told = next(each for each in statements if each["status"] == "planned")
    assert told["evidence"][0]["quote"] == [
        ["Grafix", True], [" will acquire the Oslo start-up ", False],
        ["Quillworks", True], [" for €450 million.", False],
    ]  # fmt: skip


def test_confidence_is_shown_as_per_cent_where_it_was_estimated(tmp_path: Path) -> None:
    html = page(sample(), tmp_path)
    data = island(html)
    shown = {key: each["confidence"] for key, each in data["statements"].items() if each["confidence"]}
    [(key, text)] = shown.items()
    assert (text, data["statements"][key]["status"]) == ("88%", "planned")
    assert [one["confidence"] for one in data["statements"][key]["evidence"]] == ["88%"]
    [edge] = [edge for edge in data["edges"] if edge["id"] == key]
    assert edge["title"].endswith("(planned, 88%)")
    words = [text.strip() for text in read(html).text if text.strip()]
    assert words.count("88%") == 1
    assert words[words.index("88%") - 1] == "planned"
    assert words[words.index("Status", words.index("Amount")) + 1] == "Confidence"


def test_one_edge_a_statement_and_parallel_ones_apart() -> None:
    given = sample()
    network = to_pyvis(given)
    assert sorted(edge["id"] for edge in network.edges) == sorted(each.id for each in given.statements)
    fan = [edge for edge in network.edges if (edge["from"], edge["to"]) == ("nimbus-cloud", "zetamind")]
    assert len(fan) == 4
    assert len({json.dumps(edge["smooth"]) for edge in fan}) == 4


def test_edges_are_drawn_by_relation_amount_and_status() -> None:
    given, schema = sample(), load_schema()
    edges = {edge["id"]: edge for edge in to_pyvis(given).edges}
    for each in given.statements:
        edge = edges[each.id]
        assert edge["label"] == schema.relations[each.relation].label
        assert bool(edge["dashes"]) == (each.status != "asserted")
        assert edge["arrows"] == ("" if each.relation in {"competesWith", "partnersWith"} or not each.object else "to")
    wide = {
        each.qualifiers.amount.value: edges[each.id]["width"] for each in given.statements if each.qualifiers.amount
    }
    assert [wide[value] for value in sorted(wide)] == sorted(wide.values())
    assert min(wide.values()) > min(edge["width"] for edge in edges.values())


def test_positions_are_given_and_physics_is_off() -> None:
    network = to_pyvis(sample())
    assert network.directed
    assert network.options["physics"]["enabled"] is False
    assert all(isinstance(node["x"], float) and isinstance(node["y"], float) for node in network.nodes)


def test_rearranging_is_offered_for_small_graphs_only(tmp_path: Path) -> None:
    assert island(page(sample(), tmp_path))["settle"] is True
    assert island(page(chain([str(n) for n in range(152)]), tmp_path))["settle"] is False


def test_sums_stand_in_the_place_of_objects() -> None:
    labels = {node["label"] for node in to_pyvis(sample()).nodes if node["kind"] == "amount"}
    assert labels == {"$6.6B", "about $157B", "about $1B", "€12M"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    html = page(hostile(), tmp_path, title="".join(HOSTILE))
    reader = read(html)
    assert [tag for tag, _ in reader.elements].count("script") == 3
    assert not {tag for tag, _ in reader.elements} & {"img", "iframe", "object", "embed", "base", "form", "a-b"}
    assert not [name for _, given in reader.elements for name in given if name.startswith("on")]
    outside = without_scripts(html)
    for text in HOSTILE:
        if "<" in text:
            assert text not in outside
            assert plain(text) in " ".join(reader.text)  # there, and escaped
    assert "49" not in reader.raw["title"][0]  # the template language is not run on the title either
    assert "{{ 7*7 }}" in reader.raw["title"][0]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\x00-\x08\x0b\x0e-\x1f]", html)


def test_hostile_island_parses_and_holds_no_markup(tmp_path: Path) -> None:
    html = page(hostile(), tmp_path)
    raw = read(html).raw["script"][0]
    assert not set("<>&\u2028\u2029") & set(raw)
    data = json.loads(raw)
    assert data["entities"]["e0a"]["name"] == "<script>alert(1)</script>a"
    assert not [document for document in data["documents"].values() if "url" in document]


def test_titles_are_escaped_for_the_page_of_pyvis() -> None:
    network = to_pyvis(hostile())
    for item in [*network.nodes, *network.edges]:
        assert not set("<>\"'") & set(item["title"])
    assert unescape(network.node_map["e0a"]["title"]) == "<script>alert(1)</script>a · Company"


def test_pyvis_itself_writes_our_page(tmp_path: Path) -> None:
    html = page(sample(), tmp_path)
    network = to_pyvis(sample())
    assert network.generate_html() == html
    assert network.generate_html(notebook=True) == html
    network.nodes.pop()  # the page shows what the network holds when it is written
    assert len(island(network.generate_html())["nodes"]) == len(island(html)["nodes"]) - 1


@pytest.mark.parametrize("make", [sample, hostile])
def test_nothing_is_loaded(make: Any, tmp_path: Path) -> None:
    html = page(make(), tmp_path)
    for tag, given in read(html).elements:
        assert "src" not in given, tag
        assert given.get("href") in (None, "data:,", "#statements"), tag
        assert "style" not in given, tag
    css = read(html).raw["style"][0]
    assert "url(" not in css
    assert "@import" not in css
    assert "sourceMappingURL" not in html


def test_the_policy_names_exactly_our_scripts_and_style(tmp_path: Path) -> None:
    reader = read(page(sample(), tmp_path))
    policy = next(given["content"] for tag, given in reader.elements if given.get("http-equiv"))
    assert policy is not None
    parts = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}

    def digest(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    assert parts["default-src"] == parts["connect-src"] == parts["base-uri"] == ["'none'"]
    assert parts["script-src"] == [digest(text) for text in reader.raw["script"][1:]]
    assert parts["style-src"] == [digest(text) for text in reader.raw["style"]]
    assert "unsafe" not in policy


def test_the_licence_of_vis_network_stays(tmp_path: Path) -> None:
    assert "vis.js may be distributed under either license" in read(page(sample(), tmp_path)).raw["script"][1]


def test_our_script_sets_no_markup() -> None:
    script = (TEMPLATES / "pyvis.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|srcdoc", script)


def test_two_writes_are_the_same_bytes(tmp_path: Path) -> None:
    given = sample()
    turned = StatementSet(
        documents=dict(reversed(list(given.documents.items()))),
        entities=dict(reversed(list(given.entities.items()))),
        statements=given.statements[::-1],
    )
    write_pyvis_page(given, tmp_path / "a.html")
    write_pyvis_page(turned, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_page_can_be_read_without_the_picture(tmp_path: Path) -> None:
    given = sample()
    reader = read(page(given, tmp_path, title="Who pays whom"))
    tags = [tag for tag, _ in reader.elements]
    assert reader.raw["title"] == ["Who pays whom"]
    assert ("html", {"lang": "en"}) in reader.elements
    assert all(tags.count(tag) == 1 for tag in ("header", "nav", "main", "aside", "h1", "table"))
    rows = [attributes for tag, attributes in reader.elements if tag == "tr" and "data-statement" in attributes]
    assert sorted(str(row["data-statement"]) for row in rows) == [each.id for each in given.statements]
    text = "".join(reader.text)
    assert all(each.evidence[0].quote in text for each in given.statements)


def test_legend_counts_and_what_is_shown_at_first(tmp_path: Path) -> None:
    reader = read(page(sample(), tmp_path))
    boxes = {
        (given["data-facet"], given["value"]): "checked" in given
        for _, given in reader.elements
        if "data-facet" in given
    }
    statuses = {value: checked for (facet, value), checked in boxes.items() if facet == "status"}
    assert statuses == {"asserted": True, "planned": True, "rumoured": True, "ended": False, "denied": False}
    words = [text.strip() for text in reader.text if text.strip()]
    assert words[words.index("invests in") + 1] == "5"
    assert words[words.index("Company") + 1] == "10"
    assert words[words.index("Sum of money") + 1] == "4"


@pytest.mark.parametrize(
    "change",
    [{"entities": {}}, {"entities": {key: replace(each, type="Planet") for key, each in sample().entities.items()}}],
    ids=["missing", "unknown type"],
)
def test_a_broken_set_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="entity 'bedstone'"):
        write_pyvis_page(replace(sample(), **change), tmp_path / "page.html")


def test_an_empty_set_makes_a_page(tmp_path: Path) -> None:
    assert island(page(StatementSet(), tmp_path))["nodes"] == []


def test_a_script_cannot_end_its_element() -> None:
    assert inline_script('x = "</script>"; y = "<!--"; a<b') == 'x = "\\x3c/script>"; y = "\\x3c!--"; a<b'
    assert inline_script("x\n//# sourceMappingURL=x.map\n") == "x\n"
    assert json.loads(json_island({"a": "</script>\u2028&"})) == {"a": "</script>\u2028&"}


class CountingId(str):
    """An id that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        type(self).compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def chain(names: list[str]) -> StatementSet:
    """A few links for each node, so that parts stay small and the layout cheap."""
    document = Document("d", "x", ())
    proof = (Evidence(document.hash, 0, 1, "x", "r", "asserted"),)
    return StatementSet(
        documents={document.hash: document},
        entities={name: Entity(name, name, "Company") for name in names},
        statements=tuple(
            Statement(f"s{number:05}", a, "supplies", b, "asserted", NO_QUALIFIERS, proof)
            for number, (a, b) in enumerate(pairwise(names))
            if (number + 1) % 10
        ),
    )


def test_work_grows_with_the_number_of_nodes() -> None:
    def compared(count: int) -> int:
        given = chain([CountingId(f"e{number:05}") for number in range(count)])
        CountingId.compared = 0
        assert len(to_pyvis(given).nodes) == count
        return CountingId.compared

    small, large = compared(500), compared(2000)
    assert large <= 5 * max(small, 500)
