"""Reads the settings from environment variables or a `.env` file beside manage.py, and checks them.

This is the only place that names the variables, their types, defaults and allowed values.
"""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from musproject import converters
from runtime.niceness import HIGHEST
from runtime.secret_keys import MIN_SECRET_KEY_CHARACTERS

PROJECT_DIR = Path(__file__).resolve().parent.parent
ENV_FILE = PROJECT_DIR / ".env"
DEFAULT_MUSIC_DIR = PROJECT_DIR / "music"
DEFAULT_IGNORED_ARTICLES = (
    *("The", "A", "An", "El", "La", "Los", "Las", "Le", "Les", "Der", "Die", "Das"),
)
DEFAULT_ARTIST_SEPARATORS = (";", " / ", " feat. ", " feat ", " ft. ", " ft ", " featuring ")
SHARING = ("off", "administrators", "everybody")
"""Who may make links that need no login."""
SECRETS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "METRICS_TOKEN", "LASTFM_API_SECRET"}
"""A URL may hold a password."""


class _Variable(NamedTuple):
    """The converter of a variable's text, and what the error message says is allowed."""

    convert: Callable[[str], Any]
    allowed: str = ""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One attribute per variable, named as the variable in lower case. README.md lists them.

    An empty variable counts as not set.
    """

    music_dir: Annotated[
        tuple[Path, ...],
        _Variable(converters.folders, f"paths of folders, {os.pathsep!r} between them"),
    ] = (DEFAULT_MUSIC_DIR,)
    data_dir: Annotated[Path, _Variable(converters.folder, "a folder's path")] = (
        PROJECT_DIR / "data"
    )
    database_url: Annotated[
        str,
        _Variable(
            converters.database_url,
            "sqlite:////path/to/file or postgresql://user:password@host:port/name, "
            "special characters in its parts percent-encoded (the value found is not shown)",
        ),
    ] = ""
    redis_url: Annotated[
        str,
        _Variable(
            converters.redis_url,
            "redis://user:password@host:port/number, rediss://... or "
            "unix:///path/to/socket (the value found is not shown)",
        ),
    ] = ""
    secret_key: Annotated[
        str,
        _Variable(
            converters.secret_key,
            f"at least {MIN_SECRET_KEY_CHARACTERS} random characters, such as "
            "`openssl rand -base64 48` prints, or nothing: then mus makes one and keeps it in "
            "DATA_DIR. With another one than before sessions end and everybody has to log in "
            "again; nothing else is lost (the value found is not shown)",
        ),
    ] = ""
    allowed_hosts: Annotated[
        tuple[str, ...],
        _Variable(
            converters.allowed_hosts,
            "names or addresses without scheme and port, with ',' between them; "
            "an IPv6 address in brackets",
        ),
    ] = ("localhost", "127.0.0.1", "[::1]")
    base_path: Annotated[
        str,
        _Variable(
            converters.base_path,
            "a path such as /music/, without scheme and host: parts of letters, digits and -._~, "
            "a single / before each, no part . or ..; / if mus has the host to itself",
        ),
    ] = "/"
    csrf_trusted_origins: Annotated[
        tuple[str, ...],
        _Variable(
            converters.origins,
            "origins such as https://music.example.org, the scheme included and nothing "
            "after host and port, with ',' between them",
        ),
    ] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        _Variable(
            converters.networks,
            "addresses such as 127.0.0.1, or networks such as 172.16.0.0/12, of the "
            "proxies before mus, with ',' between them",
        ),
    ] = ()
    https: Annotated[
        bool,
        _Variable(
            converters.truth,
            "true or false; true only where TRUSTED_PROXIES names the proxy that does TLS",
        ),
    ] = False
    debug: Annotated[bool, _Variable(converters.truth, "true or false")] = False
    scan_interval_seconds: Annotated[
        int,
        _Variable(
            converters.whole_number(0, 365 * 24 * 3600),
            "a whole number from 0 (never) to 31536000 (a year)",
        ),
    ] = 60
    watch: Annotated[bool, _Variable(converters.truth, "true or false")] = True
    playlists_from_folders: Annotated[bool, _Variable(converters.truth, "true or false")] = True
    scan_workers: Annotated[
        int, _Variable(converters.whole_number(1, 64), "a whole number from 1 to 64")
    ] = min(os.cpu_count() or 1, 8)
    scan_niceness: Annotated[
        int,
        _Variable(
            converters.whole_number(0, HIGHEST),
            f"a whole number from 0 (the server's own priority) to {HIGHEST}",
        ),
    ] = 10
    cover_cache_gb: Annotated[
        float,
        _Variable(
            converters.positive_number(most=100_000),
            "a number of gigabytes above 0, such as 2 or 0.5, up to 100000",
        ),
    ] = 2.0
    subsonic_cover_placeholder: Annotated[bool, _Variable(converters.truth, "true or false")] = (
        False
    )
    subsonic_all_artists: Annotated[bool, _Variable(converters.truth, "true or false")] = False
    artist_separators: Annotated[
        tuple[str, ...],
        _Variable(
            converters.artist_separators,
            "texts such as ;| / | feat. with '|' between them, or none",
        ),
    ] = DEFAULT_ARTIST_SEPARATORS
    ignored_articles: Annotated[
        tuple[str, ...],
        _Variable(
            converters.ignored_articles,
            "words such as The A L' with spaces between them, or none",
        ),
    ] = DEFAULT_IGNORED_ARTICLES
    log_level: Annotated[str, _Variable(converters.log_level, "DEBUG, INFO, WARNING or ERROR")] = (
        "INFO"
    )
    host: Annotated[
        str,
        _Variable(
            converters.host,
            "an address or a name of this machine, without scheme and port; "
            "0.0.0.0 for all its addresses",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, _Variable(converters.whole_number(1, 65535), "a whole number from 1 to 65535")
    ] = 8000
    drain_seconds: Annotated[
        int, _Variable(converters.whole_number(0, 60), "a whole number from 0 to 60")
    ] = 0
    metrics_token: Annotated[
        str,
        _Variable(
            converters.metrics_token,
            "at least 16 characters, none of them a space (the value found is not shown)",
        ),
    ] = ""
    x_accel_redirect_prefix: Annotated[
        str,
        _Variable(
            converters.url_prefix,
            "the path of an internal location of nginx that begins and ends with /, "
            "such as /_music/",
        ),
    ] = ""

    lastfm_api_key: Annotated[
        str,
        _Variable(
            converters.hexadecimal_key,
            "the 32 characters 0-9 and a-f of a Last.fm API account, with LASTFM_API_SECRET",
        ),
    ] = ""
    lastfm_api_secret: Annotated[
        str,
        _Variable(
            converters.hexadecimal_key,
            "the 32 characters 0-9 and a-f of the shared secret of a Last.fm API account, with "
            "LASTFM_API_KEY (the value found is not shown)",
        ),
    ] = ""
    scrobble_urls: Annotated[
        tuple[str, ...],
        _Variable(
            converters.service_urls,
            "addresses such as https://maloja.example.org/apis/listenbrainz, with ',' between "
            "them, without a password and without ? and #",
        ),
    ] = ()
    sharing: Annotated[
        str, _Variable(converters.one_of(*SHARING), "off, administrators or everybody")
    ] = "off"
    scrobble_private_networks: Annotated[bool, _Variable(converters.truth, "true or false")] = False

    def proxy_networks(self) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        return [ipaddress.ip_network(part, strict=False) for part in self.trusted_proxies]

    def served_names(self) -> list[str]:
        """Django's ALLOWED_HOSTS: the variable's names, and HOST unless it is 0.0.0.0 or ::."""
        if converters.is_address(self.host) and ipaddress.ip_address(self.host).is_unspecified:
            return list(self.allowed_hosts)
        return [*self.allowed_hosts, f"[{self.host}]" if ":" in self.host else self.host]


_VARIABLES: dict[str, _Variable] = {
    name.upper(): hint.__metadata__[0]
    for name, hint in get_type_hints(Environment, include_extras=True).items()
}


def read_environment(env_file: Path = ENV_FILE) -> Environment:
    """Read, check and convert all variables; create the default folders.

    Raises ImproperlyConfigured with a line for each bad variable: its name, the value found, and
    what is allowed.
    """
    environment = _converted({**_in_file(env_file), **_not_empty(os.environ)})
    _make_folders(environment)
    return environment


def _in_file(env_file: Path) -> dict[str, str]:
    try:
        return _not_empty(dotenv_values(env_file, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"The settings in {env_file} cannot be read: {error}. "
            "It has to be a text file in UTF-8 that the user who starts mus may read."
        ) from None


def _not_empty(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name in _VARIABLES if (text := values.get(name))}


def _converted(texts: Mapping[str, str]) -> Environment:
    values: dict[str, Any] = {}
    bad: list[str] = []
    for name, text in texts.items():
        try:
            values[name.lower()] = _VARIABLES[name].convert(text)
        except ValueError:
            bad.append(name)
    # Without a trusted proxy no request counts as https, so each would be redirected for ever.
    if values.get("https") and not values.get("trusted_proxies") and "TRUSTED_PROXIES" not in bad:
        bad.append("HTTPS")
    pair = {"LASTFM_API_KEY", "LASTFM_API_SECRET"}
    if len(alone := pair & texts.keys()) == 1:
        bad += alone - set(bad)
    if bad:
        lines = (_explain(name, texts[name]) for name in _VARIABLES if name in bad)
        raise ImproperlyConfigured("\n".join(("mus cannot start with these settings:", *lines)))
    return Environment(**values)


def _explain(name: str, text: str) -> str:
    found = "" if name in SECRETS else f"found {text!r}; "
    return f"  {name}: {found}allowed: {_VARIABLES[name].allowed}."


def _make_folders(environment: Environment) -> None:
    """Create DATA_DIR and the default music folder.

    A music folder that the user named is never created: an empty folder in place of an unmounted
    disk would look like a library without files.
    """
    _make_folder("DATA_DIR", environment.data_dir, mode=0o700)  # it holds sessions and passwords
    if environment.music_dir == (DEFAULT_MUSIC_DIR,):
        _make_folder("MUSIC_DIR", DEFAULT_MUSIC_DIR)


def _make_folder(name: str, folder: Path, mode: int = 0o777) -> None:
    try:
        folder.mkdir(mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = "there is a file of that name" if folder.is_file() else error.strerror
        raise ImproperlyConfigured(f"{name}: cannot make the folder {folder}: {reason}.") from None
