"""Changes of single files. Each returns None if there is nothing that it could change."""

import shutil
from pathlib import Path

from soak.watching.arrivals import QUICK, copied_slowly
from soak.watching.hand import Change, Hand
from soak.watching.shelves import COVER, File, title
from tests.audio_files import jpeg, retag


def copy_file(hand: Hand) -> Change | None:
    folder = hand.any_album()
    if folder is None:
        return None
    arrival = hand.chance.choice(QUICK)
    return hand.done(f"a file {arrival.__name__}", [hand.bring(folder, arrival)])


def copy_slowly(hand: Hand) -> Change:
    """Into a folder of its own, so that other changes need not wait."""
    folder = hand.new_folder()
    hand.shelves.busy.add(folder)
    try:
        words = [hand.bring(folder, copied_slowly, size_bytes=4_000_000) for _ in range(2)]
        return hand.done("files copied slowly", words)
    finally:
        hand.shelves.busy.discard(folder)


def retag_file(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    file = retagged(hand, path)
    return hand.done("tags written in place", [file.word])


def retag_by_replacement(hand: Hand) -> Change | None:
    """As Picard, beets and others that write a new file and rename it."""
    path = hand.any_file()
    if path is None:
        return None
    written = path.with_name(f".{path.stem}.tmp{path.suffix}")
    shutil.copy2(path, written)
    file = _with_other_artist(hand, hand.shelves.files[path])
    retag(written, artist=file.artist)
    written.replace(path)
    hand.shelves.put(path, file)
    return hand.done("tags written to a new file", [file.word])


def rename_file(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    new_name = f"{hand.chance.randrange(99):02} Renamed {hand.shelves.number()}{path.suffix}"
    words = _move(hand, path, path.with_name(new_name))
    return hand.done("a file renamed", words)


def change_case(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    new = path.with_name(path.stem.swapcase() + path.suffix)
    return hand.done("a file's name in another case", _move(hand, path, new))


def move_file(hand: Hand) -> Change | None:
    path, folder = hand.any_file(), hand.any_album()
    if path is None or folder is None or folder == path.parent:
        return None
    return hand.done("a file moved", _move(hand, path, hand.free_name(folder, path.name)))


def move_and_retag(hand: Hand) -> Change | None:
    """As an organising tagger."""
    path, folder = hand.any_file(), hand.any_album()
    if path is None or folder is None or folder == path.parent:
        return None
    retagged(hand, path)
    new = hand.free_name(folder, f"Sorted {hand.shelves.number()}{path.suffix}")
    return hand.done("a file moved and tagged", _move(hand, path, new))


def copy_then_delete(hand: Hand) -> Change | None:
    """A move between disks, as file managers do it."""
    path, folder = hand.any_file(), hand.any_album()
    if path is None or folder is None or folder == path.parent:
        return None
    new = hand.free_name(folder, path.name)
    shutil.copy2(path, new)
    hand.stopping.wait(hand.chance.choice((0.0, 0.5, 8.0)))
    path.unlink()
    hand.take_lyrics_along(path, new)
    return hand.done("a file copied, then deleted", hand.shelves.moved(path, new))


def duplicate(hand: Hand) -> Change | None:
    """A copy with another title, so another track of the same sound."""
    path = hand.any_file()
    if path is None:
        return None
    file = hand.shelves.files[path]
    copy = File(f"w{hand.shelves.number():06}", file.artist, file.sound)
    made = hand.shelves.staging / path.name
    shutil.copyfile(path, made)
    retag(made, title=title(copy.word))
    new = hand.free_name(path.parent, f"Copy of {path.name}")
    made.rename(new)
    hand.shelves.put(new, copy)
    return hand.done("a copy with another title", [file.word, copy.word])


def swap_files(hand: Hand) -> Change | None:
    """Exchange the names of two files."""
    one, other = hand.any_file(), hand.any_file()
    if one is None or other is None or one == other or one.suffix != other.suffix:
        return None
    aside = hand.shelves.staging / f"aside{one.suffix}"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    files = hand.shelves.files
    files[one], files[other] = files[other], files[one]
    return hand.done("two files exchanged", [files[one].word, files[other].word])


def replace_file(hand: Hand) -> Change | None:
    """Move one file over another, which is lost."""
    path, lost = hand.any_file(), hand.any_file()
    if path is None or lost is None or path == lost or path.suffix != lost.suffix:
        return None
    lost_word = hand.shelves.files[lost].word
    path.with_suffix(".lrc").unlink(missing_ok=True)
    path.replace(lost)
    words = hand.shelves.moved(path, lost)
    return hand.done("a file moved over another", {*words, lost_word})


def touch_file(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    path.touch()
    return hand.done("a file touched", [hand.shelves.files[path].word], is_visible=False)


def delete_file(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    path.with_suffix(".lrc").unlink(missing_ok=True)
    return hand.done("a file deleted", hand.throw_away(path))


def write_cover(hand: Hand) -> Change | None:
    """A new one, or another one in its place."""
    folder = hand.any_album()
    if folder is None:
        return None
    (folder / COVER).write_bytes(jpeg(hand.shelves.number()))
    return hand.done("a cover written", words_in(hand, folder))


def remove_cover(hand: Hand) -> Change | None:
    folder = hand.any_album()
    if folder is None or not (folder / COVER).exists():
        return None
    (folder / COVER).unlink()
    return hand.done("a cover removed", words_in(hand, folder))


def write_lyrics(hand: Hand) -> Change | None:
    path = hand.any_file()
    if path is None:
        return None
    path.with_suffix(".lrc").write_text(f"[00:00.10]line {hand.shelves.number()}\n")
    return hand.done("lyrics written", [hand.shelves.files[path].word])


def write_noise(hand: Hand) -> Change | None:
    """Files that are no music, and music in folders that scans ignore."""
    folder = hand.any_album()
    if folder is None:
        return None
    (folder / hand.chance.choice((".DS_Store", "Thumbs.db", "rip.log"))).write_bytes(b"noise")
    hidden = folder / hand.chance.choice(("@eaDir", ".cache"))
    hidden.mkdir(exist_ok=True)
    (hidden / "SYNO.mp3").write_bytes(b"no music")
    return Change("noise")


def words_in(hand: Hand, folder: Path) -> set[str]:
    return {hand.shelves.files[path].word for path in hand.shelves.inside(folder)}


def retagged(hand: Hand, path: Path) -> File:
    """Write another artist into the file in place."""
    file = _with_other_artist(hand, hand.shelves.files[path])
    retag(path, artist=file.artist)
    hand.shelves.put(path, file)
    return file


def _with_other_artist(hand: Hand, file: File) -> File:
    return File(file.word, f"Artist {hand.shelves.number()}", file.sound)


def _move(hand: Hand, old: Path, new: Path) -> set[str]:
    if new.exists():
        return set()
    old.rename(new)
    hand.take_lyrics_along(old, new)
    return hand.shelves.moved(old, new)
