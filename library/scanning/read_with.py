"""Which version of the readers and of the settings a row was read with."""

from dataclasses import dataclass

from django.conf import settings

from library.models.catalogue import Track
from library.models.scan import Scan, ScanKind, ScanState
from library.tags.version import is_newer, version_of


def current_version() -> str:
    """The value of `Track.read_with` and `ScanFailure.read_with` of files that are read now.

    Name here each setting that decides what is stored of a file.
    """
    return version_of(tuple(settings.ARTIST_SEPARATORS))


def outdated_versions() -> list[str]:
    """The values of `read_with` of those present tracks that have to be read again.

    Takes two short queries of an index where every track is up to date, and one more for each
    version that is not.
    """
    found: list[str] = []
    version = _next_version(None)
    while version is not None:
        if version != current_version() and not is_newer(version):
            found.append(version)
        version = _next_version(version)
    return found


def _next_version(after: str | None) -> str | None:
    tracks = Track.objects.present().order_by("read_with")
    if after is not None:
        tracks = tracks.filter(read_with__gt=after)
    return tracks.values_list("read_with", flat=True).first()


@dataclass(frozen=True, slots=True)
class Rereading:
    """How many of all `total` present tracks are up to date. `is_waiting`: each of the others was
    tried, and cannot be read at present."""

    done: int
    total: int
    is_waiting: bool

    @property
    def sentence(self) -> str:
        """For people."""
        numbers = f"{self.done:,} of {self.total:,} tracks."
        text = f"Reading again after an upgrade or a changed setting: {numbers}"
        away = " The others cannot be read at present; mus tries again later."
        return text + away if self.is_waiting else text


def rereading() -> Rereading | None:
    """The progress of the rereading; None if no track has to be read again."""
    versions = outdated_versions()
    if not versions:
        return None
    present, last = Track.objects.present(), last_reread()
    outdated, total = present.filter(read_with__in=versions).count(), present.count()
    is_waiting = (
        last is not None
        and last.read_with == current_version()
        and last.state != ScanState.RUNNING
        and last.reread_below is None
    )
    return Rereading(total - outdated, total, is_waiting)


def last_reread() -> Scan | None:
    """The portion of the rereading that runs, else the last one."""
    return Scan.objects.filter(kind=ScanKind.REREAD).order_by("-pk").first()
