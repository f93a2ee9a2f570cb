"""Keys of a keyboard that is not the usual one."""

from playwright.sync_api import Page

COMMAND = 2


def press(page: Page, key: str, code: str, *, is_command: bool = False) -> None:
    """`key`: what it writes; `code`: where it lies."""
    session = page.context.new_cdp_session(page)
    pressed = {"key": key, "code": code, "modifiers": COMMAND if is_command else 0}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **pressed})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    session.detach()
