"""Pictures that end too early, as after an interrupted download: what is there of them is shown."""

import pytest
from PIL import Image, ImageFile

from library.covers.rendering import NearlyEmptyPicture, UnusablePicture, render
from library.covers.size import CoverSize
from tests.library.covers.pictures import (
    BLUE,
    GREEN,
    colour_at,
    detailed,
    encoded,
    is_near,
    opened,
    plain,
)

SMALL, ORIGINAL = CoverSize.SQUARE_160, CoverSize.ORIGINAL
both_sizes = pytest.mark.parametrize("size", [SMALL, ORIGINAL])
FROM_TOP_TO_BOTTOM: list[tuple[str, dict[str, bool]]] = [
    ("JPEG", {}),
    ("MPO", {}),
    ("PNG", {}),
    ("GIF", {"interlace": False}),
    ("BMP", {}),
    ("TIFF", {}),
]


def photo() -> Image.Image:
    """A picture of detail, whose first rows are green."""
    picture = detailed((640, 640))
    picture.paste(GREEN, (0, 0, 640, 100))
    return picture


@both_sizes
@pytest.mark.parametrize(
    ("kind", "options"), [*FROM_TOP_TO_BOTTOM, ("JPEG", {"progressive": True})]
)
@pytest.mark.parametrize("tenths", range(2, 10))
def test_what_is_there_is_shown(
    kind: str, options: dict[str, bool], tenths: int, size: CoverSize
) -> None:
    source = encoded(photo(), kind, **options)
    shown = opened(render(source[: len(source) * tenths // 10], size))
    assert shown.size == ((160, 160) if size is SMALL else (640, 640))
    if kind != "BMP":  # its last row comes first
        assert is_near(colour_at(shown, 0.5, 0.04), GREEN, tolerance=30)


# Not of a progressive JPEG: the first scan of one shows all of it, coarsely.
@both_sizes
@pytest.mark.parametrize(("kind", "options"), FROM_TOP_TO_BOTTOM)
def test_of_a_beginning_alone_it_says_so_and_still_shows_it(
    kind: str, options: dict[str, bool], size: CoverSize
) -> None:
    source = encoded(detailed((640, 640)), kind, **options)
    with pytest.raises(NearlyEmptyPicture, match="nearly all of it is missing") as caught:
        render(source[: len(source) // 50], size)
    assert opened(caught.value.content).size == ((160, 160) if size is SMALL else (640, 640))


@both_sizes
@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
@pytest.mark.parametrize("tenths", range(10))
def test_of_some_formats_nothing_can_be_shown(kind: str, tenths: int, size: CoverSize) -> None:
    source = encoded(photo(), kind)
    with pytest.raises(UnusablePicture):
        render(source[: len(source) * tenths // 10], size)


@both_sizes
def test_a_download_of_full_length_with_zeros_at_its_end(size: CoverSize) -> None:
    source = encoded(photo(), "JPEG")
    half = len(source) // 2
    shown = opened(render(source[:half] + bytes(len(source) - half), size))
    assert is_near(colour_at(shown, 0.5, 0.04), GREEN, tolerance=30)
    tip = encoded(detailed((640, 640)), "JPEG")[:1500]
    with pytest.raises(NearlyEmptyPicture):
        render(tip + bytes(len(source)), size)


@both_sizes
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_a_whole_picture_of_one_colour_is_no_empty_one(kind: str, size: CoverSize) -> None:
    for colour in ((0, 0, 0), (255, 255, 255), (128, 128, 128)):
        assert is_near(colour_at(opened(render(plain(colour, kind=kind), size)), 0.5, 0.5), colour)


@both_sizes
def test_zeros_after_a_whole_picture_change_nothing(size: CoverSize) -> None:
    for kind in ("JPEG", "PNG", "BMP"):
        source = plain(BLUE, kind=kind)
        assert render(source + bytes(1000), size) == render(source, size)


@both_sizes
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_rest_of_a_picture_that_lies_on_its_side_is_at_its_side(
    kind: str, size: CoverSize
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = encoded(photo(), kind, exif=exif.tobytes())
    shown = opened(render(source[: len(source) // 2], size))
    assert is_near(colour_at(shown, 0.96, 0.5), GREEN, tolerance=30)


def test_pillows_switch_for_all_threads_stays_off() -> None:
    source = encoded(photo(), "JPEG")
    render(source[: len(source) - 2], SMALL)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
