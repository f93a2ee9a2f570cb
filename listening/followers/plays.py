"""Plays, and how often tracks were played."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Greatest

from listening.changes import Area
from listening.followers.one_for_each import OneForEach
from listening.followers.own_things import OwnThings, pointed, rounds
from listening.models import Play, PlayCount


class Plays(OwnThings):
    """Two that began in the same second are one: the same play, told of both tracks. The counts of
    tracks that go are lowered by these, so register this follower before that of `PlayCounts`."""

    model = Play
    field_name = "track"
    noun = "play"

    def replace(self, source: str, replaced: Mapping[int, int], target: str) -> int:
        count = 0
        for part in rounds(replaced):
            self._drop_doubles(source, part, target)
            count += self.at(source, part.keys()).update(**pointed(source, part, target))
        return count

    def _drop_doubles(self, source: str, replaced: Mapping[int, int], target: str) -> None:
        cases = (When(**{source: old}, then=Value(new)) for old, new in replaced.items())
        same = Play.objects.filter(
            user=OuterRef("user"),
            started_at=OuterRef("started_at"),
            **{target: OuterRef("becomes")},
        )
        going = self.at(source, replaced.keys()).annotate(becomes=Case(*cases))
        doubles = going.filter(Exists(same)).values_list("pk", "user_id", f"{source}_id")
        counts = Counter[tuple[int, int]]()
        pks = []
        for pk, user_id, old in doubles:
            pks.append(pk)
            counts[user_id, old] += 1
        for (user_id, old), count in counts.items():
            counted = PlayCount.objects.filter(user=user_id, count__gte=count, **{source: old})
            counted.update(count=F("count") - count)
        Play.objects.filter(pk__in=pks).delete()


class PlayCounts(OneForEach):
    """Of two, the sum. A track that parts takes what it had before; the row of the one that stays
    is kept, also with 0, so that clients with a copy learn of the lower count by its number."""

    model = PlayCount
    field_name = "track"
    noun = "play count"
    area = Area.PLAYS
    kept = ("count", "last_played_at")
    goes_back_whole = False

    def unite(self, stays: PlayCount, goes: PlayCount) -> bool:
        stays.count += goes.count
        times = [each.last_played_at for each in (stays, goes) if each.last_played_at]
        stays.last_played_at = max(times, default=None)
        return True

    def take_back(
        self, anew: Mapping[int, Sequence[Any]], numbers: Mapping[int, int], living: int
    ) -> None:
        for user_id, (count, _) in anew.items():
            rows = PlayCount.objects.filter(user=user_id, track=living)
            rows.filter(count__lte=count).update(last_played_at=None)
            rows.update(count=Greatest(F("count") - count, 0), number=numbers[user_id])
