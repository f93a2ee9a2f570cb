"""What the environment, or a `.env` file beside manage.py, may say; each value checked."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent
ENV_FILE = PROJECT_DIR / ".env"
DEFAULT_MUSIC_DIR = PROJECT_DIR / "music"
SECRETS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "METRICS_TOKEN"}  # a URL may hold a password

HOST_NAME = r"[\w-]+(\.[\w-]+)*"
ALLOWED_HOST = re.compile(rf"\*|\.?{HOST_NAME}\.?|\[[0-9a-fA-F:.]+\]")
ORIGIN = re.compile(r"https?://[^/\s]+")
METRICS_TOKEN = re.compile(r"[!-~]{16,}")
URL_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+/")

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class Environment(BaseSettings):
    """One attribute per variable, of the same name in lower case; README.md lists them for users.

    A field's description is what the message about a bad value says is allowed.
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, validate_default=False
    )

    music_dir: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(DEFAULT_MUSIC_DIR,), description=f"paths of folders, {os.pathsep!r} between them"
    )
    data_dir: Path = Field(default=PROJECT_DIR / "data", description="a folder's path")
    database_url: str = Field(
        default="",
        description="sqlite:////path/to/file or postgresql://user:password@host:port/name, "
        "special characters in its parts percent-encoded (the value found is not shown)",
    )
    redis_url: str = Field(
        default="",
        description="redis://user:password@host:port/number, rediss://... or "
        "unix:///path/to/socket (the value found is not shown)",
    )
    secret_key: str = ""
    allowed_hosts: CommaSeparated = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="names or addresses without scheme and port, with ',' between them; "
        "an IPv6 address in brackets",
    )
    csrf_trusted_origins: CommaSeparated = Field(
        default=(),
        description="origins such as https://music.example.org, the scheme included and nothing "
        "after host and port, with ',' between them",
    )
    trusted_proxies: CommaSeparated = Field(
        default=(),
        description="addresses such as 127.0.0.1, or networks such as 172.16.0.0/12, of the "
        "proxies before mus, with ',' between them",
    )
    https: bool = Field(
        default=False,
        description="true or false; true only where TRUSTED_PROXIES names the proxy that does TLS",
    )
    debug: bool = Field(default=False, description="true or false")
    scan_interval_seconds: int = Field(
        default=60,
        ge=0,
        le=365 * 24 * 3600,
        description="a whole number from 0 (never) to 31536000 (a year)",
    )
    scan_workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        le=64,
        description="a whole number from 1 to 64",
    )
    artist_separators: CommaSeparated = ()
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    host: str = Field(
        default="127.0.0.1",
        description="an address or a name of this machine, without scheme and port; "
        "0.0.0.0 for all its addresses",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="a whole number from 1 to 65535")
    metrics_token: str = Field(
        default="",
        description="at least 16 characters, none of them a space (the value found is not shown)",
    )
    x_accel_redirect_prefix: str = Field(
        default="",
        description="the path of an internal location of nginx that begins and ends with /, "
        "such as /_music/",
    )

    @field_validator("music_dir", mode="before")
    @classmethod
    def split_folders(cls, value: str) -> tuple[Path, ...]:
        """Several folders stand between `os.pathsep`, as in PATH."""
        _require(bool(value.strip(os.pathsep)))
        return tuple(absolute(part) for part in value.split(os.pathsep) if part)

    @field_validator("data_dir", mode="before")
    @classmethod
    def make_absolute(cls, value: str) -> Path:
        return absolute(value)

    @field_validator(
        *("allowed_hosts", "csrf_trusted_origins", "trusted_proxies", "artist_separators"),
        mode="before",
    )
    @classmethod
    def split_commas(cls, value: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("allowed_hosts")
    @classmethod
    def check_allowed_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _require(bool(value) and all(ALLOWED_HOST.fullmatch(host) for host in value))
        return value

    @field_validator("csrf_trusted_origins")
    @classmethod
    def check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _require(all(ORIGIN.fullmatch(origin) for origin in value))
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _require(all(_is_network(part) for part in value))
        return value

    @field_validator("https")
    @classmethod
    def check_https(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001
        """Else nothing would tell whether a request came by https, and each be redirected to it."""
        _require(not value or info.data.get("trusted_proxies") != ())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def ignore_case(cls, value: str) -> str:
        return value.upper() if value.upper() in get_args(LogLevel) else value

    @field_validator("host")
    @classmethod
    def check_host(cls, value: str) -> str:
        bare = value.removeprefix("[").removesuffix("]")
        _require(_is_address(bare) or re.fullmatch(HOST_NAME, bare) is not None)
        return bare

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, value: str) -> str:
        _require(value.startswith(("sqlite:///", "postgres://", "postgresql://")))
        # In memory, each process would have a library of its own.
        _require(dj_database_url.parse(value)["NAME"] not in {"", ":memory:"})
        return value

    @field_validator("redis_url")
    @classmethod
    def check_redis_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "unix":
            _require(parts.path not in {"", "/"})
        else:
            _require(parts.scheme in {"redis", "rediss"} and bool(parts.hostname))
            _require(parts.port != 0)  # raises ValueError itself where there is no such port
            _require(re.fullmatch(r"(/[0-9]*)?", parts.path) is not None)
        return value

    @field_validator("metrics_token")
    @classmethod
    def check_metrics_token(cls, value: str) -> str:
        _require(METRICS_TOKEN.fullmatch(value) is not None)
        return value

    @field_validator("x_accel_redirect_prefix")
    @classmethod
    def check_prefix(cls, value: str) -> str:
        _require(URL_PREFIX.fullmatch(value) is not None)
        return value

    def proxy_networks(self) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        return [ipaddress.ip_network(part, strict=False) for part in self.trusted_proxies]

    def served_names(self) -> list[str]:
        """Django's ALLOWED_HOSTS: those named, and the one address that HOST may be."""
        if _is_address(self.host) and ipaddress.ip_address(self.host).is_unspecified:
            return list(self.allowed_hosts)
        return [*self.allowed_hosts, f"[{self.host}]" if ":" in self.host else self.host]


def absolute(path: Path | str) -> Path:
    """`path` from the current folder, `~` resolved; links stay, as their owner sees them."""
    try:
        return Path(os.path.abspath(Path(path).expanduser()))
    except RuntimeError as error:  # ~ of a user that there is not
        raise ValueError(str(error)) from None


def read_environment(env_file: Path = ENV_FILE) -> Environment:
    """The environment, checked.

    Raises ImproperlyConfigured with a line for each bad variable: its name, what was found,
    and what is allowed.
    """
    try:
        environment = Environment(_env_file=env_file)  # type: ignore[call-arg]  # pydantic's own
    except ValidationError as error:
        raise ImproperlyConfigured(
            "mus cannot start with these settings:\n"
            + "\n".join(_explain(problem) for problem in error.errors())
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"The settings in {env_file} cannot be read: {error}. "
            "It has to be a text file in UTF-8 that the user who starts mus may read."
        ) from None
    _make_folders(environment)
    return environment


def _require(condition: bool) -> None:  # noqa: FBT001
    """What is allowed instead, the field's description says."""
    if not condition:
        raise ValueError


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _explain(problem: Any) -> str:
    field = problem["loc"][0]
    name = field.upper()
    found = "" if name in SECRETS else f"found {problem['input']!r}; "
    return f"  {name}: {found}allowed: {Environment.model_fields[field].description}."


def _make_folders(environment: Environment) -> None:
    """The default music folder is made for a first look; a folder someone named is never made,
    since an empty folder where a disk should be mounted looks like a library without files."""
    _make_folder("DATA_DIR", environment.data_dir, mode=0o700)  # it holds sessions and passwords
    if environment.music_dir == (DEFAULT_MUSIC_DIR,):
        _make_folder("MUSIC_DIR", DEFAULT_MUSIC_DIR)


def _make_folder(name: str, folder: Path, mode: int = 0o777) -> None:
    try:
        folder.mkdir(mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = "there is a file of that name" if folder.is_file() else error.strerror
        raise ImproperlyConfigured(f"{name}: cannot make the folder {folder}: {reason}.") from None
