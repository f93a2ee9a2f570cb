"""Which parts of the disk a scan looks at, and whether they are there to be looked at."""

import os
from collections.abc import Sequence
from pathlib import Path

from library.folders import is_ignored
from library.models import Track
from library.scanning.compare import Scope
from library.scanning.errors import BadScanOptions, RootVanished
from runtime.visible_text import printable


def scopes_of(folders: Sequence[Path], roots: Sequence[Path]) -> list[Scope]:
    """`folders`, each in its root; all of the roots where there are none.

    Raises BadScanOptions for a folder outside the roots, a file, or one that neither the disk nor
    the library knows.
    """
    if not folders:
        return [Scope(str(root), "") for root in roots]
    scopes = sorted({_scope_of(folder, roots) for folder in folders})
    return [each for each in scopes if not any(_contains(other, each) for other in scopes)]


def root_identity(scope: Scope, *, allow_empty: bool) -> tuple[int, int]:
    """Device and inode of the scope's root, which a walk must find the same at its end.

    Raises RootVanished when the root is absent, cannot be listed, or, while the library knows
    tracks in it, holds nothing: so looks a disk that is not mounted.
    """
    try:
        facts = os.stat(scope.root)
        with os.scandir(scope.root) as entries:
            is_empty = all(is_ignored(entry.name) for entry in entries)
    except OSError as error:
        raise RootVanished(
            f"The music folder {printable(scope.root)} cannot be read: {error.strerror}. "
            "Is its disk mounted? Its tracks were left as they are."
        ) from error
    if is_empty and not allow_empty:
        refuse_if_emptied(scope.root)
    return facts.st_dev, facts.st_ino


def refuse_if_emptied(root: str) -> None:
    """Raises RootVanished when the library knows present tracks in `root`, which looks empty."""
    if Track.objects.present().filter(root=root).exists():
        raise RootVanished(
            f"The music folder {printable(root)} holds no music, but the library knows tracks in "
            "it. Is its disk mounted? Its tracks were left as they are; "
            "if the folder is meant to be empty, scan with --allow-empty."
        )


def _scope_of(folder: Path, roots: Sequence[Path]) -> Scope:
    scope = _place(str(folder), {str(root): str(root) for root in roots}) or _place(
        os.path.realpath(folder), {os.path.realpath(root): str(root) for root in roots}
    )
    if scope is None:
        places = ", ".join(printable(str(root)) for root in roots)
        raise BadScanOptions(f"{printable(str(folder))} is not in a music folder ({places}).")
    if os.path.isfile(folder):
        raise BadScanOptions(f"{printable(str(folder))} is a file; name the folder it is in.")
    known = Track.objects.filter(root=scope.root, path__startswith=scope.prefix)
    if scope.folder and not os.path.isdir(folder) and not known.exists():
        raise BadScanOptions(f"There is no folder {printable(str(folder))}.")
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
