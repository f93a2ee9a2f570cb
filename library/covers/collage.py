"""Puts the covers of four albums together, as the picture of a playlist."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from library.covers.rendering import encoded
from library.covers.size import PictureFormat

TILES = 4
TILE_EDGE = 600
"""Pixels. The whole is as large as the largest cover that clients ask for."""


def compose(covers: Sequence[bytes]) -> bytes:
    """A picture of four square covers, two in each row. They are rendered covers, so decoding them
    is safe."""
    whole = Image.new("RGB", (2 * TILE_EDGE, 2 * TILE_EDGE))
    for number, content in enumerate(covers[:TILES]):
        with Image.open(BytesIO(content)) as cover:
            tile = cover.convert("RGB").resize((TILE_EDGE, TILE_EDGE), Image.Resampling.LANCZOS)
        row, column = divmod(number, 2)
        whole.paste(tile, (column * TILE_EDGE, row * TILE_EDGE))
    return encoded(whole, PictureFormat.WEBP)
