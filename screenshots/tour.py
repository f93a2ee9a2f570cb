"""Which pages are taken, in which state and which window: the list of all pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from screenshots import steps

Look = tuple[str, str]
"""A window of `SIZES`, and a scheme."""
SIZES = {"wide": (1440, 900), "tablet": (820, 1180), "phone": (390, 844), "landscape": (844, 390)}
TOUCHED = ("tablet", "phone", "landscape")
WIDE: tuple[Look, ...] = (("wide", "dark"), ("wide", "light"))
PHONE: tuple[Look, ...] = (("phone", "dark"), ("phone", "light"))
BOTH = WIDE + PHONE
ONCE: tuple[Look, ...] = (("wide", "dark"), ("phone", "light"))
EACH: tuple[Look, ...] = (*ONCE, ("tablet", "light"), ("landscape", "dark"))
OF_TOUCH: tuple[Look, ...] = (("phone", "light"), ("landscape", "dark"))
ITEM = "main :is(.row, .tile, .artist-row, .playlist-row):not([hidden], .is-loading, .heading-row)"
TEXT = "main :is(h1, h2)"


@dataclass(frozen=True)
class Picture:
    """A page that is taken once `shown` is in sight and `prepare` is done. `kept`: those that
    docs/screenshots has, while `looks` are all. `user`: empty for nobody."""

    name: str
    address: str
    shown: str = ITEM
    prepare: Callable[[Page], None] | None = None
    looks: tuple[Look, ...] = EACH
    kept: tuple[Look, ...] = ()
    library: str = "full"
    user: str = "ada"

    @property
    def needs_worker(self) -> bool:
        """Whether the service worker has to run; it loads each file of the page again."""
        return self.name in ("offline", "keep")


PICTURES = (
    Picture("home", "/", ".home-tiles .tile", kept=BOTH),
    Picture("homebelow", "/", ".home-tiles .tile", steps.scroll_down, ONCE),
    Picture("hovered", "/albums", ITEM, steps.hover_tile, WIDE),
    Picture("hoveredhome", "/", ".home-tiles .tile", steps.hover_home, WIDE),
    Picture("search", "/search?q=lantern", ".search-results", kept=BOTH),
    Picture("corrected", "/search?q=lantren", "main .corrected", looks=ONCE),
    Picture("nothing", "/search?q=zzzz", TEXT, looks=EACH),
    Picture("tips", "/search", TEXT, steps.search_tips, EACH),
    Picture("operators", "/search?q=year:abc+genre:jazz", TEXT, None, ONCE),
    Picture("tracks", "/tracks", kept=BOTH),
    Picture("compact", "/tracks", ITEM, steps.be_compact, EACH),
    Picture("columns", "/tracks", ITEM, steps.choose_columns, (("wide", "light"), *OF_TOUCH)),
    Picture("columned", "/tracks", ITEM, steps.have_columns, (*WIDE, ("tablet", "light"))),
    Picture("rows", "/tracks", ITEM, steps.select_rows, EACH),
    Picture("lastrow", "/tracks", ITEM, steps.scroll_down, EACH),
    Picture("menu", "/tracks", ITEM, steps.open_row_menu, EACH),
    Picture("details", "/tracks", ITEM, steps.open_details, EACH),
    Picture("filtered", "/tracks?q=zzzz", TEXT, None, ONCE),
    Picture("albums", "/albums", kept=BOTH),
    Picture("tiles", "/albums", ITEM, steps.select_tiles, EACH),
    Picture("toasts", "/albums", ITEM, steps.select_tiles_and_add, EACH),
    Picture("tilemenu", "/albums", ITEM, steps.open_tile_menu, ONCE),
    Picture("artists", "/artists", kept=WIDE),
    Picture("artist", "/artists?q=lantern", ITEM, steps.follow("The Lantern Trio"), kept=BOTH),
    Picture("album", "/albums?q=mill", ITEM, steps.follow("At the Old Mill"), kept=BOTH),
    Picture("classical", "/albums?q=sonatas", ITEM, steps.follow("Sonatas for Cello"), kept=BOTH),
    Picture("compilation", "/albums?q=harbour", ITEM, steps.follow("Songs from"), ONCE),
    Picture("editions", "/albums?q=blue", ITEM, steps.follow_and_end("Blue Hour"), ONCE),
    Picture("genres", "/genres"),
    Picture("genre", "/genres", ITEM, steps.follow("Jazz")),
    Picture("composers", "/composers", looks=ONCE),
    Picture("composer", "/composers", ITEM, steps.follow("Emil"), ONCE),
    Picture("labels", "/labels", looks=ONCE),
    Picture("decades", "/decades"),
    Picture("decade", "/decades", ITEM, steps.follow("1960s"), ONCE),
    Picture("folders", "/folders", "main .artist-row, main a[href*=folders]"),
    Picture("folder", "/folders", TEXT, steps.deep_folder, ONCE),
    Picture("radio", "/radio", ".station"),
    Picture("playlists", "/playlists", ".playlist-row", kept=WIDE),
    Picture("playlist", "/playlists", ".playlist-row", steps.follow("Kitchen, late"), kept=PHONE),
    Picture("smart", "/playlists", ".playlist-row", steps.edit_smart, EACH),
    Picture("addto", "/tracks", ITEM, steps.add_to_playlist, EACH),
    Picture("queue", "/albums", ITEM, steps.open_queue, (*EACH, ("wide", "light")), BOTH),
    Picture("player", "/albums", ITEM, steps.open_player, (*EACH, ("wide", "light")), BOTH),
    Picture("lyrics", "/albums", ITEM, steps.open_lyrics, (*EACH, ("phone", "dark")), BOTH),
    Picture("statistics", "/statistics", ".totals", kept=WIDE),
    Picture("statisticsbelow", "/statistics", ".totals", steps.scroll_down, ONCE),
    Picture("offline", "/offline", TEXT),
    Picture("keep", "/albums?q=azulejo", ITEM, steps.ask_to_keep, EACH),
    Picture("shares", "/shares", ".shares li"),
    Picture("share", "/albums?q=azulejo", ITEM, steps.share_album, EACH),
    Picture("shared", "/shares", ".shares li", steps.open_share, EACH, BOTH),
    Picture("history", "/history", ".heard-row"),
    Picture("bookmarks", "/bookmarks", ".heard-row, main li"),
    Picture("scans", "/scans", TEXT),
    Picture("joins", "/scans", ".scan-joins h2", steps.show_joins, ONCE),
    Picture("accountmenu", "/", ".home-tiles .tile", steps.open_account_menu, EACH),
    Picture("librarymenu", "/", ".home-tiles .tile", steps.open_library_menu, OF_TOUCH),
    Picture("shortcuts", "/albums", ITEM, steps.show_shortcuts, EACH),
    Picture("account", "/account/", TEXT, kept=WIDE),
    Picture("password", "/password/", TEXT, looks=ONCE),
    Picture("apps", "/apps/", TEXT),
    Picture("keys", "/keys/", TEXT, steps.make_key, EACH),
    Picture("scrobbling", "/scrobbling/", TEXT),
    Picture("missing", "/nowhere/", "h1", looks=ONCE),
    Picture("login", "/login/", "h1, .brand", user="", kept=BOTH),
    Picture("setup", "/setup/", "h1, .brand", user="", library="new"),
    Picture("emptyhome", "/", TEXT, library="empty"),
    Picture("emptyalbums", "/albums", TEXT, library="empty", looks=ONCE),
    Picture("emptylists", "/playlists", TEXT, library="empty"),
    Picture("emptygenres", "/genres", TEXT, library="empty", looks=ONCE),
    Picture("emptyradio", "/radio", TEXT, library="empty", looks=ONCE),
    Picture("emptyhistory", "/history", TEXT, library="empty", looks=ONCE),
    Picture("emptymarks", "/bookmarks", TEXT, library="empty", looks=ONCE),
    Picture("emptyfigures", "/statistics", TEXT, library="empty", looks=ONCE),
    Picture("emptyshares", "/shares", TEXT, library="empty", looks=ONCE),
    Picture("emptyscans", "/scans", TEXT, library="empty", looks=ONCE),
    Picture("emptyqueue", "/", TEXT, steps.open_empty_queue, ONCE, library="empty"),
    Picture("guesthome", "/", TEXT, library="empty", user="guest", looks=ONCE),
    Picture("oddhome", "/", ".home-tiles .tile", library="odd"),
    Picture("oddtracks", "/tracks", library="odd", kept=(("wide", "light"), ("phone", "dark"))),
    Picture("oddalbums", "/albums", library="odd", kept=(("wide", "dark"), ("phone", "light"))),
    Picture("oddartists", "/artists", library="odd"),
    Picture("oddalbum", "/albums?q=title", ITEM, steps.follow("A title"), library="odd"),
    Picture("oddartist", "/artists?q=title", ITEM, steps.follow("A title"), library="odd"),
    Picture("oddarabic", "/albums?q=رجعت", ITEM, steps.follow("رجعت"), library="odd", looks=ONCE),
    Picture("oddqueue", "/tracks", ITEM, steps.play_odd, library="odd"),
    Picture("oddplayer", "/tracks", ITEM, steps.play_odd_large, library="odd"),
    Picture("oddsearch", "/search?q=on", ".search-results", library="odd"),
    Picture("oddscans", "/scans", TEXT, library="odd", looks=ONCE),
)
