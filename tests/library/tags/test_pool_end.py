"""Reader processes that are ended in the midst of something."""

import struct
from pathlib import Path
from typing import Any

from library.tags.pool import ReaderPool
from tests.audio_files import make_audio


class AudioFile:
    lyrics_path = ""

    def __init__(self, path: Path) -> None:
        self.absolute_path = str(path)


def test_a_reader_killed_in_the_midst_of_an_answer_keeps_nobody_waiting(tmp_path: Path) -> None:
    file = AudioFile(make_audio(tmp_path / "1.flac", title="One"))
    with ReaderPool[AudioFile](1, (), lambda: None) as pool:
        assert [found for found, _ in pool.read([file])] == [file]
        executor: Any = pool._executor
        thread = executor._executor_manager_thread
        # What such a reader leaves: the length of an answer, and not all of it.
        executor._result_queue._writer._send(struct.pack("!i", 1000) + b"not all")
    thread.join(10)
    assert not thread.is_alive()
