"""Folders: the `Child` with `isDir`, and the old `Artist`, which top folders are taken for."""

from collections.abc import Mapping, Sequence
from typing import Any

from library.queries.folders import folder_rows
from opensubsonic.call import Call
from opensubsonic.cover_ids import cover_art
from opensubsonic.ids import id_of
from opensubsonic.objects.own import add_average_ratings, own_fields
from opensubsonic.objects.texts import as_text


def folder_album_title(name: str) -> str:
    """The title of the album on which the files of a folder are that are on no other one."""
    return f"[{as_text(name)}]"


def folder_child(call: Call, folder_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The folders with these ids that hold present tracks, in the order of the ids. The number of
    queries is fixed."""
    rows = [row for row in folder_rows(folder_ids) if row["total_track_count"]]
    own = own_fields(call.user_id, "folder", [row["id"] for row in rows])
    add_average_ratings(own, "folder")
    return [{**_child(row), **own[row["id"]]} for row in rows]


def folder_cover(row: Mapping[str, Any]) -> dict[str, str]:
    """`row`: as `folder_rows` has it."""
    return cover_art("track", row["cover_track_id"] or 0, row["cover_id"])


def _child(row: dict[str, Any]) -> dict[str, Any]:
    parent = {"parent": id_of("folder", row["parent_id"])} if row["parent_id"] else {}
    return {
        "id": id_of("folder", row["id"]),
        **parent,
        "isDir": True,
        "title": row["name"],
        "name": row["name"],
        "songCount": row["total_track_count"],
        **({"path": row["path"]} if row["path"] else {}),
        **folder_cover(row),
    }


def folder_names(roots: Sequence[str]) -> list[str]:
    """A name for each music folder: the last part of its path, or as many parts as tell it from
    the others."""
    names = [as_text(root).rstrip("/") for root in roots]
    longest = max((name.count("/") for name in names), default=0) + 1
    for parts in range(1, longest + 1):
        short = ["/".join(name.split("/")[-parts:]) for name in names]
        if len(set(short)) == len(short):
            return [name or "/" for name in short]
    return names
