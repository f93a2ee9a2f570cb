"""Converters from the text of an environment variable to its value.

Each raises ValueError for a text that is not allowed. `environment` says in its message what is.
"""

import ipaddress
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from runtime.secret_keys import is_too_short

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)*")
_ALLOWED_HOST = re.compile(rf"\*|\.?{_HOST_NAME.pattern}\.?|\[[0-9a-fA-F:.]+\]")
_ORIGIN = re.compile(r"https?://[^/\s]+")
_HEXADECIMAL_KEY = re.compile(r"[0-9a-f]{32}")
_METRICS_TOKEN = re.compile(r"[!-~]{16,}")
_URL_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+/")
_REDIS_NUMBER = re.compile(r"(/[0-9]*)?")


def truth(text: str) -> bool:
    word = text.strip().lower()
    _require(word in _TRUE | _FALSE)
    return word in _TRUE


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A converter to a whole number from `least` to `most`, both allowed."""

    def convert(text: str) -> int:
        _require(least <= int(text) <= most)
        return int(text)

    return convert


def positive_number(most: float) -> Callable[[str], float]:
    """A converter to a number above 0, up to `most`."""

    def convert(text: str) -> float:
        _require(0 < float(text) <= most)  # false for nan
        return float(text)

    return convert


def one_of(*words: str) -> Callable[[str], str]:
    """A converter to one of these words, in any case."""

    def convert(text: str) -> str:
        _require(text.strip().lower() in words)
        return text.strip().lower()

    return convert


def log_level(text: str) -> str:
    _require(text.upper() in LOG_LEVELS)
    return text.upper()


def folder(text: str) -> Path:
    """`text` as an absolute path with `~` expanded. Symbolic links are not resolved, so that
    messages show the path that the user chose."""
    try:
        return Path(os.path.abspath(Path(text).expanduser()))
    except RuntimeError as error:  # `~name` of an unknown user
        raise ValueError(str(error)) from None


def folders(text: str) -> tuple[Path, ...]:
    """One or several folders, separated by `os.pathsep` as in PATH."""
    _require(bool(text.strip(os.pathsep)))
    return tuple(folder(part) for part in text.split(os.pathsep) if part)


def comma_separated(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def artist_separators(text: str) -> tuple[str, ...]:
    """Texts with `|` between them, whose spaces count; `none`: no text.

    Without a `|` the texts have `,` between them and their spaces do not count: the form of
    earlier versions.
    """
    if text.strip().lower() == "none":
        return ()
    if "|" not in text:
        return comma_separated(text) if "," in text else (text,)
    parts = tuple(part for part in text.split("|") if part.strip())
    _require(bool(parts))
    return parts


def ignored_articles(text: str) -> tuple[str, ...]:
    """Words with spaces between them, or commas and spaces; `none`: no word."""
    if text.strip().lower() == "none":
        return ()
    words = tuple(dict.fromkeys(text.replace(",", " ").split()))
    _require(bool(words) and all(any(map(str.isalpha, word)) for word in words))
    _require(not any(character.isdigit() for character in text))
    return words


def allowed_hosts(text: str) -> tuple[str, ...]:
    hosts = comma_separated(text)
    _require(bool(hosts) and all(map(_ALLOWED_HOST.fullmatch, hosts)))
    return hosts


def origins(text: str) -> tuple[str, ...]:
    found = comma_separated(text)
    _require(all(map(_ORIGIN.fullmatch, found)))
    return found


def networks(text: str) -> tuple[str, ...]:
    """Addresses or networks, separated by commas."""
    found = comma_separated(text)
    for each in found:
        ipaddress.ip_network(each, strict=False)
    return found


def host(text: str) -> str:
    """An address or a host name; the brackets of an IPv6 address are removed."""
    bare = text.removeprefix("[").removesuffix("]")
    _require(is_address(bare) or _HOST_NAME.fullmatch(bare) is not None)
    return bare


def database_url(text: str) -> str:
    _require(text.startswith(("sqlite:///", "postgres://", "postgresql://")))
    # With an in-memory database each process would have a library of its own.
    _require(dj_database_url.parse(text)["NAME"] not in {"", ":memory:"})
    return text


def redis_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "unix":
        _require(parts.path not in {"", "/"})
    else:
        _require(parts.scheme in {"redis", "rediss"} and bool(parts.hostname))
        _require(parts.port != 0)  # `port` itself raises ValueError for an impossible port
        _require(_REDIS_NUMBER.fullmatch(parts.path) is not None)
    return text


def metrics_token(text: str) -> str:
    _require(_METRICS_TOKEN.fullmatch(text) is not None)
    return text


def hexadecimal_key(text: str) -> str:
    key = text.strip().lower()
    _require(_HEXADECIMAL_KEY.fullmatch(key) is not None)
    return key


def service_urls(text: str) -> tuple[str, ...]:
    """Addresses of services, separated by commas. A slash at the end makes no difference."""
    urls = tuple(dict.fromkeys(each.rstrip("/") for each in comma_separated(text)))
    for url in urls:
        parts = urlsplit(url)
        _require(parts.scheme in {"http", "https"} and bool(parts.hostname))
        _require("@" not in parts.netloc and not {"?", "#"} & set(url))
        _require(url.isascii() and url.isprintable() and " " not in url)
        _require(parts.port != 0)  # `port` itself raises ValueError for an impossible port
    return urls


def secret_key(text: str) -> str:
    _require(not is_too_short(text))
    return text


def url_prefix(text: str) -> str:
    """The path of a URL that begins and ends with a slash."""
    _require(_URL_PREFIX.fullmatch(text) is not None)
    return text


def base_path(text: str) -> str:
    """The path below which mus is served, with a slash at its end, which `text` may lack."""
    path = text if text.endswith("/") else f"{text}/"
    _require(path == "/" or _URL_PREFIX.fullmatch(path) is not None)
    _require(not {".", ".."} & set(path.split("/")))  # browsers would resolve them
    return path


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _require(condition: bool) -> None:  # noqa: FBT001
    """Raise ValueError without a text: the message is made of the variable's `allowed`."""
    if not condition:
        raise ValueError
