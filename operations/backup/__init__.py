"""A backup of what mus knows, as one file, made and restored while servers run.

It holds the database as it was at one moment, and the secret key where DATA_DIR keeps it. Covers
are left out: they are made anew. `archive` writes the file and `unpacking`
reads it, `manifest` is what it says of itself; `sqlite` and `postgresql` know their databases,
`target` what there is already, `rooms` where to work meanwhile, and `steps` the order of things.
"""

from operations.backup.errors import BackupError, RestoreRefused
from operations.backup.steps import Restored, Saved, make_backup, restore_backup

__all__ = ["BackupError", "RestoreRefused", "Restored", "Saved", "make_backup", "restore_backup"]
