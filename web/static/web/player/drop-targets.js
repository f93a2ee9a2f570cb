// Where tracks, albums, artists and playlists can be dropped: the queue, its button, a playlist in the
// list of playlists, the page of a playlist, and the link to the playlists, above which a drag may rest
// to go there.

import { isEditable } from "./playlists.js";
import { filled, gettext } from "./translation.js";

// What is dragged: `{ name, isOne, ids(), from, playlistId }`. `name` is that of one thing, or says how
// many these are; `ids()` returns a promise of the tracks' ids; `from`: the TrackRows in which it is dragged,
// if any; `playlistId`: of the one playlist that is dragged.
//
// A target is `{ key, text, mark, line, y, open, drop }`: `text` says what a drop does, `mark` is the
// element to mark, `line` the rows in which a line shows the place, `open()` what happens after a
// rest, and `drop(gap)` drops.

export class DropTargets {
  constructor({ player, queue, views, router, acts }) {
    Object.assign(this, { player, queue, views, router, acts });
  }

  // The target at this point of the window; null if there is none.
  at(x, y, dragged) {
    const hit = document.elementFromPoint(x, y);
    if (!hit) return null;
    return this.inQueue(hit, dragged) ?? this.onQueueButton(hit) ?? this.onPlaylist(hit, dragged) ?? this.inPlaylist(hit, dragged) ?? this.onPlaces(hit);
  }

  // The element that scrolls by itself while something is dragged near its edge.
  scrollerAt(x, y) {
    const hit = document.elementFromPoint(x, y);
    if (hit?.closest("#queue")) return this.queue.scroller;
    return hit?.closest("#content") ?? null;
  }

  inQueue(hit, { from }) {
    const { queue } = this;
    if (!queue.isOpen || !hit.closest("#queue") || from === queue.rows) return null;
    return { key: "queue", text: gettext("Put into the queue here"), line: queue.rows, drop: (dragged, gap) => this.putIntoQueue(dragged, gap) };
  }

  onQueueButton(hit) {
    const button = hit.closest("[data-does=queue]");
    if (!button) return null;
    const opens = !this.queue.isOpen && !this.queue.isInTheWay; // on a phone it would cover the page
    const open = opens ? () => this.queue.toggle(true) : null;
    return { key: "queue button", text: gettext("Add to the queue"), mark: button, open, drop: (dragged) => this.putIntoQueue(dragged, this.player.queue.length) };
  }

  onPlaylist(hit, { playlistId }) {
    const playlist = this.views.current?.playlistAt?.(hit);
    if (!playlist || playlistId) return null; // a playlist moves into the folder of this one
    return this.targetOf(playlist, { key: `playlist ${playlist.id}`, mark: hit.closest(".playlist-row") });
  }

  // The page of a playlist has the property `droppedOn`.
  inPlaylist(hit, { from, playlistId }) {
    const { droppedOn, rows } = this.views.current ?? {};
    if (!droppedOn || !hit.closest("#content") || from === rows || droppedOn.id === playlistId) return null;
    return this.targetOf(droppedOn, { key: "page", line: rows.source.count ? rows : null, mark: rows.source.count ? null : hit.closest("#content") });
  }

  targetOf(playlist, where) {
    const { name } = playlist;
    if (!isEditable(playlist)) return { ...where, line: null, mark: null, text: filled(gettext("“%(name)s” takes no tracks by hand"), { name }) };
    return { ...where, text: filled(gettext("Add to “%(name)s”"), { name }), drop: (dragged, gap) => this.putIntoPlaylist(dragged, playlist, where.line, gap) };
  }

  onPlaces(hit) {
    const link = hit.closest(".places a[data-place=playlists]");
    if (!link) return null;
    const open = () => this.router.go(link.getAttribute("href"));
    const choose = ({ ids, isOne, name }) => this.acts.addTo.open({ ids, name: isOne ? name : "" });
    return { key: "places", text: gettext("Add to a playlist…"), mark: link, open, drop: choose };
  }

  async putIntoQueue({ ids, isOne, name }, gap) {
    const found = await ids();
    if (found.length) this.player.insertInQueue(found, gap, isOne ? name : "");
  }

  // `rows`: those above one of which, number `gap`, the tracks are put; null: at the end.
  async putIntoPlaylist({ ids }, playlist, rows, gap) {
    const before = rows ? (rows.source.row(gap)?.id ?? null) : null;
    const found = await ids();
    if (found.length) await this.acts.addTracks(playlist, found, before);
  }
}
