"""What a file is called forges nothing: not a line of the log, nor what a terminal shows."""

import json
import logging
import os
import re
import sys
import unicodedata
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.management.scan_output import as_json, as_text
from library.models.scan import ScanState
from library.scanning import ScanReport
from library.scanning.report import Failure, ScanCounts
from runtime.documented_command import PrintableOutput
from runtime.visible_text import LineFormatter, printable, printable_lines

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
SIGNS_OF_SCRIPTS = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}
"""Format characters that can be seen: they stand around or below others."""
EVIL = "a\n2026-01-01 00:00:00,000 ERROR library: forged\r\x1b[2J\x9b2J\x7f\u202egpj\u200b\u2028"
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [a-z._]+: ")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (
            "Sigur R\u00f3s \u2013 \u00c1g\u00e6tis byrjun",
            "Sigur R\u00f3s \u2013 \u00c1g\u00e6tis byrjun",
        ),
        (
            "\u691c\u7d22\u3000\u660e\u65e5 \u2764\ufe0f",
            "\u691c\u7d22\u3000\u660e\u65e5 \u2764\ufe0f",
        ),
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m\x00\x7f", r"\x1b[31m\x00\x7f"),
        ("\x9b31m\x85", r"\u009b31m\u0085"),
        ("\u202egpj.exe\u2066\u200f", r"\u202egpj.exe\u2066\u200f"),
        ("a\u200bb\ufeff\u2060\xad\u2028\u2029", r"a\u200bb\ufeff\u2060\u00ad\u2028\u2029"),
        ("\U000e0041\u3164", r"\U000e0041\u3164"),
        (os.fsdecode(b"caf\xe9"), r"caf\xe9"),
        (r"C:\new", r"C:\new"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, seen: str) -> None:
    assert printable(text) == seen
    assert printable(seen) == seen


def test_every_character_that_hides_is_known() -> None:
    hidden = [chr(code) for code in range(sys.maxunicode + 1)]
    hidden = [each for each in hidden if unicodedata.category(each) in HIDDEN]
    through = [each for each in hidden if printable(each) == each]
    assert {unicodedata.name(each).split()[0] for each in through} <= SIGNS_OF_SCRIPTS


@settings(deadline=None)  # of 200 ms, which a busy machine exceeds
@given(st.text(st.characters(codec=None)))
def test_whatever_the_text_it_is_one_line_that_can_be_encoded(text: str) -> None:
    seen = printable(text)
    assert len(seen.splitlines()) <= 1
    seen.encode()


def test_lines_stay_lines() -> None:
    assert printable_lines("one\n\x1btwo\n") == "one\n\\x1btwo\n"


def test_lines_stay_indented() -> None:
    assert printable_lines("one\n\tHINT: a\tb\n\t\x1b\n") == "one\n\tHINT: a\\tb\n\t\\x1b\n"


def logged(problem: BaseException | None, message: str = "It failed: %s") -> str:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter("{levelname} {message}", style="{"))
    record = logging.LogRecord("library", logging.ERROR, "", 1, message, (EVIL,), None)
    if problem is not None:
        record.exc_info = (type(problem), problem, problem.__traceback__)
    handler.handle(record)
    return written.getvalue()


def test_a_record_is_one_line() -> None:
    written = logged(None)
    assert written.count("\n") == 1
    assert written.startswith(r"ERROR It failed: a\n2026-01-01")
    assert "\x1b" not in written


def fail() -> None:
    try:
        open(EVIL)  # noqa: SIM115
    except FileNotFoundError as error:
        raise ValueError(f"of {EVIL}") from error


def caught() -> Exception:
    try:
        fail()
    except ValueError as error:
        return error
    raise AssertionError


def test_a_traceback_keeps_its_lines_and_its_words_make_none() -> None:
    lines = logged(caught()).splitlines()
    assert lines[1] == "Traceback (most recent call last):"
    assert any(line.startswith('  File "') for line in lines)
    assert any(line.strip().startswith("open(EVIL)") for line in lines)
    assert "The above exception was the direct cause of the following exception:" in lines
    assert any(line.startswith("FileNotFoundError: ") for line in lines)
    assert lines[-1].startswith(r"ValueError: of a\n2026-01-01")
    assert not any(LINE.match(line) for line in lines)


def test_of_a_group_of_exceptions_no_line_begins_like_one_of_the_log() -> None:
    written = logged(ExceptionGroup("several", [ValueError(EVIL), caught()]))
    assert "\x1b" not in written
    assert not any(LINE.match(line) for line in written.splitlines())


def test_a_commands_output_has_no_escapes() -> None:
    written = StringIO()
    PrintableOutput(written).write("one\n\x1b]0;title\x07two")
    assert written.getvalue() == "one\n\\x1b]0;title\\x07two\n"


def report(path: str) -> ScanReport:
    return ScanReport(
        scan_id=1,
        state=ScanState.COMPLETED,
        counts=ScanCounts(seen=1, failed=1),
        duration_s=1.0,
        transactions=1,
        longest_transaction_s=0.1,
        message="Done.",
        first_failures=(Failure(path, "read", f"It holds {path}."),),
    )


@settings(deadline=None)  # of 200 ms, which a busy machine exceeds
@given(st.text(st.characters(codec="utf-8")))
def test_json_is_exact_and_harmless(path: str) -> None:
    line = as_json(report(path), None)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["first_failures"][0]["path"] == path


def test_a_report_has_a_line_for_each_failure() -> None:
    lines = as_text(report(EVIL)).splitlines()
    assert sum("forged" in line for line in lines) == 1
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("end", ["", "/", "?x=1", " failed."])
def test_no_line_of_the_log_has_the_secret_of_a_shared_link(end: str) -> None:
    secret = "k4" * 13
    formatter = LineFormatter("{message}", style="{")
    record = logging.makeLogRecord({"msg": f"GET /s/abcdefgh{secret}{end}"})
    assert formatter.format(record) == f"GET /s/abcdefgh…{end}"
    error = ValueError(f"abcdefgh{secret}")
    record.exc_info = (ValueError, error, None)
    assert secret not in formatter.format(record)
    longer = logging.makeLogRecord({"msg": f"{secret}{secret}.mp3"})
    assert formatter.format(longer) == f"{secret}{secret}.mp3"
