// The view of all playlists: the own ones in folders, and what other users share.

import { storageName } from "../addresses.js";
import { chosenTiles, letBeChosen } from "../chosen-tiles.js";
import { element } from "../element.js";
import { LinkKeys } from "../link-keys.js";
import { chooseFileToImport } from "../playlist-import.js";
import { addressOf } from "../router.js";
import { Rows } from "../sources.js";
import { filled, gettext } from "../translation.js";
import { counted } from "../words.js";
import { WindowedList } from "../windowed-list.js";
import { letLinesBeDragged } from "./playlist-drag.js";
import { fillLine, makeLine } from "./playlist-lines.js";
import { linesOf, SORTS } from "./playlist-tree.js";
import { failure, message, nothingFound } from "./states.js";

const ROW_PX = 64;
const CLOSED_KEY = storageName("mus-closed-folders");
const DEFAULT_SORT = Object.keys(SORTS)[0];

export class PlaylistsView {
  title = gettext("Playlists");

  constructor(page) {
    this.page = page;
    this.playlists = page.playlists;
    this.closed = new Set(readClosed());
    this.source = new Rows();
    this.body = element("div", { class: "playlists", role: "list", "aria-label": this.title });
    this.list = new WindowedList({
      scroller: page.scroller,
      body: this.body,
      source: this.source,
      make: makeLine,
      fill: (...args) => this.fill(...args),
      shape: () => ({ columns: 1, height: ROW_PX }),
    });
    this.keys = new LinkKeys(this.list, undefined, letBeChosen(this.body, this.source, ({ playlist }) => playlist && thingOf(playlist)));
    this.count = element("p", { class: "count", role: "status" });
    this.place = element("div");
    this.onChange = () => this.show();
    this.onKnown = () => this.list.update();
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("contextmenu", (event) => this.openMenu(event, { x: event.clientX, y: event.clientY }));
    this.body.addEventListener("keydown", (event) => this.press(event));
    letLinesBeDragged(this.list, {
      lineAt: (event) => this.lineAt(event),
      move: (playlist, folderId) => page.acts.moveToFolder(playlist, folderId),
      dragged: (playlist) => page.acts.things.draggedWith(thingOf(playlist)),
      held: (playlist, at) => this.openMenuOf(playlist, at),
    });
  }

  get query() {
    return this.page.place.query.get("q")?.trim() ?? "";
  }

  get sort() {
    return this.page.place.query.get("sort") ?? DEFAULT_SORT;
  }

  begin() {
    this.page.container.replaceChildren(
      element("div", { class: "heading" }, element("h1", {}, this.title), this.count, this.actions()),
      this.place,
    );
    for (const type of ["change", "fail"]) this.playlists.addEventListener(type, this.onChange);
    this.page.player.known.addEventListener("change", this.onKnown);
    if (this.playlists.all) this.show();
    this.playlists.refresh();
  }

  end() {
    for (const type of ["change", "fail"]) this.playlists.removeEventListener(type, this.onChange);
    this.page.player.known.removeEventListener("change", this.onKnown);
    this.list.end();
  }

  turnTo() {
    this.select.value = this.sort;
    this.page.scroller.scrollTop = 0;
    this.show();
  }

  get hasFailed() {
    return this.playlists.error !== null;
  }

  // Covers may have changed with tracks. Changes of playlists come by the playlists' own events.
  concerns(changes) {
    return changes.has("track");
  }

  refresh() {
    return this.playlists.refresh();
  }

  actions() {
    const button = (label, act) => element("button", { type: "button", class: "small", on: { click: act } }, label);
    const choices = Object.entries(SORTS).map(([sort, { label }]) => element("option", { value: sort, selected: sort === this.sort }, label));
    const go = () => this.page.router.go(addressOf("playlists", null, { q: this.query, sort: this.select.value === DEFAULT_SORT ? "" : this.select.value }));
    this.select = element("select", { on: { change: go } }, ...choices);
    return element(
      "div",
      { class: "actions is-of-playlists" },
      button(gettext("New playlist"), () => this.page.acts.make()),
      button(gettext("New smart playlist"), () => this.page.acts.makeSmart()),
      button(gettext("New folder"), () => this.page.acts.makeFolder()),
      button(gettext("Import a file"), () => this.import()),
      element("label", { class: "is-always" }, element("span", { class: "unseen" }, gettext("Sort by")), this.select),
    );
  }

