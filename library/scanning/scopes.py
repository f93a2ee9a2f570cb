"""Scopes: which folders a scan covers, and whether their music folders can be scanned now."""

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from library.files.names import is_ignored_file, is_ignored_folder, root_check
from library.models.catalogue import Track
from library.scanning.compare import Scope
from library.scanning.errors import BadScanOptions, RootEmptied, RootVanished
from library.scanning.spelling import NamesIn, names_in, spelling_of
from runtime.visible_text import printable


def scopes_of(folders: Sequence[Path], roots: Sequence[Path]) -> list[Scope]:
    """The scopes of `folders`; all `roots` if there are none. Nested folders become one scope.

    Some file systems open a folder by another spelling than its name's; the scope gets the name as
    it is on disk.

    Raises BadScanOptions for a folder outside the roots, for a file, for a folder that neither the
    disk nor the library knows, and for one that exists only under another spelling.
    """
    if not folders:
        return [Scope(str(root), "") for root in roots]
    listed_once = cache(names_in)
    scopes = sorted({_scope_of(folder, roots, listed_once) for folder in folders})
    return [each for each in scopes if not any(_contains(other, each) for other in scopes)]


def root_identity(scope: Scope, *, allow_empty: bool) -> tuple[int, int]:
    """Device and inode of the scope's root. If they change during the walk, the root was replaced.

    Raises RootVanished if the root is absent or cannot be listed. Also if it is empty although the
    library knows tracks in it, as the mount point of an unmounted disk is, unless `allow_empty`.
    """
    try:
        stat = os.stat(scope.root)
        with os.scandir(scope.root) as entries:
            is_empty = all(_is_ignored(entry, root_check(scope.root, "")) for entry in entries)
    except OSError as error:
        raise RootVanished(
            f"The music folder {printable(scope.root)} cannot be read: {error.strerror}. "
            "Is its disk mounted? Its tracks were left as they are."
        ) from error
    if is_empty and not allow_empty:
        refuse_if_emptied(scope.root)
    return stat.st_dev, stat.st_ino


def refuse_if_emptied(root: str) -> None:
    """For a root that looks empty: raises RootEmptied if the library knows present tracks in it."""
    tracks = Track.objects.present().filter(root=root).count()
    if tracks:
        raise RootEmptied(
            f"The music folder {printable(root)} holds no music, but the library knows tracks in "
            "it. Is its disk mounted? Its tracks were left as they are; "
            "if the folder is meant to be empty, scan with --allow-empty.",
            tracks,
        )


def _is_ignored(entry: os.DirEntry[str], is_in_a_root: Callable[[], bool]) -> bool:
    if os.path.isdir(entry.path):
        return is_ignored_folder(entry.name, is_in_a_root, {})
    return is_ignored_file(entry.name, {})


def _scope_of(folder: Path, roots: Sequence[Path], names_in: NamesIn) -> Scope:
    scope = _place(str(folder), {str(root): str(root) for root in roots}) or _place(
        os.path.realpath(folder), {os.path.realpath(root): str(root) for root in roots}
    )
    if scope is None:
        places = ", ".join(printable(str(root)) for root in roots)
        raise BadScanOptions(f"{printable(str(folder))} is not in a music folder ({places}).")
    if os.path.isfile(folder):
        raise BadScanOptions(f"{printable(str(folder))} is a file; name the folder it is in.")
    return _as_spelled(scope, names_in) if scope.folder else scope


def _as_spelled(scope: Scope, names_in: NamesIn) -> Scope:
    """The scope with its folder spelled as on disk. Raises BadScanOptions, see `scopes_of`."""
    spelling = spelling_of(scope.root, scope.folder, names_in)
    asked_for = f"{scope.root}/{scope.folder}"
    if spelling and spelling.opens_as_given and os.path.isdir(asked_for):
        return Scope(scope.root, spelling.path)
    if spelling and not spelling.opens_as_given:
        there = f"{scope.root}/{spelling.path}"
        if os.path.isdir(there):
            raise BadScanOptions(
                f"There is no folder {printable(asked_for)}. The one that is there is spelled "
                f"{printable(there)}; case makes a difference."
            )
    if not Track.objects.filter(root=scope.root, path__below=scope.folder).exists():
        raise BadScanOptions(f"There is no folder {printable(asked_for)}.")
    return scope


def _place(folder: str, roots: dict[str, str]) -> Scope | None:
    """The scope of `folder`; None if it is in none of `roots` (path to compare → root)."""
    for path, root in roots.items():
        if folder == path:
            return Scope(root, "")
        if folder.startswith(path.rstrip("/") + "/"):
            return Scope(root, folder[len(path.rstrip("/")) + 1 :])
    return None


def _contains(outer: Scope, inner: Scope) -> bool:
    return (
        outer != inner and outer.root == inner.root and f"{inner.folder}/".startswith(outer.prefix)
    )
