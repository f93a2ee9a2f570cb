"""The sound of songs: streams and downloads. Neither counts as a play."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from asgi.files.respond import FileResponse, send_file_response
from asgi.look_ups import LookUps
from asgi.responses import Receive, Scope, Send
from library.media.archive_responses import send_archive
from library.media.archives import Archive, TooManyTracks, find_archive
from library.media.as_it_is import AS_IT_IS, RAW, NeedsTranscoding, Wish
from library.media.streams import track_response
from library.media.tracks import TrackUnavailable
from library.media.zip_names import safe_part
from listening.downloads import find_download
from listening.playlists.refusals import Refused
from opensubsonic.byte_answers import as_get, refusal_of
from opensubsonic.call import Call
from opensubsonic.errors import Code, Refusal, not_found
from opensubsonic.ids import Named
from opensubsonic.parameters import Parameters

MOST_ARCHIVES = 8
"""ZIP files that a user downloads at a time. Each may take 50 MB of memory, for the names of its
files."""
DOWNLOADED = ("album", "artist", "folder", "playlist")

look_ups = LookUps("downloads", threads=2)
_archives: Counter[int] = Counter()


async def stream(call: Call, scope: Scope, receive: Receive, send: Send) -> None:
    """The file, where the client can take it as it is; else an error that says why not."""
    track = call.parameters.named("id", "track")
    wish = _wish(call.parameters)
    response = await _response(scope, track.pk, wish, is_attachment=False)
    await send_file_response(receive, send, response)


async def download(call: Call, scope: Scope, receive: Receive, send: Send) -> None:
    """The file of a song; all files of an album, artist, folder or playlist as a ZIP file.

    A bit rate without a format is ignored: apps send the one they stream at.
    """
    named = call.parameters.named("id", "track", *DOWNLOADED)
    wish = _wish(call.parameters) if call.parameters.text("format") else AS_IT_IS
    if named.kind == "track":
        response = await _response(scope, named.pk, wish, is_attachment=True)
        await send_file_response(receive, send, response)
        return
    if wish.format not in {"", RAW}:
        message = "This server does not convert music yet. Download the original files."
        raise Refusal(Code.GENERIC, message)
    with _one_of_few(call.user_id):
        name, archive = await _find_archive(call, named)
        await send_archive(as_get(scope), receive, send, archive, name)


@contextmanager
def _one_of_few(user_id: int) -> Iterator[None]:
    """Raises Refusal if the user has as many ZIP files sent as one may."""
    if _archives[user_id] >= MOST_ARCHIVES:
        message = f"You download {MOST_ARCHIVES} ZIP files already. Wait until one of them is done."
        raise Refusal(Code.GENERIC, message)
    _archives[user_id] += 1
    try:
        yield
    finally:
        _archives[user_id] -= 1
        if not _archives[user_id]:
            del _archives[user_id]


async def _find_archive(call: Call, named: Named) -> tuple[str, Archive]:
    """The ZIP file and its name. Raises Refusal."""
    try:
        found = await look_ups.find(find_download, call.user_id, named.kind, named.pk)
        if found is None:
            raise not_found(named.kind)
        title, track_ids, is_ordered = found
        archive = await find_archive(title, track_ids, is_ordered=is_ordered)
    except (Refused, TooManyTracks) as problem:
        raise Refusal(Code.GENERIC, str(problem)) from None
    except TrackUnavailable as problem:
        raise refusal_of(problem) from None
    if not archive.members:
        raise Refusal(Code.NOT_FOUND, "None of its files is there.")
    return f"{safe_part(title)}.zip", archive


async def hls(call: Call, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Its parts would have to be converted."""
    call.parameters.named("id", "track")
    raise Refusal(Code.NOT_FOUND, "This server has no HLS playlists. Ask for the stream instead.")


async def _response(
    scope: Scope, track_id: int, wish: Wish, *, is_attachment: bool
) -> FileResponse:
    """Raises Refusal."""
    try:
        response = await track_response(as_get(scope), track_id, wish, is_attachment=is_attachment)
    except TrackUnavailable as problem:
        raise refusal_of(problem) from None
    except NeedsTranscoding as problem:
        raise Refusal(Code.GENERIC, str(problem)) from None
    if response.status == 503:  # noqa: PLR2004
        raise Refusal(Code.GENERIC, "The file cannot be read at the moment.")
    return response


def _wish(parameters: Parameters) -> Wish:
    return Wish(
        parameters.text("format").strip().lower(),
        parameters.number("maxBitRate") or 0,
        parameters.number("timeOffset") or 0,
    )
