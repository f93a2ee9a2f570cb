"""Files that say they are backups: each part of them is doubted."""

import gzip
import hashlib
import json
import os
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.backup import BackupError
from operations.backup.unpacking import open_archive
from tests.operations.backup.archives import Member, members_of, plain, special, with_facts, write

DATABASE = b"SQLite format 3\0" + os.urandom(100_000)
KEY = b"k" * 67
FACTS = {
    "version": "0.1.0",
    "made_at": "2026-01-31T03:00:00+00:00",
    "vendor": "sqlite",
    "migrations": [["library", "0001_initial"]],
    "sha256": hashlib.sha256(DATABASE).hexdigest(),
    "format": 1,
}


def manifest(**facts: Any) -> Member:
    return plain("manifest.json", json.dumps({**FACTS, **facts}).encode())


def header(name: str, kind: bytes, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.type, member.size = kind, size
    return member.tobuf(tarfile.GNU_FORMAT)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    whole = [manifest(), plain("database", DATABASE), plain("secret_key", KEY)]
    return write(tmp_path / "backup.tar.gz", whole)


def unpack(path: Path) -> str:
    """What it is refused for; "" where it is not."""
    room = path.parent / "room"
    room.mkdir(exist_ok=True)
    (room / "database").unlink(missing_ok=True)
    try:
        with open_archive(path) as archive:
            archive.unpack(room / "database")
    except BackupError as error:
        refusal = str(error)
    else:
        return ""
    assert refusal.isprintable()  # one line
    return refusal


def test_a_backup_is_unpacked(backup: Path) -> None:
    assert unpack(backup) == ""
    assert (backup.parent / "room" / "database").read_bytes() == DATABASE


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../../database",
            "/etc/passwd",
            "./database",
            "database/",
            "secret_key",
            "manifest.json",
        ),
        *("covers/1.webp", "a\nb", "\x1b[31mred", "\u202egnp", "\udcff", "n" * 300),
    ],
)
def test_no_other_name_is_taken_wherever_it_stands(backup: Path, name: str) -> None:
    whole = members_of(backup)
    for place in range(len(whole) + 1):
        members = [*whole[:place], plain(name, b"x"), *whole[place:]]
        if [each.name for each, _ in members] == ["manifest.json", "database", "secret_key"]:
            continue
        assert unpack(write(backup.with_name("other.tar.gz"), members))
    assert sorted(os.listdir(backup.parent)) == ["backup.tar.gz", "other.tar.gz", "room"]


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE],
)
@pytest.mark.parametrize("name", ["manifest.json", "database", "secret_key"])
def test_each_member_is_a_plain_file(backup: Path, kind: bytes, name: str) -> None:
    members = [
        special(name, kind, "/etc/passwd") if member.name == name else (member, content)
        for member, content in members_of(backup)
    ]
    path = write(backup.with_name("other.tar.gz"), members)
    assert "is not a plain file" in unpack(path) or "where" in unpack(path)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"null", b"[]", b'"text"', b"1", b"\xff\xfe", b"\0" * 100, b"NaN"),
        *(b"[" * 100_000, b'{"a":' * 100_000, b"1" * 10_000, b'{"format": 1}', b"{}"),
        *(b'{"format": true}', b'{"format": [1]}', b'{"format": 1e400}', b'{"format": "1\\n"}'),
    ],
)
def test_what_is_no_manifest_is_refused_in_one_line(backup: Path, content: bytes) -> None:
    (_, *others) = members_of(backup)
    path = write(backup.with_name("other.tar.gz"), [plain("manifest.json", content), *others])
    assert f"{path} is no backup of mus, or it is damaged: its manifest " in unpack(path)


UNUSABLE: dict[str, list[Any]] = {
    "version": [None, 1, [], "", "1\n2", "\x1b[0m", "1" * 100],
    "made_at": [None, 5, {}, "yesterday", "2026-01-31", "9999-99-99", "0001-01-01T00:00:00+14:00"],
    "vendor": [None, 1, ["sqlite"], "mysql", "sqlite\n"],
    "migrations": [None, {}, "x", [1], [[]], [["a"]], [["a", 1]], [["library", "0001\n"]]],
    "sha256": [None, 1, "", "0" * 63, "Z" * 64],
}


