// Reports changes of the queue in messages with "Undo", and keeps queues that are replaced or
// cleared.

import { EarlierQueues, isSame } from "./earlier-queues.js";
import { filled, gettext } from "./translation.js";
import { counted } from "./words.js";

export class KeptQueues {
  // `tell(text, undo)` shows a message; `undo()` reverts the change and may be missing.
  constructor(player, user, tell) {
    Object.assign(this, { player, tell });
    this.earlier = new EarlierQueues(user);
  }

  // A snapshot of the queue and the player, which `undo` and `bringBack` accept.
  now() {
    const { player } = this;
    const { trackId, position, isPlaying } = player;
    const title = player.track?.title ?? "";
    return { queue: player.queue.toJSON(), trackId, position, isPlaying, title, at: Date.now() };
  }

  // The queue was replaced; `before` is the snapshot from before. No message if the old queue was
  // at its last track, unless the user had edited it.
  replaced(before) {
    if (!this.keep(before, this.player.queue.toJSON())) return;
    const { ids, position, isHandMade } = before.queue;
    if (!isHandMade && position + 1 >= ids.length) return;
    this.tell(filled(gettext("The queue with %(tracks)s was replaced."), { tracks: counted(ids.length, "track") }), () => this.swap(before));
  }

  cleared(before) {
    const removed = before.queue.ids.length - (before.trackId === null ? 0 : 1);
    if (removed < 1) return;
    this.keep(before);
    this.tell(filled(gettext("%(tracks)s cleared from the queue."), { tracks: counted(removed, "track") }), () => this.undo(before, true));
  }

  // One entry was removed; `wasCurrent` where it was the track that is current.
  removed(before, title, wasCurrent) {
    this.tell(title ? filled(gettext("“%(title)s” was removed from the queue."), { title }) : gettext("A track was removed from the queue."), () => this.undo(before, !wasCurrent));
  }

  removedSeveral(before, count, hadCurrent) {
    this.tell(filled(gettext("%(tracks)s removed from the queue."), { tracks: counted(count, "track") }), () => this.undo(before, !hadCurrent));
  }

  // After loading the saved state: the track that another browser played last may be in this queue
  // now.
  visited(before) {
    const { queue } = this.player;
    if (!before.queue.ids.length || isSame(before.queue, queue.toJSON())) return;
    this.tell(gettext("The track you played in another browser was put into this queue."), () => this.undo(before));
  }

  // `name`: the title of the added track or album; may be empty.
  addedNext(ids, name) {
    this.tell(filled(ids.length === 1 || name ? gettext("%(what)s plays next.") : gettext("%(what)s play next."), { what: named(ids, name) }));
  }

  addedLast(ids, name) {
    this.tell(filled(gettext("Added %(what)s to the queue."), { what: named(ids, name) }));
  }

  inserted(before, ids, name) {
    this.tell(filled(gettext("Added %(what)s to the queue."), { what: named(ids, name) }), () => this.undo(before, true));
  }

  // Restore an earlier queue: one that the server has, or one that this browser kept.
  async bringBack(kept) {
    const before = this.now();
    this.swap(kept.load ? await kept.load() : kept);
    this.tell(filled(gettext("The queue with %(tracks)s is back."), { tracks: counted(this.player.queue.length, "track") }), () => this.swap(before));
  }

  // Exchange the present queue for the kept one.
  swap(kept) {
    this.keep(this.now(), kept.queue);
    this.undo(kept);
  }

  undo(kept, goesOn = false) {
    this.player.bringBack(kept, goesOn);
    this.earlier.forget(kept);
    this.player.tell("kept");
  }

  // Keep the queue of the snapshot `before`; `next` is the queue that replaces it. Returns false if
  // there was nothing worth keeping.
  keep(before, next = null) {
    const { ids, isHandMade } = before.queue;
    const isWorthIt = ids.length > 1 || (isHandMade && ids.length > 0);
    const isSameList = next && !isHandMade && isSame(before.queue, next);
    if (!isWorthIt || isSameList) return false;
    this.earlier.keep({ ...before, isPlaying: false });
    this.player.sync.replaced(before);
    this.player.tell("kept");
    return true;
  }
}

const named = (ids, name) => {
  if (!name) return counted(ids.length, "track");
  return ids.length === 1 ? filled(gettext("“%(name)s”"), { name }) : filled(gettext("“%(name)s” (%(tracks)s)"), { name, tracks: counted(ids.length, "track") });
};
