"""What a reader makes of the picture: pins, expands, rolls up, compares, takes back; on paper and on a phone."""

from __future__ import annotations

import base64
import json
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kg.model import Belonging, StatementSet
from kg.view.style import load_style
from tests.browser.conftest import Opened
from tests.view.random_statements import random_statements
from tests.view.sample_statements import sample

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
Show = Callable[..., Opened]
SAMPLE = sample()
SHOWN = [each for each in SAMPLE.statements if each.status in ("asserted", "planned", "rumoured")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def page(show: Show) -> Opened:
    return show(SAMPLE)


def near(one: tuple[float, float], other: tuple[float, float], *, within: float = 5.0) -> bool:
    return math.dist(one, other) <= within


def fragment(page: Opened) -> str:
    return page.page.url.partition("#")[2]


# --- pinning and expanding ---------------------------------------------------------------------------------------


def test_a_dragged_node_is_pinned_until_that_is_undone(page: Opened) -> None:
    x, y = page.spot("Zetamind")
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 50, y + 30)
    page.page.mouse.move(x + 90, y + 60)
    page.page.mouse.up()
    assert near(page.spot("Zetamind"), (x + 90, y + 60))
    assert "pinned" in fragment(page)
    assert "Pinned." in page.text("#said")
    page.page.keyboard.press("u")
    assert near(page.spot("Zetamind"), (x, y))
    assert "pinned" not in fragment(page)


def test_a_pinned_node_stays_when_the_picture_is_opened_again(page: Opened, show: Show) -> None:
    page.choose("Zetamind")
    page.button("Pin")
    again = show(SAMPLE, address="#" + fragment(page))
    assert again.page.get_by_role("button", name="Unpin").is_visible()
    again.button("Unpin")
    assert "pinned" not in fragment(again)


def test_a_double_click_expands_a_node_into_view(page: Opened) -> None:
    page.choose("Quillworks")
    page.button("Focus 1 hop")
    page.page.keyboard.press("Escape")
    before = page.shown()
    page.page.mouse.dblclick(*page.spot("Nimbus Cloud"))
    after = page.shown()
    assert after > before
    for each in SHOWN:
        if each.object is not None and "nimbus-cloud" in (each.subject, each.object):
            page.spot(SAMPLE.entities[each.subject].name)
            page.spot(SAMPLE.entities[each.object].name)
    page.button("Leave the focus")
    assert page.shown() > after


# --- paths, owners, communities, dates ----------------------------------------------------------------------------


def detour() -> tuple[StatementSet, list[str]]:
    """Two entities with one statement between them, and a way round over a third with others."""
    direct = next(each for each in SHOWN if each.relation == "competesWith")
    ends = [direct.subject, direct.object or ""]
    third = next(id_ for id_ in SAMPLE.entities if id_ not in ends)
    parts = [
        replace(direct, id=f"way {at}", subject=subject, object=end, relation="partnersWith" if at else "investsIn")
        for at, (subject, end) in enumerate(((ends[0], third), (third, ends[1])))
    ]
    kept = [each for each in SAMPLE.statements if each.object is None or {each.subject, each.object} != {*ends}]
    return replace(SAMPLE, statements=(*kept, direct, *parts)), ends


def test_a_path_goes_round_the_relations_that_are_left_out(show: Show) -> None:
    found, (start, end) = detour()
    path = {"a": start, "b": end, "directed": False, "without": {"set": []}}
    page = show(found, address=f"#path={json.dumps(path)}")
    assert page.text("#panel-title") == "1 path of 1 step"
    page.page.click("#panel summary")
    box = page.page.get_by_label("competes with").first
    box.focus()
    page.page.keyboard.press("Space")
    assert "of 2 steps" in page.text("#panel-title")
    assert page.page.evaluate("document.activeElement.parentElement.textContent").strip() == "competes with"
    page.page.keyboard.press("Space")
    assert page.text("#panel-title") == "1 path of 1 step"