@pytest.mark.parametrize(
    ("name", "fact"), [(name, fact) for name, facts in UNUSABLE.items() for fact in facts]
)
def test_each_fact_of_a_manifest_is_looked_at(backup: Path, name: str, fact: Any) -> None:
    assert f"its manifest has no usable {name}." in unpack(with_facts(backup, **{name: fact}))


def test_a_manifest_has_a_bound(backup: Path) -> None:
    assert "larger than 1,048,576 bytes" in unpack(with_facts(backup, more="x" * 1024 * 1024))


@pytest.mark.parametrize("key", [b"k" * 5000, b"\xff" * 40, b"a\nb" * 20, b"\0" * 40, b""])
def test_a_secret_key_is_a_line_of_text(backup: Path, key: bytes) -> None:
    *others, _ = members_of(backup)
    path = write(backup.with_name("other.tar.gz"), [*others, plain("secret_key", key)])
    assert "its secret_key is" in unpack(path)


def test_a_database_larger_than_the_disk_is_refused_before_it_is_unpacked(backup: Path) -> None:
    content = gzip.decompress(backup.read_bytes())
    start = content.index(b"database\0")
    claim = header("database", tarfile.REGTYPE, 2**60)
    backup.write_bytes(gzip.compress(content[:start] + claim + content[start + 512 :]))
    assert "1,152,921,504,606,846,976 bytes" in unpack(backup)
    assert not (backup.parent / "room" / "database").exists()


# Beginnings of archives, and what follows them so many times.
BOMBS = {
    "a PAX header of a gigabyte": (header("x", tarfile.XHDTYPE, 2**30), b"\0", 2**26),
    "a long name of a gigabyte": (header("x", tarfile.GNUTYPE_LONGNAME, 2**30), b"a", 2**26),
    "headers of headers": (
        b"",
        header("x", tarfile.XHDTYPE, 512) + b"9 a=bcde\n".ljust(512, b"\0"),
        50_000,
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_unpacks_to_far_more_than_it_is_costs_no_memory(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "bomb.tar.gz"
    begin, repeated, times = BOMBS[bomb]
    path.write_bytes(gzip.compress(begin + repeated * times, 1))
    tracemalloc.start()
    try:
        assert "a header in it is too large" in unpack(path)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_zeros_without_end_behind_the_last_member_are_not_all_unpacked(backup: Path) -> None:
    with backup.open("ab") as file:
        file.write(gzip.compress(b"\0" * 2**26))
    assert "something follows its last member" in unpack(backup)


def damaged(change: Callable[[bytearray], object]) -> Callable[[bytes], bytes]:
    def damage(content: bytes) -> bytes:
        changed = bytearray(content)
        change(changed)
        return bytes(changed)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        damaged(lambda content: content.__delitem__(slice(-1, None))),
        damaged(lambda content: content.__delitem__(slice(len(content) // 2, None))),
        damaged(lambda content: content.__setitem__(-6, content[-6] ^ 1)),  # the checksum
        damaged(lambda content: content.__setitem__(len(content) // 2, 0)),
        damaged(lambda content: content.__setitem__(slice(20, 60), b"\xff" * 40)),
        damaged(lambda content: content.extend(b"more")),
    ],
)
def test_a_damaged_file_is_refused(backup: Path, damage: Callable[[bytes], bytes]) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    assert "damaged" in unpack(backup)


def test_a_damaged_header_of_the_last_member_does_not_hide_it(backup: Path) -> None:
    content = bytearray(gzip.decompress(backup.read_bytes()))
    content[content.rindex(b"secret_key")] ^= 1
    backup.write_bytes(gzip.compress(content))
    assert "damaged" in unpack(backup)


def test_whatever_a_byte_becomes_nothing_but_a_refusal_comes_of_it(backup: Path) -> None:
    content = gzip.decompress(backup.read_bytes())
    headers = [0, *(content.index(name) for name in (b"database", b"secret_key"))]
    for place in [start + offset for start in headers for offset in range(0, 360, 7)]:
        changed = bytearray(content)
        changed[place] = 0xFF
        backup.write_bytes(gzip.compress(changed, 0))
        unpack(backup)


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "place"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = Path("/dev/zero")
    with pytest.raises(BackupError, match=r"is not a file|Is a directory"), open_archive(path):
        pass
