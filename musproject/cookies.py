"""Settings of cookies that keep several mus servers on one host apart, by their BASE_PATH."""

_MESSAGES = "django.contrib.messages.storage"


def cookie_name(name: str, base_path: str) -> str:
    """The name of a cookie: `sessionid` at /, `sessionid|music` at /music/.

    The cookies' paths alone would not do. A browser sends a cookie of / to /music/ too, and of two
    cookies with the same name Django takes the last, which is that of the shorter path. A base path
    cannot contain the character that stands for a slash here.
    """
    return name + base_path.removesuffix("/").replace("/", "|")


def message_storage(base_path: str) -> str:
    """Where Django's messages wait for the next page.

    Django's cookie for them has the path / and one name for all, so below a path it is not used.
    """
    if base_path == "/":
        return f"{_MESSAGES}.fallback.FallbackStorage"  # Django's default
    return f"{_MESSAGES}.session.SessionStorage"