  import() {
    chooseFileToImport(this.playlists, this.page.toasts);
  }

  show() {
    const { all, folders, error } = this.playlists;
    if (!all) {
      if (error) this.place.replaceChildren(failure(gettext("The playlists"), error, () => this.page.reload()));
      return;
    }
    const focused = this.source.row(this.list.focusedIndex())?.id;
    const lines = linesOf(all, folders, { q: this.query, sort: this.sort, closed: this.closed });
    const found = lines.filter(({ playlist }) => playlist).length;
    this.count.textContent = this.query ? filled(gettext("%(what)s found"), { what: counted(found, "playlist") }) : counted(all.length, "playlist");
    this.showInPlace(lines.length ? this.body : this.nothing());
    this.source.set(lines);
    if (focused !== undefined) this.list.focus(lines.findIndex(({ id }) => id === focused));
    this.page.loaded();
  }

  showInPlace(content) {
    if (this.place.firstElementChild !== content) this.place.replaceChildren(content);
  }

  nothing() {
    if (this.query) return nothingFound(this.query, () => this.page.router.go(addressOf("playlists", null, { sort: this.page.place.query.get("sort") })));
    return message(gettext("No playlists yet"), [
      element("p", {}, gettext("Make one here and fill it from any list: the menu of a track, an album or an artist has “Add to a playlist…”. A file of another player can be imported, too.")),
      element("button", { type: "button", class: "primary", on: { click: () => this.page.acts.make() } }, gettext("New playlist")),
    ]);
  }

  fill(line, shown, index, isSettled) {
    line.setAttribute("aria-posinset", index + 1);
    line.setAttribute("aria-setsize", this.source.count);
    line.dataset.index = index;
    line.classList.toggle("is-loading", !shown);
    if (!shown) return;
    fillLine(line, shown, this.page.player.known, isSettled);
    if (shown.playlist && isSettled) this.playlists.inSight(shown.playlist);
  }

  // The playlist on whose line something is dropped.
  playlistAt(hit) {
    return this.lineAt({ target: hit })?.playlist ?? null;
  }

  // What the line shows in which an event happened; null outside of lines.
  lineAt({ target }) {
    const line = target.closest?.(".playlist-row");
    return line && this.body.contains(line) ? this.source.row(Number(line.dataset.index)) : null;
  }

  click(event) {
    const does = event.target.closest("button")?.dataset.does;
    if (does === "toggle") this.toggle(this.lineAt(event).folder);
    if (does === "menu") this.openMenu(event, event.target.closest("button"));
    if (does === "play") this.page.acts.play(this.lineAt(event).playlist);
  }

  toggle({ id }) {
    if (!this.closed.delete(id)) this.closed.add(id);
    writeClosed([...this.closed]);
    this.show();
  }

  openMenu(event, at) {
    const line = this.lineAt(event);
    if (!line) return;
    event.preventDefault();
    if (line.folder) this.page.acts.menuOfFolder(line.folder, at);
    else this.openMenuOf(line.playlist, at);
  }

  // It is for all selected playlists if this is one of them.
  openMenuOf(playlist, at) {
    const { acts } = this.page;
    const isOneOfSeveral = chosenTiles.things.length > 1 && chosenTiles.has(thingOf(playlist));
    if (isOneOfSeveral) acts.things.menu(chosenTiles.things, at);
    else acts.menu(playlist, at);
  }

  press(event) {
    const line = this.lineAt(event);
    const isMenuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (isMenuKey) this.openMenu(event, event.target.closest(".playlist-row"));
    else if (event.key === "F2" && line?.playlist?.can_write && !line.playlist.source) this.page.acts.rename(line.playlist);
    else if (event.key === "Delete" && line?.playlist?.is_own) this.page.acts.remove(line.playlist);
    else if (event.key === "ArrowRight" && line?.folder && !line.isOpen) this.toggle(line.folder);
    else if (event.key === "ArrowLeft" && line?.folder && line.isOpen) this.toggle(line.folder);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const thingOf = ({ id, name }) => ({ kind: "playlists", id, name });

const readClosed = () => {
  try {
    return JSON.parse(localStorage.getItem(CLOSED_KEY)) ?? [];
  } catch {
    return [];
  }
};

const writeClosed = (ids) => {
  try {
    localStorage.setItem(CLOSED_KEY, JSON.stringify(ids));
  } catch {
    // There is no storage: the folders are open again after a reload.
  }
};
