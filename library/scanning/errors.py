"""Why a scan did not begin, or did not reach its end."""


class ScanError(Exception):
    """A scan failed; the text is for the person who started it."""


class BadScanOptions(ScanError):
    """The options name a folder outside the music folders, or a number out of range."""


class ScanAlreadyRuns(ScanError):
    """Another scan holds the lease."""


class RootVanished(ScanError):
    """A music folder is absent, cannot be read, or is empty while the library is not."""


class RootEmptied(RootVanished):
    """A music folder is empty while the library knows `tracks` in it."""

    def __init__(self, message: str, tracks: int) -> None:
        super().__init__(message)
        self.tracks = tracks


class ScanCancelled(ScanError):
    """Someone asked the scan to stop."""


class LeaseLost(ScanError):
    """Another scan took this one for dead and took over its lease."""
