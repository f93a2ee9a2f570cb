"""What mus promises of its speed, and whether the figures keep it.

Times are promised for 20,000 tracks and more: with fewer, starting the process outweighs the work.
A first scan is compared with MPD's over ordinary files alone. In tiny files there is next to no
sound, which MPD would read and mus need not.
"""

from bench.contenders import Step
from bench.results import SizeResult, Verdict

FIRST_SCAN_TIMES_FASTER = {"MPD": 4.5}
RESCAN_TIMES_FIND = 3
PROMISED_FROM_TRACKS = 20_000
PEAK_MIB = 150.0
LONGEST_TRANSACTION_S = 0.1


def judge(size: SizeResult) -> list[Verdict]:
    """A verdict for each budget whose figures, and whose peer's figures, are there."""
    if not size.scans.get("mus"):
        return []
    return [*_first_scan(size), *_rescan(size), *_memory(size), *_transactions(size)]


def _first_scan(size: SizeResult) -> list[Verdict]:
    mus = size.median("mus", Step.FIRST)
    if size.tracks < PROMISED_FROM_TRACKS or size.corpus.get("tiny"):
        return []
    return [
        Verdict(
            what=f"first scan: {name} / {times:g}",
            figure=mus.wall_s,
            limit=peer.wall_s / times,
            unit="s",
        )
        for name, times in FIRST_SCAN_TIMES_FASTER.items()
        if mus and (peer := size.median(name, Step.FIRST))
    ]


def _rescan(size: SizeResult) -> list[Verdict]:
    """None if the rescan was as quick as a mere start: the difference then says nothing."""
    mus, find = size.median("mus", Step.UNCHANGED), size.median("find", Step.UNCHANGED)
    if not mus or not find or size.process_start_s is None:
        return []
    work_s = mus.wall_s - size.process_start_s
    if size.tracks < PROMISED_FROM_TRACKS or work_s <= 0:
        return []
    what = f"unchanged rescan, beyond process start: find x {RESCAN_TIMES_FIND}"
    limit = find.wall_s * RESCAN_TIMES_FIND
    return [Verdict(what=what, figure=work_s, limit=limit, unit="s")]


def _memory(size: SizeResult) -> list[Verdict]:
    peaks = [figures.peak_mib for figures in size.runs("mus", Step.FIRST) if figures.peak_mib]
    what = "first scan, peak memory of a process"
    return [Verdict(what=what, figure=max(peaks), limit=PEAK_MIB, unit="MiB")] if peaks else []


def _transactions(size: SizeResult) -> list[Verdict]:
    """The longest of all runs: a median would hide the one that somebody waited for."""
    longest = [
        figures.facts["longest_transaction_s"]
        for step in Step
        for figures in size.runs("mus", step)
    ]
    what = "longest transaction"
    if not longest:
        return []
    return [Verdict(what=what, figure=max(longest), limit=LONGEST_TRANSACTION_S, unit="s")]
