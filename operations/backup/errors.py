"""Why there is no backup, or none was restored. Each text is for the person who asked."""


class BackupError(Exception):
    """It could not be done: a disk, a database, a file that is no backup. Nothing was changed."""


class RestoreRefused(Exception):
    """It was not done, since something would be lost, or could not work."""
