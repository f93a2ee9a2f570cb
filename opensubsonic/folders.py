"""Browsing by folders, as people put their files there."""

from typing import Any

from library.queries.folders import (
    NumberedFolder,
    TopFolder,
    folders_in,
    music_folders,
    songs_in,
    top_folders,
)
from library.queries.track_summaries import ids_on_album
from opensubsonic.browsing import albums_of_artist, last_modified
from opensubsonic.call import Body, Call
from opensubsonic.dates import ms_since_1970
from opensubsonic.errors import not_found
from opensubsonic.ids import Named, id_of
from opensubsonic.letters import ignored_articles, index_of
from opensubsonic.living import one_object
from opensubsonic.music_folders import wanted_root
from opensubsonic.objects.albums import as_old_child, old_album_child
from opensubsonic.objects.artists import old_artists
from opensubsonic.objects.folders import folder_child, folder_names
from opensubsonic.objects.own import add_average_ratings, opinion_fields
from opensubsonic.objects.songs import songs

_OF_DIRECTORY = ("parent", "starred", "userRating", "averageRating", "playCount")


def get_music_folders(call: Call) -> Body:  # noqa: ARG001
    found = music_folders()
    names = folder_names([each.root for each in found])
    rows = [{"id": each.id, "name": name} for each, name in zip(found, names, strict=True)]
    return {"musicFolders": {"musicFolder": rows}}


def get_indexes(call: Call) -> Body:
    """The top folders of the roots, and the songs that lie in a root itself. Nothing of them if
    nothing changed since the time that the client names."""
    changed_at = last_modified()
    head = {"ignoredArticles": ignored_articles(), "lastModified": changed_at}
    since = call.parameters.times("ifModifiedSince")
    if since and changed_at <= ms_since_1970(since[0]):
        return {"indexes": {**head, "shortcut": [], "index": [], "child": []}}
    root = wanted_root(call)
    found = top_folders(root)
    index = index_of(zip((each.sort_key for each in found), _entries(call, found), strict=True))
    in_roots = [pk for each in music_folders() if root in {None, each.root} for pk in _own(each)]
    return {"indexes": {**head, "shortcut": [], "index": index, "child": songs(call, in_roots)}}


def _own(music_folder: NumberedFolder) -> list[int]:
    return songs_in(music_folder.folder_id) if music_folder.folder_id else []


def _entries(call: Call, found: list[TopFolder]) -> list[dict[str, Any]]:
    """Top folders as the old protocol has them: artists."""
    own = opinion_fields(call.user_id, "folder", [each.id for each in found])
    fields = {each.id: {**own.get(each.id, {})} for each in found}
    add_average_ratings(fields, "folder")
    return [
        {"id": id_of("folder", each.id), "name": each.name, **fields[each.id]} for each in found
    ]


def get_music_directory(call: Call) -> Body:
    text = call.parameters.needed_text("id")
    if text.isascii() and text.isdecimal():
        return {"directory": _folder(call, _folder_of_root(call))}
    named = call.parameters.named("id", *_DIRECTORIES)
    return {"directory": _DIRECTORIES[named.kind](call, named)}


def _folder_of_root(call: Call) -> Named:
    number = call.parameters.number("id")
    tops = {each.id: each.folder_id for each in music_folders()}
    folder_id = tops.get(number or 0)
    if folder_id is None:
        raise not_found("music folder")
    return Named("folder", folder_id)


def _folder(call: Call, named: Named) -> dict[str, Any]:
    pk, folder = one_object(call, named, folder_child)
    children = [*folder_child(call, folders_in(pk)), *songs(call, songs_in(pk))]
    return _directory(folder, children)


def _artist(call: Call, named: Named) -> dict[str, Any]:
    pk, artist = one_object(call, named, old_artists)
    return _directory(artist, [as_old_child(each) for each in albums_of_artist(call, pk)])


def _album(call: Call, named: Named) -> dict[str, Any]:
    pk, album = one_object(call, named, old_album_child)
    return _directory(album, songs(call, ids_on_album(pk)))


def _directory(of: dict[str, Any], children: list[dict[str, Any]]) -> dict[str, Any]:
    fields = {name: of[name] for name in _OF_DIRECTORY if name in of}
    return {"id": of["id"], "name": of["name"], **fields, "child": children}


_DIRECTORIES = {"folder": _folder, "artist": _artist, "album": _album}
