"""The pages of the API's schema: offline, and under our own Content-Security-Policy."""

from playwright.sync_api import BrowserContext


def test_the_pages_render_with_nothing_from_elsewhere(browser_context: BrowserContext, live_server):
    page = browser_context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/api/v1/docs/")
    page.get_by_text("/api/v1/engagements/", exact=True).first.click()
    page.get_by_text("missing_numbers").first.wait_for()

    assert complaints == []
    ours = live_server.url.split("/")[2]
    assert {url.split("/")[2] for url in asked if url.startswith(("http:", "https:"))} == {ours}
