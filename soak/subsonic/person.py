"""Somebody in a browser, at the address of all the apps: logs in by password again and again, and
stays in with the first session."""

import asyncio
import re
import time

import httpx

from soak.subsonic.answers import Answers
from soak.subsonic.library import WEB_PASSWORD

EVERY_S = 2.0
REQUEST_WITHIN_S = 60.0
LOGIN, PAGES = "web: login by password", "web: pages of a session"
PATHS = ("/", "/api/v1/tracks?limit=50", "/api/v1/albums")
_CSRF_FIELD = re.compile('name="csrfmiddlewaretoken" value="([^"]+)"')


async def browse(url: str, user: str, answers: Answers, deadline: float) -> int:
    """Returns how often the login succeeded."""
    succeeded = 0
    async with _browser(url) as first:
        succeeded += await _log_in(first, user, answers)
        while time.monotonic() < deadline:
            await _look(first, answers)
            async with _browser(url) as another:
                succeeded += await _log_in(another, user, answers)
                await _look(another, answers)
            await asyncio.sleep(min(EVERY_S, max(deadline - time.monotonic(), 0)))
        await _look(first, answers)
    return succeeded


def _browser(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=REQUEST_WITHIN_S)


async def _log_in(browser: httpx.AsyncClient, user: str, answers: Answers) -> bool:
    answer = await answers.timed(LOGIN, _send_password(browser, user))
    if answer is None:
        return False
    is_in = answer.status_code == httpx.codes.FOUND and "sessionid" in browser.cookies
    answers.note(f"web login: {answer.status_code}")
    if not is_in:
        answers.complain(f"the login to the pages was answered {answer.status_code}")
    return is_in


async def _send_password(browser: httpx.AsyncClient, user: str) -> httpx.Response:
    found = _CSRF_FIELD.search((await browser.get("/login/")).text)
    token = found[1] if found else ""
    fields = {"username": user, "password": WEB_PASSWORD, "csrfmiddlewaretoken": token}
    return await browser.post("/login/", data=fields)


async def _look(browser: httpx.AsyncClient, answers: Answers) -> None:
    for path in PATHS:
        answer = await answers.timed(PAGES, browser.get(path))
        if answer is None:
            continue
        answers.note(f"web pages: {answer.status_code}")
        if answer.status_code != httpx.codes.OK:
            answers.complain(f"a browser that is logged in got {answer.status_code}: {path}")
