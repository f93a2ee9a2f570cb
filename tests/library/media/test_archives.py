"""How the bytes of a ZIP file are put together for sending."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from asgi.files.ranges import Span
from library.media import archives
from library.media.archives import Archive


class Entries(Archive):
    """A directory of three entries."""

    async def _read(self, span: Span) -> AsyncIterator[bytes]:  # noqa: ARG002
        for entry in (b"a", b"b", b"c"):
            yield entry


@pytest.mark.parametrize(("after_s", "sent"), [(60.0, [b"abc"]), (-1.0, [b"a", b"b", b"c"])])
def test_short_parts_are_sent_together_but_not_late(
    monkeypatch: pytest.MonkeyPatch, after_s: float, sent: list[bytes]
) -> None:
    """Only what is sent shows whether the client is still there."""
    monkeypatch.setattr(archives, "SENT_AFTER_S", after_s)

    async def read() -> list[bytes]:
        return [part async for part in Entries([], []).read(Span(0, 2))]

    assert asyncio.run(read()) == sent
