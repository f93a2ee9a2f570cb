// The view of one playlist: what is known about it, and its entries, which can be reordered.

import { Away, contact } from "../api.js";
import { element } from "../element.js";
import { isEditable } from "../playlists.js";
import { addressOf } from "../router.js";
import { letRowsBeDragged } from "../row-moves.js";
import { TrackRows } from "../track-rows.js";
import { filledWith, gettext } from "../translation.js";
import { EntryActs } from "./entry-acts.js";
import { isGone } from "./list-place.js";
import { PlaylistEdits } from "./playlist-edits.js";
import { PlaylistEntries } from "./playlist-entries.js";
import { playlistHead, showMosaicOf } from "./playlist-head.js";
import { PlaylistLoading } from "./playlist-loading.js";
import { PlaylistMenus } from "./playlist-menus.js";
import { failure, message } from "./states.js";

// A playlist may have a track twice: the entry that plays is the one at the place of the queue, if the
// queue has the whole playlist. Else each entry of the track is marked.
class EntryRows extends TrackRows {
  isCurrent(trackId, index) {
    if (!super.isCurrent(trackId)) return false;
    const { source, player } = this;
    const { ordered, entries, position } = player.queue;
    const place = ordered.indexOf(entries[position]);
    const isKnown = ordered.length === source.count && source.row(place)?.track_id === trackId;
    return !isKnown || index === place;
  }
}

export class PlaylistView {
  title = gettext("Playlist");
  playlist = null;

  constructor(page) {
    const { playlists, player, toasts } = page;
    const { id } = page.place;
    Object.assign(this, { page, playlists, player, id });
    this.source = new PlaylistEntries(id, player.known);
    this.menus = new PlaylistMenus(this);
    this.entryActs = new EntryActs(this);
    this.loading = new PlaylistLoading(this);
    this.rows = new EntryRows({
      scroller: page.scroller,
      source: this.source,
      label: gettext("Entries"),
      player,
      play: (index) => this.entryActs.play(index),
      trackIdsAt: (indexes) => this.entryActs.trackIdsAt(indexes),
      playSeveral: (indexes) => this.entryActs.playSeveral(indexes),
      menu: (row, at, index) => this.menus.ofRow(row, at, index),
      menuOfSeveral: (indexes, at) => this.menus.ofSeveral(indexes, at),
      allIds: () => this.source.allIds(),
      keys: (event) => this.entryActs.press(event),
    });
    letRowsBeDragged(this.rows, { canMove: () => this.canEdit, move: (indexes, gap) => this.entryActs.move(indexes, gap) });
    this.edits = new PlaylistEdits({ playlists, id, source: this.source, toasts, settled: () => this.loading.settled() });
    this.hint = element("p", { class: "hint", hidden: true }, ...filledWith(gettext("Drag a row to move it%(touch)s.%(keys)s"), { touch: element("span", { class: "for-touch" }, gettext(" (hold its cover)")), keys: element("span", { class: "for-keys" }, gettext(" Or press Alt with an arrow key; Delete removes it, Ctrl Z undoes.")) }));
    this.place = element("div", {}, this.rows.grid);
    this.source.addEventListener("change", () => this.shown());
    this.source.addEventListener("fail", () => this.failed(this.source.error));
    this.onTouched = () => this.loading.refreshQuietly();
    this.onBack = () => this.loading.isUnsure && this.loading.settled();
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
      await this.loading.loadHead();
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

  showPlaylist(playlist) {
    this.playlist = playlist;
    this.page.setTitle(playlist.name);
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

  // What was changed is asked for when "touched" tells of it. What was refused is not to stay in sight.
  async change(fields) {
    try {
      await this.playlists.change(this.id, fields);
    } catch (error) {
      if (!(error instanceof Away)) await this.loading.refreshQuietly();
      throw error;
    }
  }

  // Changes come in

  // Whether favourites and ratings decide what is in it.
  get showsOpinions() {
    return this.playlist?.is_smart === true;
  }

  // The user heard a track, which may decide what is in a smart playlist.
  heard() {
    if (this.playlist?.is_smart) this.loading.settled();
  }

  refresh() {
    return this.loading.refresh();
  }
}