def test_a_path_only_along_the_arrows(show: Show) -> None:
    forward = next(each for each in SHOWN if each.relation == "develops")
    path = {"a": forward.object, "b": forward.subject, "directed": False, "without": {"set": []}}
    page = show(replace(SAMPLE, statements=(forward,)), address=f"#path={json.dumps(path)}")
    assert page.text("#panel-title") == "1 path of 1 step"
    page.page.get_by_label("only along the arrows").click()
    assert "There is none" in page.text("#panel")


def test_a_path_is_seen_where_it_leaves_the_focus(page: Opened) -> None:
    page.choose("Oslo")
    page.button("Focus 1 hop")
    assert page.shown()[0] == 2
    page.button("Path from here")
    page.page.fill("#to", "Hart-5")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(".way")
    steps = int(page.text("#panel-title").split()[-2])
    assert page.shown()[0] > steps >= 3


def owned() -> StatementSet:
    ids = {entity.name: entity.id for entity in SAMPLE.entities.values()}
    return replace(
        SAMPLE,
        belongings=(
            Belonging(ids["Nimbus Cloud"], "parent", ids["Zetamind"], "Zetamind"),
            Belonging(ids["Bedstone"], "maker", ids["Nimbus Cloud"], "Nimbus Cloud"),
        ),
    )


def test_units_and_products_are_rolled_up_into_their_owner(show: Show) -> None:
    page = show(owned())
    before = page.shown()
    page.page.click("#rolled")
    assert page.shown()[0] == before[0] - 2
    inside = {"nimbus-cloud", "zetamind", "bedstone"}
    within = sum({each.subject, each.object} <= inside for each in SHOWN)
    assert page.shown()[1] == before[1] - within
    page.choose("Zetamind")
    page.button("Focus 1 hop")
    others = {end for each in SHOWN for end in (each.subject, each.object) if {each.subject, each.object} & inside}
    assert page.shown()[0] == len(others - inside - {None}) + 1
    page.page.click("#unfocus")
    page.button("Hide")
    left = [each for each in SHOWN if not {each.subject, each.object} & inside]
    assert page.shown()[1] == len(left)


def fills(page: Opened) -> set[str]:
    picture = ET.fromstring(page.save("svg"))
    return {each.get("fill") or "" for tag in ("circle", "polygon") for each in picture.findall(f".//{{*}}{tag}")} - {
        ""
    }


def test_communities_are_coloured_as_the_style_says(page: Opened) -> None:
    style = load_style()
    page.page.click("#grouped")
    grouped = fills(page)
    assert len(grouped & set(style.groups)) > 2
    assert (
        page.page.locator("#legend .swatch").first.evaluate("each => getComputedStyle(each).filter") == "grayscale(1)"
    )
    page.page.click("#undo")
    assert {each.colour for each in style.types.values()} <= fills(page)


def month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7] or 1)


def test_two_dates_are_compared(page: Opened) -> None:
    page.page.click("#new")
    page.page.get_by_label("After").fill("2024-11")
    page.page.keyboard.press("Tab")
    page.page.get_by_label("up to").fill("2025-02")
    page.page.keyboard.press("Tab")
    new = []
    for each in SHOWN:
        reported = min(SAMPLE.documents[evidence.document].date or "9999" for evidence in each.evidence)
        when = each.qualifiers.date or reported
        if month("2024-11") < month(when if len(when) > 4 else when + "-01") <= month("2025-02"):
            new.append(each)
    assert 0 < len(new) < len(SHOWN)
    assert page.text("#panel-title") == f"{len(new)} new statement{'' if len(new) == 1 else 's'}"
    quotes = {quote.replace("\n", "") for quote in page.page.locator("#panel blockquote").all_inner_texts()}
    assert len(quotes) == len({each.evidence[0].quote for each in new})


# --- undo ---------------------------------------------------------------------------------------------------------


