"""The programs that are measured: mus, and those it is measured against.

Each module has one `CONTENDER`: how to see whether the program is there, and how to set it up for
a folder of music, which none of them writes to.
"""

from bench.contenders import beets, find, minidlna, mpd, mus, supysonic
from bench.contenders.contender import Contender, Step

MUS = mus.CONTENDER
PEERS: tuple[Contender, ...] = (
    find.CONTENDER,
    mpd.CONTENDER,
    minidlna.CONTENDER,
    supysonic.CONTENDER,
    beets.CONTENDER,
)

__all__ = ["MUS", "PEERS", "Contender", "Step"]
