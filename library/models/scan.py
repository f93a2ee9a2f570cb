"""The models of scans, and of files that scans could not read or store.

One `Scan` row is the lease that keeps a second scan from running, the progress that people watch,
and afterwards the record of what the scan did.
"""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from library.models.paths import PathField, path_to_text


class ScanTrigger(models.TextChoices):
    COMMAND = "command", "command"
    ADMIN = "admin", "admin"
    API = "api", "API"
    SCHEDULE = "schedule", "schedule"
    WATCH = "watch", "watch"


class ScanKind(models.TextChoices):
    SCAN = "scan", "scan"
    PURGE = "purge", "purge"
    RESTORE = "restore", "restore"
    EDIT = "edit", "edit"
    REREAD = "reread", "reread"


class ScanState(models.TextChoices):
    RUNNING = "running", "running"
    COMPLETED = "completed", "completed"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class ScanQuerySet(models.QuerySet["Scan"]):
    def scans(self) -> Self:
        """Leave out purges and other work that only shares the lease with scans."""
        return self.filter(kind=ScanKind.SCAN)


class Scan(models.Model):
    """One scan, or other work that must not run beside a scan, such as a purge; see `kind`.

    The counts say what was committed so far. `failed` counts all files and folders that cannot be
    read or stored at present, including unchanged ones that already failed in an earlier scan.

    Progress: `seen` files were found; `to_read` of them have to be read, and `read` of those have
    been read. `total` is the number of all files if they were counted first, else null.

    `revision` is the library's revision after the last change that was committed. It is 0 if there
    was no change, and null in rows that a server of the version before wrote during or after the
    upgrade.
    `joined` counts the tracks that were joined with another of the same sound; see
    `library.models.joins`. `purged` counts the tracks that a purge deleted. `message` is the
    result; while other work than a scan runs, it says what is being done.

    Two fields are for rereading, `kind` "reread": `read_with` is the version with which files are
    read again, and `reread_below` says how far that is, from the highest id of a track down: only
    tracks with lower ids are left. It is null once the lowest was reached.

    Two fields are written at the end. `ignored`: how many files and folders each rule of
    `library.files.names` excluded. `emptied`: folders that hold no music any more, but whose tracks
    the scan kept.
    """

    kind = models.CharField(
        max_length=16, choices=ScanKind.choices, default=ScanKind.SCAN, db_default=ScanKind.SCAN
    )
    trigger = models.CharField(max_length=16, choices=ScanTrigger.choices)
    state = models.CharField(max_length=16, choices=ScanState.choices, default=ScanState.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    host_name = models.CharField(max_length=255, blank=True)
    process_id = models.PositiveBigIntegerField(null=True, blank=True)
    folders = models.JSONField(default=list, help_text="What it was limited to; empty: everything.")
    is_full = models.BooleanField(default=False)
    cancel_requested = models.BooleanField(default=False)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0, db_default=0)
    missing = models.PositiveIntegerField(default=0)
    postponed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    playlists = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Made, changed or left without their file."
    )
    purged = models.PositiveIntegerField(default=0, db_default=0)
    read_with = models.CharField(max_length=32, blank=True, db_default="")
    reread_below = models.PositiveBigIntegerField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(null=True, blank=True, default=0)
    newest_folder_before = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The highest id of a folder when it began."
    )
    total = models.PositiveIntegerField(null=True, blank=True)
    to_read = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    ignored = models.JSONField(default=dict, db_default={})
    emptied = models.JSONField(default=list, db_default=[])
    message = models.TextField(blank=True)
    error = models.TextField(blank=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="scan_one_running"
            ),
            models.CheckConstraint(
                condition=Q(state="running") ^ Q(finished_at__isnull=False),
                name="scan_finished_unless_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def duration(self) -> timedelta:
        """From the start to the end, or, of a running scan, to the last heartbeat."""
        return (self.finished_at or self.heartbeat_at) - self.started_at

    @property
    def error_summary(self) -> str:
        """The first line of `error`: why the scan failed or what it left out. The other lines are
        the last output of the scan's process. Empty if there was no error."""
        return self.error.partition("\n")[0]

    @property
    def done(self) -> int:
        """The number of files that need no more work: seen, and read where that was necessary."""
        return max(self.seen - (self.to_read - self.read), 0)


class ScanFailure(models.Model):
    """A file or folder that could not be read or stored.

    The row stays until a scan succeeds with the file or finds that the file is gone.
    """

    class Stage(models.TextChoices):
        LIST = "list", "list folder"
        OPEN = "open", "open file"
        READ = "read", "read tags"
        STORE = "store", "store"

    root = PathField()
    path = PathField()
    mtime_ns = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    reason = models.TextField()
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="failures")
    read_with = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        help_text="The readers and settings that failed.",
    )
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["root", "path"]
        constraints = [
            models.UniqueConstraint(fields=["root", "path"], name="scan_failure_unique_path"),
        ]

    def __str__(self) -> str:
        return path_to_text(self.path)
