"""What users heard elsewhere comes from exported files, once."""

import io
import json
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django.asserts import assertContains

from listening.models import LostItem, OutboxItem, Play, PlayCount, ScrobbleAccount
from listening.plays import NewPlay, store_plays
from listening.scrobbling.history import FileRefused, HistoryReport, import_history
from listening.scrobbling.history import importing as history_importing
from listening.scrobbling.history.heard import is_play
from listening.scrobbling.history.json_objects import json_objects
from tests.web.library_rows import make_track
from web import scrobbling as scrobbling_pages

pytestmark = pytest.mark.django_db

AT = datetime(2020, 1, 1, 12, 34, tzinfo=UTC)
SECOND = int(AT.timestamp())
MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"


def listen(second: int = SECOND, **changes: Any) -> dict[str, Any]:
    """As ListenBrainz exports it."""
    info = {"duration_ms": 321_000, "recording_msid": MBID, "submission_client": "navidrome"}
    metadata = {
        "artist_name": "Björk",
        "track_name": "Hyperballad",
        "release_name": "Post",
        "additional_info": {**info, **changes.pop("info", {})},
        "mbid_mapping": {"recording_mbid": MBID, "artists": [{"artist_credit_name": "Björk"}]},
        **changes,
    }
    return {"inserted_at": 1.6e9, "listened_at": second, "track_metadata": metadata}


def archive(*listens: dict[str, Any], name: str = "listens/2020/1.jsonl") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("user.json", json.dumps({"user_id": 1, "username": "ada"}))
        file.writestr("feedback.jsonl", '{"recording_mbid": "x", "score": 1}\n')
        file.writestr(name, "\n".join(map(json.dumps, listens)))
    return made.getvalue()


def of_api(**fields: Any) -> dict[str, Any]:
    """As Last.fm's API tells it, which exporters keep."""
    return {
        "artist": {"mbid": "", "#text": "Björk"},
        "album": {"mbid": "", "#text": "Post"},
        "name": "Hyperballad",
        "date": {"uts": str(SECOND), "#text": "01 Jan 2020, 12:34"},
        **fields,
    }


def text_of(value: object) -> bytes:
    return json.dumps(value).encode()


FILES = {
    "ListenBrainz's archive": archive(listen()),
    "ListenBrainz's older file": text_of([listen()]),
    "lines": text_of(listen()) + b"\n",
    "pages of the API": text_of([[{"name": "x", "artist": {"#text": "y"}, "@attr": {}}, of_api()]]),
    "the API's answer": text_of({"recenttracks": {"track": [of_api()], "@attr": {"page": "1"}}}),
    "lastfmstats": text_of(
        {
            "username": "ada",
            "scrobbles": [
                {
                    "track": "Hyperballad",
                    "artist": "Björk",
                    "album": "Post",
                    "albumId": "",
                    "date": SECOND * 1000,
                }
            ],
        }
    ),
    "lastfmstats' table": (
        f'Artist;Album;AlbumId;Track;Date#ada\n"Björk";"Post";"";"Hyperballad";"{SECOND * 1000}"\n'
    ).encode(),
    "a table with names": (
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\r\n"
        f'"{SECOND}","01 Jan 2020, 12:34","Björk","","Post","","Hyperballad",""\r\n'
    ).encode(),
    "a table without names": "Björk,Post,Hyperballad,01 Jan 2020 12:34\n".encode(),
    "tabs": (
        f"timestamp\ttrack\tartist\talbum\ttrackmbid\n{SECOND}\tHyperballad\tBjörk\tPost\t\n"
    ).encode(),
    "UTF-16": f"uts,artist,album,track\n{SECOND},Björk,Post,Hyperballad\n".encode("utf-16"),
    "a mark of UTF-8": f"uts,artist,track\n{SECOND},Björk,Hyperballad\n".encode("utf-8-sig"),
}


@pytest.fixture
def user() -> User:
    return User.objects.create(username="ada")


def bring_in(user: User, content: bytes) -> HistoryReport:
    return import_history(user.pk, io.BytesIO(content))


def bjork(**fields: Any) -> Any:
    values = {"title": "Hyperballad", "artist": "Björk", "album_title": "Post", "duration_s": 321}
    return make_track(**{**values, **fields})


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_is_brought_in_once(user: User, name: str) -> None:
    track = bjork()
    first = bring_in(user, FILES[name])
    assert (first.read, first.stored, first.known, first.not_found) == (1, 1, 0, 0)
    assert (first.unreadable, first.without_time) == (0, 0)
    again = bring_in(user, FILES[name])
    assert (again.read, again.stored, again.known) == (1, 0, 1)
    (play,) = Play.objects.all()
    assert (play.track, play.started_at, play.heard_s) == (track, AT, None)
    assert PlayCount.objects.get().count == 1


def test_all_kinds_of_files_of_one_history_are_one_history(user: User) -> None:
    bjork()
    stored = [bring_in(user, content).stored for content in FILES.values()]
    assert sum(stored) == 1


def test_what_mus_told_a_service_is_not_brought_in_again(user: User) -> None:
    """Even if the service has another spelling of the artist, so that the track is not found."""
    store_plays(user.pk, [NewPlay(track_id=bjork().pk, started_at=AT)])
    report = bring_in(user, archive(listen(artist_name="Bjork Guðmundsdóttir")))
    assert (report.stored, report.known) == (0, 1)
    assert Play.objects.count() == 1


def test_services_are_told_nothing_of_it(user: User) -> None:
    ScrobbleAccount.objects.create(user=user, service="listenbrainz")
    bjork()
    assert bring_in(user, archive(listen())).stored == 1
    assert not OutboxItem.objects.exists()


def test_what_the_library_does_not_have_waits_for_it(user: User) -> None:
    listens = [listen(SECOND + each) for each in range(3)]
    report = bring_in(user, archive(*listens, listen(SECOND + 9, track_name="Army of Me")))
    assert (report.stored, report.not_found) == (4, 4)
    assert report.missing.most_common(1) == [(("Björk", "Hyperballad"), 3)]
    assert LostItem.objects.count() == 2
    assert PlayCount.objects.filter(track=None).count() == 2
    assert bring_in(user, archive(*listens)).stored == 0


