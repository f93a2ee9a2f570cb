"""Any picture that people have becomes a WebP that looks like it."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from library.covers.rendering import render
from library.covers.size import LARGEST_EDGE, SQUARES, CoverSize
from tests.library.covers.pictures import (
    BLUE,
    GREEN,
    RED,
    Colour,
    colour_at,
    detailed,
    encoded,
    is_near,
    opened,
    plain,
    striped,
    ycck_jpeg,
)

SMALL, ORIGINAL = CoverSize.SQUARE_160, CoverSize.ORIGINAL
both_sizes = pytest.mark.parametrize("size", [SMALL, ORIGINAL])


@both_sizes
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("MPO", {}),
        ("PNG", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "jpeg"}),
    ],
)
def test_every_format_of_covers(kind: str, options: dict[str, bool | str], size: CoverSize) -> None:
    shown = opened(render(plain(GREEN, (300, 200), kind, **options), size))
    assert shown.size == ((160, 160) if size is SMALL else (300, 200))
    assert is_near(colour_at(shown, 0.5, 0.5), GREEN)


@both_sizes
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_keeps_its_brightness(mode: str, size: CoverSize) -> None:
    grey = striped(((64, 64, 64), (192, 192, 192)), (150, 300)).convert("L")
    if mode == "I;16":
        picture = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode == "1":
        picture = grey.convert("1", dither=Image.Dither.NONE)
    else:
        picture = grey.convert("RGB").convert(mode)
    shown = opened(render(encoded(picture, "PNG"), size))
    dark, bright = (0, 255) if mode == "1" else (64, 192)
    assert is_near(colour_at(shown, 0.2, 0.5), (dark, dark, dark))
    assert is_near(colour_at(shown, 0.8, 0.5), (bright, bright, bright))


def test_small_is_the_centre_of_a_wide_picture() -> None:
    shown = opened(render(encoded(striped((RED, GREEN, BLUE), (200, 200)), "JPEG"), SMALL))
    assert shown.size == (160, 160)
    assert all(is_near(colour_at(shown, x, 0.5), GREEN) for x in (0.05, 0.5, 0.95))


def test_small_is_the_centre_of_a_high_picture() -> None:
    high = striped((RED, GREEN, BLUE), (200, 200)).transpose(Image.Transpose.ROTATE_270)
    shown = opened(render(encoded(high, "PNG"), SMALL))
    assert all(is_near(colour_at(shown, 0.5, y), GREEN) for y in (0.05, 0.5, 0.95))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 2000), (2000, 1), (200, 300)])
@pytest.mark.parametrize("square", SQUARES)
def test_no_picture_is_scaled_up(size: tuple[int, int], square: CoverSize) -> None:
    edge = min(*size, SQUARES[square])
    assert opened(render(plain(BLUE, size, "PNG"), square)).size == (edge, edge)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("square", SQUARES)
def test_every_square_is_as_sharp_as_the_picture_allows(square: CoverSize, kind: str) -> None:
    """Fine stripes stay apart: nothing was made smaller than the square, and then larger again."""
    edge = SQUARES[square]
    stripes = Image.new("L", (2 * edge, 2 * edge))
    for x in range(0, 2 * edge, 8):
        stripes.paste(255, (x, 0, x + 4, 2 * edge))
    shown = opened(render(encoded(stripes, kind), square)).convert("L")
    assert shown.size == (edge, edge)
    row = [colour_at(shown, x / (edge - 1), 0.5)[0] for x in range(16, 32)]
    assert min(row) < 40
    assert max(row) > 215


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_original_is_shrunk_only_above_the_largest_edge(kind: str) -> None:
    as_it_is = render(plain(RED, (LARGEST_EDGE, 30), kind), ORIGINAL)
    assert opened(as_it_is).size == (LARGEST_EDGE, 30)
    shrunk = render(plain(RED, (60, 2 * LARGEST_EDGE), kind), ORIGINAL)
    assert opened(shrunk).size == (30, LARGEST_EDGE)


def test_original_keeps_what_can_be_seen() -> None:
    picture = detailed((640, 480))
    shown = opened(render(encoded(picture, "PNG"), ORIGINAL)).convert("RGB")
    for x, y in ((10, 10), (320, 240), (600, 450)):
        is_as_before = zip(_mean(picture, x, y), _mean(shown, x, y), strict=True)
        assert all(abs(before - after) < 8 for before, after in is_as_before)


def _mean(picture: Image.Image, x: int, y: int) -> Colour:
    return colour_at(picture.resize((1, 1), Image.Resampling.BOX, (x, y, x + 16, y + 16)), 0, 0)


@both_sizes
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_turns_it_upright(orientation: int, kind: str, size: CoverSize) -> None:
    upright = Image.new("RGB", (400, 300), RED)
    upright.paste(GREEN, (200, 0, 400, 150))  # top right
    upright.paste(BLUE, (0, 150, 200, 300))  # bottom left
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = encoded(_as_the_camera_held(upright, orientation), kind, exif=exif.tobytes())
    shown = opened(render(source, size))
    assert shown.size == ((160, 160) if size is SMALL else (400, 300))
    assert is_near(colour_at(shown, 0.8, 0.2), GREEN)
    assert is_near(colour_at(shown, 0.2, 0.8), BLUE)
    assert is_near(colour_at(shown, 0.2, 0.2), RED)
    assert is_near(colour_at(shown, 0.8, 0.8), RED)


def _as_the_camera_held(upright: Image.Image, orientation: int) -> Image.Image:
    """What is stored so that `orientation` makes it upright again: Exif 2.32, section 4.6.4."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(turns[orientation]) if orientation in turns else upright


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_exif_data_costs_nothing() -> None:
    source = plain(BLUE, exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff" + b"\xff" * 40)
    assert is_near(colour_at(opened(render(source, SMALL)), 0.5, 0.5), BLUE)


@both_sizes
def test_cmyk_is_not_turned_inside_out(size: CoverSize) -> None:
    source = encoded(Image.new("RGB", (300, 300), RED).convert("CMYK"), "JPEG")
    shown = opened(render(source, size))
    assert shown.mode == "RGB"
    assert is_near(colour_at(shown, 0.5, 0.5), RED)


@both_sizes
@pytest.mark.parametrize("colour", [RED, GREEN, BLUE])
def test_ycck_is_not_taken_for_cmyk(colour: Colour, size: CoverSize) -> None:
    source = ycck_jpeg(colour)
    assert Image.open(BytesIO(source)).mode == "CMYK"
    assert is_near(colour_at(opened(render(source, size)), 0.5, 0.5), colour)


@both_sizes
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16"])
def test_every_mode_of_tiff_keeps_its_brightness(mode: str, size: CoverSize) -> None:
    grey = striped(((64, 64, 64), (192, 192, 192)), (150, 300)).convert("L")
    if mode == "I;16":
        picture = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    elif mode == "LAB":
        picture = _in_lab(grey)
    elif mode == "1":
        picture = grey.convert("1", dither=Image.Dither.NONE)
    else:
        picture = grey.convert("RGB").convert(mode)
    shown = opened(render(encoded(picture, "TIFF"), size))
    dark, bright = (0, 255) if mode == "1" else (64, 192)
    assert is_near(colour_at(shown, 0.2, 0.5), (dark, dark, dark))
    assert is_near(colour_at(shown, 0.8, 0.5), (bright, bright, bright))


def _in_lab(grey: Image.Image) -> Image.Image:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(grey.convert("RGB"), srgb, lab, outputMode="LAB")
    assert converted is not None
    converted.info.pop("icc_profile", None)
    return converted


@both_sizes
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_upright_once(orientation: int, size: CoverSize) -> None:
    upright = Image.new("RGB", (400, 300), RED)
    upright.paste(GREEN, (200, 0, 400, 150))  # top right
    upright.paste(BLUE, (0, 150, 200, 300))  # bottom left
    stored = _as_the_camera_held(upright, orientation)
    shown = opened(render(encoded(stored, "TIFF", tiffinfo={0x0112: orientation}), size))
    assert shown.size == ((160, 160) if size is SMALL else (400, 300))
    assert is_near(colour_at(shown, 0.8, 0.2), GREEN)
    assert is_near(colour_at(shown, 0.2, 0.8), BLUE)


@both_sizes
@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_what_is_transparent_stays_so(mode: str, size: CoverSize) -> None:
    picture = Image.new("RGBA", (300, 300), (*GREEN, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 300, 150))
    shown = opened(render(encoded(picture.convert(mode), "PNG"), size))
    assert shown.mode == "RGBA"
    alpha = shown.getchannel("A")
    edge = alpha.width
    assert alpha.getpixel((edge // 2, edge // 4)) == 0
    assert alpha.getpixel((edge // 2, edge * 3 // 4)) == 255


@both_sizes
def test_a_transparent_colour_is_transparent(size: CoverSize) -> None:
    source = plain(GREEN, kind="PNG", transparency=GREEN)
    assert opened(render(source, size)).getchannel("A").getextrema() == (0, 0)


@both_sizes
@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_of_an_animation_the_first_frame_is_shown(kind: str, size: CoverSize) -> None:
    first, second = (Image.new("RGB", (200, 200), colour) for colour in (RED, BLUE))
    source = encoded(first, kind, save_all=True, append_images=[second], duration=100)
    shown = opened(render(source, size))
    assert getattr(shown, "n_frames", 1) == 1
    assert is_near(colour_at(shown, 0.5, 0.5), RED)


@both_sizes
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_of_another_space_are_converted_to_srgb(mode: str, size: CoverSize) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    source = encoded(Image.new(mode, (300, 300), RED), "PNG", icc_profile=swapped)
    assert is_near(colour_at(opened(render(source, size)), 0.5, 0.5), BLUE, tolerance=40)


@both_sizes
@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 128])
def test_a_damaged_profile_is_dropped(profile: bytes, size: CoverSize) -> None:
    shown = opened(render(plain(BLUE, kind="PNG", icc_profile=profile), size))
    assert is_near(colour_at(shown, 0.5, 0.5), BLUE)


@both_sizes
def test_a_profile_for_other_channels_is_dropped(size: CoverSize) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = encoded(Image.new("L", (200, 200), 90), "PNG", icc_profile=srgb)
    assert is_near(colour_at(opened(render(source, size)), 0.5, 0.5), (90, 90, 90))


@both_sizes
def test_nothing_but_the_picture_is_handed_on(size: CoverSize) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}  # where it was taken
    source = plain(exif=exif.tobytes(), comment=b"a comment", xmp=b"<x:xmpmeta/>")
    shown = opened(render(source, size))
    assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
