"""The pages in a real browser: who reads them, on what, and with which hands."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from access.model import Principal, Role
from api.app import create_app
from api.ask import COOKIE
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import NOON
from tools.bench.showpieces import NASTY
from tools.bench.showroom import ADMIN, Showroom, open_showroom, seed_card
from usecases.request_run import request_run
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
CARD = "/products/commerce.orders"
PAGES = (
    "/",
    "/?q=nothing",
    "/domains/commerce",
    CARD,
    f"{CARD}?at=2026-10-20T12:00",
    f"{CARD}/clauses",
    f"{CARD}/why",
    f"/products/{NASTY}",
    "/products/commerce.returns",
    "/products/logistics.freight",
    "/products/bench.large",
    "/incidents?state=all",
    "/incidents/1",
    "/contracts/orders",
    "/contracts/nasty",
    "/runs/1",
    "/nowhere",
)
COLOURS_SEEN = {"color-contrast": {"enabled": False}}  # by day and by night, on the desk
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
READER = Principal(name="rita", role=Role.CONSUMER)
KEEPER = Principal(name="karl", role=Role.OWNER, domain="finance")


@dataclass(kw_only=True)
class Site:
    """A live service with a past. ``secrets`` holds a token for each name."""

    address: str
    room: Showroom
    secrets: dict[str, str]


@dataclass(kw_only=True)
class Visit:
    """A window that somebody logged in on, and all that its browser complained about."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def said(self, message) -> None:
        ours = "404" in message.text and self.page.url.endswith("/nowhere")
        if message.type in {"error", "warning"} and not ours:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"asked {request.url}")


@dataclass(kw_only=True)
class Survey:
    """What was found on every page, by mode and path; what is as it should be is left out."""

    violations: dict[tuple[str, str], str] = field(default_factory=dict)
    sideways: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(_empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("site") / "assay.db"
    copy(_empty_database, path)
    store = SqlStore(create_store_engine(f"sqlite:///{path}"))
    room = open_showroom(store, now=NOON)
    seed_card(store, now=NOON, clauses=200, days=3)
    secrets = {
        who.name: create_token(store, who, by=ADMIN, clock=room.clock)[1]
        for who in (ADMIN, READER, KEEPER)
    }
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        app = create_app(store, Settings(), room.clock)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        yield Site(address=address, room=room, secrets=secrets)
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def visit(browser: Browser, site: Site, who: str = "ada", **how) -> Visit:
    """Open a window; ``who`` is let in by the cookie of a session, nobody where it is empty."""
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **how})
    if who:
        context.add_cookies([{"name": COOKIE, "value": site.secrets[who], "url": site.address}])
    found = Visit(context=context, page=context.new_page(), address=site.address)
    found.page.on("console", found.said)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("request", found.asked)
    return found


@pytest.fixture(scope="module")
def survey(browser: Browser, site: Site) -> Survey:
    """Look at every page on a desk by day and by night, and on a phone."""
    found, axe = Survey(), Axe()
    desk, phone = visit(browser, site), visit(browser, site, viewport=PHONE)
    for path in (*PAGES, "/login"):
        desk.go(path)
        _judge(found, axe, desk.page, ("light", path))
        desk.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        _judge(found, axe, desk.page, ("dark", path), runOnly=["color-contrast"])
        desk.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        phone.go(path)
        _judge(found, axe, phone.page, ("phone", path), rules=COLOURS_SEEN)
        width = phone.page.evaluate("document.documentElement.scrollWidth")
        if width != PHONE["width"]:
            found.sideways[path] = width
    found.complaints = [*desk.complaints, *phone.complaints]
    desk.context.close()
    phone.context.close()
    return found


def _judge(found: Survey, axe: Axe, page: Page, at: tuple[str, str], **rules: object) -> None:
    """Hold a page against every rule of axe, or those that are left by its options."""
    results = axe.run(page, options={"resultTypes": ["violations"], **rules})
    if results.violations_count:
        found.violations[at] = results.generate_report()


def test_no_page_keeps_anybody_out(survey: Survey):
    assert survey.violations == {}


def test_no_page_scrolls_sideways_on_a_phone(survey: Survey):
    assert survey.sideways == {}


def test_no_page_complains_or_asks_anybody_else(survey: Survey):
    assert survey.complaints == []


