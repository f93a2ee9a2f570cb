"""Which folders can be watched: the kernel reports only changes that this machine makes.

What another machine does on a network share, no kernel here hears of. So network file systems are
not watched at all; otherwise some changes would be seen and others not.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

MOUNTINFO = "/proc/self/mountinfo"

_NETWORK_TYPES = frozenset(
    {
        "9p",  # folders of the host in virtual machines, as virtiofs and the next two
        "virtiofs",
        "vboxsf",
        "prl_fs",
        "fakeowner",  # Docker Desktop
        "afs",
        "autofs",  # the share itself is mounted when somebody looks
        "ceph",
        "cifs",
        "coda",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "smb3",
        "smbfs",
        "vmhgfs",
        "drvfs",
    }
)
_LOCAL_FUSE_TYPES = frozenset(
    {
        "fuseblk",  # NTFS and exFAT on a disk of this machine
        "fuse.bindfs",
        "fuse.encfs",
        "fuse.exfat",
        "fuse.fuse-overlayfs",
        "fuse.gocryptfs",
        "fuse.mergerfs",
        "fuse.ntfs-3g",
        "fuse.shfs",  # Unraid
        "fuse.unionfs",
        "fuse.unionfs-fuse",
        "fuse.zfs-fuse",
    }
)
"""All other file systems in user space count as network ones: sshfs, rclone, s3fs, davfs ..."""

_ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """`path` is where the file system is mounted, `device` its number as `major:minor`."""

    path: str
    file_system: str
    device: str = ""


Mounts = Mapping[str, Mount]
"""By path. Of several at one path, the one that was mounted last and hides the others."""


def read_mounts(place: str = MOUNTINFO) -> Mounts:
    """Empty if the system does not say what is mounted."""
    with suppress(OSError), open(place, "rb") as lines:
        return parse_mounts(lines.read())
    return {}


def parse_mounts(mountinfo: bytes) -> Mounts:
    """The mounts in the text of `/proc/self/mountinfo`, see proc(5)."""
    mounts: dict[str, Mount] = {}
    for line in os.fsdecode(mountinfo).split("\n"):
        first, separator, last = line.partition(" - ")
        if separator:
            _, _, device, _, escaped, *_ = first.split(" ")
            path = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), escaped)
            mounts[path] = Mount(path, last.partition(" ")[0], device)
    return mounts


def mount_of(folder: str, mounts: Mounts) -> Mount | None:
    """The mount in which a real path lies."""
    while True:
        if mount := mounts.get(folder):
            return mount
        if folder == "/":
            return None
        folder = os.path.dirname(folder)


def can_be_watched(file_system: str) -> bool:
    if file_system == "fuse" or file_system.startswith("fuse."):
        return file_system in _LOCAL_FUSE_TYPES
    return file_system not in _NETWORK_TYPES


def unwatchable_below(folder: str, mounts: Mounts) -> dict[str, Mount]:
    """The mounts below the real path `folder` that cannot be watched, by their paths relative to
    it."""
    prefix = folder.rstrip("/") + "/"
    return {
        path[len(prefix) :]: mount
        for path, mount in mounts.items()
        if path.startswith(prefix) and not can_be_watched(mount.file_system)
    }
