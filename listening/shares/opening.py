"""Which share a link opens, and the visits to it.

A visit begins when a page is loaded, and counts when the first of its files is played: so the
preview that a messenger makes of a link is no visit, and neither are the hundred ranges in which a
browser loads a file. Where the limit is reached, the link opens no page any more, and a page that
has played nothing begins to play nothing; visits that were counted play on, until their addresses
end (`links.VISIT_LASTS`).
"""

from datetime import datetime

from django.utils import timezone

from listening.changes import Area, change
from listening.models import Share, ShareVisit
from listening.shares.links import (
    NO_TRACK,
    VISIT_LASTS,
    Visit,
    is_file_key,
    is_token_of,
    selector_in,
)
from listening.shares.rights import may_share
from runtime.turns import write_in_turn


def find_open(token: str) -> Share | None:
    """The share that this link opens, except for its limit of visits; None if it opens none."""
    selector = selector_in(token)
    if selector is None:
        return None
    share = Share.objects.select_related("user").filter(selector=selector).first()
    if share is None or not is_token_of(share, token):
        return None
    return share if _is_open(share, timezone.now()) else None


def find_to_visit(token: str) -> Share | None:
    """The share whose page this link opens."""
    share = find_open(token)
    return None if share is None or is_used_up(share) else share


def find_for_file(token: str, visit: str, track_id: int, key: str) -> tuple[Share, Visit] | None:
    """The share and the visit of the address of a file; None if the address is wrong or over."""
    found = Visit.of_text(visit)
    share = find_open(token) if found else None
    if share is None or found is None or not is_file_key(key, share, found, track_id):
        return None
    return share, found


def find_for_page(token: str, visit: str, key: str) -> tuple[Share, Visit] | None:
    """The share and the visit of a later page of a long list, as `find_for_file` finds them."""
    return find_for_file(token, visit, NO_TRACK, key)


def is_used_up(share: Share) -> bool:
    return share.visit_limit is not None and share.visit_count >= share.visit_limit


def is_over(share: Share) -> bool:
    """Whether it has ended; for lists."""
    return share.expires_at is not None and share.expires_at <= timezone.now()


def count_visit(share: Share, visit: Visit) -> bool:
    """Count this visit, unless it was counted before. Returns whether it may play: False if the
    limit was reached without it. Lists of links that are open show a visit that was counted."""
    if _is_counted(share, visit):
        return True
    if is_used_up(share):
        return False
    return change(share.user_id, lambda _: _count(share.pk, visit), Area.SHARES)


def may_play(share: Share, visit: Visit) -> bool:
    """Whether `count_visit` would let this visit play. Counts nothing."""
    return not is_used_up(share) or _is_counted(share, visit)


def sweep_visits(now: datetime, most: int) -> int:
    """Delete up to `most` visits whose addresses have ended. Returns how many these were."""
    old = ShareVisit.objects.filter(begun_at__lt=now - VISIT_LASTS).order_by("pk")
    ids = [*old.values_list("pk", flat=True)[:most]]
    if ids:
        write_in_turn(ShareVisit.objects.filter(pk__in=ids).delete)
    return len(ids)


def _count(share_id: int, visit: Visit) -> bool:
    """The row is locked, so that of visits that begin at once no more are let in than may be."""
    share = Share.objects.select_for_update().filter(pk=share_id).first()
    if share is None:
        return False
    if _is_counted(share, visit):
        return True
    if is_used_up(share):
        return False
    now = timezone.now()
    ShareVisit.objects.create(share=share, name=visit.name, begun_at=now)
    share.visit_count += 1
    share.last_visited_at = now
    share.save(update_fields=["visit_count", "last_visited_at"])
    return True


def _is_counted(share: Share, visit: Visit) -> bool:
    return ShareVisit.objects.filter(share=share, name=visit.name).exists()


def _is_open(share: Share, now: datetime) -> bool:
    has_ended = share.expires_at is not None and share.expires_at <= now
    return share.deleted_at is None and not has_ended and may_share(share.user)
