"""Pictures that are drawn: the initial of a user, and what stands for a cover that is not there."""

import hashlib
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

AVATAR_EDGE = 256
PLACEHOLDER_EDGE = 600
_INITIAL_PX = 144
_WHITE = (255, 255, 255)
_DARK, _GREY = (38, 38, 43), (110, 110, 120)
_COLOURS = (
    *((142, 68, 173), (41, 98, 255), (0, 121, 107), (46, 125, 50)),
    *((191, 54, 12), (173, 20, 87), (94, 53, 177), (69, 90, 100)),
)


@lru_cache(maxsize=64)
def avatar(name: str) -> bytes:
    """A PNG with the first letter of a name, in a colour that depends on the name. If the font does
    not have the letter, it is the outline of a person."""
    chosen = hashlib.blake2b(name.encode(errors="replace"), digest_size=2).digest()[0]
    picture = Image.new("RGB", (AVATAR_EDGE,) * 2, _COLOURS[chosen % len(_COLOURS)])
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_INITIAL_PX)
    initial = name[:1].upper()[:1]
    if isinstance(font, ImageFont.FreeTypeFont) and _has(font, initial):
        centre = (AVATAR_EDGE / 2, AVATAR_EDGE / 2)
        draw.text(centre, initial, _WHITE, font, anchor="mm")
    else:
        draw.ellipse((88, 48, 168, 128), _WHITE)
        draw.ellipse((48, 148, 208, 308), _WHITE)
    return _png(picture)


@lru_cache(maxsize=1)
def placeholder() -> bytes:
    """A PNG of a note, for the covers that are not there."""
    picture = Image.new("RGB", (PLACEHOLDER_EDGE,) * 2, _DARK)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((190, 360, 290, 440), _GREY)
    draw.ellipse((340, 330, 440, 410), _GREY)
    draw.rectangle((268, 180, 290, 400), _GREY)
    draw.rectangle((418, 150, 440, 370), _GREY)
    draw.polygon(((268, 180), (440, 150), (440, 205), (268, 235)), _GREY)
    return _png(picture)


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font can draw it: what it cannot draw looks like a character that no font has."""
    if not letter.strip():
        return False
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffd"))


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
