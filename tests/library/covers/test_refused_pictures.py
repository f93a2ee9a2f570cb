"""Pictures of which nothing can be shown: damaged, or too large to be decoded at all."""

import random
import re
import struct
import tracemalloc

import pytest
from PIL import Image

from library.covers.rendering import (
    MAX_JPEG_SCANS,
    MAX_SOURCE_BYTES,
    UnusablePicture,
    render,
)
from library.covers.size import LARGEST_EDGE, CoverSize
from tests.library.covers.pictures import (
    detailed,
    encoded,
    opened,
    plain,
    png_header,
    tiff_of_one_tile,
)

EMPTY = "The picture is damaged: nearly all of it is missing."
KINDS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF")
SMALL = CoverSize.SQUARE_160
both_sizes = pytest.mark.parametrize("size", [SMALL, CoverSize.ORIGINAL])


def reason(source: bytes, size: CoverSize = SMALL) -> str:
    with pytest.raises(UnusablePicture) as caught:
        render(source, size)
    return str(caught.value)


@both_sizes
@pytest.mark.parametrize("edges", [(50_000, 50_000), (8_001, 8_000)])
def test_a_header_that_claims_too_many_pixels_is_enough(
    edges: tuple[int, int], size: CoverSize
) -> None:
    tracemalloc.start()
    assert reason(png_header(*edges), size) == "The picture has more than 64 million pixels."
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2**20


@both_sizes
@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize(
    "edges", [(30_000_000, 2), (63_999_999, 1), (1, 63_999_999), (65_536, 1), (1, 65_536)]
)
def test_an_edge_that_would_take_too_much_to_resize_is_refused_by_the_header(
    edges: tuple[int, int], size: CoverSize
) -> None:
    source = png_header(*edges)
    assert reason(source, size) == "The picture is more than 65,535 pixels wide or high."


@both_sizes
@pytest.mark.parametrize("edges", [(65_535, 1), (1, 65_535), (20_000, 2)])
def test_a_narrow_picture_is_shown(edges: tuple[int, int], size: CoverSize) -> None:
    """As large as it may be, or narrower than a pixel once it is made smaller."""
    shown = opened(render(plain(size=edges, kind="PNG"), size))
    assert max(shown.size) == (min(edges) if size is SMALL else LARGEST_EDGE)


def test_the_canvas_of_an_animation_counts_not_its_frame() -> None:
    gif = bytearray(plain(kind="GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    assert "million pixels" in reason(bytes(gif))


@pytest.mark.filterwarnings("ignore:Image size")
def test_a_webp_takes_more_memory_so_it_may_be_less_large() -> None:
    webp = bytearray(plain(size=(16, 16), kind="WEBP", lossless=True))
    edges = (8_000 - 1) | (8_000 - 1) << 14  # RFC 9649, section 3.4
    webp[21:25] = struct.pack("<I", struct.unpack("<I", webp[21:25])[0] & 0xF0000000 | edges)
    assert reason(bytes(webp)) == "The picture has more than 32 million pixels."


def test_a_header_without_pixels_is_a_nearly_empty_picture() -> None:
    assert reason(png_header(4_000, 4_000)) == EMPTY


def test_too_many_bytes_are_not_looked_at() -> None:
    source = plain() + b"\0" * MAX_SOURCE_BYTES
    assert reason(source) == "The picture is larger than 32 MiB."
    assert render(source[:MAX_SOURCE_BYTES], SMALL)


@both_sizes
def test_a_jpeg_of_very_many_scans_is_refused(size: CoverSize) -> None:
    """Each of them takes 10 bytes of the file and a walk over all pixels."""
    source = plain(progressive=True)
    at = source.rindex(b"\xff\xda")
    (length,) = struct.unpack_from(">H", source, at + 2)
    scan = source[at : at + 2 + length] + b"\0"
    bomb = source[:at] + scan * MAX_JPEG_SCANS + source[at:]
    assert reason(bomb, size) == "The picture has more than 1000 scans."


@pytest.mark.parametrize("source", [b"", b"GIF8", b"<svg/>", b"\xff\xd8\xff", b"\0" * 50])
def test_what_is_no_picture_is_said_to_be_none(source: bytes) -> None:
    assert reason(source) == "The picture is none of JPEG, PNG, WEBP, GIF, BMP, TIFF, AVIF."


def test_a_tile_that_is_larger_than_its_tiff_is_not_decoded() -> None:
    """One of 26,000 pixels squared took 1.2 GiB, for a picture of 100."""
    assert render(plain(size=(100, 100), kind="TIFF"), SMALL)
    assert reason(tiff_of_one_tile((100, 100), (16, 16)))
    refused = reason(tiff_of_one_tile((100, 100), (26_000, 26_000)))
    assert refused == "The picture is a TIFF of too large tiles."


@pytest.mark.parametrize("compression", ["group3", "group4", "lzma", "zstd"])
def test_a_tiff_of_an_unusual_compression_is_not_decoded(compression: str) -> None:
    picture = Image.new("1", (100, 100)) if "group" in compression else Image.new("L", (100, 100))
    refused = reason(encoded(picture, "TIFF", compression=compression))
    assert refused == "The picture is a TIFF that is compressed in an unusual way."


def test_formats_of_no_covers_are_not_decoded() -> None:
    for kind in ("PPM", "TGA", "ICO", "JPEG2000", "ICNS", "DDS", "SGI"):
        assert "is none of" in reason(plain(kind=kind))


@pytest.mark.filterwarnings("ignore")  # the server ignores Pillow's warnings, too
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_wrong_with_it_is_a_reason_and_nothing_else(kind: str) -> None:
    dice = random.Random(kind)
    source = encoded(detailed((64, 64)), kind)
    outcomes = {
        outcome(_damaged(source, dice), size)
        for _ in range(150)
        for size in (SMALL, CoverSize.ORIGINAL)
    }
    assert "" in outcomes
    assert len(outcomes) > 1
    assert all(each == "" or re.fullmatch(r"The picture .+\.", each) for each in outcomes)


def outcome(source: bytes, size: CoverSize) -> str:
    """Why it was refused; empty where it was not."""
    try:
        assert render(source, size).startswith(b"RIFF")
    except UnusablePicture as refusal:
        return str(refusal)
    return ""


def _damaged(source: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(source)
    for _ in range(dice.randint(1, 8)):
        within = min(len(damaged), dice.choice((64, 10**6)))
        damaged[dice.randrange(within)] = dice.randrange(256)
    return bytes(damaged)
