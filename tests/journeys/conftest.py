"""A real browser for journeys, the system's own, and axe to look over each page."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from guilds.access.models import User
from running.browser import find

# Playwright's loop runs in the tests' own thread, which Django would otherwise take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: Widths and colours in which pages are looked over: each of them once, not each with each.
LOOKS = [(320, "dark"), (768, "light"), (1280, "light")]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. That there is one is checked before the tests start; without it they fail, not pass."""
    where = find()
    assert where, "No browser found: install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A window of its own for each test; addresses are relative to the live server."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def told(line: str) -> bool:
    """Whether the browser only notes that a form came back with what is wrong in it: that is no mistake of the page."""
    return "the server responded with a status of 422" in line


@pytest.fixture
def page(browser_context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a file is missing or the content policy stops something."""
    page = browser_context.new_page()
    problems: list[str] = []
    page.on(
        "console", lambda line: problems.append(line.text) if line.type == "error" and not told(line.text) else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert not problems, problems


@pytest.fixture
def be(browser_context: BrowserContext, live_server) -> Callable[[User], None]:
    """Call with a user: from now on the window is theirs."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        browser_context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Call with a page: fails with what axe finds, and if the page is wider than the window."""

    def look(page: Page) -> list[dict]:
        page.wait_for_load_state()
        return Axe().run(page).response["violations"]

    def check(page: Page) -> None:
        try:
            found = look(page)
        except Error:  # a press led to another page while this one was looked at: that one is meant
            found = look(page)
        assert not found, [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    return check
