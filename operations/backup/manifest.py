"""The manifest of a backup. Each value is checked, since anybody may have written the file."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from operations.backup.errors import BackupError

FORMAT = 1
MAX_MANIFEST_BYTES = 1024 * 1024
MAX_FORMAT = 1_000_000
VENDORS = ("sqlite", "postgresql")
_VERSION = re.compile(r"[0-9A-Za-z.+_-]{1,64}")
_MIGRATION_PART = re.compile(r"[0-9A-Za-z_]{1,255}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`migrations`: app and name of each that the database has had. `sha256`: the digest of the
    database's file in the archive."""

    version: str
    made_at: str
    vendor: str
    migrations: list[list[str]]
    sha256: str
    format: int = FORMAT

    @property
    def when(self) -> str:
        made_at = datetime.fromisoformat(self.made_at).astimezone(UTC)
        return f"{made_at:%Y-%m-%d %H:%M} UTC"


def parse_manifest(content: bytes) -> Manifest:
    """Raises ValueError if `content` is not a manifest, BackupError if its format is unknown."""
    facts = _parse_object(content)
    _refuse_other_format(facts.get("format"))
    unusable = [name for name, is_usable in _CHECKS.items() if not is_usable(facts.get(name))]
    if unusable:
        raise ValueError(f"its manifest has no usable {', '.join(unusable)}")
    return Manifest(**{name: facts[name] for name in _CHECKS})


def _parse_object(content: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError):  # RecursionError: it is nested too deeply
        raise ValueError("its manifest is not JSON that can be read") from None
    if not isinstance(facts, dict):
        raise ValueError("its manifest is not a JSON object")  # noqa: TRY004  # of content
    return facts


def _refuse_other_format(found: object) -> None:
    if not isinstance(found, int) or isinstance(found, bool) or not 0 < found < MAX_FORMAT:
        raise ValueError("its manifest does not name its format")
    if found != FORMAT:
        raise BackupError(
            f"The backup has format {found}, and this version of mus knows {FORMAT}. "
            "Use the version that made it, or a newer one."
        )


def _fits(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda found: isinstance(found, str) and bool(pattern.fullmatch(found))


def _is_time(found: object) -> bool:
    try:
        made_at = datetime.fromisoformat(found)  # type: ignore[arg-type]  # a TypeError says so
        return made_at.astimezone(UTC).year > 0 and made_at.tzinfo is not None
    except (TypeError, ValueError, OverflowError):
        return False


def _are_migrations(found: object) -> bool:
    return isinstance(found, list) and all(map(_is_migration, found))


def _is_migration(found: object) -> bool:
    return (
        isinstance(found, list)
        and len(found) == len(("app", "name"))
        and all(map(_fits(_MIGRATION_PART), found))
    )


_CHECKS: dict[str, Callable[[object], bool]] = {
    "version": _fits(_VERSION),
    "made_at": _is_time,
    "vendor": lambda found: found in VENDORS,
    "migrations": _are_migrations,
    "sha256": _fits(_SHA256),
}
