// Shows the view that belongs to the current place. The views use this object as their `page`.

import { Outdated, orAway } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { AlbumView } from "./album-view.js";
import { AlbumsView } from "./albums-view.js";
import { ArtistView } from "./artist-view.js";
import { GroupView } from "./group-view.js";
import { HomeView } from "./home-view.js";
import { KINDS } from "./kinds.js";
import { SearchView } from "./search-view.js";
import { failure, message } from "./states.js";
import { TracksView } from "./tracks-view.js";

// Views that are loaded when somebody opens them: a first visit does not pay for them.
const GroupsView = { load: () => import("./groups-view.js").then((module) => module.GroupsView) };
const PlaylistsView = { load: () => import("./playlists-view.js").then((module) => module.PlaylistsView) };
const PlaylistView = { load: () => import("./playlist-view.js").then((module) => module.PlaylistView) };
const FoldersView = { load: () => import("./folders-view.js").then((module) => module.FoldersView) };
const RadioView = { load: () => import("./radio-view.js").then((module) => module.RadioView) };
const HistoryView = { load: () => import("./history-view.js").then((module) => module.HistoryView) };
const BookmarksView = { load: () => import("./bookmarks-view.js").then((module) => module.BookmarksView) };
const ScansView = { load: () => import("./scans-view.js").then((module) => module.ScansView) };
const StatisticsView = { load: () => import("./statistics-view.js").then((module) => module.StatisticsView) };
const SharesView = { load: () => import("./shares-view.js").then((module) => module.SharesView) };
const OfflineView = { load: () => import("./offline-view.js").then((module) => module.OfflineView) };

const ofEachKind = (View) => Object.fromEntries(Object.keys(KINDS).map((view) => [view, View]));
const LISTS = { home: HomeView, search: SearchView, tracks: TracksView, albums: AlbumsView, playlists: PlaylistsView, folders: FoldersView, radio: RadioView, ...ofEachKind(GroupsView) };
const OF_LISTENING = { history: HistoryView, statistics: StatisticsView, bookmarks: BookmarksView, shares: SharesView, offline: OfflineView };
const SINGLE = { albums: AlbumView, ...ofEachKind(GroupView), artists: ArtistView, playlists: PlaylistView, folders: FoldersView };

const LINE_PX = 40;
const PAGE_PART = 0.9; // what was the last line in sight stays in sight

export class Views {
  // Resolves when a view has its first rows.
  whenLoaded = new Promise((resolve) => (this.tellLoaded = resolve));

  // `content`: the scrolled element that holds the view.
  constructor({ content, ...parts }) {
    Object.assign(this, { scroller: content, ...parts });
    this.container = content.querySelector("[data-view]");
    this.announcer = content.querySelector("[data-announce]");
  }

  show(place, scrollTop = 0) {
    const View = this.viewOf(place);
    this.wanted = View;
    if (View?.load && !View.loaded) this.load(View, place, scrollTop);
    else this.showView(View?.loaded ?? View, place, scrollTop);
  }

  // What is in sight stays until the view is there, or it is known that it cannot be loaded.
  async load(View, place, scrollTop) {
    try {
      View.loaded = await orAway(View.load());
    } catch (error) {
      if (this.wanted === View) this.cannotLoad(error, () => (error instanceof Outdated ? location.reload() : this.show(place, scrollTop)));
      return;
    }
    if (this.wanted === View) this.showView(View.loaded, place, scrollTop);
  }

  cannotLoad(error, retry) {
    this.current?.end();
    this.current = null;
    this.container.replaceChildren(failure(gettext("This page"), error, retry, "h1"));
  }

