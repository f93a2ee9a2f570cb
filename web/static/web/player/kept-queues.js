// What is done to the queue is said, and can be undone: queues that are replaced or cleared are kept.

import { EarlierQueues, isSame } from "./earlier-queues.js";
import { counted } from "./words.js";

export class KeptQueues {
  // `tell(text, undo)` says a sentence to people; `undo()`, where there is one, takes it back.
  constructor(player, user, tell) {
    Object.assign(this, { player, tell });
    this.earlier = new EarlierQueues(user);
  }

  // How it stands now, as it can be brought back.
  now() {
    const { player } = this;
    const { trackId, position, isPlaying } = player;
    const title = player.track?.title ?? "";
    return { queue: player.queue.toJSON(), trackId, position, isPlaying, title, at: Date.now() };
  }

  // The queue was replaced; `before`: what `now` gave then. Nothing is said of one that was at its
  // end anyway, unless somebody made it by hand.
  replaced(before) {
    if (!this.keep(before, this.player.queue.toJSON())) return;
    const { ids, position, isHandMade } = before.queue;
    if (!isHandMade && position + 1 >= ids.length) return;
    this.tell(`The queue with ${counted(ids.length, "track")} was replaced.`, () => this.swap(before));
  }

  cleared(before) {
    const removed = before.queue.ids.length - (before.trackId === null ? 0 : 1);
    if (removed < 1) return;
    this.keep(before);
    this.tell(`${counted(removed, "track")} cleared from the queue.`, () => this.undo(before, true));
  }

  // One entry was removed; `wasCurrent` where it was the track that is current.
  removed(before, title, wasCurrent) {
    const what = title ? `“${title}” was` : "A track was";
    this.tell(`${what} removed from the queue.`, () => this.undo(before, !wasCurrent));
  }

  removedSeveral(before, count, hadCurrent) {
    this.tell(`${counted(count, "track")} removed from the queue.`, () => this.undo(before, !hadCurrent));
  }

  // The track that another browser played last may have come into the queue of this one.
  visited(before) {
    const { queue } = this.player;
    if (!before.queue.ids.length || isSame(before.queue, queue.toJSON())) return;
    this.tell("The track you played in another browser was put into this queue.", () => this.undo(before));
  }

  // `name`: of what was added, where it has one.
  addedNext(ids, name) {
    this.tell(`${named(ids, name)} ${ids.length === 1 || name ? "plays" : "play"} next.`);
  }

  addedLast(ids, name) {
    this.tell(`Added ${named(ids, name)} to the queue.`);
  }

  // An earlier queue becomes current again.
  bringBack(kept) {
    const before = this.now();
    this.swap(kept);
    this.tell(`The queue with ${counted(kept.queue.ids.length, "track")} is back.`, () => this.swap(before));
  }

  // What is current now becomes an earlier queue instead.
  swap(kept) {
    this.keep(this.now(), kept.queue);
    this.undo(kept);
  }

  undo(kept, goesOn = false) {
    this.player.bringBack(kept, goesOn);
    this.earlier.forget(kept);
    this.player.tell("kept");
  }

  // `next`: the queue that takes its place. Returns whether there was anything to keep.
  keep(before, next = null) {
    const { ids, isHandMade } = before.queue;
    const isWorthIt = ids.length > 1 || (isHandMade && ids.length > 0);
    const isSameList = next && !isHandMade && isSame(before.queue, next);
    if (!isWorthIt || isSameList) return false;
    this.earlier.keep({ ...before, isPlaying: false });
    this.player.tell("kept");
    return true;
  }
}

const named = (ids, name) => {
  if (!name) return counted(ids.length, "track");
  return ids.length === 1 ? `“${name}”` : `“${name}” (${counted(ids.length, "track")})`;
};
