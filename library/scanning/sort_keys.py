"""Sorts the rows that are stored as the setting IGNORED_ARTICLES says now.

A changed setting needs no file to be read: everything that is sorted by is stored. So it is no part
of `read_with`, which would have all files read again.
"""

import json
from collections.abc import Callable
from functools import partial

from django.conf import settings

from library.albums.titles import title_without_disc
from library.models import stored_keys
from library.models.revision import NextRevision, Revision
from library.scanning.report import ScanCounts
from library.scanning.transactions import Transactions, retried


def renew_sort_keys(transactions: Transactions, tick: Callable[[], None]) -> None:
    """Write the sort keys anew if the setting is another one than they were made with.

    An interrupted renewal begins anew at the next scan, and finds nothing to write in the rows that
    it has done.
    """
    articles = json.dumps(list(settings.IGNORED_ARTICLES))
    if retried(partial(_made_with, articles)):
        return
    for portion in stored_keys.portions(title_without_disc):
        transactions.commit(partial(_write, portion))
        tick()
    transactions.commit(partial(_note, articles))


def _made_with(articles: str) -> bool:
    return Revision.objects.filter(sorted_without=articles).exists()


def _write(portion: stored_keys.Portion, revision: NextRevision) -> ScanCounts:
    stored_keys.write(portion)
    if portion.changed:
        _ = revision.number  # lists are in another order now
    return ScanCounts()


def _note(articles: str, _: NextRevision) -> ScanCounts:
    if not Revision.objects.update(sorted_without=articles):
        Revision.objects.begin()
        Revision.objects.update(sorted_without=articles)
    return ScanCounts()