def slide(label: str) -> Callable[[Opened], None]:
    def moved(page: Opened) -> None:
        script = "(each, at) => { each.value = at; each.dispatchEvent(new Event('input', { bubbles: true })); }"
        low, high = (int(page.page.get_by_label(label).get_attribute(end) or 0) for end in ("min", "max"))
        for at in ((low + 2 * high) // 3, (low + high) // 2):  # two steps of one movement
            page.page.get_by_label(label).evaluate(script, str(at))

    return moved


def pressed(selector: str) -> Callable[[Opened], None]:
    return lambda page: page.page.locator(selector).first.click()


def about(name: str, button: str) -> Callable[[Opened], None]:
    def done(page: Opened) -> None:
        page.choose(name)
        page.button(button)

    return done


UNDONE: dict[str, tuple[int, Callable[[Opened], None]]] = {
    "filter": (1, pressed("#legend input")),
    "only": (1, lambda page: page.page.get_by_role("button", name="Show only Chip").click(force=True)),
    "none": (1, lambda page: page.page.get_by_role("button", name="Show none of the status").click()),
    "confidence": (1, slide("Confidence at least")),
    "from": (1, slide("Dated from")),
    "until": (1, slide("Dated until")),
    "undated": (1, pressed("#time input[type=checkbox]")),
    "choose": (1, lambda page: page.choose("Zetamind")),
    "focus": (2, about("Zetamind", "Focus 1 hop")),
    "expand": (2, about("Zetamind", "Expand")),
    "hide": (2, about("Zetamind", "Hide")),
    "pin": (2, about("Zetamind", "Pin")),
    "path": (2, about("Zetamind", "Path from here")),
    "loops": (1, pressed("#loops")),
    "new": (1, pressed("#new")),
    "roll up": (1, pressed("#rolled")),
    "communities": (1, pressed("#grouped")),
    "dark": (1, pressed("#dark")),
    "table": (1, pressed("#as-table")),
    "reset": (1, pressed("#reset")),
    "play": (1, lambda page: (page.button("Play"), page.page.wait_for_timeout(900))),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("kind", UNDONE)
def test_it_is_undone(show: Show, kind: str) -> None:
    page = show(SAMPLE, address='#sure=20&rolled=false&colours="group"' if kind == "reset" else "")
    times, work = UNDONE[kind]
    before = (page.page.url, page.shown(), page.text("#panel-title"))
    work(page)
    assert page.page.url != before[0]
    for _ in range(times):
        assert page.page.locator("#undo").is_enabled()
        page.page.click("#undo")
    assert (page.page.url, page.shown(), page.text("#panel-title")) == before
    assert page.page.locator("#undo").is_disabled()
    page.page.wait_for_timeout(500 if kind == "play" else 0)
    assert page.page.url == before[0]


# --- paper, pictures, phones --------------------------------------------------------------------------------------


def test_paper_shows_picture_legend_and_evidence_on_a_light_ground(show: Show) -> None:
    page = show(SAMPLE, color_scheme="dark")
    page.choose("Zetamind")
    page.page.emulate_media(media="print")
    for gone in ("header .buttons", ".search", "footer", "nav .buttons", ".only >> nth=0"):
        assert not page.page.locator(gone).first.is_visible(), gone
    for seen in ("h1", "#picture", "#legend", "#panel .card >> nth=0"):
        assert page.page.locator(seen).is_visible(), seen
    for clipped in ("nav", "aside"):
        assert page.page.locator(clipped).evaluate("each => each.scrollHeight <= each.clientHeight + 1"), clipped
    page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.page.get_attribute("html", "data-theme") == "light"
    page.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.page.get_attribute("html", "data-theme") == ""
    assert page.page.pdf()[:5] == b"%PDF-"
    assert page.complaints == []


def test_paper_shows_the_whole_table(page: Opened) -> None:
    page.page.click("#as-table")
    page.page.emulate_media(media="print")
    rows, aside = (page.page.locator(each).bounding_box() for each in ("#rows", "aside"))
    assert rows is not None
    assert aside is not None
    assert page.page.locator("#rows").evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    assert rows["y"] + rows["height"] <= aside["y"] + 1


def corner(page: Page, png: bytes) -> list[int]:
    """The colour of the first pixel: red, green, blue, opacity."""
    script = """async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      return [...pen.getImageData(1, 1, 1, 1).data];
    }"""
    found: list[int] = page.evaluate(script, base64.b64encode(png).decode("ascii"))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("table", [False, True])
def test_a_saved_picture_has_the_ground_of_the_page(show: Show, scheme: str, table: bool) -> None:
    page = show(SAMPLE, color_scheme=scheme, address="#table=true" if table else "")
    ground = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue, opacity = corner(page.page.context.new_page(), page.save("png"))
    assert (f"rgb({red}, {green}, {blue})", opacity) == (ground, 255)
    assert len(ET.fromstring(page.save("svg")).findall(".//{*}text")) > 20


def test_it_fits_a_phone(show: Show) -> None:
    page = show(SAMPLE, viewport={"width": 360, "height": 740}, has_touch=True)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.page.locator("#picture").bounding_box()["width"] == 360  # type: ignore[index]


def fingers(page: Page) -> Callable[..., None]:
    """Sends `Start`, `Move` and `End` of touches with where the fingers are."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})

    return touch


def test_fingers_move_zoom_and_choose(show: Show) -> None:
    page = show(SAMPLE, **PHONE)
    box = page.page.locator("#picture").bounding_box()
    assert box is not None
    touch, x, y = fingers(page.page), box["x"] + 12, box["y"] + box["height"] - 12
    before = page.spot("Zetamind")
    touch("Start", (x, y))
    touch("Move", (x + 10, y - 12))
    touch("Move", (x + 20, y - 40))
    touch("End")
    page.page.wait_for_timeout(300)
    assert near(page.spot("Zetamind"), (before[0] + 20, before[1] - 40))
    one, other = page.spot("Zetamind"), page.spot("Openhart")
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    touch("Start", (x - 30, y))
    touch("Start", (x - 30, y), (x + 30, y))
    for step in (8, 16, 24):
        touch("Move", (x - 30 - step, y), (x + 30 + step, y))
    touch("End")
    page.page.wait_for_timeout(300)
    assert "pinned" not in fragment(page)
    assert math.dist(page.spot("Zetamind"), page.spot("Openhart")) > 1.5 * math.dist(one, other)
    touch("Start", page.spot("Openhart"))
    touch("End")
    page.page.wait_for_function("document.getElementById('panel-title').textContent === 'Openhart'")
    assert page.complaints == []


LABELS = """(source) => {
  const picture = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  document.body.replaceChildren(document.importNode(picture, true));
  const boxes = [...document.querySelectorAll("text[font-size='13']")].map((each) => each.getBBox());
  return boxes.map((box) => [box.x, box.y, box.x + box.width, box.y + box.height]);
}"""


@pytest.mark.parametrize(("width", "height", "share"), [(1280, 800, 0.95), (1920, 1080, 0.98), (390, 844, 0.25)])
def test_names_at_first_do_not_overlap(show: Show, width: int, height: int, share: float) -> None:
    page = show(random_statements(5, 300, 700), viewport={"width": width, "height": height})
    other = page.page.context.new_page()
    boxes = other.evaluate(LABELS, page.save("svg").decode("utf-8"))
    size = page.page.locator("#picture").bounding_box()
    assert size is not None
    assert len(boxes) >= share * page.shown()[0]
    clashes = [
        (a, b)
        for at, a in enumerate(boxes)
        for b in boxes[:at]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 3
    ]
    assert clashes == []
    assert [box for box in boxes if box[0] < -2 or box[2] > size["width"] + 2] == []
