"""`python -m soak.queues`: run the test and print its results; exits with 1 if a check failed."""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.accounts import USERS
from tests.browser.conftest import launch
from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.queue_trial import HEAR, LOG_IN, QueueTrial, queue_of
from tests.browser.sound.shelf import Shelf, make_sounding_library, open_shelf
from tests.web.served import PROJECT_DIR, environment, manage, migrated_database


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.queues", description=__doc__)
    default_s = float(os.environ.get("SOAK_SECONDS") or 60)
    parser.add_argument("--seconds", type=float, default=default_s, help="default: 60")
    parser.add_argument("--browsers", type=int, default=2, help="of one user")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    say(f"{options.seconds:.0f} s, seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="mus-queues-") as name, sync_playwright() as playwright:
        folder, served = Path(name) / "library", Path(name) / "served"
        for each in (folder, served, Path(name) / "empty"):
            each.mkdir()
        database = migrated_database(Path(name) / "empty")
        manage(environment(Path(name) / "empty", 1), "shell", "--no-imports", "-c", USERS)
        make_sounding_library(folder, database)
        browser = launch(playwright)
        with open_shelf(served, folder) as shelf:
            problems = soak(browser, shelf, options)
        browser.close()
    for problem in problems:
        say(f"FAILED: {problem}")
    return 1 if problems else 0


def address_of(script: str) -> str:
    """Under which a server has it, from what `collectstatic` wrote."""
    written = json.loads((PROJECT_DIR / ".static" / "staticfiles.json").read_text())
    return f"/static/{written['paths'][script]}"


def soak(browser: Browser, shelf: Shelf, options: argparse.Namespace) -> list[str]:
    browsers = [open_tab(browser, shelf, "ada") for _ in range(options.browsers)]
    guest = open_tab(browser, shelf, "guest")
    guest.page.evaluate(HEAR, address_of("web/player/live.js"))
    trial = QueueTrial(browsers, options.seed)
    trial.run(options.seconds)
    say(f"{trial.counts}")
    try:
        ids = trial.settle()
    except AssertionError:
        return [f"the browsers do not agree: {[queue_of(each.page) for each in browsers]}"]
    say(f"all have the same queue of {len(ids)} tracks")
    if queue_of(guest.page, "guest")[0] or "queue" in guest.page.evaluate("changes"):
        return ["something reached another user"]
    return []


def open_tab(browser: Browser, shelf: Shelf, name: str) -> Listener:
    context = open_context(browser, shelf)
    session = shelf.server.python(LOG_IN.format(name=name)).split()[-1]
    context.add_cookies([{"name": "sessionid", "value": session, "url": shelf.server.url}])
    tab = Listener(context, shelf)
    tab.open()
    tab.open_queue()
    return tab


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
