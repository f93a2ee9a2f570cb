"""A library that tests change, scan and kill, with what must hold after each scan."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F

from library.models.catalogue import Track
from library.models.joins import Join
from library.models.revision import Revision
from library.models.scan import Scan, ScanState, ScanTrigger
from library.models.tombstones import Tombstone, TombstoneKind
from library.queries.tombstones import living_id
from library.scanning import ScanOptions, purge_missing, scan_library
from library.scanning.parting import CannotPart, part
from library.tags.reader import read_tags
from listening.models import PlayerState
from tests.changing_music import ChangingMusic

STATEMENTS_OF_A_SCAN = 120
SHOWN = (
    *("id", "title", "artist", "artists", "album_id", "album_title", "album_artist"),
    *("genre", "genres", "duration_s", "has_cover", "cover_id", "added_at"),
)
"""Columns of a track that lists show."""
Shown = dict[int, tuple[tuple[Any, ...], int]]
"""The values of these columns and the revision, by the id of each present track."""
NO_PROCESS = 2**22 + 1
"""An id that no process can have."""


class Killed(BaseException):
    """Stands for `kill -9`, in the midst of what the database is asked."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """From this statement on, the database is asked nothing any more, except to roll back."""
    asked = 0

    def count(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked >= statement and not sql.startswith(("ROLLBACK", "RELEASE")):
            raise Killed
        return execute(sql, *arguments)

    try:
        with connection.execute_wrapper(count):
            yield
    except Killed:
        # Deleting rows outside of a scan's transactions makes one without a savepoint. It would be
        # rolled back alone if the test had no transaction around everything.
        transaction.set_rollback(False)
        raise


@dataclass
class Library:
    """Music folders and the library that scans make of them, with what is known of its ids.

    `ids`: of each sound, the id that the oldest of its tracks must keep. Not of sounds of which
    that cannot be said: see `ChangingMusic.tainted`, to which further ones are added here.
    `doubled`: sounds that had several files at a scan.
    """

    music: ChangingMusic
    ids: dict[int, int] = field(default_factory=dict)
    doubled: set[int] = field(default_factory=set)
    ever: set[int] = field(default_factory=set)
    heard: dict[int, int] = field(default_factory=dict)
    """By the id of a player: the sound that it plays."""
    is_checked: bool = True
    """Whether steps check what must hold after scans."""

    @classmethod
    def in_folder(cls, folder: Path) -> "Library":
        Revision.objects.begin()  # a test before may have emptied all tables
        roots = [folder / name for name in ("one", "two")]
        for each in (*roots, folder / "shelf"):
            each.mkdir()
        return cls(ChangingMusic(roots, folder / "shelf"))

    # Steps, with three numbers each.

    def scan(self, *_: int) -> str:
        return self._scan()

    def scan_again(self, *_: int) -> str:
        """A second scan finds nothing to do."""
        self._scan()
        before = _everything()
        self._scan()
        assert not self.is_checked or _everything() == before
        return "scan twice"

    def scan_in_full(self, *_: int) -> str:
        return self._scan(full=True)

    def scan_folder(self, folder: int, *_: int) -> str:
        folders = [*map(str, self.music.roots), *self.music.folders()]
        return self._scan(folders=(Path(folders[folder % len(folders)]),))

    def scan_killed(self, statement: int, *_: int) -> str:
        statement %= STATEMENTS_OF_A_SCAN
        self._note_doubled()
        try:
            with self._revisions(), killed_at(statement):
                scan_library(self.options())
        except Killed:
            Scan.objects.filter(state=ScanState.RUNNING).update(process_id=NO_PROCESS)
            self._check_ids()
            return f"scan, killed at statement {statement}"
        self._check()
        return "scan, not killed"

    def purge(self, *_: int) -> str:
        with self._revisions():
            purge_missing()
        self._check_ids()
        living = set(Track.objects.values_list("pk", flat=True))
        self.ids = {sound: pk for sound, pk in self.ids.items() if pk in living}
        self._forget_lost_tracks()
        return "purge"

    def part(self, join: int, *_: int) -> str:
        """A person parts two tracks that a scan joined."""
        joins = list(Join.objects.filter(ended_at=None).order_by("pk"))
        if not joins:
            return ""
        chosen = joins[join % len(joins)]
        pair = {chosen.track_id, chosen.replaced_id}
        self.music.tainted |= {sound for sound, pk in self.ids.items() if pk in pair}
        with self._revisions():
            try:
                part(chosen.pk, ScanTrigger.ADMIN)
            except CannotPart as problem:
                return f"cannot part {pair}: {problem}"
        self._check_ids()
        assert pair <= set(Track.objects.values_list("pk", flat=True))
        return f"part {pair}"

    def wait(self, *_: int) -> str:
        """Two days pass."""
        days = timedelta(days=2)
        Track.objects.update(added_at=F("added_at") - days)
        Track.objects.missing().update(missing_since=F("missing_since") - days)
        Join.objects.update(joined_at=F("joined_at") - days)
        Track.objects.update(revision=Revision.objects.raised())  # clients see these dates, too
        self.music.tainted |= self.doubled  # copies with other tags are tracks of their own now
        return "two days pass"

    def play(self, track: int, *_: int) -> str:
        """A player plays one of the tracks."""
        known = sorted((pk, sound) for sound, pk in self.ids.items())
        if not known:
            return ""
        pk, sound = known[track % len(known)]
        if sound in self.music.tainted or not Track.objects.filter(pk=pk).exists():
            return ""
        users = get_user_model().objects
        user = users.create(username=f"user {users.count()}")
        player = PlayerState.objects.create(user=user, current_track_id=pk)
        self.heard[player.pk] = sound
        return f"play {pk}"

    # What must hold.

    def _scan(self, **options: Any) -> str:
        self._note_doubled()
        with self._revisions():
            report = scan_library(self.options(**options))
        assert report.state == ScanState.COMPLETED, report.error
        self._check_ids()
        self._check(*map(str, options.get("folders", ())))
        return f"scan {options or ''}"

    def options(self, **options: Any) -> ScanOptions:
        return ScanOptions(workers=0, batch_size=3, allow_empty=True, **options)

    def _check(self, *folders: str) -> None:
        if not self.is_checked:
            return
        is_whole = not folders or set(folders) == {str(root) for root in self.music.roots}
        roots = [str(root) for root in self.music.roots]
        for folder in folders or roots:
            self._check_rows(folder)
        if is_whole:
            self._check_sounds()
        self._check_players()

    def _check_rows(self, folder: str) -> None:
        """Each file has one present track, which is as the file says."""
        songs = self.music.songs_in(folder)
        rows = {
            f"{track.root}/{track.path}": track
            for track in Track.objects.present()
            if f"{track.root}/{track.path}".startswith(f"{folder}/")
        }
        assert rows.keys() == songs.keys()
        for path, song in songs.items():
            row, file = rows[path], os.stat(path)
            found = (row.title, row.artist, row.album_title, row.genre)
            assert found == (song.title, song.artist, song.album, song.genre), path
            assert row.audio_digest == read_tags(path).audio_digest, path
            assert (row.mtime_ns, row.size_bytes) == (file.st_mtime_ns, file.st_size), path
            assert row.album is not None, path

    def _check_ids(self) -> None:
        """Each id that ever was lives, or has a tombstone that leads to one that lives, or that
        was purged."""
        if not self.is_checked:
            return
        living = set(Track.objects.values_list("pk", flat=True))
        self.ever |= living
        stones = dict(
            Tombstone.objects.filter(kind=TombstoneKind.TRACK).values_list("row_id", "replaced_by")
        )
        assert not living & stones.keys()
        assert living | stones.keys() >= self.ever
        for pk in stones:
            ends = living_id(Track, pk)
            assert ends is None or ends in living | stones.keys(), pk

    def _check_sounds(self) -> None:
        """A sound keeps the id that the library gave it first."""
        rows = Track.objects.present()
        ids_of_digest: dict[str, set[int]] = {}
        for pk, digest in rows.values_list("pk", "audio_digest"):
            ids_of_digest.setdefault(digest, set()).add(pk)
        counts = self.music.sounds()
        paths = {song.sound: path for path, song in self.music.songs.items()}
        for sound in self.doubled - counts.keys():
            self.music.tainted.add(sound)  # any of its tracks may come back
        for sound, count in counts.items():
            found = ids_of_digest[read_tags(paths[sound]).audio_digest]
            assert len(found) == count, sound
            if sound in self.music.tainted:
                self.ids.pop(sound, None)
            elif sound in self.ids:
                assert self.ids[sound] in found, f"sound {sound}: {self.ids[sound]} is now {found}"
            elif count == 1:
                (self.ids[sound],) = found
            else:
                self.music.tainted.add(sound)  # they came at once

    def _check_players(self) -> None:
        self._forget_lost_tracks()
        for player in PlayerState.objects.filter(pk__in=self.heard).select_related("current_track"):
            sound = self.heard[player.pk]
            assert player.current_track_id == self.ids[sound], f"sound {sound}"

    def _forget_lost_tracks(self) -> None:
        """Leave out players of sounds of which the id is not known any more."""
        self.heard = {
            player: sound
            for player, sound in self.heard.items()
            if sound in self.ids and sound not in self.music.tainted
        }

    def _note_doubled(self) -> None:
        self.doubled |= {sound for sound, count in self.music.sounds().items() if count > 1}

    @contextmanager
    def _revisions(self) -> Iterator[None]:
        """Tracks whose rows in lists change get a revision above all earlier ones, also if the scan
        is killed. Other errors go on as they are: the database may answer nothing after them, which
        would hide what happened."""
        number, before = Revision.objects.get().number, _shown()
        try:
            yield
        except Killed:
            self._check_revisions(number, before)
            raise
        self._check_revisions(number, before)

    def _check_revisions(self, number: int, before: Shown) -> None:
        after, last = _shown(), Revision.objects.get().number
        assert last >= number
        for pk, (columns, revision) in after.items():
            assert revision <= last, pk
            if pk not in before or before[pk][0] != columns:
                assert revision > number, pk
        assert after.keys() >= before.keys() or last > number


def _shown() -> Shown:
    rows = Track.objects.present().values_list(*SHOWN, "revision")
    return {row[0]: (row[:-1], row[-1]) for row in rows}


def _everything() -> list[Any]:
    rows = Track.objects.order_by("pk").values_list()
    stones = Tombstone.objects.order_by("pk").values_list()
    joins = Join.objects.order_by("pk").values_list()
    return [*rows, *stones, *joins, Revision.objects.get().number]
