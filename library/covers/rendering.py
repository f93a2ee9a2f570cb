"""Renders a picture's bytes as the image that clients show, within bounds of memory and time.

Only this module, `cut_short`, `collage` and `drawn` import Pillow. The package imports none of
them, because scans do not need them.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO

from PIL import Image, ImageCms, TiffImagePlugin, UnidentifiedImageError

from library.covers.cut_short import PictureFile, decode, share_there
from library.covers.memory import release_memory
from library.covers.size import (
    LARGEST_EDGE,
    CoverSize,
    PictureFormat,
    Rendition,
    edge_of,
    format_of,
)

QUALITY = 85
"""Of WebP and of JPEG."""
METHOD = 2
"""WebP's effort, 0 to 6. Pillow's default of 4 takes twice as long, for files 5 % smaller."""

# The formats in which people keep covers; MPO counts as JPEG. Pillow's other decoders stay unused:
# each is code that a malicious file could attack.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_SOURCE_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 64_000_000
"""For comparison: the sleeve of an LP, scanned at 600 dots per inch, has 55 million."""
MAX_EDGE = 65_535
"""The largest width or height of a JPEG. Resizing takes 48 bytes for each pixel of an edge."""
MAX_COSTLY_PIXELS = 32_000_000
"""The largest WebP, AVIF or TIFF. Decoding these takes up to 16 bytes a pixel, twice as much as
other formats."""
MAX_JPEG_SCANS = 1000
"""A progressive JPEG usually has about ten scans. Each scan may be as short as 12 bytes, but costs
a pass over all pixels."""
TIFF_COMPRESSIONS = frozenset(
    {"raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "jpeg"}
)
"""libtiff's other decoders, such as those of faxes, are for no covers, and log every bad row."""
MAX_TILE_PIXELS = 4_000_000
"""The largest tile of a TIFF, which may be larger than the whole picture. Usual are 256 squared."""
LARGE_PIXELS = 10_000_000
"""Pictures with more than this are rendered one at a time."""
NEARLY_EMPTY = 0.1
"""A picture that is cut short should give way to another one if less than this part of its height
is there."""

# Pillow refuses pictures of more than twice this, for some formats before it allocates memory.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Pillow warns of oddities in files; nobody could do anything about them.
warnings.filterwarnings("ignore", module="PIL")