def test_every_page_can_be_read_without_a_script(browser: Browser, site: Site):
    found = visit(browser, site, java_script_enabled=False)

    lengths = {}
    for path in PAGES:
        found.go(path)
        lengths[path] = len(found.page.inner_text("main"))

    assert min(lengths.values()) > 60, lengths
    assert found.complaints == []


def test_a_consumer_finds_a_product_and_learns_why_it_fails(browser: Browser, site: Site):
    found = visit(browser, site, who="")
    page = found.page

    found.go("/")
    page.get_by_label("Token").fill(site.secrets["rita"])
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Search products").fill("currency")
    page.get_by_label("Search products").press("Enter")
    page.get_by_role("row", name="orders").get_by_role("link", name="orders").click()

    main = page.get_by_role("main")
    assert page.get_by_role("heading", level=1).inner_text().startswith("orders")
    assert "2 clauses are failing." in main.inner_text()
    assert main.get_by_role("img", name=re.compile("Quality score [0-9.]+ of 100")).is_visible()
    page.get_by_text("Why it changed since yesterday").click()
    page.get_by_text("failed since 20 Nov").wait_for()
    assert "The rows that fail are shown to owners" in main.inner_text()
    page.get_by_role("link", name="Incident 3").first.click()
    assert page.get_by_role("button", name="Acknowledge").count() == 0
    assert found.complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_an_owner_takes_an_incident_on_and_ends_it(browser: Browser, site: Site, *, script: bool):
    site.room.now = site.room.now.replace(minute=1 if script else 2)
    site.room.judge("finance.ledger")
    found = visit(browser, site, who="karl", java_script_enabled=script)
    page, main = found.page, found.page.get_by_role("main")

    found.go("/incidents?product=finance.ledger")
    page.get_by_role("link", name="promise broken").click()
    assert "Debit and credit are equal." in main.inner_text()
    assert page.get_by_text("EURO").is_visible()
    acknowledge = page.get_by_role("button", name="Acknowledge")
    if acknowledge.count():
        acknowledge.click()
    assert "Looked after by\nkarl" in main.inner_text()
    page.get_by_label("Resolve by hand: why?").fill("Booked twice, <b>mended</b>")
    page.get_by_role("button", name="Resolve").click()

    assert "Why it was resolved\n\nBooked twice, <b>mended</b>" in main.inner_text()
    assert page.get_by_role("button", name="Resolve").count() == 0
    assert found.complaints == []


