"""Pictures for tests, made by Pillow, and what can be seen of a rendered one."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED = (200, 30, 30)
GREEN = (30, 160, 60)
BLUE = (30, 60, 200)
Colour = tuple[int, int, int]


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a file of this kind: `JPEG`, `PNG` and so on."""
    written = BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def plain(
    colour: Colour = RED, size: tuple[int, int] = (300, 300), kind: str = "JPEG", **options: Any
) -> bytes:
    return encoded(Image.new("RGB", size, colour), kind, **options)


def striped(colours: tuple[Colour, ...], stripe: tuple[int, int]) -> Image.Image:
    """Upright stripes of that width and height, side by side from the left."""
    width, height = stripe
    picture = Image.new("RGB", (width * len(colours), height))
    for number, colour in enumerate(colours):
        picture.paste(colour, (number * width, 0, (number + 1) * width, height))
    return picture


def detailed(size: tuple[int, int]) -> Image.Image:
    """As hard to compress as a photograph."""
    noise = Image.effect_noise((size[0] // 8, size[1] // 8), 80).resize(size)
    return Image.merge("RGB", (noise, Image.linear_gradient("L").resize(size), noise))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be this large and holds next to nothing."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def black_row(width: int) -> bytes:
    """A whole PNG of one row, a tenth of a percent of its size when decoded."""
    packer = zlib.compressobj(1)
    row = b"".join([packer.compress(bytes(1 + 3 * width)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", row), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def opened(webp: bytes) -> Image.Image:
    picture = Image.open(BytesIO(webp))
    assert picture.format == "WEBP"
    return picture


def colour_at(picture: Image.Image, x: float, y: float) -> Colour:
    """`x` and `y` from 0 (left, top) to 1."""
    at = (int(x * (picture.width - 1)), int(y * (picture.height - 1)))
    seen = picture.convert("RGB").getpixel(at)
    assert isinstance(seen, tuple)
    return (int(seen[0]), int(seen[1]), int(seen[2]))


def is_near(one: Colour, other: Colour, tolerance: int = 14) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def tiff_of_one_tile(size: tuple[int, int], tile: tuple[int, int]) -> bytes:
    """A TIFF, compressed by deflate, whose tile is larger than the picture."""
    data = zlib.compress(bytes(1000))
    count = 12
    after_tags = 8 + 2 + 12 * count + 4
    tags = (
        *((256, 4, 1, size[0]), (257, 4, 1, size[1]), (258, 3, 3, after_tags)),
        *((259, 3, 1, 8), (262, 3, 1, 2), (277, 3, 1, 3), (284, 3, 1, 1)),
        *((322, 4, 1, tile[0]), (323, 4, 1, tile[1])),
        *((324, 4, 1, after_tags + 6), (325, 4, 1, len(data)), (339, 3, 1, 1)),
    )
    table = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    head = b"II*\0" + struct.pack("<IH", 8, count)
    return head + table + bytes(4) + struct.pack("<HHH", 8, 8, 8) + data


def ycck_jpeg(colour: Colour, size: tuple[int, int] = (300, 300)) -> bytes:
    """A JPEG whose inks are stored as luminance and colour differences, as Photoshop does it: of
    the colour that the inks themselves have, since libjpeg inverts it, and Adobe inverts inks."""
    inks = Image.new("RGB", size, tuple(255 - value for value in colour))
    channels = [each.point(lambda value: 255 - value) for each in inks.convert("YCbCr").split()]
    # Pillow inverts what it writes. The last channel is black: none of it.
    source = encoded(Image.merge("CMYK", (*channels, Image.new("L", size))), "JPEG", quality=95)
    at = source.index(b"Adobe")
    return source[: at + 11] + b"\x02" + source[at + 12 :]
