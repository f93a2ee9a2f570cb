"""Libraries with thousands of silences: what a scan does does not grow with their square."""

import cProfile
import pstats
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils import timezone

from library.models.catalogue import Track
from library.scanning import agreement, copies, matching
from library.scanning.agreement import stated_tags
from library.scanning.matching import Candidate, ReadFrom, Traits, assign

SILENCES = 300
MOST_CALLS_EACH = 300


def calls_in(modules: tuple[ModuleType, ...], act: Callable[[], Any]) -> int:
    """How often functions of these modules are called during `act`."""
    profile = cProfile.Profile()
    profile.runcall(act)
    stats: dict[tuple[str, int, str], tuple[int, ...]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    files = {module.__file__ for module in modules}
    return sum(values[1] for (file, _, _), values in stats.items() if file in files)


def silence(number: int, name: str) -> Traits:
    stated = stated_tags("", f"{name} {number}", f"Of {name}", name, "")
    path = f"{name}/{name} {number}.mp3"
    return Traits("/music", path, 1, number, 5, 1000, "d", stated, number, ("mp3", 1, 1), 1.0)


def test_silences_that_are_moved_and_get_other_tags_are_not_compared_each_with_each() -> None:
    files = [ReadFrom(silence(number, "new"), None) for number in range(SILENCES)]
    old = [silence(number + SILENCES, "old") for number in range(SILENCES)]
    lost = [Candidate(pk, traits, 1) for pk, traits in enumerate(old, 1)]
    calls = calls_in((matching, agreement), lambda: assign(files, lost, {"d"}))
    assert calls < MOST_CALLS_EACH * SILENCES


def stored(root: Path, folder: str, added_by_scan: int, *, with_files: bool) -> set[int]:
    """Silences in the library. Returns their ids."""
    (root / folder).mkdir()
    rows = []
    for number in range(SILENCES):
        file = root / folder / f"{folder} {number}.mp3"
        if with_files:
            file.write_bytes(b"")
        mtime_ns = file.stat().st_mtime_ns if with_files else 1
        rows.append(
            Track(
                root=str(root),
                path=f"{folder}/{file.name}",
                mtime_ns=mtime_ns,
                size_bytes=0,
                title=f"{folder} {number}",
                artist=folder,
                audio_digest="d",
                added_by_scan=added_by_scan,
                revision=1,
                added_at=timezone.now() - timedelta(hours=1),
            )
        )
    Track.objects.bulk_create(rows)
    return set(Track.objects.filter(path__startswith=folder).values_list("pk", flat=True))


def test_silences_are_not_compared_each_with_each_to_find_copies(db: None, music: Path) -> None:
    gone = stored(music, "old", 1, with_files=False)
    stored(music, "new", 2, with_files=True)
    decided: list[copies.Gone] = []
    decide = copies.decide(gone, {str(music)}, 200, timezone.now())
    calls = calls_in((copies, agreement), lambda: decided.extend(decide))
    assert calls < MOST_CALLS_EACH * SILENCES
    assert [(each.joined, len(each.missing)) for each in decided] == [([], SILENCES)]
