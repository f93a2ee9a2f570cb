"""Why a backup was not made or not restored. The text of each error is for the user."""


class BackupError(Exception):
    """A disk or a database failed, or the file is not a valid backup. Nothing was changed."""


class RestoreRefused(Exception):
    """Restoring was refused, because data would be lost or the result would not work."""
