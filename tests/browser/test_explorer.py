"""What a reader does with the explorer, step by step, in a browser."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest

from kg.model import StatementSet
from tests.browser.conftest import Opened
from tests.view.sample_statements import HOSTILE, hostile, sample

pytestmark = pytest.mark.slow
Show = Callable[..., Opened]
SAMPLE = sample()
SHOWN = {each.id for each in SAMPLE.statements if each.status in ("asserted", "planned", "rumoured")}


def names(found: StatementSet) -> dict[str, str]:
    return {entity.id: entity.name for entity in found.entities.values()}


@pytest.fixture
def page(show: Show) -> Opened:
    return show(SAMPLE)


def test_it_opens_offline_without_a_complaint(page: Opened) -> None:
    assert [request for request in page.requests if not request.startswith(("file:", "data:", "blob:"))] == []
    assert len([request for request in page.requests if request.startswith("file:")]) == 1
    assert page.complaints == []
    assert page.shown()[1] == len(SHOWN)
    assert page.page.title() == "AI industry relations"


def test_hostile_text_runs_nothing_and_leads_nowhere(show: Show) -> None:
    page = show(hostile())
    page.page.click("#as-table")
    for row in range(page.page.locator("#rows tbody tr").count()):
        page.page.locator("#rows tbody tr").nth(row).locator(".open").click()
    for link in page.page.locator("a[href]").all():
        address = link.get_attribute("href") or ""
        assert address.startswith(("http:", "https:", "#")), address
    page.page.fill("#search", HOSTILE[0])
    for kind in ("csv", "svg", "turtle", "graphml"):
        page.save(kind)
    assert page.complaints == []
    assert [request for request in page.requests if request.startswith("http")] == []


def test_search_finds_names_aliases_and_sentences(page: Opened) -> None:
    page.choose("G200s")  # an alias
    assert page.text("#panel-title") == "Grafix G200"
    statement = next(each for each in SAMPLE.statements if each.status == "asserted")
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("/")
    words = statement.evidence[0].quote[3:40]
    page.page.keyboard.type(words)
    page.page.wait_for_selector("#found [role=option]")
    page.page.keyboard.press("Enter")
    assert statement.evidence[0].quote[:20] in page.text("#panel").replace("\n", "")


@pytest.mark.parametrize("facet", ["relation", "status", "type"])
def test_each_filter_counts_and_hides(page: Opened, facet: str) -> None:
    group = page.page.locator("fieldset").nth(["type", "relation", "status"].index(facet))
    for item in group.locator(".item:visible").all():
        box, before = item.locator("input"), page.shown()[1]
        was, count = box.is_checked(), item.locator(".count").inner_text()
        here = int(count.split("/")[0])
        box.click()
        after = page.shown()[1]
        if facet != "type":
            assert (before - after == here) if was else (after >= before), item.inner_text()
        assert page.page.locator("#undo").is_enabled()
        box.click()
        assert page.shown()[1] == before
    group.get_by_role("button", name="Show none").click()
    assert page.shown() == (0, 0)
    group.get_by_role("button", name="Show all").click()
    assert page.shown()[1] >= len(SHOWN) - 1


def test_an_edge_shows_each_sentence_with_both_names_marked(page: Opened) -> None:
    statement = max(SAMPLE.statements, key=lambda each: (len(each.evidence), each.object is not None, each.id))
    page.page.goto(page.page.url.split("#")[0] + f"#chosen={json.dumps(statement.id)}")
    page.page.reload()
    page.page.wait_for_selector("#panel .evidence")
    cards = page.page.locator("#panel .card").first
    assert cards.locator("blockquote").count() == len(statement.evidence)
    marked = {mark.inner_text() for mark in cards.locator("mark").all()}
    assert marked, statement
    link = cards.locator("a").first
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_blank")


def test_contradictions_stand_beside_each_other(show: Show) -> None:
    [one, *_] = [each for each in SAMPLE.statements if each.status == "asserted" and each.object is not None]
    said = tuple(replace(each, status="denied") for each in one.evidence)
    denied = replace(one, id="denied", status="denied", evidence=said)
    page = show(replace(SAMPLE, statements=(*SAMPLE.statements, denied)), address=f"#chosen={json.dumps(one.id)}")
    assert "Contradicted by" in page.text("#panel")
    assert page.page.locator(".card.against .chip.denied").count() >= 1


def test_a_reprint_is_named_and_counts_once(show: Show) -> None:
    one = next(each for each in SAMPLE.statements if each.status == "asserted" and each.object is not None)
    [first] = one.evidence
    source = SAMPLE.documents[first.document]
    reprint = replace(source, text=f"{source.text} Again.", title="The same once more")
    other = replace(source, text=f"{source.text} And more.", title="A story of its own")
    said = tuple(replace(first, document=each.hash) for each in (reprint, other))
    page = show(
        replace(
            SAMPLE,
            statements=(
                *(each for each in SAMPLE.statements if each is not one),
                replace(one, evidence=(first, *said)),
            ),
            documents={**SAMPLE.documents, reprint.hash: reprint, other.hash: other},
            reprints={reprint.hash: source.hash},
        ),
        address=f"#chosen={json.dumps(one.id)}",
    )
    card = page.page.locator("#panel .card").first
    assert card.locator("blockquote").count() == 3
    assert card.inner_text().count("reprint of") == 1
    assert f"The same once more (reprint of {source.title})" in card.inner_text()
    assert "2 independent sources" in card.inner_text()


def test_focus_expand_hide_and_undo(page: Opened) -> None:
    whole = page.shown()
    page.choose("Zetamind")
    page.page.get_by_role("button", name="Focus 1 hop").click()
    near = page.shown()
    assert near[0] < whole[0]
    page.page.get_by_role("button", name="2 hops").click()
    assert near[0] < page.shown()[0] <= whole[0]
    page.page.get_by_role("button", name="Hide", exact=True).click()
    assert page.text("#hidden") == "Show 1 hidden"
    page.page.click("#undo")
    page.page.click("#undo")
    assert page.shown() == near
    page.page.click("#reset")
    assert page.shown() == whole


def test_a_path_between_two(page: Opened) -> None:
    ids = names(SAMPLE)
    first = next(each for each in SAMPLE.statements if each.status == "asserted" and each.object is not None)
    page.page.click("#path")
    page.page.fill("#from", ids[first.subject])
    page.page.keyboard.press("Tab")
    page.page.fill("#to", ids[first.object or ""])
    page.page.keyboard.press("Tab")
    page.page.wait_for_selector(".way")
    assert "of 1 step" in page.text("#panel-title")
    for box in page.page.locator("#panel details").first.locator("input").all():
        box.evaluate("each => { if (!each.checked) each.click(); }")
        page.page.wait_for_timeout(10)
    assert page.text("#panel-title") == "Path"
    assert "There is none" in page.text("#panel")


def test_money_loops(show: Show) -> None:
    template = next(each for each in SAMPLE.statements if each.relation == "investsIn" and each.status == "asserted")
    back = replace(template, id="back", relation="usesCloud", subject=template.object or "", object=template.subject)
    page = show(replace(SAMPLE, statements=(*SAMPLE.statements, back)))
    before = page.text("#panel-title")
    page.page.click("#loops")
    assert "money loop" in page.text("#panel-title") != before
    ids = names(SAMPLE)
    ring = {ids[template.subject], ids[template.object or ""]}
    ways = [way.partition(". ")[2].split(" → ") for way in page.page.locator(".way h4").all_inner_texts()]
    assert any(ring <= set(way) for way in ways)


def test_the_table_says_the_same_and_sorts(page: Opened) -> None:
    page.page.keyboard.press("t")
    rows = page.page.locator("#rows tbody tr")
    assert rows.count() == len(SHOWN)
    head = page.page.locator("#rows th button", has_text="Amount")
    head.click()
    head.click()
    assert page.page.locator("#rows th", has_text="Amount").get_attribute("aria-sort") == "descending"
    largest = max(
        each.qualifiers.amount.value for each in SAMPLE.statements if each.id in SHOWN and each.qualifiers.amount
    )
    assert rows.first.locator("td").nth(2).inner_text().endswith(("B", "M")), largest
    rows.first.locator(".open").click()
    assert page.text("#panel-title") == "Statement"


def test_the_keyboard_alone_suffices(page: Opened) -> None:
    page.page.focus("#graph")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.page.keyboard.press(key)
    chosen = page.text("#panel-title")
    assert chosen in names(SAMPLE).values()
    page.page.keyboard.press("n")
    assert page.text("#panel-title") == "Statement"
    page.page.keyboard.press("o")
    assert page.text("#panel-title") in names(SAMPLE).values()
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "panel-title"
    page.page.keyboard.press("Escape")
    assert page.text("#panel-title") == "Who says so?"
    assert page.text("#said") != ""


def test_files_to_take_away(page: Opened) -> None:
    from rdflib import Graph

    rows = list(csv.DictReader(io.StringIO(page.save("csv").decode("utf-8-sig"))))
    told = [(each.id, evidence.quote) for each in SAMPLE.statements if each.id in SHOWN for evidence in each.evidence]
    assert sorted((row["id"], row["sentence"]) for row in rows) == sorted(told)
    graph = Graph().parse(data=page.save("turtle").decode("utf-8"), format="turtle")
    assert len(set(graph.subjects())) > len(SHOWN)
    xml = ET.fromstring(page.save("graphml"))
    assert len(xml.findall(".//{*}edge")) == len(SHOWN)
    picture = ET.fromstring(page.save("svg"))
    assert len(picture.findall(".//{*}text")) > 10
    assert page.save("png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_no_cell_is_a_formula(show: Show) -> None:
    rows = list(csv.reader(io.StringIO(show(hostile()).save("csv").decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not [
        cell for cell in cells if cell[:1] in "=+-@" and cell[:1] and not cell.lstrip("-").replace(".", "").isdigit()
    ]


def test_an_address_brings_the_state_back(page: Opened, show: Show) -> None:
    page.choose("Zetamind")
    page.page.get_by_role("button", name="Focus 1 hop").click()
    page.page.click("#dark")
    address, seen = page.page.url, page.shown()
    again = show(SAMPLE, address="#" + address.partition("#")[2])
    assert again.shown() == seen
    assert again.text("#panel-title") == "Zetamind"
    assert again.page.get_attribute("html", "data-theme") == "dark"
    assert "zetamind" in unquote(address)


@pytest.mark.parametrize(
    "address", ["#chosen=5", "#off=%7B%7D&sure=%22x%22", "#focus=%22nobody%22", "#%", "#path=null&pinned=%5B1%5D"]
)
def test_a_broken_address_is_passed_over(show: Show, address: str) -> None:
    page = show(SAMPLE, address=address)
    assert page.shown()[1] > 0
    assert page.complaints == []


def test_time_narrows_and_plays(page: Opened) -> None:
    whole = page.shown()
    page.page.locator("#time input[type=checkbox]").click()
    dated = page.shown()
    page.page.get_by_label("Dated until").evaluate(
        "each => { each.value = each.min; each.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    assert page.shown()[1] < max(dated[1], whole[1])
    page.page.get_by_role("button", name="Play").click()
    page.page.wait_for_selector("#time button[aria-pressed=true]")
    page.page.wait_for_selector("#time button[aria-pressed=false]", timeout=60_000)
    page.page.get_by_role("button", name="All time").click()
    assert page.shown() == whole


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["picture", "entity", "table", "path"])
def test_axe_finds_nothing(show: Show, scheme: str, view: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = show(SAMPLE, color_scheme=scheme, bypass_csp=True)
    if view == "entity":
        page.choose("Zetamind")
    elif view != "picture":
        page.page.click({"table": "#as-table", "path": "#path"}[view])
    found = axe.Axe().run(page.page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []
