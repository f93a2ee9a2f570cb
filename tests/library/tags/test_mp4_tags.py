"""Where MP4 files hold their tags: they are found wherever a program put them."""

from pathlib import Path

import pytest

from library.tags.reader import read_tags
from tests.audio_files import JPEG, make_audio
from tests.library.tags import mp4_files as made
from tests.library.tags.mp4_files import MDAT, TITLE
from tests.library.tags.mp4_files import read_alike as read


@pytest.mark.parametrize("is_full", [True, False])
def test_tags_are_found_in_a_meta_box_of_mp4_and_of_quicktime(
    tmp_path: Path, *, is_full: bool
) -> None:
    meta = made.meta(made.box(b"ilst", TITLE), is_full=is_full)
    for parts in (
        (made.track(), made.box(b"udta", meta)),
        (made.box(b"udta", meta), made.track()),
        (meta, made.track()),
        (made.track(None, meta),),
        (made.track(None, made.box(b"udta", meta)),),
    ):
        tags = read(tmp_path / "a.m4a", MDAT, made.movie(*parts))
        assert (tags.title, tags.duration_s) == ("Title", 10)


def test_a_meta_box_may_lack_its_handler(tmp_path: Path) -> None:
    items = made.box(b"ilst", TITLE)
    for meta in (made.full_box(b"meta", items), made.box(b"meta", items)):
        tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), made.box(b"udta", meta)))
        assert tags.title == "Title"


def test_a_recorder_that_names_its_keys_is_read(tmp_path: Path) -> None:
    """Android writes `moov.meta` before the track, with a number for a name."""
    items = made.box(b"ilst", made.item("\0\0\0\1", b"14"), made.item("\0\0\0\2", b"Title"))
    keys = made.keys("com.android.version", "com.apple.quicktime.title")
    meta = made.meta(keys, items, is_full=False, handler=b"mdta")
    assert read(tmp_path / "a.m4a", MDAT, made.movie(meta, made.track())).title == "Title"


def test_keys_mean_the_fields_with_their_names(tmp_path: Path) -> None:
    names = ("title", "artist", "album_artist", "com.apple.quicktime.album", "artwork", "track")
    texts = (b"T", b"A", b"AA", b"B", JPEG, b"3/12")
    items = [made.item(f"\0\0\0{chr(n)}", text) for n, text in enumerate(texts, 1)]
    meta = made.meta(made.keys(*names), made.box(b"ilst", *items), handler=b"mdta")
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), meta))
    assert (tags.title, tags.artist, tags.album_artist, tags.album) == ("T", "A", "AA", "B")
    assert (tags.track_number, tags.track_total) == (3, 12)
    assert tags.embedded_cover_id


def test_the_number_of_no_key_is_no_item(tmp_path: Path) -> None:
    items = made.box(b"ilst", made.item("\0\0\0\2", b"X"), made.item("\0\0\0\0", b"X"), TITLE)
    meta = made.meta(made.keys("title"), items)
    assert read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), meta)).title == "Title"


@pytest.mark.parametrize("zeros", [1, 4, 8, 12])
def test_zeros_may_end_the_user_data(tmp_path: Path, zeros: int) -> None:
    user_data = made.box(b"udta", made.meta(made.box(b"ilst", TITLE)), bytes(zeros))
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), user_data))
    assert tags.title == "Title"
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(user_data, made.track()))
    assert (tags.title, tags.duration_s) == ("Title", 10)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Café".encode(), 0x55C4, "Café"),
        ("Café".encode(), 0, "Café"),
        ("Café".encode("mac-roman"), 0, "Café"),
        ("Café".encode("cp1252"), 0x55C4, "Café"),
        ("\ufeffCafé".encode("utf-16-be"), 0x55C4, "Café"),
        (b"", 0, "a"),
    ],
)
def test_a_text_of_quicktime_lies_directly_in_the_user_data(
    tmp_path: Path, text: bytes, language: int, expected: str
) -> None:
    other = made.quicktime_text("\xa9ART", b"Artist") + made.quicktime_text("\xa9swr", b"Program")
    user_data = made.box(b"udta", made.quicktime_text("\xa9nam", text, language), other)
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), user_data))
    assert (tags.title, tags.artist) == (expected, "Artist")


def test_an_item_of_itunes_may_lie_directly_in_the_user_data(tmp_path: Path) -> None:
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), made.box(b"udta", TITLE)))
    assert tags.title == "Title"


def test_a_text_of_quicktime_may_lie_among_the_items(tmp_path: Path) -> None:
    held = made.tagged(made.quicktime_text("\xa9nam", b"Title"))
    assert read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), held)).title == "Title"


def test_the_texts_of_phones_are_read(tmp_path: Path) -> None:
    texts = {b"titl": b"Title\0", b"auth": b"Author\0", b"albm": b"Album\0\3", b"gnre": b"Rock\0"}
    held = [made.full_box(name, b"\x55\xc4", text) for name, text in texts.items()]
    year = made.full_box(b"yrrc", (2004).to_bytes(2, "big"))
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), made.box(b"udta", *held, year)))
    assert (tags.title, tags.artist, tags.album) == ("Title", "Author", "Album")
    assert (tags.genre, tags.year) == ("Rock", 2004)
    utf16 = made.full_box(b"titl", b"\x55\xc4", "\ufeffTitre".encode("utf-16-be"))
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), made.box(b"udta", utf16)))
    assert tags.title == "Titre"


def test_a_field_is_taken_from_the_first_place_that_has_it(tmp_path: Path) -> None:
    texts = made.quicktime_text("\xa9nam", b"Other") + made.quicktime_text("\xa9ART", b"Artist")
    user_data = made.box(b"udta", texts, made.meta(made.box(b"ilst", TITLE)))
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), user_data))
    assert (tags.title, tags.artist) == ("Title", "Artist")


def test_values_are_decoded_by_their_type(tmp_path: Path) -> None:
    held = made.tagged(
        made.item("\xa9nam", "Título".encode("utf-16-be"), kind=2),
        made.item("trkn", b"\0\0\0\3\0\x0c\0\0", kind=0),
        made.item("disk", b"1/2", kind=1),
        made.item("cpil", b"\1", kind=21),
    )
    tags = read(tmp_path / "a.m4a", MDAT, made.movie(made.track(), held))
    assert (tags.title, tags.track_number, tags.track_total) == ("Título", 3, 12)
    assert (tags.disc_number, tags.disc_total, tags.compilation) == (1, 2, True)


def test_an_id3_tag_in_front_costs_nothing(tmp_path: Path) -> None:
    """Some programs put one there, which is no part of the format."""
    path = make_audio(tmp_path / "a.mp3", title="Other", artist="Artist")
    tag = path.read_bytes()
    tag = tag[: tag.rindex(b"Artist") + 2000]
    size = len(tag) - 10
    sizes = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    file = tmp_path / "b.m4a"
    boxes = made.mp4(MDAT, made.movie(made.track(), made.tagged(TITLE)))
    file.write_bytes(tag[:6] + sizes + tag[10:] + boxes)
    tags = read_tags(str(file))
    assert (tags.title, tags.artist, tags.duration_s) == ("Title", "Artist", 10)


def test_an_older_file_of_quicktime_has_no_type(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    for first in (made.box(b"wide"), b""):
        path.write_bytes(first + MDAT + made.movie(made.track(), made.tagged(TITLE)))
        assert read_tags(str(path)).title == "Title"
