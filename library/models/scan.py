"""Scans: lease, progress, log and audit in one row each, and the files that could not be taken."""

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


class ScanState(models.TextChoices):
    RUNNING = "running", "running"
    COMPLETED = "completed", "completed"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class ScanQuerySet(models.QuerySet["Scan"]):
    def scans(self) -> Self:
        """Without the row of a purge, which holds the lease of scans while it runs."""
        return self.exclude(_RUNS_AND_IS_NO_SCAN)


# A scan has a message once it is over.
_RUNS_AND_IS_NO_SCAN = Q(state=ScanState.RUNNING) & ~Q(message="")


class Scan(models.Model):
    """One scan. Its id is the library's revision once it has changed something.

    The counts hold what was committed so far. `failed` counts the files and folders that could not
    be taken as of this scan, those known from earlier scans and unchanged since among them.

    For progress: of the `seen` files `to_read` have to be read and `read` have been; `total` is how
    many files there are, where they were counted before.

    Other work that no scan may run beside, such as a purge, holds the lease by a running row whose
    message says what is being done; that row is deleted when the work is over.

    `ignored` and `emptied` are written at the end: how many files and folders were passed over by
    each rule of `library.files.names`, and the folders whose tracks were kept though they are
    empty now.
    """

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
    missing = models.PositiveIntegerField(default=0)
    postponed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
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
        return f"scan {self.pk}"

    @property
    def is_other_work(self) -> bool:
        return self.state == ScanState.RUNNING and bool(self.message)

    @property
    def duration(self) -> timedelta:
        """From start to end, or to the last heartbeat of one that runs."""
        return (self.finished_at or self.heartbeat_at) - self.started_at

    @property
    def error_summary(self) -> str:
        """Why it failed or what it left out, as one line, without its process's last words; empty
        where all went well."""
        return self.error.partition("\n")[0]

    @property
    def done(self) -> int:
        """Files with which it is through, of `total` where that is known."""
        return max(self.seen - (self.to_read - self.read), 0)


class ScanFailure(models.Model):
    """A file or folder that could not be taken, kept until it can be, or until it is gone."""

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
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["root", "path"]
        constraints = [
            models.UniqueConstraint(fields=["root", "path"], name="scan_failure_unique_path"),
        ]

    def __str__(self) -> str:
        return path_to_text(self.path)
