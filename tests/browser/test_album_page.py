"""The page of an album: what it says, discs, works of classical music, and other editions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

GROUP = "b1392450-e666-3926-a536-22c65f834433"
RELEASES = ("2a5f3c00-0000-4000-8000-000000000001", "2a5f3c00-0000-4000-8000-000000000002")
WORK = "Symphony No. 5 in C minor, Op. 67"
MOVEMENTS = ("Allegro con brio", "Andante con moto", "Scherzo", "Allegro")
LONG_TRACKS = 300
ARABIC = "أغاني المطر"
ROW = "main .rows .row:not([hidden], .is-loading)"


def make_albums(music: Path) -> None:
    for disc, title, artist in ((1, "Own", "Duo"), (2, "Guest", "Duo feat. Solo")):
        box: dict[str, Any] = {"album": "Box", "album_artist": "Duo", "disc_number": disc}
        subtitle: dict[str, Any] = {"disc_subtitle": "In Oslo"} if disc == 2 else {}
        make_audio(music / "box" / f"{disc}.flac", title=title, artist=artist, **box, **subtitle)
    make_audio(music / "x" / "1.flac", title="Plain", artist="Duo", album="Plainly")
    for number in range(1, LONG_TRACKS + 1):
        tags: dict[str, Any] = {"artist": "Endless", "album": "Long", "track_number": number}
        make_audio(music / "long" / f"{number}.mp3", title=f"Number {number}", **tags)
    _make_classical(music / "classical")
    _make_editions(music)
    by_two: dict[str, Any] = {"album_artist": "A & B", "album_artists": ("A", "B"), "artist": "A"}
    make_audio(music / "two" / "1.flac", title="T", album="Joint " * 60, **by_two)
    for year in (1973, 1999):
        twin: dict[str, Any] = {"album": "Twin", "artist": "Twins", "year": year}
        make_audio(music / f"{year}" / "1.flac", title="S", track_number=1, **twin)
    make_audio(music / "rtl" / "1.flac", title=ARABIC, artist="ليلى منصور", album=ARABIC)


def _make_classical(folder: Path) -> None:
    album: dict[str, Any] = {"artist": "Some Orchestra", "album": "Concert", "genre": "Classical"}
    tagged: dict[str, Any] = {"work": WORK, "composer": "Ludwig van Beethoven"}
    for number, movement in enumerate(MOVEMENTS, 1):
        part: dict[str, Any] = {
            "movement": movement,
            "movement_number": number,
            "track_number": number,
        }
        make_audio(
            folder / f"{number}.flac", title=f"{WORK}: {movement}", **album, **tagged, **part
        )
    for number, title in enumerate(("I. Frühling", "II. September"), 5):
        by_title: dict[str, Any] = {"composer": "Richard Strauss", "track_number": number}
        make_audio(folder / f"{number}.flac", title=f"Four Songs: {title}", **album, **by_title)
    encore: dict[str, Any] = {"composer": "Anon.", "track_number": 7}
    make_audio(folder / "7.flac", title="Encore: Greensleeves", **album, **encore)
    for number, title in enumerate(("Part 1: I. Dawn", "Part 1: II. Dusk"), 1):
        pop: dict[str, Any] = {
            "artist": "Band",
            "album": "Parts",
            "genre": "Rock",
            "composer": "Singer",
        }
        make_audio(folder / "pop" / f"{number}.flac", title=title, track_number=number, **pop)


def _make_editions(music: Path) -> None:
    tags: dict[str, Any] = {"artist": "Trio", "album_artist": "Trio", "album": "Hour"}
    first: dict[str, Any] = {
        "year": 1961,
        "release_types": "album",
        "musicbrainz_release_group_id": GROUP,
        "musicbrainz_release_id": RELEASES[0],
    }
    make_audio(music / "hour" / "1.flac", title="One", track_number=1, **tags, **first)
    later: dict[str, Any] = {
        "year": 2011,
        "original_date": "1961",
        "release_types": ("album", "live"),
        "edition": "Deluxe edition",
        "genre": ("Jazz", "Modal"),
        "labels": "Blue Note",
        "catalogue_number": "BLP 4003",
        "musicbrainz_release_group_id": GROUP,
        "musicbrainz_release_id": RELEASES[1],
    }
    make_audio(music / "deluxe" / "1.flac", title="One", track_number=1, **tags, **later)


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("albums")
    with serve(folder, peopled, "--no-scan") as server:
        make_albums(folder / "music")
        manage(server.variables, "scan_tracks").check_returncode()
        yield server


@pytest.fixture
def tab(browser: Browser, server: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, server, 1280, "dark")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def open_album(page: Page, query: str, at: int = 0) -> None:
    page.goto(f"/albums?q={query}")
    page.get_by_role("listitem").nth(at).get_by_role("link").first.click()
    expect(page.locator(".album-head")).to_be_visible()
    expect(page.locator(ROW).first).to_be_visible()


def texts(page: Page) -> list[str]:
    """Headings and titles of the visible rows, in their order."""
    rows = page.locator(ROW).all()
    placed = [(row.bounding_box() or {"y": 0})["y"] for row in rows]
    shown = [row.locator(".cell.title .text:not(.under)").inner_text() for row in rows]
    return [text for _, text in sorted(zip(placed, shown, strict=True))]


def artists_in(page: Page, title: str) -> str:
    row = page.locator(ROW).filter(has_text=title)
    cells = row.locator(":is(.under, .cell.artist):visible")
    return " ".join(cells.all_inner_texts()).strip()


@pytest.mark.parametrize("width", [390, 1280])
def test_rows_name_an_artist_only_where_it_differs_from_the_album(
    browser: Browser, server: ServedMus, width: int
) -> None:
    tab = watch(browser, server, width, "dark")
    log_in(tab)
    page = tab.page
    open_album(page, "Box")
    expect(page.get_by_role("grid").get_by_text("Disc 2")).to_be_visible()
    assert artists_in(page, "Own") == ""
    assert artists_in(page, "Guest") == "Duo feat. Solo"
    open_album(page, "Plainly")
    expect(page.get_by_role("grid").get_by_text("Plain", exact=True)).to_be_visible()
    assert artists_in(page, "Plain") == ""
    page.context.close()
    assert tab.complaints == []


def test_discs_have_headings_with_their_subtitles(tab: Watched) -> None:
    page = tab.page
    open_album(page, "Box")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Disc 1", "Disc 2: In Oslo"])
    assert texts(page) == ["Disc 1", "Own", "Disc 2: In Oslo", "Guest"]
    # Keys select tracks only.
    page.locator("main").press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_contain_text("Own")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_contain_text("Guest")


def test_movements_stand_beneath_their_work(tab: Watched) -> None:
    page = tab.page
    open_album(page, "Concert")
    expect(page.get_by_role("heading", level=2)).to_have_text([WORK, "Four Songs"])
    assert texts(page) == [
        WORK,
        *map(". ".join, zip(("I", "II", "III", "IV"), MOVEMENTS, strict=True)),
        *("Four Songs", "I. Frühling", "II. September"),
        "Encore: Greensleeves",
    ]
    heading = page.locator(ROW).filter(has=page.get_by_role("heading", name=WORK))
    expect(heading.locator(".under")).to_have_text("Ludwig van Beethoven")
    # The player names the whole title.
    expect(page.get_by_role("button", name=f"Play {WORK}: Scherzo")).to_be_attached()


def test_titles_of_popular_music_stay_whole(tab: Watched) -> None:
    open_album(tab.page, "Parts")
    assert texts(tab.page) == ["Part 1: I. Dawn", "Part 1: II. Dusk"]


def test_the_head_says_what_is_known_and_links_to_it(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums?q=Hour")
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("listitem").filter(has_text="Deluxe").get_by_role("link").first.click()
    head = page.locator(".album-head")
    expect(head.locator(".kind")).to_have_text("Album · Live")
    expect(head.locator(".disambiguation")).to_contain_text("Deluxe edition")
    expect(head.locator(".count")).to_have_text("1961 (this release: 2011) · 1 track · 1 min")
    facts = dict(
        zip(head.locator("dt").all_inner_texts(), head.locator("dd").all_inner_texts(), strict=True)
    )
    assert facts == {
        "Genres": "Jazz, Modal",
        "Label": "Blue Note",
        "Catalogue number": "BLP 4003",
        "Quality": "FLAC, 16 bit, 44.1 kHz",
    }
    for link, heading in (("Modal", "Modal"), ("Blue Note", "Blue Note"), ("Trio", "Trio")):
        head.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hour")


def test_on_a_phone_facts_stand_in_even_rows_large_enough_for_fingers(
    browser: Browser, server: ServedMus
) -> None:
    tab = watch(browser, server, 390, "light", is_touched=True)
    log_in(tab)
    page = tab.page
    page.goto("/albums?q=Hour")
    page.get_by_role("listitem").filter(has_text="Deluxe").get_by_role("link").first.click()
    rows = page.locator(".album-facts > div")
    expect(rows).to_have_count(4)
    heights = rows.evaluate_all("(all) => all.map((each) => each.offsetHeight)")
    assert len(set(heights)) == 1
    for link in page.locator(".album-facts a").all():
        box = link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    page.context.close()
    assert tab.complaints == []


def test_a_year_that_tells_albums_apart_is_named_once(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums?q=Twin")
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("listitem").filter(has_text="1973").get_by_role("link").first.click()
    expect(page.locator(".album-head .count")).to_contain_text("1973")
    expect(page.locator(".album-head .disambiguation")).to_have_count(0)
    tile = page.get_by_role("list", name="Other editions").get_by_role("listitem")
    assert tile.locator(".tile-line:visible").all_inner_texts() == ["1999"]
    page.locator(".album-head .by a").click()
    tiles = page.locator("main .tile:not([hidden], .is-loading)")
    expect(tiles).to_have_count(2)
    assert tiles.locator(".tile-line:visible").all_inner_texts() == ["1999", "1973"]


def test_other_editions_can_be_told_apart_and_opened(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums?q=Hour")
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("listitem").filter(has_text="Deluxe")).to_have_count(1)
    page.get_by_role("listitem").filter(has_not_text="Deluxe").get_by_role("link").first.click()
    expect(page.locator(".album-head .kind")).to_have_text("Album")
    expect(page.get_by_role("heading", name="Other editions", level=2)).to_be_visible()
    others = page.get_by_role("list", name="Other editions").get_by_role("listitem")
    expect(others).to_have_count(1)
    expect(others).to_contain_text("Deluxe edition")
    others.get_by_role("link").first.click()
    expect(page.locator(".album-head .disambiguation")).to_contain_text("Deluxe edition")
    open_album(page, "Plainly")
    expect(page.get_by_role("heading", name="Other editions")).to_have_count(0)


def test_each_of_several_album_artists_is_a_link(tab: Watched) -> None:
    open_album(tab.page, "Joint")
    by = tab.page.locator(".album-head .by")
    expect(by).to_have_text("A & B")
    expect(by.get_by_role("link")).to_have_text(["A", "B"])
    assert tab.overflow() == 0


def test_titles_are_laid_out_in_their_own_direction(tab: Watched) -> None:
    open_album(tab.page, ARABIC)
    title = tab.page.get_by_role("heading", level=1)
    assert title.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
    for line in (title, tab.page.locator(".album-text .by")):
        assert line.evaluate("(each) => getComputedStyle(each).textAlign") == "left"


def test_a_long_album_costs_two_requests_and_no_more_rows_than_are_seen(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums?q=Long")
    link = page.get_by_role("listitem").first.get_by_role("link").first
    expect(link).to_be_visible()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    link.click()
    expect(page.locator(ROW).first).to_be_visible()
    lists = [url for url in asked if "/api/v1/albums/" in url or "/api/v1/tracks?" in url]
    assert len(lists) == 2
    assert page.locator("main .rows .row").count() < LONG_TRACKS / 5
    expect(page.locator(".album-head .count")).to_contain_text(f"{LONG_TRACKS} tracks")


def test_nothing_jumps_once_it_is_shown(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums?q=Hour")
    page.get_by_role("listitem").first.get_by_role("link").first.click()
    expect(page.locator(ROW).first).to_be_visible()
    page.reload()
    expect(page.locator(ROW).first).to_be_visible()
    shifts = page.evaluate(
        """() => new Promise((resolve) => {
          const names = (list) => list.getEntries().flatMap(({ sources }) =>
            sources.map(({ node }) => node?.className ?? ""));
          new PerformanceObserver((list) => resolve(names(list)))
            .observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
        })"""
    )
    assert [each for each in shifts if "album" in each or "row" in each] == []
