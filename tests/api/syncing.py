"""A client that keeps a copy of the library by `GET sync` alone, and what the lists say."""

from typing import Any

from django.test import Client

from tests.api.library import get

KINDS = {"track": "tracks", "album": "albums", "artist": "artists", "folder": "folders"}
Rows = dict[str, dict[int, Any]]


class SyncedCopy:
    """`rows`: the copy, by kind and id. `replaced`: what became of ids that were joined."""

    def __init__(self, api: Client, limit: int = 1000) -> None:
        self.api = api
        self.limit = limit
        self.token: str | None = None
        self.rows: Rows = {kind: {} for kind in KINDS}
        self.replaced: dict[tuple[str, int], int] = {}
        self.pages: list[Any] = []
        self._seen: set[tuple[str, int]] = set()

    def sync(self) -> None:
        """Fetch and apply all pages."""
        cursor = self.first_page()
        while cursor:
            cursor = self.next_page(cursor)

    def first_page(self) -> str | None:
        self.pages = []
        self._seen = set()
        since = f"&since={self.token}" if self.token else ""
        return self._apply(get(self.api, f"sync?own=false&limit={self.limit}{since}"))

    def next_page(self, cursor: str) -> str | None:
        return self._apply(get(self.api, f"sync?limit={self.limit}&cursor={cursor}"))

    def _apply(self, page: Any) -> str | None:
        self.pages.append(page)
        assert page["token"] == self.pages[0]["token"]
        assert page["is_whole"] == self.pages[0]["is_whole"]
        for kind, plural in KINDS.items():
            self.rows[kind] |= {row["id"]: row for row in page[plural]}
            self._seen |= {(kind, row["id"]) for row in page[plural]}
        for each in page["removed"]:
            self.rows[each["kind"]].pop(each["id"], None)
            if each["replaced_by"] is not None:
                self.replaced[each["kind"], each["id"]] = each["replaced_by"]
        if page["cursor"] is None:
            self._finish(page)
        cursor: str | None = page["cursor"]
        return cursor

    def _finish(self, page: Any) -> None:
        self.token = page["token"]
        if page["is_whole"]:
            for kind, rows in self.rows.items():
                self.rows[kind] = {pk: row for pk, row in rows.items() if (kind, pk) in self._seen}

    @property
    def received(self) -> int:
        """How many rows the last sync brought."""
        return sum(len(page[name]) for page in self.pages for name in (*KINDS.values(), "removed"))


def listed(api: Client) -> Rows:
    """All rows of all lists."""
    rows: Rows = {kind: _all(api, plural, "?") for kind, plural in KINDS.items()}
    unseen = [*rows["folder"]]
    while unseen:
        below = _all(api, "folders", f"?parent={unseen.pop()}&")
        unseen += below
        rows["folder"] |= below
    return rows


def _all(api: Client, plural: str, query: str) -> dict[int, Any]:
    rows: list[Any] = []
    while True:
        body = get(api, f"{plural}{query}limit=500&offset={len(rows)}")
        rows += body["results"]
        if len(rows) >= body["count"]:
            return {row["id"]: row for row in rows}


def assert_same(copy: SyncedCopy) -> None:
    """The copy holds what the lists say."""
    wanted = listed(copy.api)
    for kind in KINDS:
        assert copy.rows[kind] == wanted[kind], kind