  showView(View, place, scrollTop) {
    const isSameView = View && this.current?.constructor === View && this.place.view === place.view;
    const isSameList = isSameView && this.current.turnTo && this.place !== place;
    this.place = place;
    this.scrollTop = scrollTop;
    if (isSameList) {
      this.current.turnTo();
      return;
    }
    this.current?.end();
    this.scroller.scrollTop = 0;
    this.current = View ? new View(this) : null;
    if (!this.current) {
      this.setTitle(gettext("There is nothing here"));
      this.container.replaceChildren(message(gettext("There is nothing here"), [element("a", { class: "button", href: addressOf("tracks") }, gettext("All tracks"))], "h1"));
      return;
    }
    this.setTitle(this.current.title);
    this.current.begin();
  }

  reload() {
    this.show(this.place, this.scrollPlace);
  }

  // The library may have changed. `changes`: how; without it, anything may have. A view that could
  // not be loaded is loaded again in any case.
  async refresh(changes = null) {
    const { current } = this;
    const isDue = !changes || !current?.concerns || current.hasFailed || current.concerns(changes);
    if (isDue) await current?.refresh?.();
  }

  // The user heard a track, here or elsewhere.
  heard() {
    this.current?.heard?.();
  }

  // Something of the user's own has changed, here or elsewhere: "plays", "favourites" and so on.
  changed(name) {
    this.current?.changed?.(name);
  }

  // Administrators have changed the radio stations.
  stationsChanged() {
    if (this.place?.view === "radio") this.current?.refresh();
  }

  // Links that share music have changed, here or in another browser.
  sharesChanged() {
    if (this.place?.view === "shares") this.current?.touched?.();
  }

  // Favourites or ratings were changed in another browser or tab.
  async refreshOpinions() {
    if (this.current?.showsOpinions) await this.current.refresh();
  }

  get isEmpty() {
    return this.current?.list?.source.count === 0;
  }

  // How far the view is scrolled, or will be once its first rows are loaded. A reload or a step
  // to another page before that must not forget the place.
  get scrollPlace() {
    return this.scrollTop || this.scroller.scrollTop;
  }

  // Called by a view when its first rows are loaded: restore the scroll position.
  loaded() {
    this.tellLoaded();
    if (!this.scrollTop) return;
    const { scrollTop } = this;
    this.scrollTop = 0;
    this.scroller.scrollTop = scrollTop;
  }

  // Set the title of the view, which screen readers announce.
  setTitle(title) {
    this.tabTitle.setPlace(title);
    if (this.announcer.textContent !== title) this.announcer.textContent = title;
    this.container.setAttribute("aria-label", title);
  }

  // Pass a key that was pressed outside of any list to the visible list. If it means nothing there, it
  // scrolls the view: browsers scroll only what was clicked or has the focus.
  takeKey(event) {
    return (this.current?.keys?.take(event) ?? false) || this.scrollBy(event);
  }

  scrollBy({ key, target, ctrlKey, metaKey, shiftKey }) {
    const { clientHeight, scrollHeight } = this.scroller;
    const page = clientHeight * PAGE_PART;
    const steps = { ArrowDown: LINE_PX, ArrowUp: -LINE_PX, PageDown: page, PageUp: -page, Home: -scrollHeight, End: scrollHeight };
    if (!(key in steps) || ctrlKey || metaKey || shiftKey || this.scroller.contains(target)) return false;
    this.scroller.scrollBy({ top: steps[key] });
    return true;
  }

  // The selected tracks of the visible list, as AddToPlaylist takes them; null if there are none.
  get chosenTracks() {
    return this.current?.rows?.chosenTracks ?? null;
  }

  // Wait until the visible list is loaded. Returns its Selection or LinkKeys; null if it has no
  // items or is not visible any more.
  async settledKeys() {
    const { current } = this;
    await current?.list?.source.settled?.();
    return current === this.current && current?.list?.source.count ? current.keys : null;
  }

  viewOf(place) {
    if (!place) return null;
    if (place.view in OF_LISTENING) return place.id === null ? OF_LISTENING[place.view] : null;
    if (place.view === "scans") return this.isStaff && place.id === null ? ScansView : null;
    return place.id === null ? LISTS[place.view] : SINGLE[place.view];
  }
}
