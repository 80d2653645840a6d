"""How quick the explorer is: making the page, opening it, moving it; beside pages of pyvis over the same graphs.

`python tests/bench/explorer.py [--short] [NODES...]`. The graphs are invented, seeded, and shaped like ours. `ours` is
the explorer, at first and with all shown; `vis-network` our page of pyvis, positions given and physics off; `pyvis`
what pyvis 0.3.2 makes by itself. In headless Chromium without a GPU; a page that takes longer than the limit is given
up. Speeds are of one run: compare its lines with each other.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import NO_QUALIFIERS, Document, Entity, Evidence, Statement, StatementSet
from kg.schema import load_schema
from kg.view import write_page, write_pyvis_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = {"--short": [60], "": [500, 5_000, 50_000]}
LIMITS = {"--short": 10, "": 120}
"""Seconds until a page is given up."""
BESIDE = 5_000
"""Nodes up to which the pages of pyvis are tried."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
DRAG = """async (canvas) => {
  const box = canvas.getBoundingClientRect(), x = box.left + 3, y = box.top + 3;
  const send = (kind, dx, dy) => {
    for (const [Kind, name] of [[PointerEvent, "pointer"], [MouseEvent, "mouse"]]) {
      const at = { pointerId: 1, buttons: 1, clientX: x + dx, clientY: y + dy, bubbles: true };
      canvas.dispatchEvent(new Kind(name + kind, at));
    }
  };
  canvas.setPointerCapture = () => {};
  const begin = performance.now();
  let frames = 0;
  send("down", 0, 0);
  while (performance.now() - begin < 2000) {
    frames += 1;
    send("move", (frames * 7) % 300, (frames * 5) % 200);
    await new Promise((done) => requestAnimationFrame(done));
  }
  send("up", 0, 0);
  return (frames * 1000) / (performance.now() - begin);
}"""
"""Drags the picture for two seconds; frames a second."""


def invented(count: int, rng: random.Random) -> StatementSet:
    """So many entities, with 1.3 statements each: a few take part in many, most in one or two."""
    relations = [each for each in load_schema().relations.values() if "Company" in each.domain & each.range]
    entities = {f"e{n}": Entity(f"e{n}", f"Name {n} Labs", "Company") for n in range(count)}
    days = [f"20{rng.randint(18, 25)}-0{rng.randint(1, 9)}-11" for _ in range(max(1, count // 4))]
    documents = {f"d{n}": Document(f"d{n}", "", (), f"News of week {n}", "Wire", day) for n, day in enumerate(days)}
    statements = []
    for number in range(count * 13 // 10):
        subject, other = int(count ** rng.random()) - 1, rng.randrange(count)
        if subject == other:
            continue
        ends = f"Name {subject} Labs is said to have something to do with Name {other} Labs"
        words = f"In a sentence of some length, number {number}, {ends}."
        source, relation = rng.choice(list(documents)), rng.choice(relations).name
        evidence = (Evidence(source, 0, len(words), words, "bench", "asserted", NO_QUALIFIERS, 0.9),)
        id_, told = f"s{number:015}", ("asserted", NO_QUALIFIERS, evidence)
        statements.append(Statement(id_, f"e{subject}", relation, f"e{other}", *told))
    used = {end for each in statements for end in (each.subject, each.object)}
    return StatementSet(documents, {key: each for key, each in entities.items() if key in used}, tuple(statements))


def plain_pyvis(found: StatementSet, out: Path) -> None:
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    network.add_nodes(list(found.entities), label=[entity.name for entity in found.entities.values()])
    for each in found.statements:
        network.add_edge(each.subject, each.object, title=each.relation)
    out.write_text(network.generate_html(), encoding="utf-8")


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def opened(browser: Browser, path: Path, limit: int) -> tuple[Page, float]:
    """The page, and the seconds until it has drawn two frames."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True).new_page()
    page.set_default_timeout(limit * 1000)
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("canvas")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page, time.perf_counter() - start


def row(browser: Browser, what: str, path: Path, made: float, limit: int) -> None:
    from playwright.sync_api import Error

    size = f"{path.stat().st_size / 1e6:6.2f} MB"
    try:
        page, ready = opened(browser, path, limit)
        rates = [page.evaluate(DRAG, page.query_selector("canvas"))]
        if what == "ours" and page.is_visible("#all"):
            page.click("#all")
            rates.append(page.evaluate(DRAG, page.query_selector("canvas")))
        moved = ", with all shown ".join(f"{rate:.0f}" for rate in rates)
        print(
            f"  {what:12}{size}, made in {made:5.1f} s of CPU, opens in {ready:5.2f} s, moves {moved} frames a second"
        )
        page.context.close()
    except Error as error:
        print(f"  {what:12}{size}, made in {made:5.1f} s of CPU, given up: {str(error).splitlines()[0][:90]}")


def main(sizes: list[int], limit: int) -> None:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("KG_CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("no Chromium: nothing a second is measured")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=list(FLAGS))
        for size in sizes:
            found, out = invented(size, random.Random(11)), Path(folder) / "page.html"
            print(f"{len(found.entities):,} entities, {len(found.statements):,} statements")
            makers: dict[str, Callable[[StatementSet, Path], None]] = {"ours": write_page}
            if size <= BESIDE:
                makers |= {"vis-network": write_pyvis_page, "pyvis": plain_pyvis}
            for what, make in makers.items():
                made = seconds(lambda: make(found, out))  # noqa: B023
                row(browser, what, out, made, limit)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    form = "--short" if "--short" in sys.argv[1:] else ""
    main(numbers or SIZES[form], LIMITS[form])
