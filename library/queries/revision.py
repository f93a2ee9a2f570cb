"""The library's revision: a number and a token by which a client, or a cache, recognises that
a list it holds is still up to date."""

from datetime import datetime

from django.db.models import Max, Subquery

from library.models.revision import Revision
from library.models.scan import Scan
from library.queries.prepared import PreparedQuery

_NOTHING_YET = (0, "")
_revision = PreparedQuery(lambda: Revision.objects.values_list("number", "epoch"))


def library_revision() -> tuple[int, str]:
    """The number of the revision, and the token `epoch-number`. One query for one row.

    Ask for it before the list itself. A change that is committed between the two is then in the
    list already, and the older token only makes the client ask once more.
    """
    number, epoch = next(iter(_revision.rows()), _NOTHING_YET)
    return number, f"{epoch}-{number}"


def last_change_at() -> datetime | None:
    """When the last scan or other work that changed something ended; of one that still runs, when
    it last said what it does. None before the first."""
    changing = Scan.objects.filter(revision__gt=0).order_by("-pk")
    times = changing.values_list("finished_at", "heartbeat_at").first()
    return (times[0] or times[1]) if times else None


def forgotten_revision() -> int:
    """The highest revision of which it is not known any more what it changed: whose deletions were
    forgotten (see `Revision.forgotten`), or that a server of an older version made, also while
    servers are upgraded one after the other. Such a server does not give their revision to artists
    that lose tracks, nor to folders above those that go. One query."""
    of_older_versions = Scan.objects.filter(newest_folder_before=None).order_by()
    newest = of_older_versions.values("newest_folder_before").annotate(highest=Max("revision"))
    rows = Revision.objects.annotate(by_older=Subquery(newest.values("highest")[:1]))
    forgotten, by_older = rows.values_list("forgotten", "by_older").first() or (0, 0)
    return max(forgotten, by_older or 0)
