"""Rounds of changes and killed scans."""

import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.upgrade.databases import Database
from soak.identity.comparison import Before, compared, lost
from soak.identity.house import SCANNED, House, Scanned
from tests.changing_music import SILENCE, ChangingMusic, weighted

PLAYERS = 12
FEWEST_SONGS = 40
BIG_NUMBER = 10**6
PROBLEMS_SHOWN = 12


@dataclass
class Kills:
    """How many scans were killed at which step, and how many within a transaction."""

    at: Counter[str] = field(default_factory=Counter)
    in_transaction: int = 0
    too_late: int = 0

    def add(self, scanned: Scanned) -> None:
        if not scanned.was_killed:
            self.too_late += 1
            return
        position = scanned.positions[-1] if scanned.positions else None
        self.at[position.step if position else "before the database was asked"] += 1
        self.in_transaction += bool(position and position.is_in_transaction)

    def lines(self) -> Iterator[str]:
        yield (
            f"{self.at.total()} scans were killed, {self.in_transaction} within a transaction; "
            f"{self.too_late} more ended before they were to be killed"
        )
        yield from (f"{count:5} {step}" for step, count in self.at.most_common())


class Rounds:
    """A library in `folder` with so many `songs`, changed and scanned round by round."""

    def __init__(self, folder: Path, songs: int, seed: int) -> None:
        roots = [folder / name for name in ("one", "two")]
        for each in (*roots, folder / "shelf"):
            each.mkdir(parents=True)
        self.seed = seed
        self.songs = songs
        self.music = ChangingMusic(roots, folder / "shelf")
        self.music.fill(songs)
        self.house = House(folder, roots)
        self.house.make(PLAYERS)
        self.kills = Kills()
        self.changes: Counter[str] = Counter()
        self._changes = list(weighted())
        self._expect(self.house.scan("--workers", "0"))

    def close(self) -> None:
        self.house.close()

    def play(self, number: int) -> list[str]:
        """One round. Returns a sentence for each fault."""
        chance = random.Random(f"{self.seed} {number}")
        database = self.house.database()
        said = self._change(chance)
        _choose_tracks(database, chance)
        arguments = self._arguments(chance)
        twin = self.house.copy("twin")
        before = Before.of(database)
        undisturbed = self.house.scan(*arguments, data=twin)
        for _ in range(chance.randint(1, 3)):
            self._kill(chance, arguments, undisturbed)
        last = self.house.scan(*arguments)
        problems = [
            *_ends(undisturbed, last),
            *lost(database, before),
            *compared(database, self.house.database(twin), before),
            *(() if str(self.music.roots[0]) in arguments else self._unlike_files(database)),
        ]
        if problems:
            self._keep(number, [*said, f"scan_tracks {arguments}", *problems], twin)
        return problems

    def _change(self, chance: random.Random) -> list[str]:
        said = []
        for _ in range(chance.randint(2, 14)):
            change = chance.choice(self._changes)
            sentence = change(self.music, *(chance.randrange(BIG_NUMBER) for _ in range(3)))
            if sentence:
                self.changes[change.__name__] += 1
                said.append(sentence)
        while len(self.music.songs) < min(self.songs, FEWEST_SONGS):
            said.append(self.music.add(chance.randrange(BIG_NUMBER), chance.randrange(4)))
        return said

    def _arguments(self, chance: random.Random) -> list[str]:
        """How the scans of a round are started: mostly whole, with small batches."""
        chosen = ["--batch-size", str(chance.choice((1, 3, 8, 50)))]
        chosen += ["--workers", str(chance.choice((0, 0, 0, 0, 0, 1)))]
        extra: list[list[str]] = [[], [], [], [], [], [], ["--full"], ["--prune-missing"]]
        extra.append([str(self.music.roots[0])])
        return [*chosen, *chance.choice(extra)]

    def _kill(self, chance: random.Random, arguments: list[str], undisturbed: Scanned) -> None:
        """Of three kills, one comes before any statement, one before a statement within a
        transaction, and one after any time."""
        way, positions = chance.randrange(3), undisturbed.positions
        if way == 0:
            after_s = undisturbed.seconds * chance.random()
            self.kills.add(self.house.scan(*arguments, kill_after_s=after_s))
            return
        some = [each for each in positions if way == 1 or each.is_in_transaction]
        at = chance.choice(some or positions).statements
        self.kills.add(self.house.scan(*arguments, kill_at=at))

    def _unlike_files(self, database: Database) -> Iterator[str]:
        """Present tracks that no file is, and files that no track is; and sounds that are mixed."""
        rows = database.rows(
            "SELECT root, path, title, audio_digest FROM library_track WHERE missing_since IS NULL"
        )
        songs = self.music.songs
        paths = Counter(f"{row['root']}/{row['path']}" for row in rows)
        if paths != Counter(list(songs)):
            yield f"tracks and files differ: {sorted(paths.keys() ^ songs.keys())[:4]}"
            return
        digests: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            song = songs[f"{row['root']}/{row['path']}"]
            digests[song.sound].add(row["audio_digest"])
            if row["title"] != song.title:
                yield f"the title of {row['path']} is {row['title']}, in the file {song.title}"
        digests.pop(SILENCE, None)
        if any(len(each) > 1 for each in digests.values()):
            yield "a sound has several digests"

    def _expect(self, scanned: Scanned) -> None:
        if scanned.exit_code not in SCANNED:
            raise RuntimeError(f"a scan ended with {scanned.exit_code}: {scanned.errors[-2000:]}")

    def _keep(self, number: int, said: list[str], twin: Path) -> None:
        kept = self.house.folder / f"round {number}"
        shutil.copytree(twin, kept / "twin")
        shutil.copytree(self.house.data, kept / "killed")
        (kept / "changes").write_text("\n".join(said))


def _ends(undisturbed: Scanned, last: Scanned) -> Iterator[str]:
    for name, scanned in (("undisturbed", undisturbed), ("last", last)):
        if scanned.exit_code not in SCANNED:
            yield f"the {name} scan ended with {scanned.exit_code}: {scanned.errors[-1000:]}"
    if undisturbed.exit_code != last.exit_code:
        yield f"exit codes: undisturbed {undisturbed.exit_code}, last {last.exit_code}"


def _choose_tracks(database: Database, chance: random.Random) -> None:
    """Some players play another track."""
    tracks = database.rows("SELECT id FROM library_track WHERE missing_since IS NULL ORDER BY id")
    for row in database.rows("SELECT id FROM library_playerstate ORDER BY id"):
        if tracks and chance.random() < 1 / 3:
            database.execute(
                "UPDATE library_playerstate SET current_track_id = ?, progress_seconds = ?, "
                "lost_title = '' WHERE id = ?",
                (chance.choice(tracks)["id"], chance.randrange(100), row["id"]),
            )
