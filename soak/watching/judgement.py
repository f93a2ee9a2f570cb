"""The checks at the end: lists equal the files, and a full scan changes nothing."""

import asyncio
from collections import defaultdict
from statistics import median

from soak.judgement import failed_requests, scan_until_calm, tracebacks
from soak.watching.audience import nine_in_ten
from soak.watching.observer import Seen
from soak.watching.trial import Trial, say
from soak.watching.whole import Rows, differences, whole_library, wrong_titles

WORST_TO_NINE_IN_TEN = 6
MAY_BE_CUT = 0.02
SHOWN_PROBLEMS = 8


async def judge(trial: Trial, within_s: float) -> list[str]:
    """Run all checks and print their figures; returns a sentence for each failure."""
    is_calm = await trial.becomes_calm()
    say(f"changes: {dict(trial.made.most_common())}")
    problems = [] if is_calm else [f"not shown in the end: {_open(trial)}"]
    say("\n".join(problems) or "all is quiet")
    async with trial.audience.client(trial.house.servers[0]) as browser:
        before = await whole_library(browser)
        problems += _files(trial, before["tracks"])
        problems += _ids(trial, before["tracks"])
        _print_figures(trial)
        await asyncio.to_thread(scan_until_calm, trial.house, "--full")
        found = differences(before, await whole_library(browser))
    say(
        f"{', '.join(f'{len(rows)} {kind}' for kind, rows in before.items())}: after a full scan "
        f"{len(found)} are different"
    )
    problems += (
        [f"a full scan changed {len(found)} rows: {found[:SHOWN_PROBLEMS]}"] if found else []
    )
    return [*problems, *_times(trial.observer.seen, within_s), *_course(trial)]


def _course(trial: Trial) -> list[str]:
    """What went wrong before the end."""
    return [
        *trial.scans.problems(),
        *(problem for figures in trial.figures for problem in figures.problems()),
        *failed_requests(trial.house, trial.audience.failures),
        *_cut_streams(trial),
        *tracebacks(trial.house),
        *(f"this test could not make a change: {slip}" for slip in trial.slips[:SHOWN_PROBLEMS]),
    ]


def _files(trial: Trial, tracks: Rows) -> list[str]:
    wrong = wrong_titles(tracks, trial.hand.shelves.all_expected())
    wanted = len(trial.hand.shelves.files) + trial.bulk_files * len(trial.hand.bulks)
    if len(tracks) != wanted:
        wrong.append(f"{len(tracks)} tracks are listed, {wanted} files are there")
    return [f"{len(wrong)} titles differ from the files: {wrong[:SHOWN_PROBLEMS]}"] if wrong else []


def _ids(trial: Trial, tracks: Rows) -> list[str]:
    """Titles that have another id than at first. A sound that several titles had proves nothing:
    the id of a deleted file goes to a copy of it."""
    now = {track["title"].removeprefix("Song "): track["id"] for track in tracks.values()}
    sounds = trial.hand.shelves.sounds.values()
    shared = {word for words in sounds if len(words) > 1 for word in words}
    first = {word: pk for word, pk in trial.observer.first_ids.items() if word not in shared}
    both = [(word, pk, now[word]) for word, pk in sorted(first.items()) if word in now]
    changed = [f"{word} was {pk}, is {new}" for word, pk, new in both if pk != new]
    say(f"ids of {len(first)} titles were watched, {len(changed)} changed")
    return [f"{len(changed)} ids changed: {changed[:SHOWN_PROBLEMS]}"] if changed else []


def _print_figures(trial: Trial) -> None:
    seen = trial.observer.seen
    say(
        f"seconds from a change to the lists: {_spread(seen)}; {trial.observer.overtaken} changes "
        "were overtaken by another of the same files"
    )
    by_kind = defaultdict(list)
    for each in seen:
        by_kind[each.what].append(each)
    for what, those in sorted(by_kind.items()):
        say(f"  {what}: {_spread(those)}")
    say(trial.scans.as_text())
    for figures in trial.figures:
        say(figures.as_text())
    say(trial.audience.as_text())


def _spread(seen: list[Seen]) -> str:
    seconds = [each.seconds for each in seen] or [0.0]
    return (
        f"{len(seen)}, median {median(seconds):.1f}, nine in ten {nine_in_ten(seconds):.1f}, "
        f"worst {max(seconds):.1f}"
    )


def _times(seen: list[Seen], within_s: float) -> list[str]:
    seconds = [each.seconds for each in seen]
    found = []
    if nine_in_ten(seconds) > within_s:
        found.append(f"more than one in ten changes took more than {within_s:.0f} s")
    longest_s = within_s * WORST_TO_NINE_IN_TEN
    if late := sorted({each.what for each in seen if each.seconds > longest_s}):
        found.append(f"more than {longest_s:.0f} s: {', '.join(late)}")
    return found


def _open(trial: Trial) -> str:
    shown = "; ".join(map(str, trial.observer.open[:SHOWN_PROBLEMS]))
    return shown or "a scan goes on"


def _cut_streams(trial: Trial) -> list[str]:
    audience = trial.audience
    if audience.cut > 5 + MAY_BE_CUT * audience.streamed:
        return [f"{audience.cut} streams were cut short, {audience.streamed} were not"]
    return []