_ORIENTATION = 0x0112
"""The Exif tag for the orientation (Exif 2.32, section 4.6.4). _TURNS: how to turn the picture
upright for each of its values above 1."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
"""Tags of TIFF (TIFF 6.0, section 15)."""
_one_large = threading.Lock()


class UnusablePicture(Exception):
    """The picture cannot be rendered, and trying again would not help. The message is a sentence
    that says why."""


class NearlyEmptyPicture(UnusablePicture):
    """The picture is cut short, and less than NEARLY_EMPTY of it is there. `content` shows that."""

    def __init__(self, content: bytes) -> None:
        super().__init__("The picture is damaged: nearly all of it is missing.")
        self.content = content


def render(source: bytes, size: Rendition) -> bytes:
    """`source` in this size and format: upright, in sRGB, without metadata; of an animation, the
    first frame.

    A picture that is cut short is shown as far as it goes; the rest is grey, black or transparent.

    The largest pictures take up to 700 MiB of memory. Raises UnusablePicture. After a MemoryError,
    which it raises too, another attempt may succeed.
    """
    check_size(len(source))
    try:
        file = PictureFile(source)
        with Image.open(file, formats=FORMATS) as picture:
            _check(picture, source)
            is_large = picture.width * picture.height > LARGE_PIXELS
            with _alone(picture) if is_large else nullcontext():
                return _rendered(picture, file, size)
    except (UnusablePicture, MemoryError):
        raise
    except UnidentifiedImageError:
        raise UnusablePicture(f"The picture is none of {', '.join(FORMATS)}.") from None
    except Image.DecompressionBombError:
        raise _too_many_pixels(MAX_PIXELS) from None
    except Exception as error:  # noqa: BLE001
        # For damaged pictures Pillow raises many kinds of errors: OSError, SyntaxError,
        # ValueError, struct.error, EOFError, IndexError and more.
        words = str(error).rstrip(".") or type(error).__name__
        raise UnusablePicture(f"The picture is damaged: {words}.") from None


@contextmanager
def _alone(picture: Image.Image) -> Iterator[None]:
    """While one large picture is rendered no other one is, and its memory is given back after it:
    glibc would keep as much for each thread that ever rendered one."""
    with _one_large:
        try:
            yield
        finally:
            picture.close()  # frees the pixels, before the next one needs as many
            release_memory()


def check_size(size_bytes: int) -> None:
    """Refuse a picture of too many bytes, which then need not be read. Raises UnusablePicture."""
    if size_bytes > MAX_SOURCE_BYTES:
        raise UnusablePicture(f"The picture is larger than {MAX_SOURCE_BYTES >> 20} MiB.")


def _check(picture: Image.Image, source: bytes) -> None:
    """Refuse pictures that would take too much memory or time to decode. Raises UnusablePicture.

    Looks only at the header; nothing has been decoded yet.
    """
    is_costly = picture.format in {"WEBP", "AVIF", "TIFF"}
    most = MAX_COSTLY_PIXELS if is_costly else MAX_PIXELS
    if max(picture.size) > MAX_EDGE:
        raise UnusablePicture(f"The picture is more than {MAX_EDGE:,} pixels wide or high.")
    if picture.width * picture.height > most:
        raise _too_many_pixels(most)
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        _check_tiff(picture)
    is_jpeg = picture.format in {"JPEG", "MPO"} or picture.info.get("compression") == "jpeg"
    if is_jpeg and source.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise UnusablePicture(f"The picture has more than {MAX_JPEG_SCANS} scans.")


def _check_tiff(picture: TiffImagePlugin.TiffImageFile) -> None:
    """Raises UnusablePicture."""
    if picture.info.get("compression") not in TIFF_COMPRESSIONS:
        raise UnusablePicture("The picture is a TIFF that is compressed in an unusual way.")
    tags = picture.tag_v2
    width, height = (tags.get(tag, 0) for tag in (_TILE_WIDTH, _TILE_HEIGHT))
    if width * height > MAX_TILE_PIXELS:
        raise UnusablePicture("The picture is a TIFF of too large tiles.")


def _too_many_pixels(most: int) -> UnusablePicture:
    return UnusablePicture(f"The picture has more than {most // 1_000_000} million pixels.")


def _rendered(picture: Image.Image, file: PictureFile, size: Rendition) -> bytes:
    edge = edge_of(size)
    # Pillow then decodes a JPEG at 1/2, 1/4 or 1/8 of its size, but at no less than this.
    picture.draft(None, (2 * edge, 2 * edge) if edge else _within(picture.size, LARGEST_EDGE))
    is_whole = decode(picture, file)
    shown = _in_srgb(_resized(picture, size))
    content = encoded(_upright(shown, _orientation(picture)), format_of(size))
    if not is_whole and share_there(shown) < NEARLY_EMPTY:
        raise NearlyEmptyPicture(content)
    return content


def _resized(picture: Image.Image, size: Rendition) -> Image.Image:
    """The picture in the size to show. Shrinking comes first: it makes the rest cheap."""
    edge = edge_of(size)
    if edge and isinstance(size, CoverSize):
        square = (min(edge, *picture.size),) * 2
        return _resizable(picture).resize(square, Image.Resampling.LANCZOS, _centre(picture))
    within = _within(picture.size, edge or LARGEST_EDGE)
    shrunk = _resizable(picture)
    return shrunk if shrunk.size == within else shrunk.resize(within, Image.Resampling.LANCZOS)


def _centre(picture: Image.Image) -> tuple[float, float, float, float]:
    edge = min(picture.size)
    left, top = (picture.width - edge) / 2, (picture.height - edge) / 2
    return (left, top, left + edge, top + edge)


def _within(size: tuple[int, int], edge: int) -> tuple[int, int]:
    factor = min(1, edge / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _resizable(picture: Image.Image) -> Image.Image:
    """The picture in a mode that Pillow can resize smoothly, with transparency as a channel."""
    if picture.mode.startswith("I;16"):
        # Pillow's own conversion clips 16-bit values at 255 instead of scaling them down.
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in picture.info or picture.mode in {"P", "PA", "1"}:
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            converted = None  # the profile is damaged or for other channels, and is left out
        if converted is not None:
            return converted
    return picture if picture.mode == mode else picture.convert(mode)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001
        return 1  # damaged Exif data may raise anything; the picture is shown as it is


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def encoded(picture: Image.Image, format_: PictureFormat) -> bytes:
    """The bytes of a picture that is RGB or RGBA."""
    written = BytesIO()
    if format_ is PictureFormat.WEBP:
        picture.save(written, "WEBP", quality=QUALITY, method=METHOD)
    elif _is_transparent(picture):
        picture.save(written, "PNG")
    else:
        picture.convert("RGB").save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)
