"""What mus promises of its speed, and whether the figures keep it.

Promised for 20,000 tracks and more. With fewer, starting the process outweighs the work.
"""

from bench.contenders import Step
from bench.results import SizeResult, Verdict

FIRST_SCAN_TIMES_FASTER = {"MPD": 5, "supysonic": 40}
RESCAN_TIMES_FIND = 3
RESCAN_S, RESCAN_TRACKS = 0.5, 20_000
LARGE_TRACKS = 100_000
"""From here on a rescan is quicker than MPD's, process start and all."""
PEAK_MIB = 150.0
LONGEST_TRANSACTION_S = 0.1


def judge(size: SizeResult) -> list[Verdict]:
    """A verdict for each budget whose figures, and whose peer's figures, are there."""
    if not size.scans.get("mus"):
        return []
    return [*_first_scan(size), *_rescan(size), *_memory(size), *_transactions(size)]


def _first_scan(size: SizeResult) -> list[Verdict]:
    mus = size.median("mus", Step.FIRST)
    return [
        Verdict(
            what=f"first scan: {name} / {times}",
            figure=mus.wall_s,
            limit=peer.wall_s / times,
            unit="s",
        )
        for name, times in FIRST_SCAN_TIMES_FASTER.items()
        if mus and (peer := size.median(name, Step.FIRST))
    ]


def _rescan(size: SizeResult) -> list[Verdict]:
    mus, find = size.median("mus", Step.UNCHANGED), size.median("find", Step.UNCHANGED)
    if not mus or size.process_start_s is None:
        return []
    what = "unchanged rescan, beyond process start"
    work_s = mus.wall_s - size.process_start_s
    verdicts = []
    if size.tracks <= RESCAN_TRACKS:
        verdicts.append(Verdict(what=what, figure=work_s, limit=RESCAN_S, unit="s"))
    if find:
        limit = find.wall_s * RESCAN_TIMES_FIND
        verdicts.append(Verdict(what=f"{what}: find x 3", figure=work_s, limit=limit, unit="s"))
    mpd = size.median("MPD", Step.UNCHANGED)
    if mpd and size.tracks >= LARGE_TRACKS:
        verdicts.append(
            Verdict(what="unchanged rescan: MPD", figure=mus.wall_s, limit=mpd.wall_s, unit="s")
        )
    return verdicts


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
