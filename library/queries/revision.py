"""The library's revision: a number and a token by which a client, or a cache, recognises that
a list it holds is still up to date."""

from library.models.revision import Revision
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