def test_a_recording_id_finds_a_track_of_another_name(user: User) -> None:
    track = bjork(title="Hyper-ballad (remastered)", musicbrainz_recording_id=MBID)
    report = bring_in(user, archive(listen(info={"recording_mbid": MBID})))
    assert dict(report.matched) == {"MusicBrainz id": 1}
    assert Play.objects.get().track == track


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        (text_of([{**of_api(), "date": {"uts": "0"}}]), (0, 1, 0)),
        (b"Bj\xc3\xb6rk,Post,Hyperballad,\n", (0, 1, 0)),
        (b"Bj\xc3\xb6rk,Post,Hyperballad,01 Jan 1970 00:00\n", (0, 1, 0)),
        (b"Bj\xc3\xb6rk,Post,,01 Jan 2020 12:34\n", (0, 0, 1)),
        (text_of([listen(SECOND + 10**9)]), (0, 0, 1)),
        (text_of([listen(10**30), listen(-5), listen("x")]), (0, 3, 0)),  # type: ignore[arg-type]
        (text_of([listen(track_name=None), listen(artist_name=["x"])]), (0, 0, 2)),
        (text_of([listen(track_name="\ud800\0x")]), (1, 0, 0)),
        (b'[{"artist": "x", "track": ', (0, 0, 0)),
        (b'{"artist": ' * 3000, (0, 0, 0)),
        (b'[{"artist": {"a": "\\"}{"}, "name": "x", "date": 1577882040}]', (0, 0, 1)),
        (b"", (0, 0, 0)),
        (b"\xff\xfe", (0, 0, 0)),
        (b"GIF89a\0\0", (0, 0, 1)),
    ],
)
def test_what_cannot_be_read_is_counted(
    user: User, content: bytes, counts: tuple[int, ...]
) -> None:
    report = bring_in(user, content)
    assert (report.read, report.without_time, report.unreadable) in {counts, (0, 0, 0)}
    assert report.read == counts[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive(listen())[:-30], "cannot be read"),
        (b"PK\x03\x04", "cannot be read"),
        (archive(name="x.txt")[:0] + archive(listen(), name="x.mp3"), "0 files"),
        (b'x,"' + b"y" * 300_000, "neither JSON nor a table|cannot be read"),
        (b"z" * 300_000, "neither JSON nor a table"),
    ],
)
def test_what_is_no_such_file_is_refused(user: User, content: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        bring_in(user, content)


def test_an_archive_that_grows_without_end_is_refused(user: User) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for place in range(20):
            file.writestr(f"listens/{place}.jsonl", "\n" * 100_000)
    bomb.seek(0)
    with pytest.raises(FileRefused, match="holds too much"):
        import_history(user.pk, bomb, most_unpacked_bytes=1_000_000)


def test_the_page_names_the_command_for_what_unpacks_to_too_much(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrobbling_pages, "MOST_UNPACKED_BYTES", 2 * 1024**2)
    client.force_login(user)
    file = io.BytesIO(archive(listen(), listen(SECOND + 1, track_name="x" * 3 * 1024**2)))
    file.name = "listens.zip"
    shown = client.post("/scrobbling/import/", {"file": file})
    assertContains(shown, "more than 2 MiB when unpacked")
    assertContains(shown, "manage.py import_history")
    assert not Play.objects.exists()


def test_an_archive_that_lies_about_its_size_is_refused(user: User) -> None:
    content = archive(listen(), listen(SECOND + 1, track_name="x" * 3 * 1024**2))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        size = max(each.file_size for each in file.infolist())
    lying = content.replace(struct.pack("<L", size), struct.pack("<L", 100))
    with pytest.raises(FileRefused, match=r"holds too much|cannot be read"):
        import_history(user.pk, io.BytesIO(lying), most_unpacked_bytes=1024**2)


def test_a_report_keeps_the_names_most_heard(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_importing, "MOST_MISSING", 3)
    monkeypatch.setattr(history_importing, "MOST_MISSING_COUNTED", 6)
    names = [*(f"Song {each}" for each in range(40)), *["Often"] * 5]
    plays = (listen(SECOND + 200 * n, track_name=name) for n, name in enumerate(names))
    report = bring_in(user, archive(*plays))
    assert (report.not_found, len(report.missing)) == (45, 3)
    assert report.missing.most_common(1)[0][0][1] == "Often"


def test_objects_are_found_however_the_text_is_cut() -> None:
    chance = random.Random(5)
    listens = [listen(SECOND + each, track_name='{"}\\"[{') for each in range(50)]
    text = json.dumps({"x": {"y": [*listens, 3, "}{"]}, "z": '"'})
    for _ in range(20):
        cuts = sorted(chance.sample(range(len(text)), 30))
        parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert list(json_objects(parts, is_play)) == listens


def test_memory_is_bounded_whatever_the_size() -> None:
    def texts() -> Iterator[str]:
        yield '{"scrobbles": ['
        for place in range(40_000):
            yield json.dumps(listen(SECOND + place)) + ","
        yield '{"x": "' + "y" * 3_000_000 + '"}' + '{"a":[' * 5_000
        yield json.dumps(listen())

    tracemalloc.start()
    count = sum(1 for _ in json_objects(texts(), is_play))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count >= 40_000
    assert most < 12_000_000


def test_a_long_history_takes_few_queries_a_play(
    user: User, django_assert_max_num_queries: Any
) -> None:
    bjork()
    content = archive(*(listen(SECOND + 200 * each) for each in range(1_500)))
    with django_assert_max_num_queries(60):
        assert bring_in(user, content).stored == 1_500


@pytest.mark.usefixtures("user")
class TestCommand:
    def test_it_reports(self, tmp_path: Path, capsys: Any) -> None:
        bjork()
        path = tmp_path / "listens.zip"
        path.write_bytes(archive(listen(), listen(SECOND + 1, track_name="Is\x1b")))
        call_command("import_history", path, "--user", "ada")
        output = capsys.readouterr().out
        assert "2 plays read: 2 new" in output
        assert "1 found by title, artist, album and length" in output
        assert "\x1b" not in output
        call_command("import_history", path, "--user", "ada", "--json")
        assert json.loads(capsys.readouterr().out)["known"] == 2

    @pytest.mark.parametrize(("name", "who"), [("none.zip", "ada"), ("x.zip", "bob")])
    def test_what_is_wrong_is_said(self, tmp_path: Path, name: str, who: str) -> None:
        (tmp_path / "x.zip").write_bytes(b"PK")
        with pytest.raises(CommandError):
            call_command("import_history", tmp_path / name, "--user", who)


def test_the_page_takes_a_file(client: Client, user: User) -> None:
    client.force_login(user)
    bjork()
    content = archive(listen(), listen(SECOND + 1, track_name="<b>"))
    for said in ("2 plays brought in", "0 plays brought in"):
        file = io.BytesIO(content)
        file.name = "listens.zip"
        shown = client.post("/scrobbling/import/", {"file": file})
        assertContains(shown, said)
    assertContains(shown, "&lt;b&gt;")
    broken = io.BytesIO(b"PK")
    assertContains(client.post("/scrobbling/import/", {"file": broken}), "cannot be read")
    assertContains(client.post("/scrobbling/import/", {}), "This field is required")
