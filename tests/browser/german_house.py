"""A library whose names are no words of any language, with all that pages tell of in words."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from library.models.catalogue import ArtistRole, Track
from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.scanning.summary import GAVE_WAY, INTERRUPTED_MESSAGE
from listening.models import (
    Bookmark,
    Favourite,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Play,
    Playlist,
    RadioStation,
    ScrobbleAccount,
    ScrobbleService,
    SourceState,
)
from tests.api.library import credit, label, make_album, make_artist, on_album
from tests.web.library_rows import make_failure, make_scan, make_track

TYPES = ("album", "ep", "single", "live", "compilation", "soundtrack", "remix", "demo")
REASONS = (
    "The file is empty.",
    "The file is gone.",
    "The file cannot be opened: Permission denied.",
    "No audio found: this looks like a JPEG picture.",
    "No audio found: the file begins like no known format (can't sync to MPEG frame).",
    "The file seems to be cut off or damaged (its index, the moov atom, is missing).",
    "This is a MIDI file, a format that mus does not play.",
)
NOW = datetime.now(UTC)


def fill_german_house() -> None:
    ada = User.objects.get(username="ada")
    artist = make_artist("Qorv Aqt")
    for number, kind in enumerate(TYPES):
        album = make_album(f"Qorv Bd{number}", "Qorv Aqt", year=1970 + number, release_types=[kind])
        label(album, "Qorv Lb")
        for place in (1, 2):
            track = on_album(
                album,
                title=f"Qorv {number}{place}",
                artist="Qorv Aqt",
                genre="Qorv Gn",
                year=1970 + number,
                disc_number=place,
                track_number=1,
                duration_s=4000,
            )
            for role in ArtistRole:
                credit(track, artist, role)
    make_track(title="Qorv فيروز", artist="فيروز", missing=True)
    _scans()
    _own_things(ada, list(Track.objects.order_by("pk")))
    _services(ada)


def _scans() -> None:
    counts = {"seen": 1234, "added": 12, "updated": 1, "failed": len(REASONS)}
    for state, message in (
        (ScanState.FAILED, "Music library scan failed: The folder /qorv does not exist."),
        (ScanState.FAILED, INTERRUPTED_MESSAGE),
        (
            ScanState.CANCELLED,
            "Music library scan cancelled. 3 items seen; what was stored is kept.",
        ),
        (ScanState.COMPLETED, "Music library scan completed. 1234 items processed. 7 failed."),
    ):
        for trigger in ScanTrigger:
            make_scan(state=state, trigger=trigger, message=message, **counts)
    make_scan(kind=ScanKind.REREAD, trigger=ScanTrigger.SCHEDULE, message=GAVE_WAY)
    make_scan(kind=ScanKind.PURGE, trigger=ScanTrigger.ADMIN, message="Purged 2 missing tracks.")
    ignored = {"hidden_files": 2, "broken_links": 1}
    last = make_scan(
        message="Music library scan completed. 1234 items processed. 7 failed. 20 tracks were "
        "kept: the disk they are on seems to be away.",
        ignored=ignored,
        emptied=[{"path": "/qorv", "tracks": 20}],
        **counts,
    )
    for number, reason in enumerate(REASONS):
        make_failure(path=f"qorv{number}.mp3", reason=reason, scan=last)


def _own_things(ada: User, tracks: list[Track]) -> None:
    Play.objects.bulk_create(
        Play(user=ada, track=track, heard_s=600, started_at=NOW - timedelta(days=4 * number))
        for number, track in enumerate(tracks)
    )
    Bookmark.objects.create(user=ada, track=tracks[0], position_s=700)
    Favourite.objects.create(user=ada, track=tracks[0])
    RadioStation.objects.create(name="Qorv Fm", stream_url="http://127.0.0.1:9/qorv")
    for number, source in enumerate(("", *SourceState.values)):
        Playlist.objects.create(
            user=ada, name=f"Qorv Ls{number}", source_state=source, sharing="read"
        )
    rules = {"all": [{"field": "genre", "operator": "is", "value": "Qorv Gn"}]}
    Playlist.objects.create(user=ada, name="Qorv Sm", rules=rules)


def _services(ada: User) -> None:
    for service, problem, failure in (
        (ScrobbleService.LISTENBRAINZ, "The token is not valid.", ""),
        (ScrobbleService.LIBREFM, "", "It cannot be reached: [Errno 111] Connection refused."),
    ):
        account = ScrobbleAccount.objects.create(
            user=ada, service=service, name="qorv", problem=problem, last_failure=failure,
            paused_until=NOW + timedelta(days=1), connected_at=NOW,
        )  # fmt: skip
        OutboxItem.objects.create(
            account=account,
            kind=OutboxKind.LOVE,
            state=OutboxState.REFUSED,
            facts={"title": "Qorv", "artist": "Qorv"},
            reason="It takes no favourites.",
        )
