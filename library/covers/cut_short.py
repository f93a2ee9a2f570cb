"""Decodes pictures, also those that are cut short: after an interrupted download or copy.

Pillow's own switch for this, `ImageFile.LOAD_TRUNCATED_IMAGES`, counts for all threads. So the
switch stays off, and each picture is dealt with by itself.
"""

from io import BytesIO

from PIL import Image, ImageChops

_JPEG_BEGINS = b"\xff\xd8\xff"
_JPEG_ENDS = b"\xff\xd9"


class PictureFile(BytesIO):
    """The bytes of a picture as a file.

    `ends_jpeg`: whether to append, once, the end that a JPEG is missing. libjpeg then fills the
    rest with grey; without it a progressive JPEG would show nothing. `is_cut_short` says whether
    that happened.
    """

    def __init__(self, source: bytes) -> None:
        is_jpeg = source.startswith(_JPEG_BEGINS)
        # A download that was interrupted may have its full length, with zeros at the end.
        super().__init__(source.rstrip(b"\0") if is_jpeg else source)
        self.ends_jpeg = False
        self.is_cut_short = False

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        if not content and size and self.ends_jpeg:
            self.ends_jpeg, self.is_cut_short = False, True
            return _JPEG_ENDS
        return content


def decode(picture: Image.Image, file: PictureFile) -> bool:
    """Decode `picture`, which was opened from `file`. Returns whether it is whole.

    Raises what Pillow raises if nothing at all can be decoded.
    """
    file.ends_jpeg = picture.format in {"JPEG", "MPO"}
    try:
        picture.load()
    except MemoryError:
        raise
    except Exception:
        # Damaged pictures raise many kinds of errors. The rows before the damage are decoded.
        if not _keeps_rows(picture):
            raise
        return False
    return not file.is_cut_short


def _keeps_rows(picture: Image.Image) -> bool:
    """Make Pillow regard what is decoded as all there is. False if nothing is decoded."""
    if not hasattr(picture, "tile"):
        return False
    picture.tile = []  # what is still to be decoded
    try:
        picture.load()
    except OSError:  # there are no pixels
        return False
    return True


def share_there(picture: Image.Image) -> float:
    """Which part of the height of a picture that is cut short is there, from 0 to 1.

    The rest has one colour. It is at the bottom; in a BMP, whose last row comes first, at the top.
    """
    last = (picture.width - 1, picture.height - 1)
    return min(_height_unlike(picture, corner) for corner in ((0, 0), last)) / picture.height


def _height_unlike(picture: Image.Image, corner: tuple[int, int]) -> int:
    """The height of the part that does not have the colour of this pixel."""
    colour = picture.getpixel(corner)
    if colour is None:
        return 0
    plain = Image.new(picture.mode, picture.size, colour)
    box = ImageChops.difference(picture, plain).getbbox(alpha_only=False)
    return box[3] - box[1] if box else 0
