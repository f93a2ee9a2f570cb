"""The kinds of changes, and how often each is made, compared with the others."""

from collections.abc import Callable

from soak.watching import file_changes, folder_changes
from soak.watching.hand import Change, Hand

Kind = Callable[[Hand], Change | None]
"""Makes a change and returns it, or None if there is nothing that it could change."""

KINDS: dict[Kind, int] = {
    file_changes.copy_file: 14,
    file_changes.retag_file: 10,
    file_changes.retag_by_replacement: 6,
    file_changes.rename_file: 7,
    file_changes.change_case: 2,
    file_changes.move_file: 7,
    file_changes.move_and_retag: 4,
    file_changes.copy_then_delete: 4,
    file_changes.duplicate: 2,
    file_changes.swap_files: 3,
    file_changes.replace_file: 2,
    file_changes.touch_file: 2,
    file_changes.delete_file: 6,
    file_changes.write_cover: 5,
    file_changes.remove_cover: 2,
    file_changes.write_lyrics: 4,
    file_changes.write_noise: 4,
    folder_changes.move_album: 5,
    folder_changes.move_album_then_retag: 2,
    folder_changes.move_artist: 1,
    folder_changes.delete_album: 4,
    folder_changes.restore: 8,
    folder_changes.replace_album: 1,
    folder_changes.link_folder: 2,
    folder_changes.change_linked: 2,
    folder_changes.unlink_folder: 1,
    folder_changes.link_inside: 2,
}
SLOW_KINDS: dict[Kind, int] = {folder_changes.copy_album: 8, file_changes.copy_slowly: 6}
"""Made beside others, since they take many seconds. They write into folders of their own."""
