"""Changes of folders: whole albums, links and a thousand files at once."""

import shutil
from pathlib import Path

from soak.watching.arrivals import copied
from soak.watching.file_changes import retagged, words_in
from soak.watching.hand import Change, Hand
from soak.watching.shelves import COVER
from soak.watching.sounds import make_sound
from tests.audio_files import jpeg

TRACKS_OF_ALBUM = (3, 12)
MOST_BULKS = 2
BULK_SIZE_BYTES = 20_000
DEEP_PATH = "Box/Disc folder/More"


def copy_album(hand: Hand) -> Change:
    """Into a folder that did not exist, with the cover first or last."""
    folder = hand.new_folder()
    if hand.chance.random() < 0.3:
        folder = folder / DEEP_PATH
    hand.shelves.busy.add(folder)
    try:
        return hand.done("an album copied", _fill_album(hand, folder))
    finally:
        hand.shelves.busy.discard(folder)


def _fill_album(hand: Hand, folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    is_cover_first = hand.chance.random() < 0.5
    if is_cover_first:
        _write_cover(hand, folder)
    words = [hand.bring(folder) for _ in range(hand.chance.randint(*TRACKS_OF_ALBUM))]
    if not is_cover_first:
        _write_cover(hand, folder)
    return words


def move_album(hand: Hand) -> Change | None:
    """To another artist, by a rename."""
    folder = hand.any_album()
    if folder is None:
        return None
    return hand.done("a folder moved", _move(hand, folder, hand.new_folder()))


def move_album_then_retag(hand: Hand) -> Change | None:
    """A change in a folder that has just got another path."""
    folder = hand.any_album()
    if folder is None:
        return None
    new = hand.new_folder()
    words = _move(hand, folder, new)
    hand.stopping.wait(hand.chance.choice((0.0, 0.3, 12.0)))
    for path in hand.shelves.inside(new):
        retagged(hand, path)
    return hand.done("a folder moved, then its files tagged", words)


def move_artist(hand: Hand) -> Change | None:
    """A folder of folders gets another name, and its old name back at the next chance."""
    folders = [each for each in hand.shelves.artist_folders() if each.exists()]
    folders = [each for each in folders if hand.shelves.is_free(each)]
    if not folders:
        return None
    folder = hand.chance.choice(folders)
    new = folder.with_name(f"{folder.name} renamed {hand.shelves.number()}")
    return hand.done("a folder of albums renamed", _move(hand, folder, new))


def delete_album(hand: Hand) -> Change | None:
    folder = hand.any_album()
    if folder is None:
        return None
    return hand.done("a folder deleted", hand.throw_away(folder))


def restore(hand: Hand) -> Change | None:
    """What was deleted comes back, at its old place or at another."""
    if not hand.deleted:
        return None
    place, before, files = hand.deleted.pop(hand.chance.randrange(len(hand.deleted)))
    target = before if hand.chance.random() < 0.5 and not before.exists() else None
    if target is None:
        folder = hand.new_folder()
        target = folder if place.is_dir() else folder / before.name
    if not hand.shelves.is_free(target):
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(place, target)
    for path, file in files.items():
        hand.shelves.put(target / path.relative_to(before), file)
    what = "a folder restored" if target.is_dir() else "a file restored"
    return hand.done(what, [file.word for file in files.values()])


def replace_album(hand: Hand) -> Change | None:
    """A folder goes, and another one takes its name at once."""
    folder, other = hand.any_album(), hand.any_album()
    if folder is None or other is None:
        return None
    if folder.is_relative_to(other) or other.is_relative_to(folder):
        return None
    words = _move(hand, folder, hand.new_folder()) | _move(hand, other, folder)
    return hand.done("a folder moved to the place of another", words)


def link_folder(hand: Hand) -> Change | None:
    """A link to a folder outside of the music."""
    number = hand.shelves.number()
    outside, link = hand.outside / f"linked {number}", hand.shelves.root / f"Linked {number}"
    outside.mkdir()
    words = []
    for _ in range(3):
        source, file = hand.shelves.new_file(outside.name)
        source.rename(outside / source.name)
        hand.shelves.put(link / source.name, file)
        words.append(file.word)
    link.symlink_to(outside, target_is_directory=True)
    hand.links.append(link)
    return hand.done("a link made", words)


def change_linked(hand: Hand) -> Change | None:
    """A file comes into a folder that a link leads to, or changes there; nothing changes in the
    music folder itself."""
    if not hand.links:
        return None
    link = hand.chance.choice(hand.links)
    if hand.chance.random() < 0.5:
        file = retagged(hand, hand.chance.choice(hand.shelves.inside(link)))
        return hand.done("a file tagged behind a link", [file.word])
    source, file = hand.shelves.new_file(link.name)
    shutil.move(source, link.resolve() / source.name)
    hand.shelves.put(link / source.name, file)
    return hand.done("a file copied behind a link", [file.word])


def unlink_folder(hand: Hand) -> Change | None:
    if not hand.links:
        return None
    link = hand.links.pop(hand.chance.randrange(len(hand.links)))
    link.unlink()
    removed = hand.shelves.removed(link)
    return hand.done("a link removed", [file.word for file in removed.values()])


def link_inside(hand: Hand) -> Change | None:
    """Links to a file and a folder of the library: nothing may be listed twice."""
    folder = hand.any_album()
    if folder is None:
        return None
    link = hand.shelves.root / f"Shortcut {hand.shelves.number()}"
    link.symlink_to(folder, target_is_directory=True)
    hand.stopping.wait(1.0)
    if hand.chance.random() < 0.7:
        link.unlink()
    return hand.done("a link to an album", words_in(hand, folder), is_visible=False)


def fill_folder(hand: Hand, files: int) -> Change | None:
    """A folder with a thousand files; one that came before goes."""
    if len(hand.bulks) >= MOST_BULKS:
        return _empty_folder(hand)
    number = hand.shelves.number()
    folder, album = hand.shelves.root / f"Bulk {number}", f"bulk{number:06}"
    made = hand.shelves.staging / album
    made.mkdir()
    for each in range(files):
        path = made / f"{each}.mp3"
        tags = {"title": f"Part {each}", "artist": "Bulk", "album": album}
        make_sound(path, hand.shelves.number(), BULK_SIZE_BYTES, tags)
    folder.mkdir()
    hand.bulks[folder] = album
    for path in sorted(made.iterdir()):
        copied(path, folder / path.name, hand.chance)
    shutil.rmtree(made)
    return Change(f"{files} files copied", counts={album: files})


def _empty_folder(hand: Hand) -> Change:
    folder = next(iter(hand.bulks))
    shutil.rmtree(folder)
    return Change("a large folder deleted", counts={hand.bulks.pop(folder): 0})


def _write_cover(hand: Hand, folder: Path) -> None:
    (folder / COVER).write_bytes(jpeg(hand.shelves.number()))


def _move(hand: Hand, old: Path, new: Path) -> set[str]:
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)
    return hand.shelves.moved(old, new)
