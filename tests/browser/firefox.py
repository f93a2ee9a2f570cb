"""Firefox without a window, as somebody uses it who has a keyboard and a mouse."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from marionette_driver.keys import Keys
from marionette_driver.marionette import ActionSequence, Marionette

from tests.library.runner.house import wait_until

PROGRAMS = ("firefox-esr", "firefox")
PATIENCE_SECONDS = 60
SETTINGS = {
    "marionette.port": 0,  # a free one
    "media.autoplay.default": 0,
    "ui.primaryPointerCapabilities": 6,  # a mouse: without a window Firefox thinks of none
    "ui.allPointerCapabilities": 6,
    "network.proxy.type": 0,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    # Firefox asks the user about what is kept for good; nobody would answer here.
    "permissions.default.persistent-storage": 1,
}
# What Firefox says in its console of scripts, styles and the policy of the page.
COMPLAINTS = """
const [host] = arguments;
return Services.console.getMessageArray().filter((each) => each instanceof Ci.nsIScriptError)
  .filter(({ sourceName }) => sourceName.includes(host))
  .map(({ category, errorMessage, sourceName }) => `${category}: ${errorMessage} (${sourceName})`);
"""


def firefox() -> str:
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path:
        return path
    reason = "Firefox is not installed: apt install firefox-esr"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Firefox:
    """A tab. `css` is a selector, of which the first element is meant."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.navigate(url)

    def ask(self, expression: str, *values: object) -> Any:
        """The value of an expression in JavaScript, of `arguments` perhaps."""
        return self.driver.execute_script(f"return {expression}", script_args=values)

    def until(self, expression: str, *values: object) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.ask(expression, *values):
            assert time.monotonic() < deadline, f"never: {expression} {values}\n{self.seen()}"
            time.sleep(0.05)

    def seen(self) -> str:
        return str(self.ask("document.body.innerText"))

    def element(self, css: str) -> Any:
        self.until("document.querySelector(arguments[0])", css)
        return self.driver.find_element("css selector", css)

    def write(self, css: str, text: str) -> None:
        self.element(css).send_keys(text)

    def click(self, css: str, *, times: int = 1, button: int = 0) -> None:
        """As a hand does it: the button goes down and up."""
        pointer = ActionSequence(self.driver, "pointer", "hand", {"pointerType": "mouse"})
        pointer.pointer_move(0, 0, origin=self.element(css))
        for _ in range(times):
            pointer.pointer_down(button).pointer_up(button)
        pointer.perform()

    def press(self, *keys: str) -> None:
        """One after the other."""
        hand = ActionSequence(self.driver, "key", "keyboard")
        for key in keys:
            hand.key_down(key).key_up(key)
        hand.perform()

    def complaints(self, host: str) -> list[str]:
        with self.driver.using_context("chrome"):
            return list(self.driver.execute_script(COMPLAINTS, script_args=[host]))


ENTER, DOWN, ESCAPE = Keys.ENTER, Keys.ARROW_DOWN, Keys.ESCAPE


@contextmanager
def opened_firefox(profile: Path) -> Iterator[Firefox]:
    program = firefox()
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(v)});" for name, v in SETTINGS.items()]
    (profile / "user.js").write_text("\n".join(lines))
    options = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
    with (profile / "output").open("wb") as output:
        process = subprocess.Popen(
            [program, *options, "--profile", str(profile)], stdout=output, stderr=output
        )
    try:
        said = profile / "MarionetteActivePort"
        wait_until(lambda: said.exists() and said.read_text().strip())
        driver = Marionette("127.0.0.1", port=int(said.read_text()), socket_timeout=120)
        driver.start_session()
        driver.set_window_rect(width=1280, height=900)
        yield Firefox(driver)
    finally:
        process.terminate()
        process.wait()
