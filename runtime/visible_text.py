"""Makes text from files, tags and forms safe to print in logs and terminals.

Such text can hold any character. A line end forges a line of the log, an escape sequence controls
the terminal, a bidirectional mark reorders the text around it, and an invisible character makes two
names look alike. `printable` writes each of them as a visible escape.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_LAST_C0 = 0x1F
_DELETE = 0x7F
_BASIC_PLANE_ENDS = 0x10000
_UNDECODED = range(0xDC80, 0xDD00)
"""The lone surrogates by which `os.fsdecode` represents bytes that are not UTF-8."""

# C0, DEL and C1; line and paragraph separator; lone surrogates; Default_Ignorable_Code_Point of
# Unicode's DerivedCoreProperties.txt; interlinear annotations. U+FE0E and U+FE0F are not among
# them: they only choose between a black and a coloured emoji.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


_LINK = re.compile("(?<![A-Za-z0-9])([a-z2-7]{8})[a-z2-7]{26}(?![A-Za-z0-9])")
"""The last part of the link of a share, of which the first 8 letters are no secret; see
`listening.shares.links`."""


def printable(text: str) -> str:
    r"""`text` on one line, every character of it visible: `\n`, `\x1b`, `\u202e`, `\U000e0041`.

    A byte that is not UTF-8 becomes `\xff`. A backslash is not doubled: people read the result, no
    program decodes it.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escape, text)


def printable_lines(text: str) -> str:
    """Like `printable`, but keeps line ends, and tabs at the start of a line: Django indents the
    hints of checks with them."""
    return "\n".join(map(_printable_indented, text.split("\n")))


def _printable_indented(line: str) -> str:
    content = line.lstrip("\t")
    return line[: len(line) - len(content)] + printable(content)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code in _UNDECODED:
        return rf"\x{code - 0xDC00:02x}"
    if code <= _LAST_C0 or code == _DELETE:
        return _SHORT.get(character, rf"\x{code:02x}")
    return rf"\u{code:04x}" if code < _BASIC_PLANE_ENDS else rf"\U{code:08x}"


class LineFormatter(logging.Formatter):
    """Formats each record as one line, whatever its message holds; a traceback follows it.

    The text of an exception is kept on one line, too: it often holds the name of a file. Whatever
    part of mus or of a library writes the address of a shared link, its secret is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _LINK.sub(r"\1…", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return printable(super().formatMessage(record))

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        if ei[1] is None:
            return super().formatException(ei)
        said = {part for each in _chain(ei[1]) for part in _exception_lines(each)}
        parts = traceback.TracebackException(*ei).format()
        return "\n".join(
            printable(part[:-1]) if part in said else printable_lines(part.removesuffix("\n"))
            for part in parts
        )

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return printable_lines(stack_info)


def _exception_lines(error: BaseException) -> Iterator[str]:
    if not isinstance(error, SyntaxError):  # its text has several lines that show the source
        yield from traceback.format_exception_only(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and the exceptions that caused it, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]
