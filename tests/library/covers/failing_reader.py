"""Stands in for `library.tags.embedded_process`: a reader that fails as the file's content says."""

import os
import signal

from library.tags import embedded_process


def _read(file: int, suffix: str) -> bytes:
    content = os.pread(file, 100, 0)
    if content == b"deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    while content == b"endless":
        pass
    while content == b"on a disk that hangs":
        signal.pause()
    return content


if __name__ == "__main__":
    vars(embedded_process)["read_embedded_cover"] = _read
    embedded_process.main()
