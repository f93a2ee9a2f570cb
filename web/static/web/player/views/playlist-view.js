// The view of one playlist: what is known about it, and its entries, which can be reordered.

import { Away, contact, get } from "../api.js";
import { element } from "../element.js";
import { isEditable } from "../playlists.js";
import { refreshInPlace } from "../refresh-in-place.js";
import { addressOf } from "../router.js";
import { gapOfKey, letRowsBeDragged, placeAfterMove, selectMoved } from "../row-moves.js";
import { TrackRows } from "../track-rows.js";
import { filled, filledWith, gettext } from "../translation.js";
import { isGone } from "./list-place.js";
import { PlaylistEdits } from "./playlist-edits.js";
import { PlaylistEntries } from "./playlist-entries.js";
import { playlistHead, showMosaicOf } from "./playlist-head.js";
import { PlaylistMenus } from "./playlist-menus.js";
import { failure, message } from "./states.js";

const isPlayable = (row) => row.track_id !== null && !row.isGone;

export class PlaylistView {
  title = gettext("Playlist");
  playlist = null;
  leaving = new AbortController();
  asked = 0;
  answered = 0;

  constructor(page) {
    const { playlists, player, toasts } = page;
    const { id } = page.place;
    Object.assign(this, { page, playlists, player, id });
    this.source = new PlaylistEntries(id, player.known);
    this.menus = new PlaylistMenus(this);
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: gettext("Entries"),
      player,
      play: (index) => this.play(index),
      trackIdsAt: (indexes) => this.trackIdsAt(indexes),
      playSeveral: async (indexes) => player.playAll(await this.trackIdsAt(indexes)),
      menu: (row, at, index) => this.menus.ofRow(row, at, index),
      menuOfSeveral: (indexes, at) => this.menus.ofSeveral(indexes, at),
      allIds: () => this.source.allIds(),
      keys: (event) => this.press(event),
    });
    letRowsBeDragged(this.rows, { canMove: () => this.canEdit, move: (indexes, gap) => this.move(indexes, gap) });
    this.edits = new PlaylistEdits({ playlists, id, source: this.source, toasts, settled: () => this.settled() });
    this.hint = element("p", { class: "hint", hidden: true }, ...filledWith(gettext("Drag a row to move it%(touch)s.%(keys)s"), { touch: element("span", { class: "for-touch" }, gettext(" (hold its cover)")), keys: element("span", { class: "for-keys" }, gettext(" Or press Alt with an arrow key; Delete removes it, Ctrl Z undoes.")) }));
    this.place = element("div", {}, this.rows.grid);
    this.source.addEventListener("change", () => this.shown());
    this.source.addEventListener("fail", () => this.failed(this.source.error));
    this.onTouched = () => this.refreshQuietly();
    this.onBack = () => this.isUnsure && this.settled();
    this.onKnown = () => this.shownHead && showMosaicOf(this.shownHead, this.playlist, player.known);
  }

  get list() {
    return this.rows.list;
  }

  get keys() {
    return this.rows.selection;
  }

  // On this playlist tracks can be dropped anywhere in the view.
  get droppedOn() {
    return this.playlist;
  }

  get canEdit() {
    return this.playlist !== null && isEditable(this.playlist);
  }

  async begin() {
    this.playlists.addEventListener("touched", this.onTouched);
    contact.addEventListener("back", this.onBack);
    this.player.known.addEventListener("change", this.onKnown);
    try {
      await this.loadHead();
    } catch (error) {
      this.failed(error);
    }
  }

  end() {
    this.hasEnded = true;
    this.playlists.removeEventListener("touched", this.onTouched);
    contact.removeEventListener("back", this.onBack);
    this.player.known.removeEventListener("change", this.onKnown);
    this.source.stop();
    this.rows.end();
  }

  get hasFailed() {
    return !this.shownHead || this.source.error !== null;
  }

  concerns(changes) {
    return changes.has("track");
  }

  // The playlist is about to be deleted: what is being asked would find none, and the page would say so.
  leave() {
    this.isLeaving = true;
    this.leaving.abort();
    this.source.stop();
  }

  // It was not deleted after all.
  stay() {
    this.isLeaving = false;
    this.leaving = new AbortController();
  }

  // An answer that comes after that to a later question is left.
  async loadHead() {
    const number = (this.asked += 1);
    const { body } = await get(`playlists/${this.id}`, this.leaving.signal);
    if (this.hasEnded || number < this.answered) return;
    this.answered = number;
    this.playlist = body;
    this.page.setTitle(body.name);
    this.showHead();
  }

  // A field that is being edited stays.
  showHead() {
    if (this.shownHead?.contains(document.activeElement) && document.activeElement.matches("input, textarea")) return;
    const { playlist } = this;
    const head = playlistHead(playlist, {
      acts: this.page.acts,
      openMenu: (at) => this.menus.ofPlaylist(at),
      change: (fields) => this.change(fields),
    });
    const focused = this.shownHead?.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, this.hint, this.place);
    this.shownHead = head;
    if (focused) head.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    showMosaicOf(head, playlist, this.player.known);
    this.rows.grid.classList.toggle("can-move", this.canEdit);
    this.list.update();
    this.shown();
  }

  shown() {
    const { count } = this.source;
    this.hint.hidden = !this.canEdit || !(count > 1);
    if (count === null || !this.shownHead) return;
    const content = count ? this.rows.grid : this.nothing();
    if (this.place.firstElementChild !== content) this.place.replaceChildren(content);
    this.page.loaded();
  }

  nothing() {
    if (this.playlist.is_smart) return message(gettext("No track fits the rules now"), [element("p", {}, gettext("As soon as one does, it is here."))]);
    const how = this.canEdit ? gettext("Choose “Add to a playlist…” in the menu of a track, an album or an artist, or press A for the selected rows of a list.") : gettext("Nobody has put a track into it.");
    return message(gettext("Nothing in it yet"), [element("p", {}, how), this.canEdit ? element("a", { class: "button", href: addressOf("tracks") }, gettext("All tracks")) : ""]);
  }

  failed(error) {
    if (this.hasEnded || (!isGone(error) && this.source.count)) return;
    this.shownHead = null; // it is shown anew if a later refresh finds it again
    const all = element("p", {}, element("a", { class: "button", href: addressOf("playlists") }, gettext("All playlists")));
    this.page.container.replaceChildren(
      isGone(error)
        ? message(gettext("There is no such playlist (any more)"), [element("p", {}, gettext("It was deleted, or is not shared with you.")), all], "h1")
        : failure(gettext("The playlist"), error, () => this.page.reload(), "h1"),
    );
  }

  async change(fields) {
    try {
      await this.playlists.change(this.id, fields);
    } catch (error) {
      if (!(error instanceof Away)) await this.refreshQuietly();
      throw error;
    }
    await this.refreshQuietly();
  }

  // Changes come in

  // What is shown is not known to be so on the server while it is away.
  settled() {
    this.isUnsure = false;
    if (!this.hasEnded) this.refresh().catch(() => (this.isUnsure = true));
  }

  // Whether favourites and ratings decide what is in it.
  get showsOpinions() {
    return this.playlist?.is_smart === true;
  }

  // The user heard a track, which may decide what is in a smart playlist.
  heard() {
    if (this.playlist?.is_smart) this.settled();
  }

  // After a change of playlists, which may be another one.
  async refreshQuietly() {
    if (this.edits.pending || this.isLeaving || this.hasEnded) return;
    try {
      await this.loadHead();
      if (this.playlist.version !== this.source.version) await this.refreshRows();
    } catch (error) {
      if (isGone(error)) this.failed(error);
    }
  }

  async refresh() {
    try {
      await this.loadHead();
      await this.refreshRows();
    } catch (error) {
      if (isGone(error)) this.failed(error);
      throw error;
    }
  }

  // One after the other, since an older answer must not replace a newer one.
  refreshRows() {
    this.refreshing = (this.refreshing ?? Promise.resolve()).catch(() => null).then(() => this.reloadRows());
    return this.refreshing;
  }

  // The visible rows and the selection stay in their places. A change that the user makes meanwhile is
  // not in what is loaded here, so that is left: once the server has the change, all is loaded again.
  async reloadRows() {
    const { selection } = this.rows;
    const { begun } = this.edits;
    const isOutdated = () => this.hasEnded || this.isLeaving || this.edits.pending > 0 || this.edits.begun !== begun;
    if (isOutdated()) return;
    const allPlaces = async () => new Map((await this.source.allIds()).map((id, place) => [id, place]));
    const isAll = selection.chosen.size > 1 && selection.chosen.size === this.source.count;
    const near = await refreshInPlace(this.list, allPlaces, isOutdated);
    if (near === null) return;
    const isNear = isAll || [...selection.chosen.values()].every((id) => near.has(id));
    const places = isNear ? near : await allPlaces();
    if (isOutdated()) return;
    if (isAll) selection.selectAll();
    else selection.follow((id) => places.get(id));
    this.rows.glow((row) => this.source.isFresh(row));
  }

  // Acts

  // Play this row and what follows; what comes before it can be reached by "Previous".
  async play(index) {
    const row = this.source.row(index);
    if (!isPlayable(row)) {
      this.page.toasts.show(filled(row.track_id === null ? gettext("“%(title)s” cannot be played: it is not in the library.") : gettext("“%(title)s” cannot be played: its file is missing."), row), "warning");
      return;
    }
    const ids = await this.playlists.trackIds(this.id);
    this.player.playAll(ids, placeAmong(ids, row.track_id, index, this.source.count));
  }

  async trackIdsAt(indexes) {
    const isAll = indexes.length === this.source.count;
    if (isAll) return this.playlists.trackIds(this.id);
    return (await this.source.rowsAt(indexes)).filter(isPlayable).map((row) => row.track_id);
  }

  // Others may change the playlist meanwhile, so that it is not known what would be moved.
  get isHeldUp() {
    if (contact.isAway) this.page.toasts.show(gettext("Without the server, tracks can be added to a playlist, but not moved or removed."), "warning");
    return contact.isAway;
  }

  async move(indexes, gap) {
    if (this.isHeldUp) return;
    const ids = await this.rows.idsAt(indexes);
    this.edits.move(indexes, gap, ids);
    const to = placeAfterMove(indexes, gap);
    const { selection } = this.rows;
    selectMoved(selection, to, indexes.length);
    ids.forEach((id, at) => selection.chosen.set(to + at, id)); // the rows there may not be loaded
  }

  async remove(indexes) {
    if (this.isHeldUp) return;
    const ids = await this.rows.idsAt(indexes);
    this.edits.remove(indexes, ids, this.source.row(indexes[0])?.title ?? "1 track");
    this.rows.selection.set(Math.min(indexes[0], this.source.count - 1));
  }

  press(event) {
    const { indexes } = this.rows.selection;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return this.edits.undo();
    if (!indexes.length || !this.canEdit) return false;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(indexes);
      return true;
    }
    const gap = gapOfKey(event, indexes);
    if (gap === null) return false;
    if (gap >= 0 && gap <= this.source.count) this.move(indexes, gap);
    return true;
  }
}

// Where the entry with this index is among the ids of those that can be played. A track may be there
// twice, and entries that cannot be played are left out.
const placeAmong = (ids, trackId, index, count) => {
  const earliest = index - (count - ids.length);
  for (let at = Math.min(index, ids.length - 1); at >= Math.max(0, earliest); at -= 1) if (ids[at] === trackId) return at;
  return Math.max(0, ids.indexOf(trackId));
};
