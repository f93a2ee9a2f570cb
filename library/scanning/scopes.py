"""Which parts of the disk a scan looks at, and whether they are there to be looked at."""

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
    """`folders`, each in its root; all of the roots where there are none.

    A folder that the system opens by another name than its own, as some file systems do, is taken
    by its own. Raises BadScanOptions for a folder outside the roots, a file, one that neither the
    disk nor the library knows, and one that is there under another spelling alone.
    """
    if not folders:
        return [Scope(str(root), "") for root in roots]
    listed_once = cache(names_in)
    scopes = sorted({_scope_of(folder, roots, listed_once) for folder in folders})
    return [each for each in scopes if not any(_contains(other, each) for other in scopes)]


def root_identity(scope: Scope, *, allow_empty: bool) -> tuple[int, int]:
    """Device and inode of the scope's root, which a walk must find the same at its end.

    Raises RootVanished when the root is absent, cannot be listed, or, while the library knows
    tracks in it, holds nothing: so looks a disk that is not mounted.
    """
    try:
        facts = os.stat(scope.root)
        with os.scandir(scope.root) as entries:
            is_empty = all(_is_ignored(entry, root_check(scope.root, "")) for entry in entries)
    except OSError as error:
        raise RootVanished(
            f"The music folder {printable(scope.root)} cannot be read: {error.strerror}. "
            "Is its disk mounted? Its tracks were left as they are."
        ) from error
    if is_empty and not allow_empty:
        refuse_if_emptied(scope.root)
    return facts.st_dev, facts.st_ino


def refuse_if_emptied(root: str) -> None:
    """Raises RootEmptied when the library knows present tracks in `root`, which looks empty."""
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
    spelling = spelling_of(scope.root, scope.folder, names_in)
    asked_for = f"{scope.root}/{scope.folder}"
    if spelling and spelling.is_asked_for and os.path.isdir(asked_for):
        return Scope(scope.root, spelling.path)
    if spelling and not spelling.is_asked_for:
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
