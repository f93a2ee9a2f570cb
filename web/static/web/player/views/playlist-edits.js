// The user's changes of the entries of one playlist. Each is shown at once; the server gets them one
// after the other, and all can be undone.

import { filled, gettext } from "../translation.js";
import { counted } from "../words.js";

const MOST_UNDONE = 100;

export class PlaylistEdits {
  pending = 0;
  begun = 0; // how many changes there were
  last = Promise.resolve();
  done = []; // functions that undo, the latest last

  // `settled()` is called when the server has got all changes, or refused one.
  constructor({ playlists, id, source, toasts, settled }) {
    Object.assign(this, { playlists, id, source, toasts, settled });
  }

  remove(indexes, entryIds, name) {
    this.source.removeLocally(indexes);
    this.send(() => this.playlists.removeEntries(this.id, entryIds));
    const isOne = entryIds.length === 1;
    const text = isOne ? gettext("“%(name)s” was removed from the playlist.") : gettext("%(tracks)s were removed from the playlist.");
    this.say(filled(text, { name, tracks: counted(entryIds.length, "track") }), () => this.playlists.restoreEntries(this.id, entryIds));
  }

  // Move these rows before the row that is now number `gap`.
  move(indexes, gap, entryIds) {
    const before = this.idBelow(gap, new Set(indexes));
    const formerly = this.followersOf(indexes, entryIds);
    this.source.moveLocally(indexes, gap);
    this.send(() => this.playlists.moveEntries(this.id, entryIds, before));
    const tracks = counted(entryIds.length, "track");
    this.say(filled(gettext("%(tracks)s moved."), { tracks }), async () => {
      for (const [next, ids] of formerly) await this.playlists.moveEntries(this.id, ids, next);
    }, "move");
  }

  // The id of the first row from the gap on that does not move itself; null: none.
  idBelow(gap, moved) {
    let index = gap;
    while (moved.has(index)) index += 1;
    return this.source.row(index)?.id ?? null;
  }

  // A Map from the id of a row that stays (null: the end) to those that were directly before it.
  followersOf(indexes, entryIds) {
    const moved = new Set(indexes);
    const groups = new Map();
    indexes.forEach((index, at) => {
      const next = this.idBelow(index, moved);
      groups.set(next, [...(groups.get(next) ?? []), entryIds[at]]);
    });
    return groups;
  }

  send(request) {
    this.pending += 1;
    this.begun += 1;
    this.last = this.last
      .then(request)
      .catch((error) => this.toasts.show(filled(gettext("The playlist was not changed. %(why)s"), { why: error.message }), "error"))
      .finally(() => {
        this.pending -= 1;
        if (!this.pending) this.settled();
      });
  }

  // Tell what was done, with Undo. Several moves in a row share one message, which undoes the last.
  say(text, request, kind = "") {
    const undo = () => {
      if (!this.done.includes(undo)) return;
      this.done = this.done.filter((each) => each !== undo);
      this.send(request);
    };
    this.done = [...this.done, undo].slice(-MOST_UNDONE);
    if (kind && this.toastOf === kind) this.toast?.remove();
    this.toast = this.toasts.show(text, "success", undo);
    this.toastOf = kind;
  }

  // Undo the last change. Returns whether there was one.
  undo() {
    const undo = this.done.at(-1);
    this.toast?.remove();
    undo?.();
    return undo !== undefined;
  }
}
