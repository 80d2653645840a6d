"""The explorer's page in headless Chromium: opened from a file, with every request and complaint written down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.model import StatementSet
from kg.view import write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
FIND = """(name) => {
  const canvas = document.getElementById("picture"), tip = document.getElementById("tip");
  const box = canvas.getBoundingClientRect(), found = [];
  for (let y = box.top + 2; y < box.bottom; y += 4) {
    for (let x = box.left + 2; x < box.right; x += 4) {
      canvas.dispatchEvent(new PointerEvent("pointermove", { pointerId: 99, clientX: x, clientY: y }));
      if (!tip.hidden && tip.textContent.startsWith(`${name} ·`)) found.push([x, y]);
    }
  }
  return found.length ? [0, 1].map((i) => found.reduce((sum, at) => sum + at[i], 0) / found.length) : null;
}"""


@dataclass(slots=True)
class Opened:
    """A page with what it asked for beyond its own file, what it complained of, and whether it ran foreign script."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def text(self, where: str) -> str:
        return self.page.inner_text(where)

    def choose(self, name: str) -> None:
        """Choose an entity by the search field."""
        self.page.fill("#search", name)
        self.page.wait_for_selector("#found [role=option]")
        self.page.keyboard.press("Enter")

    def save(self, kind: str) -> bytes:
        """The file that the menu offers as `kind`."""
        self.page.click("#save summary")
        with self.page.expect_download() as download:
            self.page.click(f"#save button[value={kind}]")
        return Path(download.value.path()).read_bytes()

    def spot(self, name: str) -> tuple[float, float]:
        """Where a node is drawn, in pixels of the window: the middle of where the pointer finds it."""
        found = self.page.evaluate(FIND, name)
        assert found, f"{name} is not in the picture"
        return found[0], found[1]

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def shown(self) -> tuple[int, int]:
        """How many entities and statements are seen."""
        words = self.text("#shown").replace(",", " ").split()
        return int(words[0]), int(words[4])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
    program = os.environ.get("KG_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: install it, or name it in KG_CHROMIUM")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens a statement set as a page; keyword arguments are those of a browser context."""
    contexts = []

    def opened(statements: StatementSet, *, address: str = "", **options: object) -> Opened:
        write_page(statements, tmp_path / "page.html")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
        found.page.on("pageerror", lambda error: found.complaints.append(f"error: {error}"))
        found.page.on("dialog", lambda dialog: found.complaints.append(f"dialog: {dialog.message}") or dialog.dismiss())
        found.page.goto((tmp_path / "page.html").as_uri() + address)
        found.page.wait_for_selector("html[data-ready]")
        return found

    yield opened
    for context in contexts:
        context.close()
