"""The errors of scans. Their texts are for the person who started the scan."""


class ScanError(Exception):
    """The base class: a scan could not begin, or failed."""


class BadScanOptions(ScanError):
    """The options name a folder outside the music folders, or a number out of range."""


class ScanAlreadyRuns(ScanError):
    """Another scan, or other work such as a purge, holds the lease."""


class RootVanished(ScanError):
    """A music folder is absent, cannot be read, or is empty while the library is not."""


class RootEmptied(RootVanished):
    """A music folder is empty, although the library knows `tracks` (a number) in it."""

    def __init__(self, message: str, tracks: int) -> None:
        super().__init__(message)
        self.tracks = tracks


class ScanCancelled(ScanError):
    """Someone asked the scan to stop."""


class LeaseLost(ScanError):
    """Another scan considered this one dead and took over its lease."""