def test_whoever_uses_the_keyboard_can_skip_and_sees_where_they_are(browser: Browser, site: Site):
    found = visit(browser, site)
    page = found.page
    found.go(CARD)

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.evaluate("(at) => at === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => {
                const at = document.activeElement, box = at.getBoundingClientRect();
                const style = getComputedStyle(at);
                return [at.outerHTML.slice(0, 80), style.outlineStyle, box.width * box.height];
            }"""
        )
        if outline[1] == "none" or not outline[2]:
            unseen.append(outline)

    assert unseen == []
    assert (
        page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"0\"],main)').length")
        == 0
    )


def test_a_form_is_filled_and_sent_by_keyboard(browser: Browser, site: Site):
    found = visit(browser, site, who="")

    found.go(f"/login?next={CARD}")
    found.page.keyboard.type(site.secrets["rita"])
    found.page.keyboard.press("Enter")

    found.page.wait_for_url(f"**{CARD}")
    assert found.complaints == []


def test_clauses_are_sifted_in_place_by_outcome_and_words(browser: Browser, site: Site):
    found = visit(browser, site)
    page, rows = found.page, found.page.locator("#clauses [data-row]:visible")
    found.go(CARD)

    page.get_by_role("link", name="Errored 1").click()
    errored = rows.count()
    page.get_by_role("link", name="All 44").click()
    page.get_by_label("Filter clauses by text").fill("SKU never")

    assert errored == 1
    assert rows.all_inner_texts()[0].replace("\n", " ").startswith("✓ sku is never null")
    assert rows.count() == 1
    page.get_by_label("Filter clauses by text").fill("nothing like it")
    assert page.get_by_text("No clause holds these words.").is_visible()
    assert page.url.endswith(CARD)


def test_what_a_long_contract_keeps_is_fetched_when_it_is_unfolded(browser: Browser, site: Site):
    found = visit(browser, site)
    found.go("/products/bench.large")
    before = found.page.locator("#clauses .group [data-row]").count()

    found.page.get_by_text("passed part_1").click()
    found.page.locator("#clauses .group [data-row]").first.wait_for()

    assert before == 0
    assert found.page.locator("#clauses .group [data-row]").count() > 50
    assert found.complaints == []


def test_a_link_to_a_clause_unfolds_it(browser: Browser, site: Site):
    found = visit(browser, site)

    found.go(f"{CARD}#orders%2Fschema%2Forders%2Fproperties%2Forder_id%2Frequired")

    row = found.page.locator("tr:target")
    row.wait_for()
    assert "order_id is never null" in row.inner_text().replace("\n", " ")


def test_a_run_shows_its_results_by_itself_when_it_has_ended(browser: Browser, site: Site):
    found, room = visit(browser, site), site.room
    run = request_run(room.store, "commerce.returns", by=ADMIN, clock=room.clock)[0]

    found.go(f"/runs/{run.id}")
    waits = found.page.get_by_role("heading", name="Not recorded yet").is_visible()
    room.drain()
    found.page.get_by_role("heading", name="Results").wait_for(timeout=15_000)

    assert waits
    assert found.complaints == []


def test_on_a_phone_the_clauses_are_still_a_table_to_those_who_hear_it(browser, site: Site):
    found = visit(browser, site, viewport=PHONE)
    found.go(CARD)

    table = found.page.locator("table.clauses").first

    assert table.get_by_role("columnheader").all_inner_texts()[:2] == ["Clause", "Dimension"]
    assert table.get_by_role("rowheader").count() == table.locator("[data-row]").count()
    assert table.get_by_role("cell", name="Pandera").first.is_visible()


@pytest.mark.parametrize("product", ["commerce.orders", "finance.rates"])
def test_the_columns_of_all_clauses_stand_under_one_visible_head(browser, site: Site, product: str):
    found = visit(browser, site, viewport=DESK)
    found.go(f"/products/{product}")

    heads, edges = found.page.evaluate("""() => {
        document.querySelectorAll("details.group").forEach(group => { group.open = true; });
        const lefts = row => [...row.children].map(cell => cell.getBoundingClientRect().left);
        const rows = [...document.querySelectorAll(
            "table.clauses > thead:not(.unseen) > tr, table.clauses > tbody > tr")];
        const heads = rows.filter(row => row.closest("thead")).length;
        const whole = rows.filter(row => row.children.length === 6);
        return [heads, [...new Set(whole.map(row => lefts(row).join()))]];
    }""")

    assert heads == 1
    assert len(edges) == 1


def test_the_documentation_works_offline(browser: Browser, site: Site):
    found = visit(browser, site)

    found.go("/docs")
    found.page.get_by_text("Publish a contract version").click()

    found.page.get_by_text("An ODCS 3.x document").wait_for()
    assert found.complaints == []


def test_the_theme_is_switched_and_remembered(browser: Browser, site: Site):
    found = visit(browser, site, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    found.go("/incidents")
    light = found.page.evaluate(ground)

    found.page.get_by_role("button", name="Switch between light and dark").click()
    # Chromium writes a cookie down a moment after the script has set it.
    found.page.wait_for_function("document.cookie.includes('assay_theme=dark')")
    found.page.reload()

    assert found.page.evaluate(ground) != light
    assert found.page.locator("html").get_attribute("data-theme") == "dark"
    assert found.complaints == []


def test_a_scorecard_is_light_to_load(browser: Browser, site: Site):
    found = visit(browser, site)
    sizes: list[int] = []
    found.page.on("requestfinished", lambda done: sizes.append(done.sizes()["responseBodySize"]))

    found.go("/products/bench.large")
    found.page.wait_for_load_state("networkidle")

    assert len(sizes) <= 5
    assert sum(sizes) <= 60_000


def test_on_paper_there_is_nothing_to_press(browser: Browser, site: Site):
    found = visit(browser, site)
    found.go(CARD)

    found.page.emulate_media(media="print")

    pressed = found.page.locator("button:visible, input:visible, nav.tabs:visible")
    assert pressed.count() == 0
    assert found.page.locator("#clauses").is_visible()
