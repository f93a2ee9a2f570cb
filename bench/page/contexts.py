"""Browsers that are logged in and have nothing kept from before."""

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext

from bench.live.server import ServedLibrary


def new_context(chromium: Chromium, served: ServedLibrary) -> BrowserContext:
    url = f"http://127.0.0.1:{served.port}"
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    for cookie in served.headers["Cookie"].split("; "):
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": url}])
    return context
