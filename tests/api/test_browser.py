"""The pages in a real browser: nothing from elsewhere, no errors, no sideways scroll on a phone."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from checks.model import Outcome
from runtime.settings import Settings
from tests.cast import ADMIN
from tests.usecases.world import World
from usecases.tokens import create_token

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    "/",
    "/products/sales.orders",
    "/runs/1",
    "/incidents",
    "/incidents/1",
    "/contracts/orders",
)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where a live server with one product in trouble answers."""
    world.judge.said = {"enum": Outcome.FAILED, "some-rows": Outcome.ERRORED}
    world.publish()
    world.pass_time()
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        app = create_app(world.store, Settings(), world.clock)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


class Visit:
    """A page that somebody logged in on, and all that its browser complained about."""

    def __init__(self, browser: Browser, address: str, world: World, **context: Any) -> None:
        self.address = address
        self.page: Page = browser.new_context(**context).new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        _, secret = create_token(world.store, ADMIN, by=ADMIN, clock=world.clock)
        self.page.goto(f"{address}/products/sales.orders")
        self.page.get_by_label("Token").fill(secret)
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_role("button", name="Log out").wait_for()

    def _said(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"asked {request.url}")


def test_whoever_logs_in_sees_the_scorecard_they_asked_for(browser, address, world):
    visit = Visit(browser, address, world)

    page = visit.page
    assert page.url == f"{address}/products/sales.orders"
    assert "1 clause is failing." in page.inner_text("main")
    assert "1 clause could not be judged." in page.inner_text("main")
    page.get_by_role("button", name="Errored 1").click()
    assert page.locator("tbody[data-look]:visible").count() == 1
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(browser, address, world, scheme: str):
    visit = Visit(
        browser,
        address,
        world,
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
    )

    widths = {}
    for path in PAGES:
        visit.page.goto(f"{address}{path}")
        widths[path] = visit.page.evaluate("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(PAGES, 390)
    assert visit.complaints == []


def test_on_a_phone_the_clauses_are_still_a_table_to_those_who_hear_it(browser, address, world):
    visit = Visit(browser, address, world, viewport={"width": 390, "height": 844})

    table = visit.page.locator("table.clauses")

    assert table.get_by_role("columnheader").all_inner_texts()[:2] == ["Clause", "Dimension"]
    assert table.get_by_role("rowheader").count() == table.locator("tbody[data-look]").count()
    assert table.get_by_role("cell", name="Pandera").first.is_visible()


def test_everything_can_be_read_and_done_without_a_script(browser, address, world):
    visit = Visit(browser, address, world, java_script_enabled=False)

    visit.page.get_by_role("link", name="Incident 1").first.click()
    visit.page.get_by_role("button", name="Acknowledge").click()

    assert "Looked after by\nada" in visit.page.inner_text("main")
    visit.page.get_by_role("button", name="Log out").click()
    assert visit.page.url == f"{address}/login"


def test_the_documentation_works_offline(browser, address, world):
    visit = Visit(browser, address, world)

    visit.page.goto(f"{address}/docs")
    visit.page.get_by_text("Publish a contract version").click()

    visit.page.get_by_text("An ODCS 3.x document").wait_for()
    assert visit.complaints == []


def test_the_theme_is_switched_and_remembered(browser, address, world):
    visit = Visit(browser, address, world, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = visit.page.evaluate(ground)

    visit.page.get_by_role("button", name="Switch between light and dark").click()
    visit.page.reload()

    assert visit.page.evaluate(ground) != light
    assert visit.complaints == []
